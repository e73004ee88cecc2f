"""Every disease scored for one case: the numbers that a differential orders and an explanation takes apart."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hoofbeat.cases.case import Case
from hoofbeat.diagnosis.evidence import Evidence
from hoofbeat.diagnosis.genotype.disease_ratios import DiseaseRatios
from hoofbeat.diagnosis.second_stage import Weights
from hoofbeat.knowledge.knowledge import Knowledge

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scored:
    """`scores` (diseases,) are natural logs. `probabilities` (diseases + 1,) has one value more: "none of these", last.
    `penalty` (diseases,) is what was taken from entries that only group diseases, and is in the scores already.
    """

    case: Case
    knowledge: Knowledge = field(repr=False)
    evidence: Evidence = field(repr=False)
    weights: Weights = field(repr=False)
    penalty: FloatArray = field(repr=False)
    scores: FloatArray = field(repr=False)
    probabilities: FloatArray = field(repr=False)
    genotype: DiseaseRatios | None = field(default=None, repr=False)
