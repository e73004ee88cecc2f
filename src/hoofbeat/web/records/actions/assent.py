"""Keeps what a child said about a sharing. A no blocks at once, as every dissent does; a question and "not sure" are
put before the team.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.records.actions.change import RefusedError, changing, without_nul
from hoofbeat.web.records.actions.dissent import MAX_WORDS, note_childs_no
from hoofbeat.web.records.actions.tasks import ask_team
from hoofbeat.web.records.confidential import is_patient
from hoofbeat.web.records.consent_words import purposes
from hoofbeat.web.records.dissents import is_minor
from hoofbeat.web.records.models import Assent, Task

MAX_PRESENT = 200


def give_assent(*, actor: Actor, record: UUID, purpose: str, answer: str, words: str, present: str) -> Assent:
    """Keep an answer word by word, from the child's own account or as who acts for the child writes it down.

    Raises RefusedError.
    """
    with changing(actor, record, Permission.CONSENT, "consent:assent") as change:
        if not is_minor(change.record):
            raise RefusedError(_("the patient is of age and agrees, or not, themself"))
        if purpose not in {one.key for one in purposes()}:
            raise RefusedError(_("choose what it is for"))
        if answer not in Assent.Answer.values:
            raise RefusedError(_("choose one of the four answers"), field="answer")
        said, there = without_nul(words).strip(), " ".join(without_nul(present).split())
        if len(said) > MAX_WORDS:
            message = _("the child's words have at most %(count)d letters here; keep those that matter most")
            raise RefusedError(message % {"count": MAX_WORDS}, field="words")
        if answer == Assent.Answer.QUESTION and not said:
            raise RefusedError(_("write the question down, word by word"), field="words")
        if not there:
            raise RefusedError(_("say who was there, in a few words"), field="present")
        if len(there) > MAX_PRESENT:
            message = _("who was there has at most %(count)d letters here; name the most important")
            raise RefusedError(message % {"count": MAX_PRESENT}, field="present")
        child = is_patient(actor, change.record)
        made = Assent.objects.create(
            record=change.record, purpose=purpose, answer=answer, words=said, present=there,
            said_by=actor.user if child else None, written_by=actor.user,
        )  # fmt: skip
        if answer == Assent.Answer.NO:
            note_childs_no(change, purpose, said or str(Assent.Answer.NO.label), spoken=not child)
        elif answer != Assent.Answer.YES:
            ask_team(change.record, Task.Kind.ASSENT, str(made.pk))
        change.detail = {"row": str(made.pk), "purpose": purpose, "answer": answer}
    return made
