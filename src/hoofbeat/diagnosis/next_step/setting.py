"""Everything that the steps of one case are judged by, made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hoofbeat.cases.case import Case
from hoofbeat.diagnosis.next_step.expectations import Expectations
from hoofbeat.diagnosis.next_step.limits import EVERY_STEP, Limits
from hoofbeat.diagnosis.rank import Differential
from hoofbeat.diagnosis.second_stage import softmax
from hoofbeat.knowledge.avoid import AvoidRecord
from hoofbeat.knowledge.burden import Burdens
from hoofbeat.knowledge.knowledge import Knowledge

# Below this many bits nothing is worth asking (diagnosis specification, section 5; a convention).
WORTH_ASKING = 0.05
# How much hotter than the scores the doubt is that orders questions (fitted on drawn patients, decision 0023).
AIM_HEAT = 1.5

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Setting:
    """The case, its differential, and what is known around it; `belief` are the probabilities of all diseases and,
    last, of none of these; `open` and `stated` are per term. `skipped` are steps that are not to be suggested,
    `limits` says which are wanted.
    """

    case: Case
    differential: Differential
    belief: FloatArray
    expectations: Expectations
    open: NDArray[np.bool_]
    stated: NDArray[np.bool_]
    burdens: Burdens
    avoid: tuple[AvoidRecord, ...]
    overrides: Mapping[str, str]
    unborn: bool
    skipped: frozenset[str] = frozenset()
    limits: Limits = EVERY_STEP

    @property
    def knowledge(self) -> Knowledge:
        """What the differential was made with."""
        return self.differential.knowledge

    @cached_property
    def skipped_terms(self) -> NDArray[np.bool_]:
        """Per term, whether it is skipped."""
        mask = np.zeros(len(self.knowledge.ontology), dtype=np.bool_)
        found = (self.knowledge.ontology.resolve(one).index for one in self.skipped)
        mask[[index for index in found if index is not None]] = True
        return mask

    @cached_property
    def information(self) -> FloatArray:
        """Bits that each question (a term) is expected to tell."""
        return self.expectations.information(self.belief)

    @cached_property
    def aim(self) -> FloatArray:
        """Bits of each question about the doubt between the diseases that the heated scores leave: what orders
        questions. It is sharper than the calibrated doubt, so that they part the leading ones (decision record 0023).
        """
        return self.expectations.information(self.aimed)

    @cached_property
    def aimed(self) -> FloatArray:
        """The probabilities that the heated scores give; none of these has 0."""
        return np.append(softmax(AIM_HEAT * self.differential.scores), 0.0)

    @cached_property
    def chance(self) -> FloatArray:
        """The chance of "yes", per term."""
        return self.expectations.yes(self.belief)
