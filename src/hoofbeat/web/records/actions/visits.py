"""Plans visits, moves and cancels them, and notes that they were held."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.mail import Kind
from hoofbeat.web.records.actions.change import Change, RefusedError, changing, in_one_line
from hoofbeat.web.records.actions.telling import tell_family
from hoofbeat.web.records.models import Visit

LONGEST = 480  # minutes: a working day
FARTHEST = timedelta(days=3 * 366)  # further ahead is a slip of the keyboard


def plan_visit(
    *, actor: Actor, record: UUID, at: str, minutes: str = "30", kind: str, place: str = "", purpose: str = ""
) -> Visit:
    """Plan a visit. `at`: local time, as a form sends it (`2027-03-14T09:30`)."""
    with changing(actor, record, Permission.VISIT, "visit:plan") as change:
        if kind not in Visit.Kind.values:
            raise RefusedError(_("choose how you meet"), field="kind")
        made = change.once(
            Visit,
            at=_to_come(at),
            minutes=_minutes(minutes),
            kind=kind,
            place=in_one_line(120, place, "place"),
            purpose=in_one_line(200, purpose, "purpose"),
            planned_by=actor.user,
            cancelled=None,
        )
        if change.is_repeat:
            return made
        change.detail = {"row": str(made.pk)}
        tell_family(Kind.VISIT, change.record, who_may=Permission.READ)
    return made


def move_visit(*, actor: Actor, record: UUID, visit: UUID, at: str) -> Visit:
    """Give a visit that is still to come another time."""
    with changing(actor, record, Permission.VISIT, "visit:move") as change:
        found = _of(change, visit)
        if found.held is not None or found.cancelled is not None:
            raise RefusedError(_("only a visit that is still planned can be moved"))
        found.at = _to_come(at)
        found.save(update_fields=["at"])
        change.detail = {"row": str(found.pk), "fields": ["at"]}
        tell_family(Kind.VISIT, change.record, who_may=Permission.READ)
    return found


def cancel_visit(*, actor: Actor, record: UUID, visit: UUID) -> Visit:
    """Cancel a visit; it stays on the list of past ones and can be planned again."""
    with changing(actor, record, Permission.VISIT, "visit:cancel") as change:
        found = _of(change, visit)
        if found.held is not None or found.cancelled is not None:
            raise RefusedError(_("this visit was held or cancelled already"))
        found.cancelled = timezone.now()
        found.save(update_fields=["cancelled"])
        change.detail = {"row": str(found.pk)}
        tell_family(Kind.VISIT, change.record, who_may=Permission.READ)
    return found


def hold_visit(*, actor: Actor, record: UUID, visit: UUID) -> Visit:
    """Note that a visit was held, once its time has come."""
    with changing(actor, record, Permission.VISIT, "visit:hold") as change:
        found = _of(change, visit)
        if found.held is not None or found.cancelled is not None:
            raise RefusedError(_("this visit was held or cancelled already"))
        if found.at > timezone.now():
            raise RefusedError(_("this visit is still to come; move it if it was held earlier"))
        found.held = timezone.now()
        found.save(update_fields=["held"])
        change.detail = {"row": str(found.pk)}
    return found


def reopen_visit(*, actor: Actor, record: UUID, visit: UUID) -> Visit:
    """Undo: neither cancelled nor held."""
    with changing(actor, record, Permission.VISIT, "visit:reopen") as change:
        found = _of(change, visit)
        found.held = found.cancelled = None
        found.save(update_fields=["held", "cancelled"])
        change.detail = {"row": str(found.pk)}
        tell_family(Kind.VISIT, change.record, who_may=Permission.READ)
    return found


def _of(change: Change, visit: UUID) -> Visit:
    found = change.record.visits.filter(pk=visit).first()
    if found is None:
        raise RefusedError(_("this visit is not in the record any more; look at the list again"))
    return found


def _to_come(given: str) -> datetime:
    try:
        at = datetime.fromisoformat(given.strip())
    except ValueError:
        raise RefusedError(_("give day and time, for instance 2027-03-14 09:30"), field="at") from None
    at = at if timezone.is_aware(at) else timezone.make_aware(at)
    if at < timezone.now():
        raise RefusedError(_("this time has passed"), field="at")
    if at > timezone.now() + FARTHEST:
        raise RefusedError(_("this is more than three years ahead; look at the year"), field="at")
    return at


def _minutes(given: str) -> int:
    if not (given.strip().isascii() and given.strip().isdigit()) or not 1 <= int(given) <= LONGEST:
        raise RefusedError(_("give the minutes as a number from 1 to %(most)d") % {"most": LONGEST}, field="minutes")
    return int(given)
