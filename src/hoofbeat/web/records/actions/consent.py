"""Gives and withdraws consents. A withdrawal holds at once, because the gate reads what stands here."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hoofbeat.network.gate import Detail, Purpose
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.country_pack import EXAMPLE, is_self, majority_of, years_later
from hoofbeat.web.access.models import PatientLink
from hoofbeat.web.access.roles import Permission, Role
from hoofbeat.web.records.actions.change import Change, RefusedError, changing, without_nul
from hoofbeat.web.records.consent_words import (
    CONSENT_YEARS,
    MAX_PLACE,
    NAMED_PREFIX,
    OTHER_PLACE,
    TEXT_VERSION,
    purposes,
    recipients,
)
from hoofbeat.web.records.models import Consent, Record


def give_consent(*, actor: Actor, record: UUID, purpose: str, recipient: str, detail: str, place: str = "") -> Consent:
    """Agree to one purpose and one recipient, for two years; what was agreed for the same before is replaced.

    What a proxy agrees to ends at the latest when the patient is of age. Raises RefusedError.
    """
    with changing(actor, record, Permission.CONSENT, "consent:give") as change:
        today = timezone.localdate()
        given_to = recipient_of(recipient, place)
        level = _detail(detail)
        if purpose not in {one.key for one in purposes()}:
            raise RefusedError(_("choose what it is for"), field="purpose")
        role = _signs_as(actor, change.record)
        end = _end(change.record, role, today)
        before = change.record.consents.filter(purpose=purpose, recipient=given_to, withdrawn__isnull=True)
        replaced = [str(one) for one in before.values_list("pk", flat=True)]
        before.update(withdrawn=timezone.now(), withdrawn_by=actor.user)
        made = Consent.objects.create(
            record=change.record,
            purpose=Purpose(purpose).value,
            recipient=given_to,
            detail=level,
            text_version=TEXT_VERSION,
            language=(translation.get_language() or "en")[:10],
            signed_by=actor.user,
            signer_role=role,
            start=today,
            end=end,
        )
        change.detail = {"row": str(made.pk), "purpose": made.purpose, "detail": int(level), "replaced": replaced}
    return made


def renew_consent(*, actor: Actor, record: UUID, consent: UUID) -> Consent:
    """The patient agrees themself, for two years, to what somebody else agreed to for them: asked 90 days before they
    come of age, and possible after it too. Without it, the sharing ends that day. Raises RefusedError.
    """
    with changing(actor, record, Permission.CONSENT, "consent:renew") as change:
        found = change.record.consents.filter(pk=consent, signer_role=Role.PROXY).first()
        if found is None or found.withdrawn is not None:
            raise RefusedError(_("there is nothing here to agree to again"))
        if _signs_as(actor, change.record) is not Role.PATIENT:
            raise RefusedError(_("only the patient can agree to this again"))
        today = timezone.localdate()
        own = change.record.consents.filter(
            purpose=found.purpose, recipient=found.recipient, signer_role=Role.PATIENT, withdrawn__isnull=True
        )
        if any(one.end > today for one in own):
            raise RefusedError(_("you have agreed to this yourself already"))
        found_open = change.record.consents.filter(
            purpose=found.purpose, recipient=found.recipient, withdrawn__isnull=True
        )
        replaced = [str(one) for one in found_open.values_list("pk", flat=True)]
        found_open.update(withdrawn=timezone.now(), withdrawn_by=actor.user)
        made = Consent.objects.create(
            record=change.record, purpose=found.purpose, recipient=found.recipient, detail=found.detail,
            text_version=TEXT_VERSION, language=(translation.get_language() or "en")[:10], signed_by=actor.user,
            signer_role=Role.PATIENT, start=today, end=years_later(today, CONSENT_YEARS),
        )  # fmt: skip
        change.detail = {"row": str(made.pk), "purpose": made.purpose, "detail": made.detail, "replaced": replaced}
    return made


def withdraw_consent(*, actor: Actor, record: UUID, consent: UUID) -> Consent:
    """Withdraw at once. Raises RefusedError where it is not in the record or has been withdrawn."""
    with changing(actor, record, Permission.CONSENT, "consent:withdraw") as change:
        found = change.record.consents.filter(pk=consent).first()
        if found is None:
            raise RefusedError(_("this consent is not in the record"))
        if found.withdrawn is not None:
            raise RefusedError(_("this consent was withdrawn already"))
        found.withdrawn, found.withdrawn_by = timezone.now(), actor.user
        found.save(update_fields=["withdrawn", "withdrawn_by"])
        change.detail = {"row": str(found.pk), "purpose": found.purpose}
        _note_where_copies_are(change, found)
    return found


def _note_where_copies_are(change: Change, consent: Consent) -> None:
    """How many disclosures were made under it: copies may remain there."""
    change.detail["disclosures"] = change.record.disclosures.filter(consent=consent).count()


def recipient_of(recipient: str, place: str) -> str:
    """A recipient as it is stored, from what a form holds. Raises RefusedError."""
    if recipient == OTHER_PLACE:
        named = " ".join(without_nul(place).split())
        if not named:
            raise RefusedError(_("name the place that may have it"), field="place")
        if len(named) > MAX_PLACE:
            message = _("the name of a place has at most %(count)d letters here; shorten it")
            raise RefusedError(message % {"count": MAX_PLACE}, field="place")
        return f"{NAMED_PREFIX}{named}"
    if recipient not in {one.key for one in recipients()}:
        raise RefusedError(_("choose who may have it"), field="recipient")
    return recipient


def _detail(text: str) -> Detail:
    if text not in {str(int(level)) for level in Detail if level is not Detail.EVERYTHING}:
        raise RefusedError(_("choose how much is told"), field="detail")
    return Detail(int(text))


def _signs_as(actor: Actor, record: Record) -> Role:
    own = PatientLink.objects.filter(record=record, user=actor.user, role=Role.PATIENT, end__isnull=True)
    if not own.exists():
        return Role.PROXY
    if not is_self(record.birth_date, timezone.localdate()):
        message = _("until you are %(age)d, somebody who acts for you agrees; your no counts at any age")
        raise RefusedError(message % {"age": EXAMPLE.self_from})
    return Role.PATIENT


def _end(record: Record, role: Role, today: date) -> date:
    end = years_later(today, CONSENT_YEARS)
    of_age = majority_of(record.birth_date)
    if role is Role.PROXY and of_age is not None:
        if of_age <= today:
            raise RefusedError(_("the patient is of age and decides for themself"))
        return min(end, of_age)
    return end
