"""Messages between the family and the team: sends them, and notes who read them."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.mail import Kind
from hoofbeat.web.records.actions.change import Change, RefusedError, changing, without_nul
from hoofbeat.web.records.actions.confidence import needs_confidence
from hoofbeat.web.records.actions.telling import tell_family
from hoofbeat.web.records.confidential import open_to
from hoofbeat.web.records.models import Message

MAX_MESSAGE = 5_000


def send_message(
    *, actor: Actor, record: UUID, text: str, confidential: bool = False, answers: UUID | None = None
) -> Message:
    """Write to the other side: staff to the family, the patient or a proxy to the team. In confidence: between the
    team and the patient alone. `answers` is the last message that was before the writer: who answers has read.
    """
    with changing(actor, record, Permission.MESSAGE, "message:send") as change:
        words = without_nul(text).strip()
        if not words:
            raise RefusedError(_("write the message first"), field="text")
        if len(words) > MAX_MESSAGE:
            message = _("a message has at most %(count)d characters; send the rest as a second one")
            raise RefusedError(message % {"count": MAX_MESSAGE}, field="text")
        if confidential:
            needs_confidence(actor, change.record)
        made = change.once(Message, author=actor.user, from_team=actor.is_staff, text=words, confidential=confidential)
        if change.is_repeat:
            return made
        marked = _mark(change, actor, answers) if answers else 0
        change.detail = {"row": str(made.pk), "confidential": confidential} | ({"read": marked} if marked else {})
        if made.from_team:
            tell_family(Kind.NEW_MESSAGE, change.record, who_may=Permission.MESSAGE, patient_alone=confidential)
    return made


def mark_read(*, actor: Actor, record: UUID, until: UUID) -> int:
    """Note that the other side's messages were read, up to the last one that was on the page; returns how many."""
    with changing(actor, record, Permission.MESSAGE, "message:mark_read") as change:
        marked = _mark(change, actor, until)
        change.detail = {"count": marked}
    return marked


def _mark(change: Change, actor: Actor, until: UUID) -> int:
    theirs = change.record.messages.filter(open_to(actor, change.record))
    last = theirs.filter(pk=until).first()
    if last is None:
        raise RefusedError(_("this message is not in the record; look at the list again"))
    unread = theirs.filter(from_team=not actor.is_staff, read_at__isnull=True)
    return unread.filter(created__lte=last.created).update(read_by=actor.user, read_at=timezone.now())
