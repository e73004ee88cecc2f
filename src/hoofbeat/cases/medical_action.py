"""What was done for the person so far: treatments and procedures, how they answered, and why a treatment stopped."""

from __future__ import annotations

from dataclasses import dataclass, field

from hoofbeat.cases.ontology_class import OntologyClass
from hoofbeat.cases.quantity import Quantity
from hoofbeat.cases.time_element import Interval, TimeElement


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure, where on the body and when."""

    code: OntologyClass | None = None
    body_site: OntologyClass | None = None
    performed: TimeElement | None = None


@dataclass(frozen=True, slots=True)
class DoseInterval:
    """How much, how often, from when to when."""

    quantity: Quantity | None = None
    schedule_frequency: OntologyClass | None = None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Treatment:
    """A drug or other agent with its doses."""

    agent: OntologyClass | None = None
    route_of_administration: OntologyClass | None = None
    dose_intervals: tuple[DoseInterval, ...] = ()
    drug_type: str = ""
    cumulative_dose: Quantity | None = None


@dataclass(frozen=True, slots=True)
class MedicalAction:
    """One thing that was done; history, never a recommendation. Radiation and regimens are carried, not mapped."""

    procedure: Procedure | None = None
    treatment: Treatment | None = None
    treatment_target: OntologyClass | None = None
    treatment_intent: OntologyClass | None = None
    response_to_treatment: OntologyClass | None = None
    adverse_events: tuple[OntologyClass, ...] = ()
    treatment_termination_reason: OntologyClass | None = None
    path: str = field(default="", compare=False, repr=False)
