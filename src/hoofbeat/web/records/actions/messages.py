"""Messages between the family and the team: sends them, and notes who read them."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.mail import Kind
from hoofbeat.web.records.actions.change import RefusedError, changing
from hoofbeat.web.records.actions.telling import tell_family
from hoofbeat.web.records.models import Message

MAX_MESSAGE = 5_000


def send_message(*, actor: Actor, record: UUID, text: str) -> Message:
    """Write to the other side: staff to the family, the patient or a proxy to the team."""
    with changing(actor, record, Permission.MESSAGE, "message:send") as change:
        words = text.strip().replace("\x00", "")
        if not words:
            raise RefusedError(_("write something first"), field="text")
        if len(words) > MAX_MESSAGE:
            message = _("at most %(count)d characters, please; send the rest as a second message")
            raise RefusedError(message % {"count": MAX_MESSAGE}, field="text")
        made = Message.objects.create(record=change.record, author=actor.user, from_team=actor.is_staff, text=words)
        change.detail = {"row": str(made.pk)}
        if made.from_team:
            tell_family(Kind.NEW_MESSAGE, change.record, who_may=Permission.MESSAGE)
    return made


def mark_read(*, actor: Actor, record: UUID, until: UUID) -> int:
    """Note that the other side's messages were read, up to the last one that was on the page; returns how many."""
    with changing(actor, record, Permission.MESSAGE, "message:mark_read") as change:
        last = change.record.messages.filter(pk=until).first()
        if last is None:
            raise RefusedError(_("this message is not in the record; look at the list again"))
        unread = change.record.messages.filter(from_team=not actor.is_staff, read_at__isnull=True)
        marked = unread.filter(created__lte=last.created).update(read_by=actor.user, read_at=timezone.now())
        change.detail = {"count": marked}
    return marked
