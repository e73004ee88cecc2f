"""The patient's own copy of the record: every field that is theirs, by its class, and what is not in it, and why."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from hoofbeat.web.records.models import (
    AskedQuestion,
    Assent,
    BackgroundNote,
    Consent,
    Disclosure,
    Dissent,
    Document,
    EarlierTest,
    FamilyMember,
    Message,
    Record,
    RecordedFinding,
    SharedDifferential,
    SharedPlan,
    StepMark,
    StoryEntry,
    Visit,
)
from hoofbeat.web.records.models.base import CLINICAL, IDENTIFYING

FORMAT = "hoofbeat-own-copy-1"
# Beside what identifies and what is clinical: what a person needs in order to read the row.
READABLE = {
    "created", "ended", "start", "end", "at", "minutes", "kind", "held", "cancelled", "withdrawn", "purpose",
    "recipient", "detail", "text_version", "language", "form", "fields", "sha256", "origin", "standing", "from_team",
    "talked_on", "answered", "answer", "status", "size", "confidential", "voice", "taken_back", "resolved", "goes_on",
}  # fmt: skip
LEFT_OUT = {
    "rankings": gettext_lazy(
        "Computed lists of candidates that nobody has talked about with you. What was talked about is here."
    ),
    "genome": gettext_lazy(
        "The genome, its file and its variants: ask your clinic for a copy, and talk about it there."
    ),
    "documents": gettext_lazy("The files themselves: download them one by one from your pages."),
}
IN_CONFIDENCE = gettext_lazy("What was told in confidence: the copy that you download on your own pages holds it.")


def own_copy(record: Record, *, confidential: bool) -> dict[str, Any]:
    """The record as plain values for JSON. Documents that the clinic has not shared are not in it; what was told in
    confidence only with `confidential`.
    """
    told = {} if confidential else {"confidential": False}
    left_out = LEFT_OUT if confidential else LEFT_OUT | {"in_confidence": IN_CONFIDENCE}
    rows: dict[str, models.QuerySet[Any]] = {
        "findings": RecordedFinding.objects.filter(record=record).order_by("created"),
        "story": StoryEntry.objects.filter(record=record, **told),
        "family": FamilyMember.objects.filter(record=record),
        "tests": EarlierTest.objects.filter(record=record),
        "background": BackgroundNote.objects.filter(record=record),
        "visits": Visit.objects.filter(record=record),
        "messages": Message.objects.filter(record=record, **told),
        "talked_about": SharedDifferential.objects.filter(record=record, ended__isnull=True),
        # Why a step is done although something speaks against it names what nobody has talked about yet.
        "decided_about_tests": StepMark.objects.filter(record=record).exclude(what=StepMark.What.ALL_THE_SAME),
        "plans": SharedPlan.objects.filter(record=record, ended__isnull=True),
        "asked_by_the_team": AskedQuestion.objects.filter(record=record),
        "documents": Document.objects.filter(record=record, shared=True, ended__isnull=True),
        "consents": Consent.objects.filter(record=record),
        "assents": Assent.objects.filter(record=record),
        "dissents": Dissent.objects.filter(record=record),
        "disclosures": Disclosure.objects.filter(record=record),
    }
    return {
        "format": FORMAT,
        "made": timezone.localdate().isoformat(),
        "left_out": {name: str(why) for name, why in left_out.items()},
        "record": _row(record),
        **{name: [_row(one) for one in found] for name, found in rows.items()},
    }


def _row(one: Any) -> dict[str, Any]:
    told = {}
    for name, kind in type(one).field_classes.items():
        # `file` is the random name on our disk.
        if (kind in (IDENTIFYING, CLINICAL) or name in READABLE) and name not in ("file", "record"):
            field = type(one)._meta.get_field(name)
            value = getattr(one, field.attname if isinstance(field, models.ForeignKey) else name)
            if value not in ("", None, []):
                told[name] = value if isinstance(value, (bool, int, float, list, dict)) else str(value)
    return told
