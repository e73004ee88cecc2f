"""Records a no of a child, or of one guardian where another agreed, and how a clinician resolved it.

Nothing is weighed or averaged: while a no stands, no consent that somebody gave for the child to that purpose counts.
"""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission, Role
from hoofbeat.web.records.actions.change import Change, NotAllowedError, RefusedError, at_most, changing
from hoofbeat.web.records.actions.tasks import ask_team, settle
from hoofbeat.web.records.confidential import is_patient
from hoofbeat.web.records.consent_words import purposes
from hoofbeat.web.records.dissents import is_minor
from hoofbeat.web.records.models import Dissent, Task

MAX_WORDS = 2_000


def dissent(*, actor: Actor, record: UUID, purpose: str, words: str) -> Dissent:
    """Say no to a purpose, in one's own words: the child with an account, or somebody who may decide for the child."""
    with changing(actor, record, Permission.CONSENT, "consent:dissent") as change:
        child = is_patient(actor, change.record)
        if child and not is_minor(change.record):
            raise RefusedError(
                _("you are of age: nothing holds but what you agreed to yourself; take that back instead")
            )
        voice = Dissent.Voice.CHILD if child else Dissent.Voice.GUARDIAN
        return _no(change, purpose, words, voice)


def write_down_dissent(*, actor: Actor, record: UUID, purpose: str, words: str) -> Dissent:
    """For staff: write down word by word what a child without an account says."""
    with changing(actor, record, Permission.DESCRIBE, "consent:dissent_of_child") as change:
        if not is_minor(change.record):
            raise RefusedError(_("the patient is of age and takes back themself what they agreed to"))
        return _no(change, purpose, words, Dissent.Voice.CHILD, spoken=True)


def take_back_dissent(*, actor: Actor, record: UUID, dissent: UUID) -> None:
    """Whoever said no says it no longer."""
    with changing(actor, record, Permission.CONSENT, "consent:take_back_dissent") as change:
        found = _standing(change, dissent)
        if found.said_by_id != actor.user.pk:
            raise RefusedError(_("only who said no can take it back; a clinician can document how it was resolved"))
        found.taken_back = timezone.now()
        found.save(update_fields=["taken_back"])
        settle(change.record, Task.Kind.DISSENT, str(found.pk), actor)
        change.detail = {"row": str(found.pk), "purpose": found.purpose}


def resolve_dissent(*, actor: Actor, record: UUID, dissent: UUID, words: str, goes_on: bool) -> Dissent:
    """Document how a no was resolved: the sharing goes on, or it ends, and then what was agreed to it is withdrawn."""
    with changing(actor, record, Permission.DIAGNOSE, "consent:resolve_dissent") as change:
        if not actor.is_staff:
            raise NotAllowedError(Permission.DIAGNOSE)
        found = _standing(change, dissent)
        found.resolution = _words(words, _("write who was talked with, and what came of it"))
        found.resolved, found.resolved_by, found.goes_on = timezone.now(), actor.user, goes_on
        found.save()
        ended = 0
        if not goes_on:
            held = change.record.consents.filter(purpose=found.purpose, signer_role=Role.PROXY, withdrawn__isnull=True)
            ended = held.update(withdrawn=found.resolved, withdrawn_by=actor.user)
        settle(change.record, Task.Kind.DISSENT, str(found.pk), actor)
        change.detail = {"row": str(found.pk), "purpose": found.purpose, "goes_on": goes_on, "withdrawn": ended}
    return found


def note_childs_no(change: Change, purpose: str, words: str, *, spoken: bool) -> None:
    """A child's no that comes with another answer under way; one that stands already stays as it is."""
    said_by = None if spoken else change.actor.user
    same = {"purpose": purpose, "voice": Dissent.Voice.CHILD, "said_by": said_by}
    if not change.record.dissents.filter(**same, taken_back__isnull=True, resolved__isnull=True).exists():
        _no(change, purpose, words, Dissent.Voice.CHILD, spoken=spoken)


def _no(change: Change, purpose: str, words: str, voice: Dissent.Voice, *, spoken: bool = False) -> Dissent:
    if purpose not in {one.key for one in purposes()}:
        raise RefusedError(_("choose what it is for"), field="dissent_purpose")
    said_by = None if spoken else change.actor.user
    standing = change.record.dissents.filter(
        purpose=purpose, voice=voice, said_by=said_by, taken_back__isnull=True, resolved__isnull=True
    )
    if standing.exists():
        raise RefusedError(_("this no stands already"), field="dissent_purpose")
    made = Dissent.objects.create(
        record=change.record,
        purpose=purpose,
        voice=voice,
        words=_words(words, _("say it in your own words; a few are enough")),
        said_by=said_by,
        written_by=change.actor.user,
    )
    ask_team(change.record, Task.Kind.DISSENT, str(made.pk))
    change.detail = {"row": str(made.pk), "purpose": purpose, "voice": voice.value}
    return made


def _standing(change: Change, dissent: UUID) -> Dissent:
    found = change.record.dissents.filter(pk=dissent).first()
    if found is None or not found.stands:
        raise RefusedError(_("this no does not stand any more; look at the page again"))
    return found


def _words(given: str, missing: str) -> str:
    text = at_most(MAX_WORDS, given, "dissent_words")
    if not text:
        raise RefusedError(missing, field="dissent_words")
    return text
