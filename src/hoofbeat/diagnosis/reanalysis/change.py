"""What moved between two outcomes of one case, and because of which parts of the score."""

from __future__ import annotations

from dataclasses import dataclass

from hoofbeat.diagnosis.reanalysis.outcome import Outcome, Standing

# A change below these is not worth a reader's minute (all ours).
MOVED = 0.05  # of a probability
FIRST = 3  # a disease that enters or leaves the first so many has moved,
LEAST_CHANCE = 0.05  # if it has at least this probability on one side: among many that are alike, places mean nothing
LEAST_CAUSE = 0.05  # of a natural log of a likelihood ratio: as much as a reader sees (`ratio_words.NEUTRAL`)
MOST_CAUSES = 5


@dataclass(frozen=True, slots=True)
class Cause:
    """One part of a disease's score before and after; None where there was no such part."""

    part: str
    before: float | None
    after: float | None

    @property
    def difference(self) -> float:
        """What it added to the score."""
        return (self.after or 0.0) - (self.before or 0.0)


@dataclass(frozen=True, slots=True)
class Move:
    """One disease that moved. `before` or `after` is None where it was not among those kept; `because` has the parts
    that changed most, largest first, and is empty where the disease's own score stayed and others passed it.
    """

    disease: str
    name: str
    before: Standing | None
    after: Standing | None
    because: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class CaseChange:
    """What moved in one case, the largest move first."""

    case: str
    before: Outcome
    after: Outcome
    moves: tuple[Move, ...]


def changed(before: Outcome, after: Outcome) -> CaseChange | None:
    """What moved, or None where nothing did that is worth reading. Both name diseases alike (`Outcome.renamed`)."""
    earlier = {one.disease: one for one in before.standings}
    later = {one.disease: one for one in after.standings}
    moves = []
    for identifier in dict.fromkeys((*later, *earlier)):
        then, now = earlier.get(identifier), later.get(identifier)
        if (known := now or then) and _has_moved(then, now):
            moves.append(Move(identifier, known.name, then, now, _causes(then, now)))
    if not moves:
        return None
    moves.sort(key=lambda move: (-abs(_chance(move.after) - _chance(move.before)), move.disease))
    return CaseChange(after.case, before, after, tuple(moves))


def _has_moved(before: Standing | None, after: Standing | None) -> bool:
    entered = (before is not None and before.rank <= FIRST) != (after is not None and after.rank <= FIRST)
    first = (before is not None and before.rank == 1) != (after is not None and after.rank == 1)
    if max(_chance(before), _chance(after)) < LEAST_CHANCE:
        return False
    return entered or first or abs(_chance(after) - _chance(before)) >= MOVED


def _chance(standing: Standing | None) -> float:
    return standing.probability if standing is not None else 0.0


def _causes(before: Standing | None, after: Standing | None) -> tuple[Cause, ...]:
    """The parts that changed. Where one side was not kept, nothing is known of its parts, so none is blamed."""
    if before is None or after is None or before.parts is None or after.parts is None:
        return ()
    then, now = before.parts, after.parts
    causes = [Cause(part, then.get(part), now.get(part)) for part in dict.fromkeys((*now, *then))]
    causes = [one for one in causes if abs(one.difference) >= LEAST_CAUSE]
    return tuple(sorted(causes, key=lambda one: (-abs(one.difference), one.part))[:MOST_CAUSES])
