"""A number with its unit and, where stated, its reference range."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hoofbeat.cases.errors import CaseError
from hoofbeat.cases.ontology_class import OntologyClass


@dataclass(frozen=True, slots=True)
class ReferenceRange:
    """The range that the laboratory calls normal."""

    low: float | None = None
    high: float | None = None
    unit: OntologyClass | None = None

    def __post_init__(self) -> None:
        if any(bound is not None and not math.isfinite(bound) for bound in (self.low, self.high)):
            raise CaseError("a reference range is not finite", repair="leave the bound out")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in a unit (mostly UCUM)."""

    value: float
    unit: OntologyClass | None = None
    reference_range: ReferenceRange | None = None

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise CaseError("a quantity is not a finite number", repair="leave the measurement out, or give its number")
