"""How a ranking moved, as a drawing: one line per disease that was among the first, from snapshot to snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hoofbeat.web.records.models import RankingSnapshot

PLACES = 5  # ranks drawn
MOST_STEPS = 12  # the newest snapshots drawn
# As wide as the page of a tablet held upright, names of diseases at the right included.
WIDTH, LEFT, RIGHT, TOP, ROW = 690.0, 40.0, 280.0, 26.0, 34.0


@dataclass(frozen=True, slots=True)
class Line:
    """One disease: the places where it stood, in pieces (it may leave the first and come back), and its name.

    `style` tells the lines apart that are among the first now; the others share the style "gone".
    """

    name: str
    pieces: tuple[str, ...]
    points: tuple[tuple[float, float], ...]
    style: str
    label_y: float | None


@dataclass(frozen=True, slots=True)
class BumpChart:
    """The drawing."""

    lines: tuple[Line, ...]
    steps: tuple[tuple[float, int], ...]
    ranks: tuple[tuple[float, int], ...]
    width: float
    height: float
    left: float
    right: float


def bump_chart(snapshots: Sequence[RankingSnapshot]) -> BumpChart | None:
    """The chart over snapshots, the oldest first; None for fewer than two: nothing moved."""
    drawn = list(enumerate(snapshots, 1))[-MOST_STEPS:]
    if len(drawn) < 2:
        return None
    gap = (WIDTH - LEFT - RIGHT) / (len(drawn) - 1)
    xs = [round(LEFT + gap * step, 1) for step in range(len(drawn))]
    stood: dict[str, dict[int, int]] = {}
    names: dict[str, str] = {}
    for step, (_number, snapshot) in enumerate(drawn):
        for place, one in enumerate(snapshot.first[:PLACES]):
            stood.setdefault(one["id"], {})[step] = place
            names[one["id"]] = one["name"]
    last = len(drawn) - 1
    ordered = sorted(stood, key=lambda one: (stood[one].get(last, PLACES), -max(stood[one])))
    lines = tuple(_line(names[one], stood[one], xs, number) for number, one in enumerate(ordered))
    return BumpChart(
        lines=lines,
        steps=tuple((xs[step], number) for step, (number, _snapshot) in enumerate(drawn)),
        ranks=tuple((_y(place), place + 1) for place in range(PLACES)),
        width=WIDTH,
        height=TOP + ROW * PLACES + 18,
        left=LEFT,
        right=WIDTH - RIGHT,
    )


def _line(name: str, stood: dict[int, int], xs: list[float], number: int) -> Line:
    pieces: list[str] = []
    before = -2
    for step in sorted(stood):
        point = f"{xs[step]},{_y(stood[step])}"
        if step == before + 1:
            pieces[-1] += f" {point}"
        else:
            pieces.append(point)
        before = step
    points = tuple((xs[step], _y(place)) for step, place in sorted(stood.items()))
    last = stood.get(len(xs) - 1)
    return Line(
        name, tuple(pieces), points, "gone" if last is None else str(number), None if last is None else _y(last)
    )


def _y(place: int) -> float:
    return TOP + ROW * place + ROW / 2
