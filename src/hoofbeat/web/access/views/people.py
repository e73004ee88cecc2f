"""Who can see a record from outside the clinic: inviting the patient and those who act for them, and ending it."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from hoofbeat.web.access.actions.people import (
    Letter,
    NoSuchLetterError,
    end_link,
    invite_to_record,
    withdraw_invitation,
)
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.country_pack import EXAMPLE, Basis, last_day
from hoofbeat.web.access.invitation_mail import language_of, send_letter
from hoofbeat.web.access.models import Invitation
from hoofbeat.web.access.plain_words import all_scopes, bases, role_name, scope_words
from hoofbeat.web.access.qr_code import qr_code
from hoofbeat.web.access.relations import permissions
from hoofbeat.web.access.roles import Permission, Role, Scope
from hoofbeat.web.access.shared_contact import shared_with
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.posted import done_or_refused
from hoofbeat.web.records.actions.change import RefusedError, read
from hoofbeat.web.records.models import Record

FIELDS = ("name", "email", "role", "relation", "basis", "basis_note", "until")


@signed_in()
def people(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Who has access, and the form that invites."""
    if request.method == "POST":
        return _invite(request, actor, pk)
    return _people(request, actor, pk, {}, {})


@require_POST
@signed_in()
def end_access(request: HttpRequest, actor: Actor, pk: UUID, link: int) -> HttpResponse:
    """End somebody's access at once."""
    done_or_refused(request, partial(end_link, actor=actor, record=pk, link=link), _("The access has ended."))
    return redirect("people", pk)


@require_POST
@signed_in()
def withdraw(request: HttpRequest, actor: Actor, invitation: int) -> HttpResponse:
    """Make a letter useless."""
    try:
        found = withdraw_invitation(actor=actor, invitation=invitation)
    except NoSuchLetterError:
        raise Http404 from None
    messages.success(request, _("The invitation was withdrawn; its letter opens nothing any more."))
    return redirect("people", found.record_id) if found.record_id else redirect("staff")


def show_letter(request: HttpRequest, actor: Actor, letter: Letter, back: str) -> HttpResponse:
    """The letter, to hand over or to print. It is shown once: only its hash is kept."""
    # The address is built here and not stored; it says nothing but the token.
    link = request.build_absolute_uri(f"/invitation/{letter.token}/")
    sent = send_letter(letter.invitation, link)
    context = {"sheet": _sheet(letter.invitation, link), "sent": sent, "back": back}
    return show(request, "access/letter.html", context)


def _sheet(letter: Invitation, link: str) -> SafeString:
    """What is printed and handed over: in the language of whoever gets it, whatever the page around it is in."""
    with override(language_of(letter)):
        context = {
            "letter": letter,
            "link": link,
            "qr": qr_code(link),
            "role": role_name(letter.role),
            "scopes": scope_words(letter.scopes),
        }
        # Escaped by the template that made it.
        return SafeString(get_template("access/letter_sheet.html", using="jinja2").render(context))


def _invite(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    given: dict[str, Any] = {key: request.POST.get(key, "") for key in FIELDS}
    given["scopes"] = request.POST.getlist("scopes")
    try:
        letter = invite_to_record(
            actor=actor,
            record=pk,
            name=given["name"],
            email=given["email"],
            role=_role(given["role"]),
            relation=given["relation"],
            scopes=given["scopes"],
            basis=given["basis"] or Basis.GUARDIAN.value,
            basis_note=given["basis_note"],
            until=_day(given["until"]),
        )
    except RefusedError as refusal:
        return _people(request, actor, pk, given, {refusal.field: refusal.message})
    return show_letter(request, actor, letter, request.path)


def _people(
    request: HttpRequest, actor: Actor, pk: UUID, given: dict[str, Any], errors: dict[str, str]
) -> HttpResponse:
    record = read(actor, pk, Permission.INVITE, "people:read", what="people")
    now = timezone.now()
    links = list(record.links.select_related("user").order_by("start"))
    context = {
        "record": record,
        "may": permissions(actor, record),
        "links": [
            (one, role_name(one.role), scope_words(one.scopes), one.end is None or one.end > now) for one in links
        ],
        "letters": Invitation.objects.filter(
            record=record, accepted__isnull=True, withdrawn__isnull=True, expires__gt=now
        ).order_by("-created"),
        "scopes": all_scopes(),
        "given": _defaults(record) | given,
        "errors": errors,
        "pack": EXAMPLE,
        "bases": bases(EXAMPLE),
        "shared_contact": shared_with(record),
        "has_patient": any(one.role == Role.PATIENT and one.end is None for one in links),
    }
    return show(request, "access/people.html", context, status=422 if errors else 200)


def _defaults(record: Record) -> dict[str, Any]:
    today = timezone.localdate()
    last = last_day(Basis.GUARDIAN, record.birth_date, today)
    child = last is not None and last > today
    return {
        "name": "",
        "email": "",
        "role": Role.PROXY.value if child else Role.PATIENT.value,
        "relation": "",
        "scopes": [one.key for one in all_scopes() if child or one.key != Scope.DECIDE],
        "basis": Basis.GUARDIAN.value if child else Basis.WISH.value,
        "basis_note": "",
        "until": last.isoformat() if child and last else "",
    }


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as error:
        message = _("choose whether it is the patient or somebody who acts for them")
        raise RefusedError(message, field="role") from error


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RefusedError(_("this is no day; write it like 2031-05-24"), field="until") from error
