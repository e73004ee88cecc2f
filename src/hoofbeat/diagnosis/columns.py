"""Per-finding columns over all diseases, kept for as long as they are asked for often: the same few hundred findings
return in most cases.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from hoofbeat.cases.subject import Sex
from hoofbeat.diagnosis.findings_model import SOFTENING_ASKED, excluded_ratios, observed_ratios
from hoofbeat.diagnosis.onset_and_sex import onset_ratios, sex_ratios
from hoofbeat.knowledge.knowledge import Knowledge

# The power of a disease's length in the picture's fit: 0 favours long descriptions, 0.5 (a cosine) short ones (ours).
PICTURE_NORM = 0.4
KEPT_COLUMNS = 512  # of observed findings, about 42 kB each: at most 22 MB (ours)
KEPT_EXCLUSIONS = 64  # of each of the two kinds; these are made quickly, and need not be kept for long (ours)
KEPT_BANDS = 32  # onsets between two bands: a case has the band of a finding, or all bands until an age (ours)

FloatArray = NDArray[np.float64]
Number = TypeVar("Number", np.float32, np.float64)


class Columns:
    """The ln ratios of findings in all diseases of one Knowledge, computed when first asked for. Arrays are
    read-only.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.observed = lru_cache(KEPT_COLUMNS)(self._observed)
        self.excluded = lru_cache(KEPT_EXCLUSIONS)(self._excluded)
        self.answered_no = lru_cache(KEPT_EXCLUSIONS)(self._answered_no)
        self.onset = lru_cache(KEPT_BANDS)(self._onset)
        self.sex = lru_cache(self._sex)
        self.picture_norm = self._picture_norm()

    def _observed(self, term: int) -> NDArray[np.float32]:
        return _read_only(observed_ratios(term, self.knowledge).astype(np.float32))

    def _excluded(self, term: int) -> NDArray[np.float32]:
        return _read_only(excluded_ratios(term, self.knowledge).astype(np.float32))

    def _answered_no(self, term: int) -> NDArray[np.float32]:
        return _read_only(excluded_ratios(term, self.knowledge, SOFTENING_ASKED).astype(np.float32))

    def _onset(self, first: int, last: int) -> FloatArray:
        return _read_only(onset_ratios(first, last, self.knowledge))

    def _sex(self, sex: Sex) -> FloatArray:
        return _read_only(sex_ratios(sex, self.knowledge))

    @cached_property
    def picture_weight(self) -> FloatArray:
        """Per term IC²."""
        return np.asarray(self.knowledge.information_content**2)

    @cached_property
    def picture(self) -> NDArray[np.float32]:
        """Each share of the frequencies times its term's IC²."""
        frequencies = self.knowledge.frequencies
        return frequencies.share * np.repeat(self.picture_weight.astype(np.float32), np.diff(frequencies.starts))

    def _picture_norm(self) -> FloatArray:
        """Per disease (Σ (IC·F)²)^PICTURE_NORM, at least a small number."""
        knowledge = self.knowledge
        frequencies, content = knowledge.frequencies, knowledge.information_content
        of_row = np.repeat(content.astype(np.float32), np.diff(frequencies.starts))
        squares = np.bincount(
            frequencies.disease, weights=(of_row * frequencies.share) ** 2, minlength=knowledge.n_diseases
        )
        for disease, row in knowledge.replaced.items():
            squares[disease] = float(((row * content) ** 2).sum())
        return np.asarray(np.maximum(squares, 1e-6) ** PICTURE_NORM)


def _read_only(values: NDArray[Number]) -> NDArray[Number]:
    values.flags.writeable = False
    return values
