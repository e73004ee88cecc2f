"""The likelihood ratios of when it began and of the patient's sex, per disease (diagnosis specification, section 3,
step 5).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoofbeat.cases.subject import Sex
from hoofbeat.knowledge.knowledge import Knowledge

MOST_ONSET = 2.0  # |ln LR| of onset never exceeds this (ours)

Ratios = NDArray[np.float64]


def onset_ratios(first: int, last: int, knowledge: Knowledge) -> Ratios:
    """ln P(onset | disease)/P(onset) of an onset within the bands first..last, per disease; 0 where none is known."""
    tables, bands = knowledge.onsets, slice(first, last + 1)
    chance, mean = tables.onset[:, bands].sum(axis=1), tables.mean[bands].sum()
    ratios = np.clip(np.log(np.maximum(chance, 1e-6) / mean), -MOST_ONSET, MOST_ONSET)
    return np.where(tables.known, ratios, 0.0)


def sex_ratios(sex: Sex, knowledge: Knowledge) -> Ratios:
    """ln P(sex | disease)/P(sex), the sexes being equally many among all; 0 where the sex is not known."""
    male = knowledge.onsets.male
    share = {Sex.MALE: male, Sex.FEMALE: 1.0 - male}.get(sex)
    return np.zeros(knowledge.n_diseases) if share is None else np.log(2.0 * share)
