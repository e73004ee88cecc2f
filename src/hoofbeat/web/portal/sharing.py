"""What I agreed to, what left because of it, who looked, and my own copy."""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hoofbeat.network.risk import BASE_PATIENTS
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.country_pack import is_self, majority_of
from hoofbeat.web.access.plain_words import role_name
from hoofbeat.web.access.roles import Permission, Role
from hoofbeat.web.audit.event_words import Audience
from hoofbeat.web.audit.looks import by_month, looks
from hoofbeat.web.audit.models import of_record
from hoofbeat.web.guard import signed_in
from hoofbeat.web.portal.news import MAJORITY_ASKED
from hoofbeat.web.portal.place import open_page, open_page_of, show_page
from hoofbeat.web.posted import done_or_refused
from hoofbeat.web.records.actions.change import RefusedError, read
from hoofbeat.web.records.actions.consent import give_consent, withdraw_consent
from hoofbeat.web.records.actions.release import Asked, release
from hoofbeat.web.records.confidential import is_patient
from hoofbeat.web.records.consent_words import (
    CONSENT_YEARS,
    Choice,
    detail_meaning,
    detail_name,
    details,
    purpose_name,
    purposes,
    recipient_name,
    recipients,
)
from hoofbeat.web.records.dissents import answers, guardians_of, is_minor, refused_purposes
from hoofbeat.web.records.measured_rates import measured_rates
from hoofbeat.web.records.models import Consent, Record

EVENTS_PER_PAGE = 200
FIELDS = ("purpose", "recipient", "detail", "place")


@signed_in(portal=True)
def consents(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """What holds now, what held before, and the form to agree."""
    given = {key: request.POST.get(key, "") for key in FIELDS}
    if request.method != "POST":
        return _consents(request, actor, open_page(actor, pk, "consents"), given)
    try:
        made = give_consent(actor=actor, record=pk, **given)
    except RefusedError as refusal:
        return _consents(request, actor, open_page(actor, pk, "consents"), given, refusal)
    messages.success(request, _("Agreed. You can take it back at any time, and it holds at once."))
    return redirect("portal_consent", pk, made.pk)


@signed_in(portal=True)
def consent(request: HttpRequest, actor: Actor, pk: UUID, consent: UUID) -> HttpResponse:
    """The receipt of one agreement, to read and to print."""
    record, found = open_page_of(
        actor,
        pk,
        "consent receipt",
        lambda kept: kept.consents.select_related("signed_by", "withdrawn_by").filter(pk=consent).first(),
    )
    purpose = next((one for one in purposes() if one.key == found.purpose), Choice(found.purpose, found.purpose, ""))
    context = {
        "consent": found,
        "purpose": purpose,
        "recipient": recipient_name(found.recipient),
        "detail": detail_name(found.detail),
        "meaning": detail_meaning(found.detail),
        "role": role_name(found.signer_role),
        "holds": found.withdrawn is None and found.start <= timezone.localdate() < found.end,
        "left": record.disclosures.filter(consent=found).select_related("terms", "released_by"),
    }
    return show_page(request, actor, record, "consent.html", context)


@require_POST
@signed_in(portal=True)
def withdraw(request: HttpRequest, actor: Actor, pk: UUID, consent: UUID) -> HttpResponse:
    """Take back, at once."""
    done = _("Taken back. From now on nothing leaves because of it.")
    done_or_refused(request, partial(withdraw_consent, actor=actor, record=pk, consent=consent), done)
    return redirect("portal_consents", pk)


@signed_in(portal=True)
def left(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Every disclosure in plain sentences."""
    record = open_page(actor, pk, "disclosures")
    context = {
        "left": [
            (one, purpose_name(one.purpose), recipient_name(one.recipient))
            for one in record.disclosures.select_related("terms", "released_by")
        ]
    }
    return show_page(request, actor, record, "left.html", context)


@require_POST
@signed_in(portal=True)
def own_copy(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Everything that is theirs, as a file. It passes the same gate as all that leaves."""
    made = release(actor=actor, record=pk, asked=Asked.own_copy())
    answer = HttpResponse(made.data, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="my-record.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@signed_in(portal=True)
def looked(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Who looked and why, opened without being in the team included."""
    record = read(actor, pk, Permission.WHO_LOOKED, "audit:read", what="who looked")
    events = of_record(record.pk).select_related("actor").order_by("-at", "-number")
    page = Paginator(events, EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "months": by_month(looks(page.object_list, Audience.FAMILY)),
        "sheet": page,
        "glass": record.broken_glass.select_related("user").order_by("-start"),
    }
    return show_page(request, actor, record, "looked.html", context)


def consents_page(request: HttpRequest, actor: Actor, pk: UUID, refusal: RefusedError) -> HttpResponse:
    """The page once more, with what is wrong."""
    return _consents(request, actor, open_page(actor, pk, "consents"), dict.fromkeys(FIELDS, ""), refusal)


def _consents(
    request: HttpRequest,
    actor: Actor,
    record: Record,
    given: dict[str, str],
    refusal: RefusedError | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    holding: list[tuple[Consent, str, str, str]] = []
    over: list[tuple[Consent, str, str, str]] = []
    for one in record.consents.select_related("signed_by").order_by("-created"):
        said = (one, purpose_name(one.purpose), recipient_name(one.recipient), detail_name(one.detail))
        (holding if _holds(one, today) else over).append(said)
    is_own, minor, guardians = is_patient(actor, record), is_minor(record), guardians_of(record)
    of_age = majority_of(record.birth_date)
    context = {
        "is_own": is_own,
        "minor": minor,
        "of_age": of_age,
        "asked": of_age is not None and of_age - MAJORITY_ASKED <= today < of_age,
        "may_agree": not is_own or is_self(record.birth_date, today),
        "guardians": guardians,
        "answers": [(purpose_name(one.purpose), one) for one in answers(record, guardians)],
        "standing": [
            (purpose_name(one.purpose), one) for one in record.dissents.select_related("said_by") if one.stands
        ],
        "assents": [(purpose_name(one.purpose), one) for one in record.assents.select_related("written_by")],
        "renewable": _renewable(record) if is_own else set(),
        "resting": refused_purposes(record),
        "me": actor.user,
        "holding": holding,
        "over": over,
        "purposes": purposes(),
        "recipients": recipients(),
        "details": details(),
        "rates": measured_rates(),
        "measured": BASE_PATIENTS,
        "years": CONSENT_YEARS,
        "chosen": given,
    }
    return show_page(request, actor, record, "consents.html", context, refusal)


def _renewable(record: Record) -> set[UUID]:
    """What somebody else agreed to for the patient, nobody withdrew, and the patient has not agreed to themself."""
    today = timezone.localdate()
    rows = list(record.consents.filter(withdrawn__isnull=True))
    own = {(one.purpose, one.recipient) for one in rows if one.signer_role == Role.PATIENT and one.end > today}
    return {one.pk for one in rows if one.signer_role == Role.PROXY and (one.purpose, one.recipient) not in own}


def _holds(one: Consent, today: date) -> bool:
    return one.withdrawn is None and one.start <= today < one.end
