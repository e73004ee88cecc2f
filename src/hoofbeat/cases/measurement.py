"""A measured value of one person, with unit and reference range as stated."""

from __future__ import annotations

from dataclasses import dataclass, field

from hoofbeat.cases.medical_action import Procedure
from hoofbeat.cases.ontology_class import OntologyClass
from hoofbeat.cases.quantity import Quantity, ReferenceRange
from hoofbeat.cases.time_element import TimeElement

__all__ = ["Measurement", "Quantity", "ReferenceRange"]


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured (`assay`, mostly LOINC) and the value: a quantity, a concept, or typed quantities."""

    assay: OntologyClass | None = None
    quantity: Quantity | None = None
    concept: OntologyClass | None = None
    typed_quantities: tuple[tuple[OntologyClass | None, Quantity | None], ...] = ()
    time_observed: TimeElement | None = None
    procedure: Procedure | None = None
    description: str = ""
    path: str = field(default="", compare=False, repr=False)
