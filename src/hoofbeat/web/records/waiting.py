"""What waits for the team, counted in the database: told findings, unread messages and stories, tasks; and for whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Count, DateTimeField, F, IntegerField, Min, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import CareTeamMember
from hoofbeat.web.access.relations import lasting
from hoofbeat.web.access.roles import LASTING, Permission
from hoofbeat.web.records.counted import count_in_records
from hoofbeat.web.records.models import Assignment, Message, Record, RecordedFinding, StoryEntry, Task, Visit
from hoofbeat.web.records.models.record import RecordQuerySet


def told() -> QuerySet[RecordedFinding]:
    """Findings that families told and nobody has decided on."""
    return RecordedFinding.objects.filter(standing=RecordedFinding.Standing.TOLD, ended__isnull=True)


def unread() -> QuerySet[Message]:
    """Messages of families that nobody in the team has read."""
    return Message.objects.filter(from_team=False, read_at__isnull=True)


def unread_story() -> QuerySet[StoryEntry]:
    """Entries of stories that nobody in the team has read."""
    return StoryEntry.objects.filter(read_at__isnull=True)


# What the page asks of whoever sees to a kind of task; nobody else is told of it.
FOR_TASK: Mapping[str, Permission] = {
    Task.Kind.RIGHTS_END: Permission.INVITE,
    Task.Kind.MAJORITY: Permission.INVITE,
    Task.Kind.SHARED_CONTACT: Permission.INVITE,
    Task.Kind.ASSENT: Permission.INVITE,
    Task.Kind.DISSENT: Permission.INVITE,
    Task.Kind.MOVED: Permission.RANK,
}


def tasks(permission: Permission) -> QuerySet[Task]:
    """Tasks that nobody has seen to, of the kinds that need a permission."""
    kinds = [kind for kind, needed in FOR_TASK.items() if needed is permission]
    return Task.objects.filter(done__isnull=True, kind__in=kinds)


def with_waiting(records: RecordQuerySet, actor: Actor) -> RecordQuerySet:
    """Records with `told`, `unread`, `unread_story`, `tasks_open`, `moved_open` and `next_visit`; one query. Nobody is
    told of tasks that their role cannot see to.
    """
    coming = Visit.objects.filter(
        record=OuterRef("pk"), at__gte=timezone.now(), held__isnull=True, cancelled__isnull=True
    )

    def open_to_them(permission: Permission) -> QuerySet[Task]:
        return tasks(permission) if actor.may_in_clinic(permission) else Task.objects.none()

    return records.annotate(
        told=_count(told()),
        unread=_count(unread()),
        unread_story=_count(unread_story()),
        tasks_open=_count(open_to_them(Permission.INVITE)),
        moved_open=_count(open_to_them(Permission.RANK)),
        next_visit=Subquery(
            coming.order_by().values("record").annotate(first=Min("at")).values("first"), output_field=DateTimeField()
        ),
    )


# All that waits in a record of `with_waiting`, to choose or sort by: the database counts it a second time for that.
WAITING = F("told") + F("unread") + F("unread_story") + F("tasks_open") + F("moved_open")

# What each kind of thing in the inbox is, and what one must be able to do in order to see to it.
_KINDS: tuple[tuple[str, Callable[[], QuerySet[Any]], Permission], ...] = (
    ("message", unread, Permission.MESSAGE),
    ("finding", told, Permission.CONFIRM_TOLD),
    ("story", unread_story, Permission.CONFIRM_TOLD),
    *(("task", partial(tasks, needed), needed) for needed in dict.fromkeys(FOR_TASK.values())),
)


class Whose(StrEnum):
    """Which part of what waits somebody wants to see."""

    ALL = "all"
    MINE = "mine"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Waiting:
    """One thing in the inbox: a message, a finding that a family told, an entry of the story, or a task."""

    kind: str
    pk: UUID
    record: UUID
    at: datetime


def needed_for(thing: Model) -> Permission:
    """What one must be able to do in order to see to a thing of the inbox."""
    if isinstance(thing, Task):
        return FOR_TASK[thing.kind]
    return next(needed for _kind, rows, needed in _KINDS if isinstance(thing, rows().model))


def thing_of(record: Record, thing: UUID, may: Collection[Permission]) -> tuple[str, Model] | None:
    """What waits in a record under this identifier and its kind; None where nothing does, or nothing that somebody with
    these permissions is shown.
    """
    for kind, rows, needed in _KINDS:
        if needed in may and (found := rows().filter(record=record, pk=thing).first()) is not None:
            return kind, found
    return None


def inbox_count(actor: Actor, whose: Whose = Whose.ALL) -> int:
    """How many things wait that somebody may see to. Of all of them it stands on every page."""
    if whose is Whose.ALL:
        kinds = [(rows, needed in LASTING) for _kind, rows, needed in _KINDS if actor.may_in_clinic(needed)]
        return count_in_records(
            actor, [rows for rows, lasts in kinds if not lasts], of_team=[rows for rows, lasts in kinds if lasts]
        )
    every = _every(actor, whose)
    return 0 if every is None else every.count()


def inbox_of(actor: Actor, start: int, end: int, whose: Whose = Whose.ALL) -> list[Waiting]:
    """The things that wait for somebody, newest first, from `start` to `end`."""
    every = _every(actor, whose)
    return [] if every is None else [Waiting(*row) for row in every.order_by("-created")[start:end]]


def _every(actor: Actor, whose: Whose) -> QuerySet[Any, Any] | None:
    """Kind, identifier, record and moment of all of them, in one query; None where the role sees to nothing."""
    parts = [
        rows.order_by().annotate(sort=Value(kind)).values_list("sort", "pk", "record", "created")
        for kind, rows in _waiting_for(actor, whose)
    ]
    return parts[0].union(*parts[1:], all=True) if parts else None


def _waiting_for(actor: Actor, whose: Whose) -> list[tuple[str, QuerySet[Any]]]:
    readable = Record.objects.readable_by(actor)
    mine = readable.values("pk")
    # A broken glass lets nobody see to what lasts.
    of_team = readable.filter(pk__in=CareTeamMember.objects.filter(lasting(), user=actor.user).values("record"))
    standing = Assignment.objects.filter(ended__isnull=True)
    chosen = {
        Whose.ALL: Q(),
        Whose.MINE: Q(pk__in=standing.filter(to=actor.user).values("thing")),
        Whose.NOBODY: ~Q(pk__in=standing.values("thing")),
    }[whose]
    return [
        (kind, rows().filter(chosen, record__in=of_team.values("pk") if permission in LASTING else mine))
        for kind, rows, permission in _KINDS
        if actor.may_in_clinic(permission)
    ]


def _count(rows: QuerySet[Any]) -> Coalesce:
    of_record = rows.filter(record=OuterRef("pk")).order_by().values("record").annotate(count=Count("pk"))
    return Coalesce(Subquery(of_record.values("count"), output_field=IntegerField()), 0)
