"""The burden file: what each diagnostic action asks of the patient, as a table that a clinic edits (CSV).

Two rows speak of the columns: `weight` (how much one unit of each weighs, beside one question) and `unknown` (what is
assumed where a cell is empty).
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from hoofbeat.interchange.edited_table import Line, each, read_lines, refuse_errors
from hoofbeat.knowledge.actions import Actions
from hoofbeat.knowledge.burden import ANAESTHESIA, FAMILIES, QUANTITIES, QUESTION, Burden, Burdens

COLUMNS = ("id", "name", "family", *QUANTITIES, "shows", "source", "date")
WEIGHT, UNKNOWN = "weight", "unknown"
NOT = "not"  # before a term of `shows`
SHIPPED = "burdens.csv"

_ACTION = re.compile(r"MAXO:\d{7}|own:[a-z0-9-]+|question")
_FINDING = re.compile(r"HP:\d{7}")


def read_burdens(path: Path, *, actions: Actions | None = None) -> Burdens:
    """A burden file. Raises InputError naming every line and field that is wrong."""
    return _read(path, str(path), actions)


def shipped_burdens(*, actions: Actions | None = None) -> Burdens:
    """The burden file that ships with Hoofbeat: our own rough values."""
    return _read(shipped_text(SHIPPED), SHIPPED, actions)


def shipped_text(name: str) -> str:
    """The text of a table that ships with Hoofbeat."""
    return (files("hoofbeat.interchange") / "shipped" / name).read_text(encoding="utf-8")


def _read(source: Path | str, name: str, actions: Actions | None) -> Burdens:
    errors: list[str] = []
    rows: dict[str, Burden] = {}
    policies: dict[str, dict[str, float]] = {}

    def take(line: Line) -> None:
        identifier = line.text("id", required=True)
        if identifier in rows or identifier in policies:
            line.wrong("id", f"{identifier} stands there twice")
        elif identifier in (WEIGHT, UNKNOWN):
            policies[identifier] = _policy(line, identifier)
        else:
            rows[identifier] = _row(line, identifier)

    each(read_lines(source, COLUMNS, name=name), take, errors)
    for policy in (WEIGHT, UNKNOWN):
        if policy not in policies:
            errors.append(f"the row {policy!r} is missing")
    if QUESTION not in rows:
        errors.append(f"the row {QUESTION!r} is missing")
    refuse_errors(name, errors)
    known = actions if actions is not None else Actions.empty()
    return Burdens(rows, policies[WEIGHT], policies[UNKNOWN], Path(name).name, known)


def _row(line: Line, identifier: str) -> Burden:
    if _ACTION.fullmatch(identifier) is None:
        line.wrong("id", "is none of MAXO:0000000, own:some-name, question, weight, unknown")
    shown = [one.split() for one in line.text("shows").split(";") if one.strip()]
    for words in shown:
        if _FINDING.fullmatch(words[-1]) is None or words[:-1] not in ([], [NOT]):
            line.wrong("shows", f"{' '.join(words)!r} is no HPO identifier; write HP:0001627;not HP:0001685")
    return Burden(
        id=identifier,
        name=line.text("name", required=True),
        family=line.one_of("family", FAMILIES),
        cost_eur=line.amount("cost_eur"),
        risk_per_1000=line.amount("risk_per_1000"),
        delay_days=line.amount("delay_days"),
        anaesthesia=_anaesthesia(line),
        radiation_msv=line.amount("radiation_msv"),
        shows=tuple(words[-1] for words in shown if len(words) == 1),
        shows_not=tuple(words[-1] for words in shown if len(words) > 1),
        source=line.text("source", required=True),
        date=line.day("date"),
    )


def _anaesthesia(line: Line) -> float | None:
    if not line.text("anaesthesia"):
        return None
    word = line.one_of("anaesthesia", ANAESTHESIA)
    return float(ANAESTHESIA.index(word)) if word in ANAESTHESIA else None


def _policy(line: Line, name: str) -> dict[str, float]:
    """The row of weights or of assumptions: a number in every column (for anaesthesia the assumption is a word)."""
    values: dict[str, float] = {}
    for column in QUANTITIES:
        word = name == UNKNOWN and column == "anaesthesia"
        value = _anaesthesia(line) if word else line.amount(column)
        if not line.text(column):
            line.wrong(column, f"is empty; the row {name!r} needs every number")
        values[column] = value or 0.0
    return values
