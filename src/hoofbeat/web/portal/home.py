"""The first page of patients and of those who care for them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.records.models import Record


@signed_in(portal=True)
def portal(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whose record it is, and what is new."""
    return show(request, "clinic/caseload.html", {"records": Record.objects.readable_by(actor)})
