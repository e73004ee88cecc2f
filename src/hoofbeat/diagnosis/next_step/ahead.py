"""Looks one answer ahead: of two questions that tell alike, the better one leaves more to ask next, whatever is said
(decision record 0036).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.next_step.information import doubt
from hoofbeat.diagnosis.next_step.procedures import LeadingCandidates
from hoofbeat.diagnosis.next_step.setting import Setting

LOOKED_AHEAD = 10  # of the questions that tell most for their burden (20 and 30 chose no better, decision record 0036)
NEXT = 200  # questions that one of them may be followed by (ours)

FloatArray = NDArray[np.float64]
Terms = NDArray[np.int64]


def in_order(setting: Setting, terms: Terms, weighed: FloatArray) -> Terms:
    """Questions (terms,), best first. `weighed` is what each asks of the patient.

    They stand by the bits that each tells of the aimed doubt per burden; the first LOOKED_AHEAD of them by that and by
    what the best question after it is expected to tell per burden.
    """
    worth = setting.aim[terms] / weighed
    order = np.lexsort((terms, -worth))
    terms, worth, weighed = terms[order], worth[order], weighed[order]
    first = min(LOOKED_AHEAD, len(terms))
    if first < 2:
        return terms
    both = worth[:first] + _worth_of_next(setting, terms[:NEXT], weighed[:NEXT], first)
    return np.concatenate([terms[:first][np.lexsort((terms[:first], -both))], terms[first:]])


def _worth_of_next(setting: Setting, terms: Terms, weighed: FloatArray, first: int) -> FloatArray:
    """Of each of the `first` terms, what the best question is expected to be worth once it is answered."""
    ontology, expectations = setting.knowledge.ontology, setting.expectations
    candidates = LeadingCandidates.of(setting.aimed, expectations.yes(setting.aimed))
    yes = candidates.yes(terms, expectations)
    left = doubt(yes)
    worth = np.zeros(first)
    # What is there implies all above it, what is not implies all below it: these are not asked any more.
    for says, implied in ((yes[:first], ontology.ancestors), (1.0 - yes[:first], ontology.descendants)):
        chance = says @ candidates.weights
        after = says * candidates.weights / chance[:, None]
        told = (doubt(after @ yes.T) - after @ left.T) / weighed
        for place in range(first):
            told[place, np.isin(terms, implied[int(terms[place])])] = 0.0
        worth += chance * told.max(axis=1)
    return worth
