"""A suggested step, as immutable values: what it tells, what it asks of the patient, what stands against it, and what
each answer would do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hoofbeat.diagnosis.differential import Named
from hoofbeat.knowledge.burden import Burden


class StepKind(StrEnum):
    """What kind of step it is."""

    QUESTION = "question"
    PROCEDURE = "procedure"


@dataclass(frozen=True, slots=True)
class Place:
    """A disease with its probability."""

    disease: Named
    probability: float


@dataclass(frozen=True, slots=True)
class AnswerEffect:
    """What one answer would do: how likely it is (None: nobody can say), the first diseases after it, and a sentence.

    `observed` and `excluded` are the HPO identifiers that stand for the answer where the case is ranked with it.
    """

    answer: str
    chance: float | None
    top: tuple[Place, ...]
    none_of_these: float
    sentence: str
    observed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Veto:
    """Why a step must wait: a candidate that has to be excluded first. `overridden` is the reason that somebody gave
    for doing it all the same; then the veto is shown and does not bind.
    """

    disease: Named
    probability: float
    reason: str
    unless: str
    source: str
    overridden: str = ""

    @property
    def binds(self) -> bool:
        """Whether the step must wait."""
        return not self.overridden

    @property
    def sentence(self) -> str:
        """In words."""
        unless = f" Acceptable if: {self.unless}." if self.unless else ""
        if self.overridden:
            return f"{self.disease.name} is not excluded ({self.reason}); overridden: {self.overridden}."
        return f"Not before {self.disease.name} is excluded: {self.reason}.{unless}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One step. `bits` is the information expected of it, `standard_error` is that of the sampling (0: exact).

    `weighed` is its burden in questions, `worth` what orders it: expected bits per weighed burden. `on_front`: nothing
    else tells more for less. `findings` names what a procedure may show, most telling first; `how` by which action a
    question is answered where asking is not enough.
    """

    kind: StepKind
    id: str
    label: str
    bits: float
    standard_error: float
    burden: Burden
    weighed: float
    worth: float
    on_front: bool = False
    vetoed_by: Veto | None = None
    answers: Mapping[str, AnswerEffect] = field(default_factory=dict)
    findings: tuple[Named, ...] = ()
    how: str = ""
    notes: tuple[str, ...] = ()

    @property
    def must_wait(self) -> bool:
        """Whether a veto binds."""
        return self.vetoed_by is not None and self.vetoed_by.binds
