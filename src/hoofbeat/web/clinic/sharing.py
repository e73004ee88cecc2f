"""What may be shared of a record, who agreed, and who said no: the child's answer and each guardian's, side by side."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.record_page import answer
from hoofbeat.web.guard import signed_in
from hoofbeat.web.records.actions.change import RefusedError, read
from hoofbeat.web.records.actions.dissent import resolve_dissent, write_down_dissent
from hoofbeat.web.records.actions.release import gate_consents
from hoofbeat.web.records.consent_words import detail_name, purpose_name, purposes, recipient_name
from hoofbeat.web.records.dissents import answers, guardians_of, is_minor


@require_safe
@signed_in(Permission.CASELOAD)
def sharing(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Who agreed to what, and what stands against it."""
    return _page(request, actor, record)


@require_POST
@signed_in(Permission.CASELOAD)
def write_down(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Write down a child's no, word by word."""
    try:
        write_down_dissent(
            actor=actor, record=record, purpose=request.POST.get("dissent_purpose", ""),
            words=request.POST.get("dissent_words", ""),
        )  # fmt: skip
    except RefusedError as refusal:
        return _page(request, actor, record, refusal)
    messages.success(request, _("Written down. Nothing leaves for this until it is resolved."))
    return redirect("sharing", record)


@require_POST
@signed_in(Permission.CASELOAD)
def resolve(request: HttpRequest, actor: Actor, record: UUID, dissent: UUID) -> HttpResponse:
    """Document how a no was resolved."""
    outcome = request.POST.get("outcome", "")
    try:
        if outcome not in ("goes_on", "ends"):
            raise RefusedError(_("choose whether the sharing goes on or ends"))
        resolve_dissent(
            actor=actor, record=record, dissent=dissent, words=request.POST.get("resolution", ""),
            goes_on=outcome == "goes_on",
        )  # fmt: skip
    except RefusedError as refusal:
        # The field stands once per dissent; the summary names the reason without a link.
        return _page(request, actor, record, RefusedError(refusal.message))
    messages.success(request, _("Documented. The family sees it."))
    return redirect("sharing", record)


def _page(request: HttpRequest, actor: Actor, record: UUID, refusal: RefusedError | None = None) -> HttpResponse:
    found = read(actor, record, Permission.READ, "consent:read", what="sharing")
    today = timezone.localdate()
    guardians = guardians_of(found)
    every = list(found.dissents.select_related("said_by", "written_by", "resolved_by"))
    context = {
        "holding": [
            (purpose_name(one.purpose), recipient_name(one.recipient), detail_name(one.detail), one.end)
            for one in gate_consents(found)
            if one.holds(today)
        ],
        "guardians": guardians,
        "answers": [(purpose_name(one.purpose), one) for one in answers(found, guardians)],
        "standing": [(purpose_name(one.purpose), one) for one in every if one.stands],
        "past": [(purpose_name(one.purpose), one) for one in every if not one.stands],
        "purposes": [(one.key, one.name) for one in purposes()],
        "minor": is_minor(found),
        "assents": [(purpose_name(one.purpose), one) for one in found.assents.select_related("written_by")],
    }
    return answer(request, actor, found, "clinic/sharing.html", context, refusal)
