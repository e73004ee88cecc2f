"""Records are found through `readable_by`, which knows who may see which; every other way to them is named here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from hoofbeat.web import pages

WEB = Path(pages.__file__).resolve().parent.parent

# Modules that find records otherwise, each with its reason.
EXCEPTED = {
    "access/actions/people.py": "locks the record of an invitation, which the letter in hand names",
    "access/actions/team.py": "emergency access: looks for the one whose papers somebody holds, and shows nobody else",
    "demo/fill.py": "asks whether anybody real is there before it fills a demonstration",
    "records/actions/genome.py": "the daily job locks the record of a genome that is forgotten",
    "records/actions/genome_reading.py": "a job locks the record of the file that it has read",
    "records/actions/reanalysis.py": "the monthly job looks at every open record",
    "records/actions/record.py": "looks for the record that the very same form has made a moment ago",
    "records/clinic_cases.py": "numbers over a clinic's patients; none of them is shown",
    "running/jobs.py": "the daily job tells families and teams of their own records",
}


def ways_round(module: Path) -> list[str]:
    """The statements of a module that find records without asking who may read them."""
    statements = ast.unparse(ast.parse(module.read_text(encoding="utf-8"))).splitlines()  # each on one line
    return [one.strip() for one in statements if re.search(r"\bRecord\.objects\b", one) and "readable_by" not in one]


def test_records_are_found_through_one_door() -> None:
    modules = [one for one in WEB.rglob("*.py") if "migrations" not in one.parts]
    found = {module.relative_to(WEB).as_posix(): lines for module in modules if (lines := ways_round(module))}
    assert found.keys() == EXCEPTED.keys(), {name: found[name] for name in found.keys() - EXCEPTED.keys()}


def test_the_look_at_a_module_sees_a_way_round(tmp_path: Path) -> None:
    module = tmp_path / "view.py"
    module.write_text(
        "mine = Record.objects.readable_by(actor)\n"
        "locked = (\n    Record.objects.select_for_update()\n    .readable_by(actor).first()\n)\n"
        "every = Record.objects.filter(clinic=clinic)\n",
        encoding="utf-8",
    )
    assert ways_round(module) == ["every = Record.objects.filter(clinic=clinic)"]
