"""Which alerts somebody has taken note of: a small table beside the results that people may edit.

An alert that is acknowledged stays quiet in later runs.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hoofbeat.batch.reanalysis_folder import ACKNOWLEDGED
from hoofbeat.interchange.report import InputError, Where, shown
from hoofbeat.knowledge.one_step import OWN, text_in_one_step

COLUMNS = ("alert", "by", "on", "note")
_ID = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Who took note of an alert, on which day, and what they noted."""

    alert: str
    by: str
    on: str
    note: str = ""


@dataclass(frozen=True)
class Acknowledged:
    """All acknowledgements in a folder, by alert."""

    by_alert: Mapping[str, Acknowledgement]

    @classmethod
    def read(cls, folder: Path) -> Acknowledged:
        """Read the table; none is an empty one. Raises InputError with the line of what is wrong."""
        path = folder / ACKNOWLEDGED
        if not path.exists():
            return cls({})
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            return cls({one.alert: one for one in _rows(stream, path)})

    def with_one(self, one: Acknowledgement) -> Acknowledged:
        """The same and one more, in place of an earlier one of the same alert."""
        return Acknowledged({**self.by_alert, one.alert: one})

    def write(self, folder: Path) -> None:
        """Write the table in one step."""
        with text_in_one_step(folder / ACKNOWLEDGED, mode=OWN) as stream:
            table = csv.writer(stream, lineterminator="\n")
            table.writerow(COLUMNS)
            table.writerows((one.alert, one.by, one.on, one.note) for one in self.by_alert.values())

    def said_of(self, alert: Mapping[str, Any], *, owner: str) -> dict[str, Any]:
        """The alert with who answers for it: whoever acknowledged it, else the owner of new alerts."""
        found = self.by_alert.get(alert["id"])
        by = found.by if found else ""
        return {**alert, "owner": by or owner, "acknowledged_by": by, "acknowledged_on": found.on if found else ""}


def _rows(stream: Any, path: Path) -> Iterator[Acknowledgement]:
    table = csv.reader(stream)
    try:
        header = next(table, [])
        if tuple(header[:2]) != COLUMNS[:2]:
            raise _wrong(path, 1, "the first line does not name the columns", f"begin it with {','.join(COLUMNS)}")
        for row in table:
            if not any(row):
                continue
            alert, by, on, note, *_more = (*row, "", "", "", "")
            if not alert or not _ID.issuperset(alert):
                raise _wrong(path, table.line_num, "column alert: no name of an alert", "copy it from the report")
            if not by:
                raise _wrong(path, table.line_num, "column by: nobody is named", "say who took note of it")
            yield Acknowledgement(alert, by, on, note)
    except csv.Error as error:
        raise _wrong(path, table.line_num, f"no row of a table: {error}", "mend the line") from None


def _wrong(path: Path, line: int, what: str, repair: str) -> InputError:
    return InputError(what, code="acknowledged", repair=repair, where=Where(member=shown(path, limit=240), line=line))
