"""Relatives for the pedigree, without names: what they are to the patient, and what is known of their health."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoofbeat.cases.subject import Sex
from hoofbeat.web.records.models.base import CLINICAL, OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.record import Record


class FamilyMember(Row):
    """One person of the pedigree; exactly one is the patient (`is_proband`)."""

    field_classes: ClassVar = ROW_CLASSES | {
        "label": CLINICAL, "sex": CLINICAL, "affected": CLINICAL, "deceased": CLINICAL, "note": CLINICAL,
        "is_proband": OPERATIONAL, "father": CLINICAL, "mother": CLINICAL, "ended": OPERATIONAL,
    }  # fmt: skip

    class Affected(models.TextChoices):
        """Whether they have what the patient has."""

        YES = "yes", _("affected")
        NO = "no", _("not affected")
        UNKNOWN = "unknown", _("not known")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="family")
    label = models.CharField(max_length=60)
    sex = models.CharField(max_length=10, choices=[(sex.value, sex.value) for sex in Sex], default=Sex.UNKNOWN.value)
    affected = models.CharField(max_length=10, choices=Affected.choices, default=Affected.UNKNOWN)
    deceased = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)
    is_proband = models.BooleanField(default=False)
    father = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="fathered")
    mother = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="mothered")
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["created"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(is_proband=True, ended__isnull=True), name="one_proband"
            )
        ]
