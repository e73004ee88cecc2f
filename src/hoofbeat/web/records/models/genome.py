"""The variants of a genetic test: the file as it was uploaded, the few alleles that count, and what somebody asked
about the others.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoofbeat.web.access.models import User
from hoofbeat.web.records.models.base import CLINICAL, IDENTIFYING, OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.record import Record


class Genome(Row):
    """One file of variants. `file` is a random name in the documents folder; `matched` says whose each used sample is
    (`patient`, or the identifier of a relative).

    `turn` grows with each matching, so that a reading which began before it changes nothing. `counts` is what the whole
    file was counted to hold, `problem` why it was refused.
    """

    field_classes: ClassVar = ROW_CLASSES | {
        "title": CLINICAL, "file": IDENTIFYING, "size": OPERATIONAL, "sha256": OPERATIONAL, "build": OPERATIONAL,
        "stated_build": OPERATIONAL, "annotations": OPERATIONAL, "samples": IDENTIFYING, "matched": IDENTIFYING,
        "test": OPERATIONAL, "state": OPERATIONAL, "turn": OPERATIONAL, "job": OPERATIONAL, "bytes_read": OPERATIONAL,
        "counts": CLINICAL, "problem": CLINICAL, "added_by": OPERATIONAL, "ended": OPERATIONAL,
        "ended_by": OPERATIONAL,
    }  # fmt: skip

    class State(models.TextChoices):
        """How far it is."""

        UPLOADED = "uploaded", _("waits to be told whose samples these are")
        WAITING = "waiting", _("waits to be read")
        READING = "reading", _("is being read")
        READ = "read", _("read")
        REFUSED = "refused", _("could not be read")

    class Test(models.TextChoices):
        """What was sequenced; told by the number of variants where nobody says it."""

        BY_NUMBER = "", _("told by the number of variants")
        EXOME = "exome", _("exome")
        GENOME = "genome", _("whole genome")
        LIST = "list", _("a list of some variants")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="genomes")
    title = models.CharField(max_length=120)
    file = models.CharField(max_length=80, unique=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    # What the header says; empty where it says none, and `build` is then what the clinician says.
    stated_build = models.CharField(max_length=10, blank=True)
    build = models.CharField(max_length=10, blank=True)
    annotations = models.CharField(max_length=60)
    samples = models.JSONField(default=list)
    matched = models.JSONField(default=dict)
    test = models.CharField(max_length=8, choices=Test.choices, blank=True, default=Test.BY_NUMBER)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    turn = models.PositiveIntegerField(default=0)
    job = models.UUIDField(null=True, blank=True)
    bytes_read = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    problem = models.JSONField(default=dict)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True, blank=True)
    # Empty where it was taken off before this was noted.
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(ended__isnull=False), name="who_took_a_genome_off"
            )
        ]


class GenomeVariant(Row):
    """One allele that passed the filters, as the file has it (`records.stored_alleles`); `place` is its order there."""

    field_classes: ClassVar = ROW_CLASSES | {"genome": OPERATIONAL, "place": OPERATIONAL, "allele": CLINICAL}

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="genome_variants")
    genome = models.ForeignKey(Genome, on_delete=models.CASCADE, related_name="variants")
    place = models.PositiveIntegerField()
    allele = models.JSONField()

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["genome", "place"], name="one_variant_in_a_place")]


class GenomeQuestion(Row):
    """What became of a variant that somebody asked about. `found` holds what the file has of it, whatever filter
    dropped it; empty until the file was searched.
    """

    field_classes: ClassVar = ROW_CLASSES | {
        "genome": OPERATIONAL, "text": CLINICAL, "found": CLINICAL, "problem": CLINICAL, "turn": OPERATIONAL,
        "job": OPERATIONAL, "bytes_read": OPERATIONAL, "asked_by": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="genome_questions")
    genome = models.ForeignKey(Genome, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(max_length=210)
    turn = models.PositiveIntegerField()
    job = models.UUIDField(null=True, blank=True)
    bytes_read = models.PositiveBigIntegerField(default=0)
    found = models.JSONField(null=True, blank=True)
    problem = models.JSONField(default=dict)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created"]
