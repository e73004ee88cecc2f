"""Visits, and messages between the family and the team."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoofbeat.web.access.models import User
from hoofbeat.web.records.models.base import CLINICAL, OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.record import Record


class Visit(Row):
    """A visit that is planned or was held."""

    field_classes: ClassVar = ROW_CLASSES | {
        "at": OPERATIONAL, "minutes": OPERATIONAL, "kind": OPERATIONAL, "place": OPERATIONAL, "purpose": CLINICAL,
        "planned_by": OPERATIONAL, "held": OPERATIONAL, "cancelled": OPERATIONAL,
    }  # fmt: skip

    class Kind(models.TextChoices):
        """How people meet."""

        CLINIC = "clinic", _("in the clinic")
        VIDEO = "video", _("by video")
        PHONE = "phone", _("by phone")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="visits")
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=30)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CLINIC)
    place = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    held = models.DateTimeField(null=True, blank=True)
    cancelled = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["at"]
        indexes: ClassVar = [models.Index(fields=["record", "at"])]


class Message(Row):
    """A message; to the team when the family wrote it, to the family when the team did."""

    field_classes: ClassVar = ROW_CLASSES | {
        "author": OPERATIONAL, "from_team": OPERATIONAL, "text": CLINICAL, "confidential": OPERATIONAL,
        "read_by": OPERATIONAL, "read_at": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    from_team = models.BooleanField()
    text = models.TextField()
    # Between the team and the patient alone: nobody who acts for the patient sees it.
    confidential = models.BooleanField(default=False)
    read_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["created"]
        indexes: ClassVar = [
            # The inbox and the caseload count these on every page.
            models.Index(fields=["record"], condition=Q(from_team=False, read_at__isnull=True), name="unread_of_family")
        ]
