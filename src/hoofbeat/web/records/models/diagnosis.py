"""How the ranking moved, what of it the family may see, and the diagnosis that a clinician confirmed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hoofbeat.web.access.models import User
from hoofbeat.web.records.models.base import CLINICAL, OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.record import Record


class RankingSnapshot(Row):
    """The first candidates as they stood after a change: because of what, and with which knowledge."""

    field_classes: ClassVar = ROW_CLASSES | {
        "because": CLINICAL, "release": OPERATIONAL, "first": CLINICAL, "parts": CLINICAL, "variants": CLINICAL,
        "none_of_these": CLINICAL, "record_version": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="snapshots")
    because = models.CharField(max_length=240)
    release = models.JSONField()
    first = models.JSONField()
    # What the scores of `first` were made of, in the same order, and the classes of the variants of the genome by their
    # position, as the team was last told: only while re-analysis may compare with the snapshot.
    parts = models.JSONField(null=True, blank=True, editable=False)
    variants = models.JSONField(null=True, blank=True, editable=False)
    none_of_these = models.FloatField()
    record_version = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["created"]


class SharedDifferential(Row):
    """What a clinician released of a ranking to the family, after a talk.

    `candidates` holds of each disease its `id` and `name`, never a chance; `confirmed` is the day on which it was
    confirmed, where it was told as the diagnosis (decision record 0037).
    """

    field_classes: ClassVar = ROW_CLASSES | {
        "candidates": CLINICAL, "words": CLINICAL, "talked_on": OPERATIONAL, "released_by": OPERATIONAL,
        "ended": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="shared")
    candidates = models.JSONField()
    words = models.TextField()
    talked_on = models.DateField()
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created"]


class Confirmation(Row):
    """A diagnosis that a clinician confirmed, why, and whether it was withdrawn, why."""

    field_classes: ClassVar = ROW_CLASSES | {
        "disease": CLINICAL, "disease_name": CLINICAL, "reason": CLINICAL, "confirmed_by": OPERATIONAL,
        "withdrawn": OPERATIONAL, "withdrawn_by": OPERATIONAL, "withdrawn_reason": CLINICAL,
    }  # fmt: skip

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="confirmations")
    disease = models.CharField(max_length=40)
    disease_name = models.CharField(max_length=240)
    reason = models.TextField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-created"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn__isnull=True, withdrawn_by__isnull=True)
                | (Q(withdrawn__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="a_withdrawal_has_author_and_reason",
            ),
            models.UniqueConstraint(
                fields=["record", "disease"], condition=Q(withdrawn__isnull=True), name="confirmed_once"
            ),
        ]
