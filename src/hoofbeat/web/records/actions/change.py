"""What every action runs in: the record locked, the relation and the permission checked, one event left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.relations import permissions
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.records.models import Record

# So long after a form the very same one is a second click, or a network that tried again (ours).
AGAIN = timedelta(seconds=10)

Thing = TypeVar("Thing")
Kept = TypeVar("Kept", bound=Model)


class NoSuchRecordError(LookupError):
    """There is no record with this identifier for this person; whether there is one at all is not said."""


class NoSuchThingError(LookupError):
    """There is no such row here, or none any more; that it was looked for is no look at anything."""


class NotAllowedError(PermissionError):
    """The person reads the record but may not do this there, or works in the clinic in a role that does not do it."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(f"your role does not include {permission.value}")
        self.permission = permission


class RefusedError(ValueError):
    """What was given cannot be taken; `message` says why and how to repair it, `field` where."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message, self.field = message, field


@dataclass
class Change:
    """A change under way: the locked record, and what its event will say (names and counts, never values)."""

    actor: Actor
    record: Record
    detail: dict[str, Any] = field(default_factory=dict)
    verb: str = ""
    is_repeat: bool = False

    def once(self, kind: type[Kept], /, **said: object) -> Kept:
        """The row of the record that says this: a new one, or that which the very same form has made a moment ago. Then
        nothing changes, and no event is left.
        """
        found = made_just_now(kind._default_manager.filter(record=self.record), **said)
        self.is_repeat = found is not None
        return kind._default_manager.create(record=self.record, **said) if found is None else found


def made_just_now(rows: QuerySet[Kept], **same: object) -> Kept | None:
    """The newest of the rows that were made with just these values within AGAIN (decision record 0038)."""
    return rows.filter(created__gt=timezone.now() - AGAIN, **same).order_by("created").last()


@contextmanager
def changing(actor: Actor, record: UUID, permission: Permission, verb: str, *, why: str = "") -> Iterator[Change]:
    """One change of a record: all of it or nothing. Raises NoSuchRecordError, NotAllowedError."""
    with transaction.atomic():
        locked = Record.objects.select_for_update(of=("self",)).readable_by(actor).filter(pk=record).first()
        if locked is None:
            raise NoSuchRecordError
        if permission not in permissions(actor, locked):
            raise NotAllowedError(permission)
        change = Change(actor, locked, verb=verb)
        yield change
        if not change.is_repeat:
            add_event(change.verb, actor=actor, record=locked, why=without_nul(why), detail=change.detail)


def needs_in_clinic(actor: Actor, permission: Permission) -> UUID:
    """The clinic that somebody acts for, whose role there allows what concerns no particular record. Raises
    NotAllowedError.
    """
    if actor.clinic is None or not actor.may_in_clinic(permission):
        raise NotAllowedError(permission)
    return actor.clinic


def without_nul(text: str) -> str:
    """The text without the one character that PostgreSQL cannot keep; nobody types it."""
    return text.replace("\x00", "")


def at_most(longest: int, given: str, field: str) -> str:
    """What was written, without space around it. Raises RefusedError where it is longer than that."""
    text = without_nul(given).strip()
    if len(text) > longest:
        raise RefusedError(_("at most %(count)d characters, please") % {"count": longest}, field=field)
    return text


def in_one_line(longest: int, given: str, field: str) -> str:
    """What was written, on one line with single spaces. Raises RefusedError where it is longer than that."""
    return at_most(longest, " ".join(without_nul(given).split()), field)


def may_change(actor: Actor, record: UUID, permission: Permission) -> Record:
    """Asks before a long look at what was sent; the change itself asks again. The record is for that look and not for
    showing it, which is a read. Raises NoSuchRecordError, NotAllowedError.
    """
    return _readable(actor, record, permission)


def read(actor: Actor, record: UUID, permission: Permission, verb: str, *, what: str = "") -> Record:
    """A record for showing it, with the event that it was shown. Raises NoSuchRecordError, NotAllowedError.

    Only the event is written in a transaction: on SQLite one holds up everybody who writes, from its beginning on.
    """
    found = _readable(actor, record, permission)
    add_event(verb, actor=actor, record=found, detail={"what": what} if what else {})
    return found


def read_thing(
    actor: Actor, record: UUID, permission: Permission, verb: str, of: Callable[[Record], Thing | None], *, what: str
) -> tuple[Record, Thing]:
    """A record and one thing of it that an address names, with the event that it was shown. Where there is no such
    thing, nothing was shown and nothing is noted. Raises NoSuchThingError beside what `read` does.
    """
    found = _readable(actor, record, permission)
    thing = of(found)
    if thing is None:
        raise NoSuchThingError
    add_event(verb, actor=actor, record=found, detail={"what": what})
    return found, thing


def _readable(actor: Actor, record: UUID, permission: Permission) -> Record:
    found = Record.objects.readable_by(actor).select_related("clinic").filter(pk=record).first()
    if found is None:
        raise NoSuchRecordError
    if permission not in permissions(actor, found):
        raise NotAllowedError(permission)
    return found
