"""Tables that people edit in a spreadsheet or an editor (CSV), read so that every error names file, line and field."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hoofbeat.interchange.report import InputError, Where, shown

MAX_BYTES = 5_000_000  # such tables have a few hundred lines
MAX_ERRORS = 20  # so many are listed at once
_REPAIR = "correct the lines named, or begin anew from the file that ships with Hoofbeat"


@dataclass
class Line:
    """One line of the table, with what was found wrong in it."""

    number: int
    cells: dict[str, str]
    errors: list[str] = field(default_factory=list)

    def text(self, name: str, *, required: bool = False) -> str:
        """A cell."""
        value = self.cells[name]
        if required and not value:
            self.wrong(name, "is empty")
        return value

    def amount(self, name: str) -> float | None:
        """A number that is not negative; None where the cell is empty."""
        value = self.cells[name]
        if not value:
            return None
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and number >= 0):
            self.wrong(name, f"{shown(value)!r} is no number of 0 or more (leave it empty where it is unknown)")
            return None
        return number

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        """A cell that holds one of some words."""
        value = self.cells[name]
        if value not in choices:
            self.wrong(name, f"{shown(value)!r} is none of {', '.join(choices)}")
        return value

    def day(self, name: str) -> str:
        """A day, YYYY-MM-DD, that must be there."""
        value = self.cells[name]
        parts = value.split("-")
        if not ([len(part) for part in parts] == [4, 2, 2] and all(part.isdecimal() for part in parts)):
            self.wrong(name, f"{shown(value)!r} is no day such as 2026-01-31")
        return value

    def wrong(self, name: str, what: str) -> None:
        """Note an error in a field."""
        self.errors.append(f"line {self.number}, {name}: {what}")


def read_lines(source: Path | str, columns: Sequence[str], *, name: str) -> Iterator[Line]:
    """The lines of a table, given as a path or as its text; `#` begins a comment. Raises InputError where it is
    none.
    """
    text = _text(source, name) if isinstance(source, Path) else source
    kept = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and line[0] != "#"]
    rows = csv.reader(io.StringIO("\n".join(line for _, line in kept)), strict=True)
    try:
        parsed = list(rows)
    except csv.Error as error:
        raise _refused(name, [f"not a table of comma-separated cells ({error})"]) from None
    if len(parsed) != len(kept):
        raise _refused(name, ["a cell goes over several lines; write each row on one line"])
    head = [cell.strip() for cell in parsed[0]] if parsed else []
    missing = [column for column in columns if column not in head]
    if missing:
        raise _refused(name, [f"line {kept[0][0] if kept else 1}: column {', '.join(missing)} missing"])
    for (number, _), cells in zip(kept[1:], parsed[1:], strict=True):
        if len(cells) != len(head):
            raise _refused(name, [f"line {number}: {len(cells)} cells; the header has {len(head)}"])
        yield Line(number, {column: cell.strip() for column, cell in zip(head, cells, strict=True)})


def refuse_errors(name: str, errors: Sequence[str]) -> None:
    """Raise InputError with all errors of a table, where there are any."""
    if errors:
        raise _refused(name, errors)


def each(lines: Iterator[Line], make: Callable[[Line], None], errors: list[str]) -> None:
    """Do something with every line, and gather what is wrong with them."""
    for line in lines:
        make(line)
        errors.extend(line.errors)


def _refused(name: str, errors: Sequence[str]) -> InputError:
    listed = "\n  ".join(errors[:MAX_ERRORS])
    more = f"\n  and {len(errors) - MAX_ERRORS} more" if len(errors) > MAX_ERRORS else ""
    return InputError(f"{listed}{more}", code="bad-table", repair=_REPAIR, where=Where(member=name))


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{shown(name, limit=240)}: {error.strerror or error}",
            code="no-file",
            repair="name a file that can be read",
        ) from None
    if len(raw) > MAX_BYTES:
        raise _refused(name, [f"more than {MAX_BYTES:,} bytes"])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(name, ["not UTF-8 text: save it as CSV, UTF-8"]) from None
