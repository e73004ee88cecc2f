"""The record of one patient: who they are, as little as is needed; everything else hangs on it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hoofbeat.cases.subject import Sex
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import Clinic
from hoofbeat.web.access.relations import readable
from hoofbeat.web.records.models.base import CLINICAL, IDENTIFYING, OPERATIONAL, Row

MONTHS_UNTIL = 2  # years; the age of a small child is said in months


class RecordQuerySet(models.QuerySet["Record"]):
    """The one door to records."""

    def readable_by(self, actor: Actor) -> RecordQuerySet:
        """The records that somebody has a relation to; the others do not exist for them."""
        return self.filter(readable(actor))


class Record(Row):
    """One patient in one clinic."""

    field_classes: ClassVar = {
        "id": OPERATIONAL, "created": OPERATIONAL, "clinic": OPERATIONAL, "name": IDENTIFYING,
        "preferred_name": IDENTIFYING, "birth_date": IDENTIFYING, "sex": CLINICAL, "local_number": IDENTIFYING,
        "language": OPERATIONAL, "needs": CLINICAL, "phone": IDENTIFYING, "is_fictional": OPERATIONAL,
        "status": OPERATIONAL, "version": OPERATIONAL, "reanalysed": OPERATIONAL, "reanalysed_with": OPERATIONAL,
    }  # fmt: skip

    class Status(models.TextChoices):
        """Where on the path the patient is."""

        UNDIAGNOSED = "undiagnosed", _("looking for a diagnosis")
        SUSPECTED = "suspected", _("diagnosis suspected")
        DIAGNOSED = "diagnosed", _("diagnosed")
        CLOSED = "closed", _("no longer followed")

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="records")
    name = models.CharField(max_length=120)
    preferred_name = models.CharField(max_length=60, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=10, choices=[(sex.value, sex.value) for sex in Sex], default=Sex.UNKNOWN.value)
    local_number = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, default="en")
    needs = models.TextField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_fictional = models.BooleanField(default=False, editable=False)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.UNDIAGNOSED)
    # Grows with each change that the ranking reads, so that a page knows whether it is out of date.
    version = models.PositiveIntegerField(default=0)
    # When re-analysis last looked, and a checksum of the knowledge, library and program that it looked with.
    reanalysed = models.DateTimeField(null=True, blank=True, editable=False)
    reanalysed_with = models.CharField(max_length=64, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clinic", "local_number"],
                condition=~models.Q(local_number=""),
                name="one_record_per_local_number",
            )
        ]

    @property
    def called(self) -> str:
        """What the person likes to be called."""
        return self.preferred_name or self.name

    def age_on(self, day: date) -> int | None:
        """Whole years on a day; None without a date of birth."""
        born = self.birth_date
        return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def age_in_words(self, day: date) -> str:
        """The age as people say it: months until the second birthday, then years; empty without a date of birth."""
        born, years = self.birth_date, self.age_on(day)
        if born is None or years is None:
            return ""
        if years >= MONTHS_UNTIL:
            return ngettext("%(number)d year", "%(number)d years", years) % {"number": years}
        months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
        return ngettext("%(number)d month", "%(number)d months", months) % {"number": months}
