"""What waits for the team, counted in the database: told findings, unread messages, an unread story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, DateTimeField, F, IntegerField, Min, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.records.models import Message, Record, RecordedFinding, StoryEntry, Visit
from hoofbeat.web.records.models.record import RecordQuerySet


def told() -> QuerySet[RecordedFinding]:
    """Findings that families told and nobody has decided on."""
    return RecordedFinding.objects.filter(standing=RecordedFinding.Standing.TOLD, ended__isnull=True)


def unread() -> QuerySet[Message]:
    """Messages of families that nobody in the team has read."""
    return Message.objects.filter(from_team=False, read_at__isnull=True)


def with_waiting(records: RecordQuerySet) -> RecordQuerySet:
    """Records with `told`, `unread`, `unread_story`, `waiting` (their sum) and `next_visit`; one query in all."""
    coming = Visit.objects.filter(
        record=OuterRef("pk"), at__gte=timezone.now(), held__isnull=True, cancelled__isnull=True
    )
    counted = records.annotate(
        told=_count(told()),
        unread=_count(unread()),
        unread_story=_count(StoryEntry.objects.filter(read_at__isnull=True)),
        next_visit=Subquery(
            coming.order_by().values("record").annotate(first=Min("at")).values("first"), output_field=DateTimeField()
        ),
    )
    return counted.annotate(waiting=F("told") + F("unread") + F("unread_story"))


def inbox_count(actor: Actor) -> int:
    """How many things wait for somebody: messages, and told findings where their role decides on them."""
    mine = Record.objects.readable_by(actor).values("pk")
    rows = unread().filter(record__in=mine).order_by().values("pk")
    if actor.may_in_clinic(Permission.CONFIRM_TOLD):
        rows = rows.union(told().filter(record__in=mine).order_by().values("pk"), all=True)
    return rows.count()


@dataclass(frozen=True)
class Waiting:
    """One thing in the inbox: a message, or a finding that a family told."""

    kind: str
    pk: UUID
    record: UUID
    at: datetime


def inbox_of(actor: Actor, start: int, end: int) -> list[Waiting]:
    """The things that wait for somebody, newest first, from `start` to `end`."""
    mine = Record.objects.readable_by(actor).values("pk")
    fields = ("kind", "pk", "record", "created")
    rows = unread().filter(record__in=mine).order_by().annotate(kind=Value("message")).values_list(*fields)
    if actor.may_in_clinic(Permission.CONFIRM_TOLD):
        findings = told().filter(record__in=mine).order_by().annotate(kind=Value("finding")).values_list(*fields)
        rows = rows.union(findings, all=True)
    return [Waiting(*row) for row in rows.order_by("-created")[start:end]]


def _count(rows: QuerySet[RecordedFinding] | QuerySet[Message] | QuerySet[StoryEntry]) -> Coalesce:
    of_record = rows.filter(record=OuterRef("pk")).order_by().values("record").annotate(count=Count("pk"))
    return Coalesce(Subquery(of_record.values("count"), output_field=IntegerField()), 0)
