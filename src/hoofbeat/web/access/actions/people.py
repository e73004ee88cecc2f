"""Invites people, lets them in, and ends what they may do.

The token of a letter has 256 random bits and is stored as its SHA-256, so that nobody who reads the database can use
one. Whatever is wrong with a letter, the answer is the same: `NoSuchLetterError`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hoofbeat.web.access.actions.law import needs_pack
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.country_pack import EXAMPLE, Basis, is_self, last_day
from hoofbeat.web.access.models import Clinic, Invitation, Membership, PatientLink, User
from hoofbeat.web.access.relations import lasting
from hoofbeat.web.access.roles import STAFF_ROLES, Permission, Role, Scope
from hoofbeat.web.access.shared_contact import shared_with
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.records.actions.change import (
    RefusedError,
    at_most,
    changing,
    in_one_line,
    needs_in_clinic,
    without_nul,
)
from hoofbeat.web.records.actions.proxies import midnight
from hoofbeat.web.records.actions.tasks import ask_team
from hoofbeat.web.records.models import Record, Task

TOKEN_BYTES = 32
VALID_FOR = timedelta(days=14)
LONGEST_NOTE = 1_000


class NoSuchLetterError(LookupError):
    """The letter is unknown, used, expired or withdrawn; which of them is not said."""


@dataclass(frozen=True)
class Letter:
    """An invitation together with its token, which is known only now."""

    invitation: Invitation
    token: str


def invite_to_record(
    *,
    actor: Actor,
    record: UUID,
    name: str,
    email: str,
    role: Role,
    relation: str = "",
    scopes: Sequence[str] = (),
    basis: str = Basis.GUARDIAN.value,
    basis_note: str = "",
    until: date | None = None,
) -> Letter:
    """Invite the patient, or somebody who acts for them, on a basis that the country pack knows and no longer than that
    lasts. Nobody is invited to act for a patient before the clinic has confirmed its pack.
    """
    with changing(actor, record, Permission.INVITE, "people:invite") as change:
        kept: list[str] = []
        if role is Role.PROXY:
            needs_pack(change.record.clinic_id)
            kept = _scopes(scopes)
            basis, basis_note = _basis(basis, basis_note, kept)
            until = _until(change.record, Basis(basis), until)
            if not relation.strip():
                raise RefusedError(_("say what they are to the patient, such as “mother”"), field="relation")
        elif role is Role.PATIENT:
            relation, until, basis, basis_note = "", None, "", ""
            if not is_self(change.record.birth_date, timezone.localdate()):
                message = _("the patient is younger than %(age)d; somebody acts for them until then")
                raise RefusedError(message % {"age": EXAMPLE.self_from}, field="role")
            if change.record.links.filter(role=Role.PATIENT, end__isnull=True).exists():
                raise RefusedError(_("the patient has an account for this record already"), field="role")
        else:
            raise RefusedError(_("choose whether it is the patient or somebody who acts for them"), field="role")
        letter = _letter(
            clinic=change.record.clinic, record=change.record, email=email, name=name, role=role,
            relation=without_nul(relation).strip()[:40], scopes=kept, basis=basis, basis_note=basis_note,
            proxy_until=until, invited_by=actor.user,
        )  # fmt: skip
        change.detail = {"row": str(letter.invitation.pk), "role": role.value, "scopes": kept, "basis": basis}
    return letter


def invite_staff(*, actor: Actor, name: str, email: str, role: str) -> Letter:
    """Invite somebody to work in the administrator's clinic. Raises RefusedError, NotAllowedError."""
    clinic = needs_in_clinic(actor, Permission.STAFF)
    if role not in {one.value for one in STAFF_ROLES}:
        raise RefusedError(_("choose what they will be"), field="role")
    with transaction.atomic():
        letter = _letter(
            clinic=Clinic.objects.get(pk=clinic), record=None, email=email, name=name, role=Role(role),
            relation="", scopes=[], proxy_until=None, invited_by=actor.user,
        )  # fmt: skip
        add_event("staff:invite", actor=actor, detail={"row": str(letter.invitation.pk), "role": role})
    return letter


def withdraw_invitation(*, actor: Actor, invitation: int) -> Invitation:
    """Make a letter useless. Staff letters by the administrator, a record's by whoever may invite to it."""
    found = Invitation.objects.filter(pk=invitation, accepted__isnull=True, withdrawn__isnull=True).first()
    if found is None or found.clinic_id != actor.clinic:
        raise NoSuchLetterError
    if found.record_id is None:
        needs_in_clinic(actor, Permission.STAFF)
        with transaction.atomic():
            _withdraw(found)
            add_event("staff:withdraw_invitation", actor=actor, detail={"row": str(found.pk)})
    else:
        with changing(actor, found.record_id, Permission.INVITE, "people:withdraw_invitation") as change:
            _withdraw(found)
            change.detail = {"row": str(found.pk)}
    return found


def open_letter(token: str) -> Invitation:
    """The letter that a token opens. Changes nothing: mail scanners open links. Raises NoSuchLetterError."""
    found = _usable().filter(token_hash=_hash(token)).select_related("clinic", "record").first()
    if found is None:
        raise NoSuchLetterError
    return found


def accept(*, token: str, user: User | None, name: str = "", password: str = "") -> tuple[Invitation, User]:
    """Use a letter, once. `user` is whoever is signed in: their account gets the new relation.

    Without `user` an account is made with the letter's e-mail address. Where that address has an account already, the
    letter stays unused and RefusedError asks to sign in: holding a letter must not open somebody's account.
    """
    with transaction.atomic():
        # The record first, as every change of it does: in another order two people could wait for each other.
        if (about := open_letter(token).record_id) is not None:
            Record.objects.select_for_update(of=("self",)).filter(pk=about).first()
        invitation = _usable().select_for_update(of=("self",)).filter(token_hash=_hash(token)).first()
        if invitation is None:
            raise NoSuchLetterError
        if user is not None:
            if not may_accept_as(invitation, user):
                raise RefusedError(_("You wrote this letter; it is for somebody else. Sign out to see it as they do."))
            # One letter after the other, or two that one person opens at once would not know of each other.
            User.objects.select_for_update().get(pk=user.pk)
        person = user or _new_account(invitation, name, password)
        if invitation.record_id is None:
            _join_clinic(invitation, person)
        else:
            _link(invitation, person)
        invitation.accepted = timezone.now()
        invitation.save(update_fields=["accepted"])
        shared = ask_about_shared_contact(invitation.record) if invitation.record else False
        add_event(
            "people:accept",
            actor=Actor.of(person),
            record=invitation.record,
            clinic=invitation.clinic_id,
            detail={
                "row": str(invitation.pk),
                "role": invitation.role,
                "new_account": user is None,
                "shared_contact": shared,
            },
        )
    return invitation, person


def end_membership(*, actor: Actor, membership: int) -> Membership:
    """End somebody's work in the clinic: their relation, their teams there and their sessions, all now."""
    clinic = needs_in_clinic(actor, Permission.STAFF)
    with transaction.atomic():
        found = Membership.objects.select_for_update().filter(pk=membership, clinic_id=clinic, end__isnull=True).first()
        if found is None:
            raise NoSuchLetterError
        if found.user_id == actor.user.pk:
            raise RefusedError(_("ask another administrator to end your own work here"))
        now = timezone.now()
        found.end = now
        found.save(update_fields=["end"])
        found.user.teams.filter(record__clinic_id=clinic, end__isnull=True).update(end=now)
        end_sessions(found.user)
        add_event("staff:end_membership", actor=actor, detail={"row": str(found.pk), "role": found.role})
    return found


def end_link(*, actor: Actor, record: UUID, link: int) -> PatientLink:
    """End somebody's access to a record now: a proxy's, or an account that is no longer the patient's."""
    with changing(actor, record, Permission.INVITE, "people:end_link") as change:
        now = timezone.now()
        found = change.record.links.filter(pk=link).first()
        if found is None or (found.end is not None and found.end <= now):
            raise RefusedError(_("this access has ended already"))
        found.end, found.ended_by = now, actor.user
        found.save(update_fields=["end", "ended_by"])
        change.detail = {"row": str(found.pk), "role": found.role}
    return found


def end_sessions(user: User, *, but: str = "") -> int:
    """Sign somebody out everywhere, except from the session `but`."""
    sessions = [one for one in UserSession.objects.filter(user=user) if one.session_key != but]
    for one in sessions:
        one.end()
    return len(sessions)


def may_accept_as(invitation: Invitation, user: User) -> bool:
    """Whether a signed-in account is one that the letter can be for; the person who wrote it is not."""
    return invitation.invited_by_id != user.pk


def _usable() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted__isnull=True, withdrawn__isnull=True, expires__gt=timezone.now())


def _letter(*, email: str, name: str, **given: object) -> Letter:
    name = in_one_line(120, name, "name")
    if not name:
        raise RefusedError(_("write the person's name"), field="name")
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise RefusedError(_("this is no e-mail address; it looks like name@example.org"), field="email") from error
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = Invitation.objects.create(
        token_hash=_hash(token),
        email=email.strip().lower(),
        name=name,
        expires=timezone.now() + VALID_FOR,
        **given,
    )
    return Letter(made, token)


def _scopes(scopes: Sequence[str]) -> list[str]:
    try:
        kept = [Scope(one).value for one in scopes]
    except ValueError as error:
        raise RefusedError(_("choose what they may do"), field="scopes") from error
    if Scope.SEE.value not in kept:
        raise RefusedError(_("somebody who acts for a patient has to see the record: tick “see”"), field="scopes")
    return sorted(set(kept))


def ask_about_shared_contact(record: Record) -> bool:
    """Have the team see to it where the patient and somebody who acts for them are reached at one mailbox."""
    other = shared_with(record)
    if other is None:
        return False
    ask_team(record, Task.Kind.SHARED_CONTACT, f"link {other.pk}")
    return True


def _basis(basis: str, note: str, scopes: Sequence[str]) -> tuple[str, str]:
    note = at_most(LONGEST_NOTE, note, "basis_note")
    if basis not in set(Basis):
        raise RefusedError(_("choose why they may act for the patient"), field="basis")
    if basis == Basis.INCAPACITY and not note:
        message = _("say how it was found that the patient cannot decide this, and how that was supported first")
        raise RefusedError(message, field="basis_note")
    if basis == Basis.WISH and Scope.DECIDE.value in scopes:
        message = _("who acts by the patient's wish does not decide for them: take the tick from “Decide”")
        raise RefusedError(message, field="scopes")
    return basis, note


def _until(record: Record, basis: Basis, until: date | None) -> date:
    today = timezone.localdate()
    last = last_day(basis, record.birth_date, today)
    if basis is Basis.GUARDIAN and last is not None and last <= today:
        message = _(
            "the patient is %(age)d or older: somebody acts for them by their wish, or where capacity is lacking"
        )
        raise RefusedError(message % {"age": EXAMPLE.guardian_to}, field="basis")
    if basis is Basis.WISH and not is_self(record.birth_date, today):
        message = _("the patient is younger than %(age)d: choose “guardian”")
        raise RefusedError(message % {"age": EXAMPLE.self_from}, field="basis")
    if until is not None and last is not None and until > last:
        message = _("these rights end on %(day)s at the latest")
        raise RefusedError(message % {"day": date_format(last, _("j F Y"))}, field="until")
    until = until or last
    if until is None:
        raise RefusedError(_("say until when: nothing else ends it"), field="until")
    if until <= timezone.localdate():
        raise RefusedError(_("the end has passed; choose a later day"), field="until")
    return until


def _new_account(invitation: Invitation, name: str, password: str) -> User:
    has_account = _("there is an account with this e-mail address: sign in, then open the letter again")
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise RefusedError(has_account)
    name = " ".join(without_nul(name).split()) or invitation.name
    try:
        validate_password(password, User(email=invitation.email, name=name))
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field="password") from error
    try:
        with transaction.atomic():
            made = User.objects.create_user(invitation.email, name[:120], password)
    except IntegrityError:  # made a moment ago, with another letter
        raise RefusedError(has_account) from None
    made.language = (translation.get_language() or "en")[:10]
    made.is_fictional = bool(invitation.record and invitation.record.is_fictional)
    made.save(update_fields=["language", "is_fictional"])
    EmailAddress.objects.create(user=made, email=made.email, primary=True, verified=True)
    return made


def _join_clinic(invitation: Invitation, person: User) -> None:
    if person.memberships.filter(end__isnull=True).exists():
        raise RefusedError(_("this account works in a clinic already; it can work in one at a time"))
    if person.links.filter(lasting()).exists():
        raise RefusedError(_("this account is a patient's or a relative's; work needs an account of its own"))
    Membership.objects.create(user=person, clinic=invitation.clinic, role=invitation.role)


def _link(invitation: Invitation, person: User) -> None:
    assert invitation.record is not None
    now = timezone.now()
    links = invitation.record.links
    if person.memberships.filter(end__isnull=True).exists():
        raise RefusedError(_("this account is for work in a clinic; a family needs an account of its own"))
    if links.filter(user=person, end__isnull=True).exists() or links.filter(user=person, end__gt=now).exists():
        raise RefusedError(_("this account sees the record already"))
    if invitation.role == Role.PATIENT and links.filter(role=Role.PATIENT, end__isnull=True).exists():
        raise NoSuchLetterError
    until = invitation.proxy_until
    if until is not None:
        # Since the letter was written, the date of birth may have become another, and days have passed.
        last = last_day(Basis(invitation.basis), invitation.record.birth_date, timezone.localdate())
        until = until if last is None else min(until, last)
        if until <= timezone.localdate():
            raise NoSuchLetterError
    PatientLink.objects.create(
        record=invitation.record,
        user=person,
        role=invitation.role,
        relation=invitation.relation,
        scopes=invitation.scopes,
        basis=invitation.basis,
        basis_note=invitation.basis_note,
        end=None if until is None else midnight(until),
    )


def _withdraw(invitation: Invitation) -> None:
    """Raises NoSuchLetterError where somebody used it a moment ago."""
    open_ones = Invitation.objects.filter(pk=invitation.pk, accepted__isnull=True, withdrawn__isnull=True)
    if not open_ones.update(withdrawn=timezone.now()):
        raise NoSuchLetterError


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
