"""The whole work-up of a record: what first, what then if it is found or not; on paper, and for the family in plain
words once a clinician releases it.
"""

from __future__ import annotations

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
from hoofbeat.web.clinic.step_words import standing
from hoofbeat.web.clinic.work_up_words import shown_place
from hoofbeat.web.guard import signed_in
from hoofbeat.web.no_knowledge import knowledge_missing
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import RefusedError, read
from hoofbeat.web.records.actions.next_step import end_plan, release_plan
from hoofbeat.web.records.next_steps import NextSteps
from hoofbeat.web.records.plan import checksum_of, plan_of
from hoofbeat.web.records.plan_words import in_words


@require_safe
@signed_in(Permission.CASELOAD)
def work_up(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """The tree for the clinic, and what the family would read and reads."""
    return _page(request, actor, record)


@require_POST
@signed_in(Permission.CASELOAD)
def release(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Let the family read the plan."""
    try:
        release_plan(
            actor=actor, record=record, words=request.POST.get("words", ""), previewed=request.POST.get("previewed", "")
        )
    except (RefusedError, KnowledgeError) as refusal:
        return _page(request, actor, record, refusal)
    messages.success(request, _("The family sees the plan now on their pages."))
    return redirect("work_up", record)


@require_POST
@signed_in(Permission.CASELOAD)
def end(request: HttpRequest, actor: Actor, record: UUID, plan: UUID) -> HttpResponse:
    """Take the plan back."""
    try:
        end_plan(actor=actor, record=record, plan=plan)
    except RefusedError as refusal:
        return _page(request, actor, record, refusal)
    messages.success(request, _("The family no longer sees the plan."))
    return redirect("work_up", record)


def _page(
    request: HttpRequest, actor: Actor, record: UUID, refusal: RefusedError | KnowledgeError | None = None
) -> HttpResponse:
    found = read(actor, record, Permission.RANK, "plan:read", what="work-up, refused" if refusal else "")
    context: dict[str, Any] = frame(actor, found, "next_step")
    if isinstance(refusal, KnowledgeError):
        return knowledge_missing(request, context, refusal)
    try:
        steps = NextSteps.of(found)
        protocol = steps.work_up() if steps else None
        vetoes = standing(steps.vetoes()) if steps else []
    except KnowledgeError as error:
        return knowledge_missing(request, context, error)
    drafted = plan_of(protocol) if protocol else []
    plans = list(found.plans.select_related("released_by"))
    context |= {
        "ranking": shown(steps.ranked, 1) if steps else None,
        "start": shown_place(protocol.start) if protocol else None,
        "draft": in_words(drafted),
        "previewed": checksum_of(drafted),
        "vetoes": vetoes,
        "released": [(one, in_words(one.steps)) for one in plans if one.ended is None],
        "ended": [one for one in plans if one.ended is not None],
        "errors": {refusal.field: refusal.message} if refusal else {},
        "given": request.POST,
    }
    return show(request, "clinic/work_up.html", context, status=422 if refusal else 200)
