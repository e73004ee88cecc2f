"""What was observed, excluded or not assessed, who said it, and when. A change adds a row and ends the one before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoofbeat.cases.finding import FindingState
from hoofbeat.web.access.models import User
from hoofbeat.web.records.models.base import CLINICAL, OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.record import Record


class RecordedFinding(Row):
    """One statement about one HPO term. It holds while `ended` is empty.

    What a family tells waits (`told`) until a clinician confirms it; only confirmed ones are ranked with.
    """

    field_classes: ClassVar = ROW_CLASSES | {
        "hpo": CLINICAL, "label": CLINICAL, "state": CLINICAL, "onset": CLINICAL, "severity": CLINICAL,
        "words": CLINICAL, "note": CLINICAL, "origin": OPERATIONAL, "said_by": OPERATIONAL, "standing": OPERATIONAL,
        "checked_by": OPERATIONAL, "ended": OPERATIONAL, "ended_by": OPERATIONAL,
    }  # fmt: skip

    class Origin(models.TextChoices):
        """Who the statement comes from."""

        CLINIC = "clinic", _("entered in the clinic")
        FAMILY = "family", _("told by the patient or family")
        IMPORT = "import", _("imported")
        ASKED = "asked", _("imported, and asked about where it came from")

    class Standing(models.TextChoices):
        """Whether it counts."""

        CONFIRMED = "confirmed", _("counts")
        TOLD = "told", _("waits for a clinician")
        DECLINED = "declined", _("read and not taken over")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="findings")
    hpo = models.CharField(max_length=10)
    label = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in FindingState])
    onset = models.CharField(max_length=20, blank=True)
    severity = models.CharField(max_length=10, blank=True)
    words = models.TextField(blank=True)
    note = models.TextField(blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.CLINIC)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.CONFIRMED)
    checked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "hpo", "standing"],
                condition=Q(ended__isnull=True) & ~Q(standing="declined"),
                name="one_current_statement_per_term",
            ),
            models.CheckConstraint(
                condition=Q(ended__isnull=True, ended_by__isnull=True) | Q(ended__isnull=False, ended_by__isnull=False),
                name="an_end_has_its_author",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["record", "ended"]),
            # The inbox and the caseload count these on every page.
            models.Index(fields=["record"], condition=Q(standing="told", ended__isnull=True), name="told_and_waiting"),
        ]
