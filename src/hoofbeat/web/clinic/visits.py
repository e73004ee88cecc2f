"""Visits of a record: those to come, those that were, and the forms to plan, move and cancel them."""

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
from hoofbeat.web.records.actions.visits import cancel_visit, hold_visit, move_visit, plan_visit, reopen_visit
from hoofbeat.web.records.models import Visit


@require_safe
@signed_in(Permission.CASELOAD)
def visits(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Visits to come and past."""
    return _page(request, actor, record)


@require_POST
@signed_in(Permission.CASELOAD)
def plan(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Plan a visit."""
    given = {name: request.POST.get(name, "") for name in ("at", "minutes", "kind", "place", "purpose")}
    try:
        plan_visit(actor=actor, record=record, **given)
    except RefusedError as refusal:
        return _page(request, actor, record, refusal)
    messages.success(request, _("The visit is planned."))
    return redirect("visits", record)


@require_POST
@signed_in(Permission.CASELOAD)
def change(request: HttpRequest, actor: Actor, record: UUID, visit: UUID, what: str) -> HttpResponse:
    """Move, cancel, note as held, or take the last of these back."""
    try:
        if what == "move":
            move_visit(actor=actor, record=record, visit=visit, at=request.POST.get("new_at", ""))
            words = _("The visit has a new time.")
        else:
            act, words = {
                "cancel": (cancel_visit, _("The visit is cancelled. You can take that back below.")),
                "hold": (hold_visit, _("Noted as held.")),
                "reopen": (reopen_visit, _("The visit is planned again.")),
            }[what]
            act(actor=actor, record=record, visit=visit)
    except RefusedError as refusal:
        # The field stands once per visit; the summary names the reason without a link.
        return _page(request, actor, record, RefusedError(refusal.message))
    messages.success(request, words)
    return redirect("visits", record)


def _page(request: HttpRequest, actor: Actor, record: UUID, refusal: RefusedError | None = None) -> HttpResponse:
    found = read(actor, record, Permission.READ, "visit:read", what="visits")
    now = timezone.now()
    every = list(found.visits.select_related("planned_by"))
    open_ones = [one for one in every if one.held is None and one.cancelled is None]
    context = {
        "coming": [one for one in open_ones if one.at >= now],
        "unsettled": [one for one in open_ones if one.at < now],
        "past": sorted((one for one in every if one not in open_ones), key=lambda one: one.at, reverse=True),
        "kinds": Visit.Kind.choices,
    }
    return answer(request, actor, found, "clinic/visits.html", context, refusal)
