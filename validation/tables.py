"""How frozen figures are written in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_VERDICT = {None: "", True: "holds", False: "falls short"}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table."""
    return [f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows)]


def measures(frozen: Iterable[Mapping[str, Any]]) -> list[str]:
    """The table of measures (`Measure.to_json`), each beside its bar."""
    rows = [
        [one["what"], f"{one['value']:g} {one['unit']}".strip(), (one["bar"] or "").strip(), _VERDICT[one["holds"]]]
        for one in frozen
    ]
    return table(["what", "measured", "bar", ""], rows)


def interval(value: Mapping[str, float], *, digits: int = 3, ends: int = 2) -> str:
    """A mean with so many digits and its 95 % interval, whose ends have so many."""
    return f"{value['mean']:.{digits}f} ({value['low']:.{ends}f}–{value['high']:.{ends}f})"
