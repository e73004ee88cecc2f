"""What was tested before, and what of life, surroundings and wishes matters for the path."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoofbeat.web.access.models import User
from hoofbeat.web.records.models.base import CLINICAL, OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.record import Record


class EarlierTest(Row):
    """A test or procedure that was done before, its date as precisely as it is known, and what came out."""

    field_classes: ClassVar = ROW_CLASSES | {
        "kind": CLINICAL, "name": CLINICAL, "when": CLINICAL, "result": CLINICAL, "added_by": OPERATIONAL,
        "ended": OPERATIONAL, "ended_by": OPERATIONAL,
    }  # fmt: skip

    class Kind(models.TextChoices):
        """What sort of test."""

        GENETIC = "genetic", _("genetic test")
        LABORATORY = "laboratory", _("laboratory")
        IMAGING = "imaging", _("imaging")
        TISSUE = "tissue", _("biopsy or surgery with tissue")
        VESSEL = "vessel", _("angiography")
        FUNCTION = "function", _("function test")
        OTHER = "other", _("other")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="tests")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    when = models.CharField(max_length=20, blank=True)
    result = models.TextField(blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True, blank=True)
    # None also where one was taken off before this was kept.
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(ended__isnull=False), name="who_took_a_test_off"
            )
        ]


class BackgroundNote(Row):
    """One sentence on lifestyle, environment or a preference, and who said it."""

    field_classes: ClassVar = ROW_CLASSES | {
        "kind": OPERATIONAL, "text": CLINICAL, "added_by": OPERATIONAL, "ended": OPERATIONAL,
        "ended_by": OPERATIONAL,
    }  # fmt: skip

    class Kind(models.TextChoices):
        """What the note is about."""

        LIFESTYLE = "lifestyle", _("lifestyle")
        ENVIRONMENT = "environment", _("environment")
        PREFERENCE = "preference", _("what matters to the patient")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="background")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True, blank=True)
    # None also where one was taken off before this was kept.
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["created"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(ended__isnull=False), name="who_took_a_note_off"
            )
        ]
