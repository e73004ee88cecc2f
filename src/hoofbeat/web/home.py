"""The first page, which leads everybody to theirs, and the pages for what goes wrong."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hoofbeat.web.access.roles import Permission
from hoofbeat.web.page import actor_of, show


def home(request: HttpRequest) -> HttpResponse:
    """To the caseload, the staff list or the portal; to the sign-in when nobody is signed in."""
    actor = actor_of(request)
    if actor is None:
        return redirect("demo_people" if settings.CONFIGURATION.demo else "account_login")
    if actor.may_in_clinic(Permission.CASELOAD):
        return redirect("caseload")
    if actor.may_in_clinic(Permission.STAFF):
        return redirect("staff")
    return redirect("research" if actor.may_in_clinic(Permission.RESEARCH) else "portal")


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the record is open to them, this is not."""
    return show(request, "403.html", status=403)


def not_taken(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what no form can take: more than the settings allow, or damaged."""
    return show(request, "400.html", status=400)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token is missing or of an earlier sign-in; nothing was changed."""
    return show(request, "form_too_old.html", status=403)


def nothing_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or no relation to it; which of the two is not said."""
    return show(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return show(request, "500.html", status=500)
