"""Events: who did what to which record, when and why. Rows are added and never changed; each holds the hash of the one
before it in its clinic's chain.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from hoofbeat.web.access.fields import FieldClass
from hoofbeat.web.access.models import Clinic, User

OPERATIONAL = FieldClass.OPERATIONAL


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete what is only added to."""


class EventQuerySet(models.QuerySet["Event"]):
    """Reads and adds."""

    def update(self, **kwargs: object) -> int:
        """Never."""
        raise AppendOnlyError("events are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Never."""
        raise AppendOnlyError("events are never deleted")


class Event(models.Model):
    """One read or change. `detail` names fields and counts, never their values; `why` is a reason somebody gave."""

    field_classes: ClassVar = {
        "id": OPERATIONAL, "chain": OPERATIONAL, "number": OPERATIONAL, "at": OPERATIONAL, "verb": OPERATIONAL,
        "actor": OPERATIONAL, "role": OPERATIONAL, "clinic": OPERATIONAL, "record": OPERATIONAL,
        "why": FieldClass.CLINICAL, "detail": OPERATIONAL, "before": OPERATIONAL, "hash": OPERATIONAL,
    }  # fmt: skip

    chain = models.CharField(max_length=36)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    clinic = models.ForeignKey(Clinic, null=True, on_delete=models.PROTECT, related_name="+")
    record = models.UUIDField(null=True, db_index=True)
    why = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    before = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "number"], name="one_event_per_number")]

    def save(self, *args: object, **kwargs: object) -> None:
        """Add the event; a second time is an error."""
        if not self._state.adding:
            raise AppendOnlyError("events are never changed")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Never."""
        raise AppendOnlyError("events are never deleted")


class Listed(models.Model):
    """That a line of a record was on a list which somebody looked at, once for each person, record and day.

    Every event of a list holds in its `detail` which records it showed; this finds them by record. `event` is the first
    one of the day.
    """

    field_classes: ClassVar = {
        "id": OPERATIONAL,
        "event": OPERATIONAL,
        "actor": OPERATIONAL,
        "record": OPERATIONAL,
        "day": OPERATIONAL,
    }

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="listed")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    record = models.UUIDField(db_index=True)
    day = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["actor", "record", "day"], name="listed_once_a_day")]


def of_record(record: UUID) -> EventQuerySet:
    """The events of one record: those that concern it alone, and those of lists that showed a line of it."""
    lists = Listed.objects.filter(record=record).values("event")
    return Event.objects.filter(Q(record=record) | Q(pk__in=lists))


class ChainHead(models.Model):
    """The last number and hash of a chain; locked while an event is added, so that numbers have no gap."""

    field_classes: ClassVar = {"chain": OPERATIONAL, "number": OPERATIONAL, "hash": OPERATIONAL}

    chain = models.CharField(max_length=36, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
