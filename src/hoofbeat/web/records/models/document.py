"""Letters and pictures, kept outside everything that is served by itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hoofbeat.web.access.models import User
from hoofbeat.web.records.models.base import CLINICAL, IDENTIFYING, OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.record import Record


class Document(Row):
    """One file: what it is called, what it really is, and its hash; `file` is a random name in the documents folder."""

    field_classes: ClassVar = ROW_CLASSES | {
        "title": CLINICAL, "file": IDENTIFYING, "kind": OPERATIONAL, "size": OPERATIONAL, "sha256": OPERATIONAL,
        "added_by": OPERATIONAL, "shared": OPERATIONAL, "ended": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(max_length=120)
    file = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    shared = models.BooleanField(default=False)
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created"]
