"""The clinic's caseload: the patients whose team one belongs to, and what waits for whom."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.records.models import Record


@signed_in(Permission.CASELOAD)
def caseload(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The patients that the actor cares for."""
    found = Record.objects.readable_by(actor).order_by("name")
    add_event("caseload:read", actor=actor, detail={"records": found.count()})
    return show(request, "clinic/caseload.html", {"records": found})


@signed_in(Permission.CASELOAD)
def inbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Messages and told findings that wait for the team."""
    return show(request, "clinic/caseload.html", {"records": Record.objects.none()})
