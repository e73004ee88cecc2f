"""Tab-separated release files: comment lines, a header, and columns found by name, so that a release may reorder or add
columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hoofbeat.knowledge.errors import KnowledgeError, reading

_SHOWN = 200  # characters of a header that a message repeats: what stands there may be no table at all


@dataclass(frozen=True)
class Table:
    """An open table: its comment lines (without `#`), and its rows as (line number, values in the order asked for)."""

    comments: tuple[str, ...]
    rows: Iterator[tuple[int, tuple[str, ...]]]
    short_lines: list[int] = field(default_factory=list)

    def comment(self, key: str) -> str | None:
        """The value of a `#key: value` comment, or None."""
        for line in self.comments:
            name, colon, value = line.partition(":")
            if colon and name.strip().lower() == key:
                return value.strip()
        return None


def open_table(
    path: Path,
    columns: Sequence[str],
    *,
    repair: str,
    older_names: Mapping[str, str] | None = None,
) -> Table:
    """Open a table and find its columns by header name; `older_names` maps names of past releases to today's.

    Lines with fewer cells than the header are noted in `short_lines` while the rows are read. Raises KnowledgeError
    where the file cannot be read, is not text, or a column is missing; and, while the rows are read, where it ends
    within one.
    """
    lines = _lines(path)
    comments: list[str] = []
    for number, raw in lines:
        line = raw.rstrip("\r\n")
        names = [_column_name(cell, older_names or {}) for cell in line.split("\t")]
        if line.startswith("#") and not set(columns) <= set(names):
            comments.append(line.lstrip("#"))
            continue
        missing = [column for column in columns if column not in names]
        if missing:
            what = "column" if len(missing) == 1 else "columns"
            present = ", ".join(name for name in names if name) or "nothing"
            raise KnowledgeError(
                f"{path}:{number}: {what} {', '.join(missing)} missing; the header has {present[:_SHOWN]!r}",
                repair=repair,
            )
        short: list[int] = []
        places = tuple(names.index(column) for column in columns)
        return Table(tuple(comments), _cells(path, lines, places, len(names), short), short)
    raise KnowledgeError(f"{path}: no header line", repair=repair)


def _column_name(cell: str, older_names: Mapping[str, str]) -> str:
    name = cell.strip().lstrip("#").strip().lower()
    return older_names.get(name, name)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with reading(path), path.open(encoding="utf-8-sig", newline="\n") as stream:
        yield from enumerate(stream, 1)


def _cells(
    path: Path, lines: Iterable[tuple[int, str]], places: tuple[int, ...], width: int, short: list[int]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, raw in lines:
        line = raw.rstrip("\r\n")
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) < width:
            if not raw.endswith("\n"):  # the rest of a release is missing, and nobody would see it
                raise KnowledgeError(
                    f"{path}:{number}: the file is cut off within its last line", repair="fetch or copy it anew"
                )
            short.append(number)
            continue
        yield number, tuple(cells[place] for place in places)
