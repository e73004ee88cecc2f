"""That somebody who has a say does not want a sharing: the child whose data it is, or another guardian."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoofbeat.web.access.models import User
from hoofbeat.web.records.models.base import CLINICAL, OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.record import Record


class Dissent(Row):
    """A no to one purpose, in their own words, whoever would receive. While it stands, no proxy's consent to that
    purpose counts; it ends when they take it back, or when a clinician documents how it was resolved.
    """

    field_classes: ClassVar = ROW_CLASSES | {
        "purpose": OPERATIONAL, "voice": OPERATIONAL, "words": CLINICAL, "said_by": OPERATIONAL,
        "written_by": OPERATIONAL, "taken_back": OPERATIONAL, "resolved": OPERATIONAL, "resolved_by": OPERATIONAL,
        "resolution": CLINICAL, "goes_on": OPERATIONAL,
    }  # fmt: skip

    class Voice(models.TextChoices):
        """Whose no it is."""

        CHILD = "child", _("the child")
        GUARDIAN = "guardian", _("somebody who acts for the child")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="dissents")
    purpose = models.CharField(max_length=30)
    voice = models.CharField(max_length=10, choices=Voice.choices)
    words = models.TextField()
    # Empty where a child without an account said it to `written_by`.
    said_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_back = models.DateTimeField(null=True, blank=True)
    resolved = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    resolution = models.TextField(blank=True)
    goes_on = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["created"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(resolved__isnull=True, resolved_by__isnull=True, goes_on__isnull=True)
                | (Q(resolved__isnull=False, resolved_by__isnull=False, goes_on__isnull=False) & ~Q(resolution="")),
                name="a_resolution_has_author_words_and_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(voice="guardian") | Q(said_by__isnull=False), name="a_guardian_says_it_themself"
            ),
        ]

    @property
    def stands(self) -> bool:
        """Whether it blocks."""
        return self.taken_back is None and self.resolved is None
