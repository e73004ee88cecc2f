"""From what is stored to what is meant: a record as a `cases.Case`. Only confirmed, current findings count."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import Finding, FindingState
from hoofbeat.cases.ontology_class import OntologyClass
from hoofbeat.cases.subject import Sex, Subject
from hoofbeat.cases.time_element import Age, AgeRange, OnsetClass, TimeElement
from hoofbeat.web.records.models import Record, RecordedFinding

LONGEST_ONSET = 20  # characters that the column holds


def case_of(record: Record, *, on: date | None = None) -> Case:
    """The case that the record describes, at the age of today or of another day. Its identifier is the record's random
    one, never a name.
    """
    standing = record.findings.filter(ended__isnull=True, standing=RecordedFinding.Standing.CONFIRMED)
    age = _age(record, on or timezone.localdate())
    return Case(
        id=str(record.pk),
        subject=Subject(id=str(record.pk), sex=Sex(record.sex), time_at_last_encounter=age),
        findings=tuple(_finding(one) for one in standing.order_by("hpo")),
    )


def cases_of(records: QuerySet[Record]) -> list[Case]:
    """The cases that many records describe today, by two queries; in no order."""
    stated: dict[UUID, list[Finding]] = {}
    standing = RecordedFinding.objects.filter(
        record__in=records, ended__isnull=True, standing=RecordedFinding.Standing.CONFIRMED
    )
    for one in standing.order_by("record", "hpo"):
        stated.setdefault(one.record_id, []).append(_finding(one))
    today = timezone.localdate()
    return [
        Case(
            id=str(record.pk),
            subject=Subject(id=str(record.pk), sex=Sex(record.sex), time_at_last_encounter=_age(record, today)),
            findings=tuple(stated.get(record.pk, ())),
        )
        for record in records
    ]


def _finding(one: RecordedFinding) -> Finding:
    return Finding(
        id=one.hpo,
        label=one.label,
        state=FindingState(one.state),
        onset=onset_of(one.onset),
        severity=OntologyClass(one.severity, "") if one.severity else None,
        asked=one.origin != RecordedFinding.Origin.IMPORT,
    )


def onset_of(text: str) -> TimeElement | None:
    """An onset as stored: an ISO 8601 duration (`P3Y`), an HPO onset class, or nothing."""
    if not text:
        return None
    return OnsetClass(OntologyClass(text, "")) if text.startswith("HP:") else Age(text)


def onset_text(onset: TimeElement | None) -> str:
    """An onset as it is stored. Of a range its start; what is neither age nor class of HPO is not kept."""
    if isinstance(onset, AgeRange):
        onset = onset.start
    if isinstance(onset, Age):
        return onset.iso8601duration if len(onset.iso8601duration) <= LONGEST_ONSET else ""
    return onset.term.id if isinstance(onset, OnsetClass) and onset.term.id.startswith("HP:") else ""


def _age(record: Record, today: date) -> Age | None:
    born = record.birth_date
    if born is None:
        return None
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    return Age(f"P{months // 12}Y{months % 12}M") if months >= 0 else None
