"""Puts a thing before the team, notes that it was seen to, and says who of the team sees to what waits."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.relations import lasting, permissions
from hoofbeat.web.access.roles import GRANTS, Permission, Role
from hoofbeat.web.records.actions.change import NotAllowedError, RefusedError, changing
from hoofbeat.web.records.models import Assignment, Record, Task
from hoofbeat.web.records.waiting import FOR_TASK, needed_for, thing_of


def ask_team(record: Record, kind: Task.Kind, about: str, *, due: date | None = None) -> bool:
    """Have the team see to something, in the transaction of what it follows from. False where it was asked before."""
    return Task.objects.get_or_create(record=record, kind=kind, about=about, defaults={"due": due})[1]


def settle(record: Record, kind: Task.Kind, about: str, actor: Actor) -> None:
    """What it was about has been seen to by another action."""
    who = actor.user if actor.is_staff else None
    Task.objects.filter(record=record, kind=kind, about=about, done__isnull=True).update(
        done=timezone.now(), done_by=who
    )


def finish_task(*, actor: Actor, record: UUID, task: UUID) -> None:
    """Note that a task was seen to. A dissent is not finished here: it needs words; nor what new knowledge moved."""
    with changing(actor, record, Permission.INVITE, "task:finish") as change:
        found = change.record.tasks.filter(pk=task, done__isnull=True).first()
        if found is None:
            raise RefusedError(_("somebody has seen to this already"))
        if FOR_TASK[found.kind] not in permissions(actor, change.record):
            raise NotAllowedError(FOR_TASK[found.kind])
        if found.kind == Task.Kind.DISSENT:
            raise RefusedError(_("document how it was resolved, under “Sharing”"))
        if found.kind == Task.Kind.MOVED:
            raise RefusedError(_("note that you looked at it, under “What changed”"))
        found.done, found.done_by = timezone.now(), actor.user
        found.save(update_fields=["done", "done_by"])
        change.detail = {"row": str(found.pk), "kind": found.kind}


def assign(*, actor: Actor, record: UUID, thing: UUID, to: UUID | None) -> None:
    """Say who of the team sees to a thing of the inbox; nobody in particular where `to` is None."""
    with changing(actor, record, Permission.MESSAGE, "waiting:assign") as change:
        found = thing_of(change.record, thing, permissions(actor, change.record))
        if found is None:
            raise RefusedError(_("this does not wait any more; look at the inbox again"))
        kind, row = found
        member = None
        if to is not None:
            member = change.record.team.filter(lasting(), user=to).select_related("user").first()
            if member is None or needed_for(row) not in GRANTS[Role(member.role)]:
                raise RefusedError(_("choose somebody of the team who may see to this"))
        Assignment.objects.filter(record=change.record, thing=thing, ended__isnull=True).update(ended=timezone.now())
        if member is not None:
            Assignment.objects.create(record=change.record, thing=thing, to=member.user, by=actor.user)
        change.detail = {"thing": str(thing), "kind": kind, "to": str(to or "")}
