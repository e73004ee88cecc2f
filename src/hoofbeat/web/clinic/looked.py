"""Who looked: the events of one record in words, newest first."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.event_words import Audience
from hoofbeat.web.audit.looks import looks
from hoofbeat.web.audit.models import of_record
from hoofbeat.web.clinic.record_page import answer
from hoofbeat.web.guard import signed_in
from hoofbeat.web.records.actions.change import read

PER_PAGE = 50


@require_safe
@signed_in(Permission.CASELOAD)
def looked(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Who, as what, when, what, why, and how often that day. Looking here is on the list too."""
    found = read(actor, record, Permission.WHO_LOOKED, "audit:read", what="who looked")
    events = of_record(found.pk).select_related("actor").order_by("-at", "-number")
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    context = {"looks": looks(page.object_list, Audience.CLINIC), "found": page}
    return answer(request, actor, found, "clinic/looked.html", context)
