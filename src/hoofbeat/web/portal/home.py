"""The first page of patients and of those who care for them: whose record it is, and what is new there."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import Clinic
from hoofbeat.web.audit.chain import add_list_event
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.portal.news import news
from hoofbeat.web.portal.place import open_page, show_page
from hoofbeat.web.records.models import Record


@signed_in(portal=True)
def portal(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Straight to the one record; a choice between several; kind words where there is none."""
    found = Record.objects.readable_by(actor).select_related("clinic").order_by("name")
    if len(found) == 1:
        return redirect("portal_record", found[0].pk)
    add_list_event("portal:list", actor=actor, shown=(one.pk for one in found))
    return show(request, "portal/choose.html", {"records": found, "clinics": Clinic.objects.none()})


@signed_in(portal=True)
def record_home(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """What is new."""
    record = open_page(actor, pk, "home")
    link = record.links.filter(user=actor.user).order_by("-start").first()
    several = Record.objects.readable_by(actor).count() > 1
    context = {"news": news(record, actor), "link": link, "several": several, "today": timezone.localdate()}
    return show_page(request, actor, record, "home.html", context)
