"""Compares how a case stands now with how it stood: with what was kept of an earlier ranking, or with a ranking made
for the comparison by the same program with earlier knowledge.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from hoofbeat.diagnosis.rank import Differential
from hoofbeat.diagnosis.reanalysis.change import CaseChange, changed
from hoofbeat.diagnosis.reanalysis.outcome import Outcome, outcome_of
from hoofbeat.knowledge.knowledge import Knowledge

KEPT_NAMES = 8192  # the same few thousand diseases return in most cases
MOST_EXPLAINED = 6  # diseases per case whose causes are given (ours)


@dataclass(frozen=True, slots=True)
class Before:
    """How a case stood, in the identifiers of the later release; `differential` where it was ranked for the
    comparison.
    """

    outcome: Outcome
    differential: Differential | None = None

    @classmethod
    def kept(cls, outcome: Outcome, after: Knowledge) -> Before:
        """From what an earlier ranking left behind."""
        return cls(_in_words_of(after, outcome))

    @classmethod
    def ranked(cls, then: Differential, after: Knowledge) -> Before:
        """From a ranking with earlier knowledge."""
        return cls(_in_words_of(after, outcome_of(then)), then)


def moved(before: Before, now: Differential, after: Outcome) -> CaseChange | None:
    """What moved; None where nothing did that is worth reading. `after` is what `now` leaves behind.

    Where both sides were ranked for it, each disease that moved is looked at on both, wherever it stands, so that its
    causes can be told.
    """
    change = changed(before.outcome, after)
    if change is None or before.differential is None:
        return change
    also = [move.disease for move in change.moves[:MOST_EXPLAINED]]
    then = _in_words_of(now.knowledge, outcome_of(before.differential, also=also))
    return changed(then, outcome_of(now, also=also)) or change


def _in_words_of(after: Knowledge, outcome: Outcome) -> Outcome:
    return outcome.renamed(lambda one: _called(one, after))


@lru_cache(maxsize=KEPT_NAMES)
def _called(identifier: str, after: Knowledge) -> str:
    """What a disease is called in the later release; unchanged where that does not know it."""
    index = after.find_disease(identifier)
    return identifier if index is None else after.disease_id(index)
