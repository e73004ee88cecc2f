"""How the diseases of one Knowledge are expected to answer each question, kept in a form that gives the information of
every question there is in a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.findings_model import MISSED, MISTAKEN
from hoofbeat.diagnosis.next_step.information import doubt
from hoofbeat.knowledge.knowledge import Knowledge

FloatArray = NDArray[np.float64]


def answered_yes(share: FloatArray) -> FloatArray:
    """The chance that somebody says yes, of the share of patients who have the finding."""
    return np.asarray(MISTAKEN + (1.0 - MISTAKEN - MISSED) * share)


class Expectations:
    """The chance of "yes" of every finding in every disease of one Knowledge.

    A disease that is not described with a finding, and "none of these", have the background's share: a finding that
    meets nothing is worth 1 in the ranking.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        frequencies = knowledge.frequencies
        background = knowledge.base.background
        self.elsewhere = answered_yes(background)
        lengths = np.diff(frequencies.starts)
        self._held = np.flatnonzero(lengths > 0)
        self._starts = frequencies.starts[self._held]
        yes = answered_yes(frequencies.share.astype(np.float64))
        elsewhere = np.repeat(self.elsewhere, lengths)
        # What a disease's own chance adds to that of the others, so that only described pairs need be summed.
        self._yes = (yes - elsewhere).astype(np.float32)
        self._doubt = (doubt(yes) - doubt(elsewhere)).astype(np.float32)

    def yes(self, probabilities: FloatArray) -> FloatArray:
        """The chance of "yes", per term; `probabilities` are those of the diseases and, last, of none of these."""
        return self._expected(probabilities, self._yes, self.elsewhere, answered_yes)

    def information(self, probabilities: FloatArray) -> FloatArray:
        """Bits that the answer to each question (a term) is expected to tell; see `information`."""
        left = self._expected(
            probabilities, self._doubt, doubt(self.elsewhere), lambda share: doubt(answered_yes(share))
        )
        return np.asarray(np.maximum(doubt(self.yes(probabilities)) - left, 0.0))

    def _expected(
        self,
        probabilities: FloatArray,
        added: NDArray[np.float32],
        elsewhere: FloatArray,
        of_share: Callable[[FloatArray], FloatArray],
    ) -> FloatArray:
        """Σ p_d x_d(t) per term, of a quantity x that is `elsewhere` but for described pairs, which have `added`
        more.
        """
        knowledge = self.knowledge
        known = np.array(probabilities[:-1], dtype=np.float64)
        total: FloatArray = probabilities.sum() * elsewhere
        for disease, row in knowledge.replaced.items():
            described = np.flatnonzero(row)
            shares = row[described].astype(np.float64)
            total[described] += known[disease] * (of_share(shares) - elsewhere[described])
            known[disease] = 0.0
        weighted = added * known.astype(np.float32)[knowledge.frequencies.disease]
        total[self._held] += np.add.reduceat(weighted, self._starts, dtype=np.float64)
        return total

    def yes_of(self, terms: NDArray[np.int64], diseases: NDArray[np.int64]) -> FloatArray:
        """The chance of "yes" (terms, diseases) of a few terms in a few diseases."""
        knowledge = self.knowledge
        place = np.full(knowledge.n_diseases, -1, dtype=np.int64)
        place[diseases] = np.arange(len(diseases))
        answers = np.repeat(self.elsewhere[terms][:, None], len(diseases), axis=1)
        for at, term in enumerate(terms.tolist()):
            described, share = knowledge.frequencies.column(term)
            columns = place[described]
            inside = columns >= 0
            answers[at, columns[inside]] = answered_yes(share[inside].astype(np.float64))
        for disease, row in knowledge.replaced.items():
            if place[disease] >= 0:
                shares = row[terms].astype(np.float64)
                answers[:, place[disease]] = np.where(shares > 0, answered_yes(shares), self.elsewhere[terms])
        return answers


@lru_cache(maxsize=4)
def expectations_of(knowledge: Knowledge) -> Expectations:
    """The expectations of a Knowledge; of the last few that were used."""
    return Expectations(knowledge)
