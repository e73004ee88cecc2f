"""Keeps what re-analysis found, record by record, puts before the team what the rule calls an alert, and notes who has
looked at a change.

A record is ranked outside of any transaction and kept in a short one; which records were looked at with which knowledge
stands in them. So a run that is killed goes on where it was, and one that runs twice finds nothing more to do.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

import hoofbeat
from hoofbeat.diagnosis.engine import engine
from hoofbeat.diagnosis.reanalysis.genome_alerts import classes_of
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.records.actions.change import RefusedError, changing
from hoofbeat.web.records.actions.snapshot import forget_parts, keep_snapshot
from hoofbeat.web.records.actions.tasks import ask_team
from hoofbeat.web.records.baseline import baseline_of
from hoofbeat.web.records.because import Because, kept
from hoofbeat.web.records.models import RankingChange, Record, Task
from hoofbeat.web.records.models.record import RecordQuerySet
from hoofbeat.web.records.reanalysis import Look, alerts_to_json, look, moves_to_json, ranked_with, still_looking

MOVED_VERB = "reanalysis:moved"
_LOG = logging.getLogger("hoofbeat.reanalysis")


@dataclass(frozen=True)
class Kept:
    """What was made of one record; `asked`: how many alerts were put before the team."""

    moved: bool = False
    asked: int = 0


def not_looked_at(records: RecordQuerySet, with_what: str) -> RecordQuerySet:
    """Those that look for a diagnosis and were not looked at with this knowledge yet, in a lasting order."""
    return still_looking(records).exclude(reanalysed_with=with_what).order_by("pk")


def look_again(after: UUID | None = None) -> Iterator[tuple[UUID, Kept]]:
    """Look at each record that was not looked at with the knowledge of today, and keep what moved. One that fails is
    left out, for the next run, and noted in the log without what it holds. Raises KnowledgeError.
    """
    with_what = ranked_with()
    while True:
        waiting = not_looked_at(Record.objects.all(), with_what)
        record = (waiting if after is None else waiting.filter(pk__gt=after)).first()
        if record is None:
            return
        after = record.pk
        try:
            done = keep(look(record), with_what)
        except (DatabaseError, KnowledgeError):
            raise
        except Exception as error:
            _LOG.error(f"a record could not be looked at again: {type(error).__name__}")
            done = Kept()
        yield after, done


def keep(found: Look, with_what: str) -> Kept:
    """Keep a look, unless somebody changed the record meanwhile: then the next run looks again."""
    with transaction.atomic():
        record = Record.objects.select_for_update(of=("self",)).filter(pk=found.record.pk).first()
        if record is None or record.version != found.record.version or record.reanalysed_with == with_what:
            return Kept()
        if baseline_of(record) != found.last:
            return Kept()
        done = _kept(record, found)
        record.reanalysed, record.reanalysed_with = timezone.now(), with_what
        record.save(update_fields=["reanalysed", "reanalysed_with"])
        forget_parts(record)
    return done


def _kept(record: Record, found: Look) -> Kept:
    if found.now is None:
        return Kept()
    release = kept(Because.KNOWLEDGE, str(found.now.release["knowledge"]))
    if found.last is None:
        keep_snapshot(record, found.now, release)
        return Kept()
    if found.change is None and not found.alerts:
        newest = record.snapshots.order_by("created", "pk").last()
        if newest is not None and newest.release.get("engine") != engine():
            keep_snapshot(record, found.now, kept(Because.PROGRAM, hoofbeat.__version__))
        return Kept()
    change = RankingChange.objects.create(
        record=record,
        before=found.last,
        after=keep_snapshot(record, found.now, release, classes=classes_of(found.now)),
        moves=moves_to_json(found),
        alerts=alerts_to_json(found),
        engine_changed=found.engine_changed,
        record_changed=found.record_changed,
    )
    asked = sum(ask_team(record, Task.Kind.MOVED, one.id) for one in found.alerts)
    add_event(MOVED_VERB, actor=None, record=record, detail={"row": str(change.pk), "alerts": asked})
    return Kept(moved=True, asked=asked)


def see_change(*, actor: Actor, record: UUID, change: UUID) -> None:
    """Note that the actor looked at what moved; its tasks are seen to with it. Raises RefusedError."""
    with changing(actor, record, Permission.RANK, "reanalysis:see") as under_way:
        found = under_way.record.ranking_changes.filter(pk=change, seen__isnull=True).first()
        if found is None:
            raise RefusedError(_("somebody has looked at this already"))
        found.seen, found.seen_by = timezone.now(), actor.user
        found.save(update_fields=["seen", "seen_by"])
        _tasks(found).filter(done__isnull=True).update(done=found.seen, done_by=actor.user)
        under_way.detail = {"row": str(found.pk)}


def unsee_change(*, actor: Actor, record: UUID, change: UUID) -> None:
    """Undo: it waits again, and so do its tasks. Raises RefusedError."""
    with changing(actor, record, Permission.RANK, "reanalysis:unsee") as under_way:
        found = under_way.record.ranking_changes.filter(pk=change, seen__isnull=False).first()
        if found is None:
            raise RefusedError(_("this waits already; look at the list again"))
        found.seen = found.seen_by = None
        found.save(update_fields=["seen", "seen_by"])
        _tasks(found).update(done=None, done_by=None)
        under_way.detail = {"row": str(found.pk)}


def _tasks(change: RankingChange) -> QuerySet[Task]:
    """What was put before the team because of a change."""
    about = [one["id"] for one in change.alerts]
    return Task.objects.filter(record=change.record_id, kind=Task.Kind.MOVED, about__in=about)
