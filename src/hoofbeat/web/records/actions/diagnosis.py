"""The clinician's acts on a diagnosis: confirm it with a reason, withdraw it with a reason, release to the family what
was talked about, and end that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.mail import Kind
from hoofbeat.web.records.actions.change import Change, RefusedError, at_most, changing
from hoofbeat.web.records.actions.snapshot import take_snapshot
from hoofbeat.web.records.actions.telling import tell_family
from hoofbeat.web.records.because import Because
from hoofbeat.web.records.models import Confirmation, RankingSnapshot, Record, SharedDifferential
from hoofbeat.web.records.ranking import differential_of, knowledge

MAX_REASON = 4_000
MAX_SHARED = 5  # more candidates at once help nobody at home (ours)


def confirm_diagnosis(*, actor: Actor, record: UUID, disease: str, reason: str) -> Confirmation:
    """State that the patient has a disease, and why. How the ranking stood is kept beside it.

    Raises RefusedError without a reason, for a disease that the release does not know, or one that is confirmed.
    """
    with changing(actor, record, Permission.DIAGNOSE, "diagnosis:confirm", why=reason.strip()) as change:
        reason = _words(reason, _("say why: which findings, which test, whose opinion"), "reason")
        identifier, name = _disease(disease)
        if change.record.confirmations.filter(disease=identifier, withdrawn__isnull=True).exists():
            raise RefusedError(_("%(disease)s is confirmed already") % {"disease": name}, field="disease")
        made = Confirmation.objects.create(
            record=change.record,
            disease=identifier,
            disease_name=name[:240],
            reason=reason,
            confirmed_by=actor.user,
        )
        _set_status(change, Record.Status.DIAGNOSED)
        take_snapshot(change.record, Because.CONFIRMED, name)
        change.detail = {"row": str(made.pk), "fields": ["confirmations", "status"]}
    return made


def withdraw_diagnosis(*, actor: Actor, record: UUID, confirmation: UUID, reason: str) -> None:
    """Take a confirmation back, and say why. The record looks for a diagnosis again, unless another one stands."""
    with changing(actor, record, Permission.DIAGNOSE, "diagnosis:withdraw", why=reason.strip()) as change:
        reason = _words(reason, _("say why it does not hold"), "withdrawn_reason")
        found = change.record.confirmations.filter(pk=confirmation, withdrawn__isnull=True).first()
        if found is None:
            raise RefusedError(_("this diagnosis is withdrawn already; look at the page again"))
        found.withdrawn, found.withdrawn_by, found.withdrawn_reason = timezone.now(), actor.user, reason
        found.save()
        if not change.record.confirmations.filter(withdrawn__isnull=True).exists():
            _set_status(change, Record.Status.UNDIAGNOSED)
        take_snapshot(change.record, Because.WITHDRAWN, found.disease_name)
        change.detail = {"row": str(found.pk), "fields": ["confirmations", "status"]}


def release_differential(
    *, actor: Actor, record: UUID, diseases: Sequence[str], words: str, talked_on: date | None
) -> SharedDifferential:
    """Show the family what of the differential was talked about with them; what was released before ends.

    Raises RefusedError without a talk that was held, without plain words, or without a candidate.
    """
    with changing(actor, record, Permission.RELEASE, "differential:release") as change:
        if talked_on is None:
            message = _("nothing is released before a talk: give the day on which you talked")
            raise RefusedError(message, field="talked_on")
        if talked_on > timezone.localdate():
            raise RefusedError(_("the talk has not been held yet; release it afterwards"), field="talked_on")
        words = _words(words, _("write in plain words what you told the family"), "words")
        chosen = _candidates(change.record, diseases)
        made = change.once(
            SharedDifferential,
            candidates=chosen, words=words, talked_on=talked_on, released_by=actor.user, ended=None,
        )  # fmt: skip
        if change.is_repeat:
            return made
        change.record.shared.filter(ended__isnull=True).exclude(pk=made.pk).update(ended=timezone.now())
        change.detail = {"row": str(made.pk), "candidates": len(chosen)}
        tell_family(Kind.NEWS, change.record, who_may=Permission.READ)
    return made


def end_release(*, actor: Actor, record: UUID, shared: UUID) -> None:
    """The family no longer sees what was released."""
    with changing(actor, record, Permission.RELEASE, "differential:end_release") as change:
        ended = change.record.shared.filter(pk=shared, ended__isnull=True).update(ended=timezone.now())
        if not ended:
            raise RefusedError(_("this release has ended already; look at the page again"))
        change.detail = {"row": str(shared)}


def rank_again(*, actor: Actor, record: UUID) -> RankingSnapshot | None:
    """Keep how the ranking stands with the knowledge of today; nothing where nothing can be ranked."""
    with changing(actor, record, Permission.RANK, "differential:rank_again") as change:
        made = take_snapshot(change.record, Because.KNOWLEDGE, str(knowledge().release_info()["knowledge"]))
        change.detail = {"row": str(made.pk) if made else ""}
    return made


def _disease(given: str) -> tuple[str, str]:
    known = knowledge()
    index = known.find_disease(given.strip())
    if index is None:
        message = _("choose a disease from the list, or give its OMIM or ORPHA identifier")
        raise RefusedError(message, field="disease")
    return known.disease_id(index), known.disease_name(index)


def _candidates(record: Record, diseases: Sequence[str]) -> list[dict[str, str]]:
    """What is released, each with the day it was confirmed where it is the diagnosis today: that is how it was told,
    and it stays so on the family's pages until somebody talks with them again.
    """
    named = dict(_disease(one) for one in diseases)
    if not 1 <= len(named) <= MAX_SHARED:
        message = _("choose one to %(most)d of the candidates") % {"most": MAX_SHARED}
        raise RefusedError(message, field="candidates")
    standing = record.confirmations.filter(withdrawn__isnull=True)
    confirmed = {one.disease: str(timezone.localdate(one.created)) for one in standing}
    if not named.keys() <= confirmed.keys() and differential_of(record) is None:
        raise RefusedError(_("there is no ranking to release from: enter findings first"), field="candidates")
    return [
        {"id": identifier, "name": name} | ({"confirmed": confirmed[identifier]} if identifier in confirmed else {})
        for identifier, name in named.items()
    ]


def _set_status(change: Change, status: Record.Status) -> None:
    change.record.status = status
    change.record.save(update_fields=["status"])


def _words(text: str, missing: str, field: str) -> str:
    text = at_most(MAX_REASON, text, field)
    if not text:
        raise RefusedError(missing, field=field)
    return text
