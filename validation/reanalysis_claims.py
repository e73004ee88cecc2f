"""The section on re-analysis of the reference page, made from its frozen result and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from validation.results_folder import REANALYSIS, frozen
from validation.tables import measures

_MEANING = """
Frozen in `validation/results/reanalysis.json`, part by part.

Two releases are compared. The earlier one is the installed release without what was curated after its day; a row that
was only curated again later is missing in it too, which makes more move than really did. All rows of Orphanet (they
carry the day of export alone) and all genes (they carry none) are on both sides, which makes less move.

Alerts are counted as if the published cases were unsolved: observed findings, public annotations without a library, and
each case only in months in which no row came in that quotes its publication.
"""


def reanalysis_section(folder: Path, not_measured: str) -> list[str]:
    """The section."""
    result = frozen(REANALYSIS, folder)
    lines = ["", "## Re-analysis", ""]
    if result is None:
        return [*lines, not_measured]
    lines += [*_MEANING.strip().split("\n")]
    for part in ("speed", "alerts"):
        if part in result:
            lines += ["", f"`{result[part]['command']}`", "", *measures(result[part]["measures"])]
    if "alerts" in result:
        total, months = result["alerts"]["total"], len(result["alerts"]["months"])
        lines += ["", f"{total['alerting']} alerts in {total['cases']:,} looks at a case, over {months} months."]
    if "kills" in result:
        kills = result["kills"]
        lines += ["", f"`{kills['command']}`: {_kills(kills)}"]
    return lines


def _kills(kills: Mapping[str, Any]) -> str:
    same = "the same, byte for byte" if kills["same"] else "**not** the same"
    return f"killed {kills['kills']} times at random moments in {kills['cases']:,} cases, the results were {same}."
