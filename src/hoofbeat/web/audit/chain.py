"""Adds events to a chain, and finds where a chain was tampered with.

hash = SHA-256 over the canonical JSON of the event's fields and the hash before it. A chain per clinic, and one for
what concerns no clinic, so that clinics do not wait for each other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.audit.models import ChainHead, Event, Listed

if TYPE_CHECKING:
    from hoofbeat.web.records.models import Record

BEGINNING = "0" * 64
NO_CLINIC = "installation"
SHOWN = "shown"  # in the detail of a list's event: the records of which it showed a line


@dataclass(frozen=True)
class Fault:
    """Where a chain is broken: its name, the number of the event, and what is wrong there."""

    chain: str
    number: int
    what: str


def add_event(
    verb: str,
    *,
    actor: Actor | None,
    record: Record | None = None,
    clinic: UUID | None = None,
    why: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Event:
    """Add one event, in the transaction of what it tells of (or its own); to the chain of the record's clinic."""
    where = record.clinic_id if record else clinic or (actor.clinic if actor else None)
    chain = str(where) if where else NO_CLINIC
    with transaction.atomic():
        head = ChainHead.objects.select_for_update().filter(pk=chain).first() or _begun(chain)
        event = Event(
            chain=chain,
            number=head.number + 1,
            at=timezone.now(),
            verb=verb,
            actor=actor.user if actor else None,
            role=(actor.role or "") if actor else "",
            clinic_id=where,
            record=record.pk if record else None,
            why=why,
            detail=dict(detail or {}),
            before=head.hash,
        )
        event.hash = hash_of(event)
        event.save()
        head.number, head.hash = event.number, event.hash
        head.save(force_update=True)
    return event


def add_list_event(verb: str, *, actor: Actor, shown: Iterable[UUID], detail: Mapping[str, Any] | None = None) -> Event:
    """The one event of a list that showed lines of several records, which each of their patients can find.

    The event names every record that it showed; `Listed` finds it by record, one line for each person and day, so that
    a list that somebody comes back to all day does not fill the database.
    """
    records = sorted(set(shown))
    with transaction.atomic():
        event = add_event(
            verb, actor=actor, detail={**(detail or {}), "records": len(records), SHOWN: [str(one) for one in records]}
        )
        day = timezone.localdate(event.at)
        Listed.objects.bulk_create(
            [Listed(event=event, actor=actor.user, record=one, day=day) for one in records], ignore_conflicts=True
        )
    return event


def _begun(chain: str) -> ChainHead:
    """The head of a chain that has no event yet, or that another has begun a moment ago."""
    ChainHead.objects.get_or_create(chain=chain, defaults={"hash": BEGINNING})
    return ChainHead.objects.select_for_update().get(chain=chain)


def hash_of(event: Event) -> str:
    """What the event's hash must be."""
    content = {
        "chain": event.chain,
        "number": event.number,
        "at": _moment(event.at),
        "verb": event.verb,
        "actor": str(event.actor_id or ""),
        "role": event.role,
        "clinic": str(event.clinic_id or ""),
        "record": str(event.record or ""),
        "why": event.why,
        "detail": event.detail,
        "before": event.before,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def faults() -> Iterator[Fault]:
    """Every place where a chain does not hold: an event changed, missing, added, or the end cut off."""
    heads = {head.chain: head for head in ChainHead.objects.all()}
    last: dict[str, tuple[int, str]] = {}
    for event in Event.objects.order_by("chain", "number").iterator(chunk_size=2000):
        number, before = last.get(event.chain, (0, BEGINNING))
        if event.number != number + 1:
            yield Fault(event.chain, number + 1, f"{event.number - number - 1} events are missing")
        elif event.before != before:
            yield Fault(event.chain, event.number, "does not continue the event before it")
        if event.hash != hash_of(event):
            yield Fault(event.chain, event.number, "was changed after it was written")
        shown = set(event.detail.get(SHOWN, ()))
        if shown and (missing := shown - listed_by(event)):
            yield Fault(event.chain, event.number, f"{len(missing)} records that it showed do not list it any more")
        last[event.chain] = (event.number, event.hash)
    for chain, head in heads.items():
        if last.get(chain, (0, BEGINNING)) != (head.number, head.hash):
            yield Fault(chain, head.number, "the end of the chain is not the last event")
    for chain in last.keys() - heads.keys():
        yield Fault(chain, 0, "the chain has no head")


def listed_by(event: Event) -> set[str]:
    """The records that somebody had on a list on the day of an event."""
    rows = Listed.objects.filter(actor=event.actor_id, day=timezone.localdate(event.at))
    return {str(one) for one in rows.values_list("record", flat=True)}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
