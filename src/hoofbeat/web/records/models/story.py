"""The story as the patient or family tells it, in their own words, which nobody edits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hoofbeat.web.access.models import User
from hoofbeat.web.records.models.base import CLINICAL, OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.record import Record


class StoryEntry(Row):
    """One telling; by whom, and when somebody in the team first read it."""

    field_classes: ClassVar = ROW_CLASSES | {
        "author": OPERATIONAL, "text": CLINICAL, "confidential": OPERATIONAL, "read_by": OPERATIONAL,
        "read_at": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="story")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    # For the team's eyes and the patient's alone: nobody who acts for the patient sees it.
    confidential = models.BooleanField(default=False)
    read_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["created"]
        indexes: ClassVar = [models.Index(fields=["record"], condition=Q(read_at__isnull=True), name="unread_story")]
