"""The plan of the work-up, as a clinician released it: what will be asked and done, in plain words."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.guard import signed_in
from hoofbeat.web.portal.place import open_page, show_page
from hoofbeat.web.records.plan_words import in_words


@require_safe
@signed_in(portal=True)
def plan(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """What was released, or that nothing is."""
    record = open_page(actor, pk, "plan")
    one = record.plans.filter(ended__isnull=True).select_related("released_by").first()
    return show_page(request, actor, record, "plan.html", {"plan": one, "steps": in_words(one.steps) if one else ()})
