"""A record with a row of every kind, whose every free text holds the same words: to see where the words turn up."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from hoofbeat.web.access.models import BreakGlass, CareTeamMember, Invitation, PatientLink, User
from hoofbeat.web.records.models import Document, FamilyMember, RankingSnapshot, Record, RecordedFinding
from tests.web.world import ARACHNODACTYLY, World

CANDIDATE = {"id": "OMIM:154700", "probability": 0.5}
# What would not be understood if it held any words.
FIXED: dict[str, dict[str, Any]] = {
    "RecordedFinding": {"hpo": ARACHNODACTYLY, "state": "observed", "onset": "", "severity": "", "standing": "told"},
    "RankingSnapshot": {"release": {"knowledge": "2024-02-01"}, "none_of_these": 0.1, "record_version": 1},
    "Confirmation": {"disease": "OMIM:154700", "withdrawn_reason": ""},
    "Consent": {
        "purpose": "matching", "detail": 3, "text_version": "1", "language": "en", "signer_role": "patient",
        "start": date(2026, 1, 1), "end": date(2099, 1, 1),
    },
    "Disclosure": {"purpose": "own_copy", "form": "phenopacket", "fields": ["id"], "sha256": "0" * 64},
    "Dissent": {"purpose": "matching", "voice": "child", "resolution": ""},
    "Document": {"kind": "pdf", "size": 8, "sha256": "0" * 64, "shared": True},
    "EarlierTest": {"when": "2024"},
    "Record": {"language": "en", "phone": "+49 30 0000000"},
    "Task": {"kind": "rights_end", "about": "link 1"},
    "Visit": {"minutes": 30},
}  # fmt: skip


def fill(world: World, words: str) -> dict[str, Any]:
    """A row of every noun in the world's first record; the identifiers by the names that addresses use for them."""
    record = world.record
    found: dict[str, Any] = {"record": record.pk, "pk": record.pk}
    for name in _text_fields(Record):
        if name not in FIXED["Record"] and name != "local_number":
            _set(record, name, words)
    record.local_number = words[:40]
    record.save()
    staff = world.people.get("clinician") or next(user for who, user in world.people.items() if who.startswith("staff"))
    for model in apps.get_app_config("records").get_models():
        if model is Record:
            continue
        row = _row(model, record, staff, words)
        row.save()
        found[NAMES.get(model.__name__, model.__name__.lower())] = row.pk
    now = timezone.now()
    glass = BreakGlass.objects.create(record=record, user=staff, reason=words, end=now + timedelta(hours=1))
    letter = Invitation.objects.create(
        token_hash=f"{record.pk.hex:0>64}", clinic=world.clinic, record=record, email="invited@example.org",
        name=words[:120], role="proxy", relation=words[:40], scopes=["see"], expires=now + timedelta(days=3),
        invited_by=staff, proxy_until=date(2099, 1, 1),
    )  # fmt: skip
    found |= {
        "glass": glass.pk, "invitation": letter.pk,
        "link": getattr(PatientLink.objects.filter(record=record).first(), "pk", 1),
        "member_id": getattr(CareTeamMember.objects.filter(record=record).first(), "pk", 1),
    }  # fmt: skip
    return found


# How addresses call a row where that is not the model's name.
NAMES = {
    "RecordedFinding": "finding", "SharedDifferential": "shared", "EarlierTest": "test", "BackgroundNote": "note",
    "FamilyMember": "relative", "StoryEntry": "story", "RankingSnapshot": "snapshot",
}  # fmt: skip


def _row(model: type[models.Model], record: Record, staff: User, words: str) -> models.Model:
    fixed = FIXED.get(model.__name__, {})
    row = model(record=record)
    for column in model._meta.concrete_fields:
        if column.name in ("id", "record", "created") or column.name in fixed or column.null:
            continue
        if isinstance(column, models.ForeignKey):
            if column.related_model is User:
                setattr(row, column.name, staff)
        elif column.choices:
            setattr(row, column.name, next(iter(column.flatchoices))[0])
        elif isinstance(column, models.CharField | models.TextField):
            _set(row, column.name, words)
        elif isinstance(column, models.UUIDField):
            setattr(row, column.name, uuid4())
        elif isinstance(column, models.DateTimeField):
            setattr(row, column.name, timezone.now() + timedelta(days=1))
        elif isinstance(column, models.DateField):
            setattr(row, column.name, date(2026, 1, 1))
        elif isinstance(column, models.BooleanField) and not column.has_default():
            setattr(row, column.name, False)
        elif isinstance(column, models.JSONField):
            setattr(row, column.name, [{**CANDIDATE, "name": words}])
    for name, value in fixed.items():
        setattr(row, name, value)
    if isinstance(row, Document):
        row.file = f"{row.pk.hex}"
        path = Path(settings.MEDIA_ROOT) / row.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-1.4")
    if isinstance(row, FamilyMember):
        row.is_proband = False
    assert not isinstance(row, RankingSnapshot) or row.first
    assert not isinstance(row, RecordedFinding) or row.hpo
    return row


def _text_fields(model: type[models.Model]) -> list[str]:
    fields = model._meta.concrete_fields
    return [one.name for one in fields if isinstance(one, models.CharField | models.TextField) and not one.choices]


def _set(row: models.Model, name: str, words: str) -> None:
    column = row._meta.get_field(name)
    setattr(row, name, words[: getattr(column, "max_length", None) or len(words)])
