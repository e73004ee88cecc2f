"""What we know of one person: findings, measurements, reported diseases and variants, family, and where each came from.

Frozen dataclasses that check themselves; nothing here reads or writes a file.
"""

from hoofbeat.cases.case import Attribute, AttributeKind, Carried, Case
from hoofbeat.cases.errors import CaseError
from hoofbeat.cases.family import AffectedStatus, Family, PedigreePerson
from hoofbeat.cases.finding import Evidence, Finding, FindingState
from hoofbeat.cases.measurement import Measurement, Quantity, ReferenceRange
from hoofbeat.cases.medical_action import DoseInterval, MedicalAction, Procedure, Treatment
from hoofbeat.cases.ontology_class import ExternalReference, OntologyClass
from hoofbeat.cases.provenance import Provenance, Resource, Source, Update
from hoofbeat.cases.reported import (
    AcmgClassification,
    Expression,
    Gene,
    GenomicInterpretation,
    Interpretation,
    InterpretationStatus,
    ProgressStatus,
    Reported,
    ReportedDisease,
    TherapeuticActionability,
    Variant,
    VcfRecord,
)
from hoofbeat.cases.subject import KaryotypicSex, Sex, Subject, VitalState, VitalStatus
from hoofbeat.cases.time_element import Age, AgeRange, GestationalAge, Interval, OnsetClass, TimeElement, Timestamp

__all__ = [
    "AcmgClassification",
    "AffectedStatus",
    "Age",
    "AgeRange",
    "Attribute",
    "AttributeKind",
    "Carried",
    "Case",
    "CaseError",
    "DoseInterval",
    "Evidence",
    "Expression",
    "ExternalReference",
    "Family",
    "Finding",
    "FindingState",
    "Gene",
    "GenomicInterpretation",
    "GestationalAge",
    "Interpretation",
    "InterpretationStatus",
    "Interval",
    "KaryotypicSex",
    "Measurement",
    "MedicalAction",
    "OnsetClass",
    "OntologyClass",
    "PedigreePerson",
    "Procedure",
    "ProgressStatus",
    "Provenance",
    "Quantity",
    "ReferenceRange",
    "Reported",
    "ReportedDisease",
    "Resource",
    "Sex",
    "Source",
    "Subject",
    "TherapeuticActionability",
    "TimeElement",
    "Timestamp",
    "Treatment",
    "Update",
    "Variant",
    "VcfRecord",
    "VitalState",
    "VitalStatus",
]
