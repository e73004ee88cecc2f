"""What re-analysis found: that new knowledge moved a differential, because of which facts, and who has looked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hoofbeat.web.access.models import User
from hoofbeat.web.records.models.base import CLINICAL, OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.diagnosis import RankingSnapshot
from hoofbeat.web.records.models.record import Record


class RankingChange(Row):
    """A differential that moved between two snapshots. `moves` holds each disease that moved with places, parts of its
    score and facts; `alerts` what was put before the team; never in the words of one language.
    """

    field_classes: ClassVar = ROW_CLASSES | {
        "before": OPERATIONAL, "after": OPERATIONAL, "moves": CLINICAL, "alerts": CLINICAL,
        "engine_changed": OPERATIONAL, "record_changed": OPERATIONAL, "seen": OPERATIONAL, "seen_by": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="ranking_changes")
    before = models.ForeignKey(RankingSnapshot, on_delete=models.CASCADE, related_name="+")
    after = models.ForeignKey(RankingSnapshot, on_delete=models.CASCADE, related_name="changes")
    moves = models.JSONField()
    alerts = models.JSONField()
    # Whether another program, or a record that was changed since, may have a part in what moved.
    engine_changed = models.BooleanField()
    record_changed = models.BooleanField()
    seen = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(seen__isnull=True, seen_by__isnull=True) | Q(seen__isnull=False, seen_by__isnull=False),
                name="who_looked_and_when",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["record"], condition=Q(seen__isnull=True), name="change_waits")]
