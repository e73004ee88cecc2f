"""The clinician's acts: to confirm a diagnosis, to withdraw it, and to release to the family what was talked about."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.explanation import shown
from hoofbeat.web.clinic.record import frame
from hoofbeat.web.guard import signed_in
from hoofbeat.web.no_knowledge import knowledge_missing
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import RefusedError, read
from hoofbeat.web.records.actions.diagnosis import (
    confirm_diagnosis,
    end_release,
    release_differential,
    withdraw_diagnosis,
)
from hoofbeat.web.records.actions.status import set_status
from hoofbeat.web.records.models import Record
from hoofbeat.web.records.ranking import differential_of

CANDIDATES = 10
# What a clinician can say of the path; that somebody is diagnosed follows from a confirmed diagnosis alone.
SEARCHING = (Record.Status.UNDIAGNOSED, Record.Status.SUSPECTED, Record.Status.CLOSED)


@require_safe
@signed_in(Permission.CASELOAD)
def diagnosis(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """What is confirmed, what was withdrawn, what the family sees."""
    found = read(actor, record, Permission.RANK, "diagnosis:read", what="diagnosis")
    return _page(request, actor, found)


@require_POST
@signed_in(Permission.CASELOAD)
def confirm(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Confirm a candidate, or another disease by its identifier, with a reason."""
    disease = request.POST.get("other", "").strip() or request.POST.get("disease", "")
    try:
        confirm_diagnosis(actor=actor, record=record, disease=disease, reason=request.POST.get("reason", ""))
    except (RefusedError, KnowledgeError) as refusal:
        return _refused(request, actor, record, refusal)
    # Messages travel in a cookie: they name no disease.
    messages.success(request, _("The diagnosis is confirmed."))
    return redirect("diagnosis", record)


@require_POST
@signed_in(Permission.CASELOAD)
def withdraw(request: HttpRequest, actor: Actor, record: UUID, confirmation: UUID) -> HttpResponse:
    """Withdraw a confirmed diagnosis with a reason."""
    try:
        withdraw_diagnosis(
            actor=actor,
            record=record,
            confirmation=confirmation,
            reason=request.POST.get("withdrawn_reason", ""),
        )
    except RefusedError as refusal:
        return _refused(request, actor, record, refusal)
    messages.success(request, _("The diagnosis is withdrawn. Tell the family, if they knew of it."))
    return redirect("diagnosis", record)


@require_POST
@signed_in(Permission.CASELOAD)
def set_search_status(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Say where the search stands while no diagnosis is confirmed."""
    try:
        if (given := request.POST.get("status", "")) not in SEARCHING:
            raise RefusedError(_("say whether you look, suspect, or no longer follow"), field="status")
        set_status(actor=actor, record=record, status=Record.Status(given))
    except RefusedError as refusal:
        return _refused(request, actor, record, refusal)
    messages.success(request, _("Where the search stands is noted."))
    return redirect("diagnosis", record)


@require_POST
@signed_in(Permission.CASELOAD)
def release(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Release candidates to the family, after a talk."""
    try:
        release_differential(
            actor=actor,
            record=record,
            diseases=request.POST.getlist("candidates"),
            words=request.POST.get("words", ""),
            talked_on=_day(request.POST.get("talked_on", "")),
        )
    except (RefusedError, KnowledgeError) as refusal:
        return _refused(request, actor, record, refusal)
    messages.success(request, _("The family sees this now on their pages."))
    return redirect("diagnosis", record)


@require_POST
@signed_in(Permission.CASELOAD)
def end(request: HttpRequest, actor: Actor, record: UUID, shared: UUID) -> HttpResponse:
    """End a release."""
    try:
        end_release(actor=actor, record=record, shared=shared)
    except RefusedError as refusal:
        return _refused(request, actor, record, refusal)
    messages.success(request, _("The family no longer sees this."))
    return redirect("diagnosis", record)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _refused(request: HttpRequest, actor: Actor, record: UUID, refusal: RefusedError | KnowledgeError) -> HttpResponse:
    found = read(actor, record, Permission.RANK, "diagnosis:read", what="diagnosis, refused")
    if isinstance(refusal, KnowledgeError):
        return knowledge_missing(request, frame(actor, found, "differential"), refusal)
    return _page(request, actor, found, errors={refusal.field: refusal.message}, status=422)


def _page(
    request: HttpRequest, actor: Actor, record: Record, *, errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = frame(actor, record, "differential")
    try:
        ranked = differential_of(record)
    except KnowledgeError as error:
        return knowledge_missing(request, context, error)
    confirmations = record.confirmations.select_related("confirmed_by", "withdrawn_by")
    shared = record.shared.select_related("released_by")
    standing = [one for one in confirmations if one.withdrawn is None]
    holds = {one.disease for one in standing}
    ranking = shown(ranked, CANDIDATES) if ranked else None
    context |= {
        "ranking": ranking,
        "standing": standing,
        "unconfirmed": [one for one in ranking.candidates if one.candidate.disease.id not in holds] if ranking else [],
        # Released as the diagnosis, and withdrawn since: the family still reads it.
        "outdated": {
            one.pk for one in shared for each in one.candidates if "confirmed" in each and each["id"] not in holds
        },
        "withdrawn": [one for one in confirmations if one.withdrawn is not None],
        "shared": [one for one in shared if one.ended is None],
        "ended": [one for one in shared if one.ended is not None],
        "errors": errors or {},
        "given": request.POST,
        "search_statuses": [(one.value, one.label) for one in SEARCHING],
        "chosen": request.POST.getlist("candidates"),
    }
    return show(request, "clinic/diagnosis.html", context, status=status)
