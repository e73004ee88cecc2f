"""Adds to the story that the patient or family tells. Nobody edits it, not even the teller: a correction is told."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.records.actions.change import RefusedError, changing, without_nul
from hoofbeat.web.records.actions.confidence import needs_confidence
from hoofbeat.web.records.models import RecordedFinding, StoryEntry

MAX_STORY = 20_000


def tell_story(*, actor: Actor, record: UUID, text: str, confidential: bool = False) -> StoryEntry:
    """Add one telling in own words; in confidence, nobody who acts for the patient sees it.

    Raises RefusedError where it is empty or too long, or where confidence cannot be kept.
    """
    with changing(actor, record, Permission.TELL, "story:tell") as change:
        told = without_nul(text).strip()
        if not told:
            raise RefusedError(_("write something first"), field="text")
        if len(told) > MAX_STORY:
            raise RefusedError(_("this is longer than 20,000 letters; tell it in two parts"), field="text")
        if confidential:
            needs_confidence(actor, change.record)
        made = change.once(StoryEntry, author=actor.user, text=told, confidential=confidential)
        change.detail = {"row": str(made.pk), "confidential": confidential}
    return made


def mark_story_read(*, actor: Actor, record: UUID, until: UUID) -> int:
    """Note that somebody of the team has read the story, up to the last entry that was on the page; returns how many.

    The family sees who and when.
    """
    with changing(actor, record, Permission.CONFIRM_TOLD, "story:mark_read") as change:
        last = change.record.story.filter(pk=until).first()
        if last is None:
            raise RefusedError(_("nothing was marked; look at the story again"))
        unread = change.record.story.filter(read_at__isnull=True, created__lte=last.created)
        count = unread.update(read_by=actor.user, read_at=timezone.now())
        change.detail = {"entries": count}
    return count


def take_back_told(*, actor: Actor, record: UUID, finding: UUID) -> None:
    """Take back a sign that oneself told, while nobody has decided on it yet. It stays in the history."""
    with changing(actor, record, Permission.TELL, "finding:take_back_told") as change:
        waiting = change.record.findings.filter(
            pk=finding, said_by=actor.user, standing=RecordedFinding.Standing.TOLD, ended__isnull=True
        )
        if not waiting.update(ended=timezone.now(), ended_by=actor.user):
            raise RefusedError(_("the team has decided on this already; write to them if it is wrong"))
        change.detail = {"row": str(finding)}
