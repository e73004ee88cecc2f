"""The avoid file: what must not be done before a disease is excluded, as a table that a clinic edits (CSV)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from hoofbeat.interchange.burden_file import shipped_text
from hoofbeat.interchange.edited_table import Line, each, read_lines, refuse_errors
from hoofbeat.knowledge.avoid import ANY_RADIATION, FAMILY, GENERAL_ANAESTHESIA, AvoidRecord
from hoofbeat.knowledge.burden import FAMILIES
from hoofbeat.knowledge.disease_ids import normal_disease_id

COLUMNS = ("diseases", "action", "unless", "reason", "source", "date")
SHIPPED = "avoid.csv"

_DISEASE = re.compile(r"(OMIM|ORPHA|DECIPHER):\d+")
_ACTION = re.compile(r"MAXO:\d{7}|own:[a-z0-9-]+")


def read_avoid_records(path: Path) -> tuple[AvoidRecord, ...]:
    """An avoid file. Raises InputError naming every line and field that is wrong."""
    return _read(path, str(path))


@cache
def shipped_avoid_records() -> tuple[AvoidRecord, ...]:
    """The avoid file that ships with Hoofbeat: a beginning, to be looked over by a curator before it is relied on."""
    return _read(shipped_text(SHIPPED), SHIPPED)


def _read(source: Path | str, name: str) -> tuple[AvoidRecord, ...]:
    errors: list[str] = []
    records: list[AvoidRecord] = []
    each(read_lines(source, COLUMNS, name=name), lambda line: records.append(_record(line)), errors)
    refuse_errors(name, errors)
    return tuple(records)


def _record(line: Line) -> AvoidRecord:
    diseases = tuple(normal_disease_id(one) for one in line.text("diseases", required=True).split(";") if one.strip())
    for one in diseases:
        if _DISEASE.fullmatch(one) is None:
            line.wrong("diseases", f"{one!r} is no disease; write OMIM:130050;ORPHA:286")
    action = line.text("action", required=True)
    family = action.removeprefix(FAMILY) if action.startswith(FAMILY) else None
    special = action in (ANY_RADIATION, GENERAL_ANAESTHESIA) or family in FAMILIES
    if action and not special and _ACTION.fullmatch(action) is None:
        line.wrong(
            "action",
            f"{action!r} is none of MAXO:0000000, {ANY_RADIATION}, {GENERAL_ANAESTHESIA}, "
            f"{', '.join(FAMILY + one for one in FAMILIES)}",
        )
    return AvoidRecord(
        diseases=diseases,
        action=action,
        reason=line.text("reason", required=True),
        unless=line.text("unless"),
        source=line.text("source", required=True),
        date=line.day("date"),
    )
