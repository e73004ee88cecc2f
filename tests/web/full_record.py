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

from hoofbeat.cases.called_variant import Build, Call, CalledVariant, Effect
from hoofbeat.cases.sample_variants import SampleVariants
from hoofbeat.diagnosis.reanalysis.behind import FactKind
from hoofbeat.web.access.models import BreakGlass, CareTeamMember, Invitation, PatientLink, User
from hoofbeat.web.records.models import (
    Document,
    FamilyMember,
    Genome,
    GenomeQuestion,
    GenomeVariant,
    RankingSnapshot,
    Record,
    RecordedFinding,
)
from hoofbeat.web.records.stored_alleles import allele_out, counts_out
from tests.web.world import ARACHNODACTYLY, World

CANDIDATE = {"id": "OMIM:154700", "probability": 0.5}
# What would not be understood if it held any words.
FIXED: dict[str, dict[str, Any]] = {
    "RecordedFinding": {"hpo": ARACHNODACTYLY, "state": "observed", "onset": "", "severity": "", "standing": "told"},
    "RankingChange": {
        "alerts": [{"id": "0" * 12, "kind": "newly likely", "disease": "OMIM:154700", "gene": "", "variant": ""}],
    },
    "RankingSnapshot": {"release": {"knowledge": "2024-02-01"}, "none_of_these": 0.1, "record_version": 1},
    "Confirmation": {"disease": "OMIM:154700", "withdrawn_reason": ""},
    "Consent": {
        "purpose": "matching", "detail": 3, "text_version": "1", "language": "en", "signer_role": "patient",
        "start": date(2026, 1, 1), "end": date(2099, 1, 1),
    },
    "Disclosure": {"purpose": "own_copy", "form": "phenopacket", "fields": ["id"], "sha256": "0" * 64},
    "Assent": {"purpose": "matching", "answer": "unsure"},
    "AskedQuestion": {"hpo": ARACHNODACTYLY, "answered": False},
    "Dissent": {"purpose": "matching", "voice": "child", "resolution": ""},
    "Document": {"kind": "pdf", "size": 8, "sha256": "0" * 64, "shared": True},
    "StepMark": {"step": "MAXO:0000427", "what": "declined"},
    "EarlierTest": {"when": "2024"},
    "Genome": {
        "size": 8, "sha256": "0" * 64, "build": "GRCh38", "stated_build": "GRCh38", "annotations": "CSQ",
        "test": "exome", "state": "read", "turn": 1, "problem": {},
    },
    "GenomeQuestion": {"text": "chr15:48411112", "turn": 1, "problem": {}},
    "GenomeVariant": {"place": 0},
    "Record": {"language": "en", "phone": "+49 30 0000000", "reanalysed_with": ""},
    "Task": {"kind": "rights_end", "about": "link 1"},
    "Visit": {"minutes": 30},
}  # fmt: skip


# What nobody has talked about with the family before a clinician releases it.
UNRELEASED = frozenset(("Genome", "GenomeVariant", "GenomeQuestion", "RankingSnapshot", "RankingChange"))


def fill(world: World, words: str, *, unreleased: str = "") -> dict[str, Any]:
    """A row of every noun in the world's first record; the identifiers by the names that addresses use for them.
    `unreleased`: other words for what the family does not see.
    """
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
        own = unreleased if unreleased and model.__name__ in UNRELEASED else words
        row = _row(model, record, staff, own)
        row.save()
        found[NAMES.get(model.__name__, model.__name__.lower())] = row.pk
    now = timezone.now()
    glass = BreakGlass.objects.create(record=record, user=staff, reason=words, end=now + timedelta(hours=1))
    letter = Invitation.objects.create(
        token_hash=f"{record.pk.hex:0>64}", clinic=world.clinic, record=record, email="invited@example.org",
        name=words[:120], role="proxy", relation=words[:40], scopes=["see"],
        expires=now + timedelta(days=3), invited_by=staff, proxy_until=date(2099, 1, 1),
    )  # fmt: skip
    found |= {
        "thing": found["task"],
        "glass": glass.pk, "invitation": letter.pk,
        "link": getattr(PatientLink.objects.filter(record=record).first(), "pk", 1),
        "member_id": getattr(CareTeamMember.objects.filter(record=record).first(), "pk", 1),
    }  # fmt: skip
    return found


# How addresses call a row where that is not the model's name.
NAMES = {
    "RecordedFinding": "finding", "SharedDifferential": "shared", "EarlierTest": "test", "BackgroundNote": "note",
    "FamilyMember": "relative", "GenomeVariant": "variant", "GenomeQuestion": "question",
    "AskedQuestion": "asked", "StepMark": "mark", "SharedPlan": "plan",
    "StoryEntry": "story", "RankingSnapshot": "snapshot", "RankingChange": "change",
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
            elif column.related_model is Genome:
                setattr(row, column.name, record.genomes.get())
            elif column.related_model is RankingSnapshot:
                setattr(row, column.name, RankingSnapshot.objects.filter(record=record).first())
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
            setattr(row, column.name, [_move(words) if column.name == "moves" else {**CANDIDATE, "name": words}])
    for name, value in fixed.items():
        setattr(row, name, value)
    if isinstance(row, Genome | GenomeQuestion | GenomeVariant):
        _sequence(row, words)
    if isinstance(row, Document | Genome):
        row.file = f"{row.pk.hex}"
        path = Path(settings.MEDIA_ROOT) / row.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-1.4")
    if isinstance(row, FamilyMember):
        row.is_proband = False
    assert not isinstance(row, RankingSnapshot) or row.first
    assert not isinstance(row, RecordedFinding) or row.hpo
    return row


def _sequence(row: Genome | GenomeQuestion | GenomeVariant, words: str) -> None:
    """An exome with one variant, whose sample and gene are called with the words."""
    sample = words[:60]
    effects = (Effect("FBN1", ("missense_variant",), words[:200], "p.Cys1Tyr", "ENST1"),)
    call = Call(1, 2, depth=30, alt_depth=15, quality=99)
    one = CalledVariant("15", 48_411_112, "G", "A", (call,), effects=effects, line=12)
    if isinstance(row, GenomeVariant):
        row.allele = allele_out(one)
    elif isinstance(row, GenomeQuestion):
        row.found = [allele_out(one)]
    else:
        read = SampleVariants(
            Build.GRCH38, (sample,), (one,), records=30_000, alleles=30_000, dropped={"carried": 29_999}
        )
        row.samples, row.matched, row.counts = [sample], {sample: "patient"}, counts_out(read)


def _move(words: str) -> dict[str, Any]:
    """A disease that moved, because of each kind of fact and of parts of its score."""
    facts = [
        {"kind": kind.value, "what": words, "before": "1", "after": "2", "references": ["PMID:1"]} for kind in FactKind
    ]
    part = {"part": ARACHNODACTYLY, "label": words, "difference": 0.5}
    sides: dict[str, Any] = {"before": None, "after": {"rank": 1, "probability": 0.5}}
    return {"disease": CANDIDATE["id"], "name": words, "parts": [part], "facts": facts, **sides}


def _text_fields(model: type[models.Model]) -> list[str]:
    fields = model._meta.concrete_fields
    return [one.name for one in fields if isinstance(one, models.CharField | models.TextField) and not one.choices]


def _set(row: models.Model, name: str, words: str) -> None:
    column = row._meta.get_field(name)
    setattr(row, name, words[: getattr(column, "max_length", None) or len(words)])
