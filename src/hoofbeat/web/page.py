"""Shows a page in the frame: the menu of whoever is asking, and how many things wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.clinic_jobs import failed_count
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.access.second_step import passed_second_step
from hoofbeat.web.records.waiting import inbox_count


@dataclass(frozen=True)
class MenuItem:
    """A place in the menu, and how much waits there."""

    label: str
    url: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class Page:
    """What the frame shows beside the page itself."""

    actor: Actor | None
    menu: tuple[MenuItem, ...]
    fictional: bool


def actor_of(request: HttpRequest) -> Actor | None:
    """Who is asking, or None."""
    return getattr(request, "actor", None)


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page. It is never kept by a cache on the way: it is about one person."""
    # The page for our own faults asks the database nothing.
    frame = _page(request, counted=status < 500)
    made = render(request, template, {"page": frame, **(context or {})}, status=status, using="jinja2")
    made["Cache-Control"] = "no-store"
    return made


def sign_in_frame(request: HttpRequest) -> dict[str, Any]:
    """The same frame for the pages that come with allauth (a context processor of Django's own templates)."""
    page = _page(request)
    return {"page": page, "has_second_step": page.actor is not None and passed_second_step(request, page.actor.user)}


def _page(request: HttpRequest, *, counted: bool = True) -> Page:
    actor = actor_of(request)
    return Page(actor, _menu(request, actor, counted=counted), settings.CONFIGURATION.demo)


def _menu(request: HttpRequest, actor: Actor | None, *, counted: bool) -> tuple[MenuItem, ...]:
    if actor is None:
        return ()
    places: list[tuple[str, str, int]] = []
    if actor.may_in_clinic(Permission.CASELOAD):
        waiting = inbox_count(actor) if counted else 0
        places += [(_("Patients"), reverse("caseload"), 0), (_("Inbox"), reverse("inbox"), waiting)]
    if actor.may_in_clinic(Permission.STAFF):
        assert actor.clinic is not None  # the permission is of a clinic
        failed = failed_count(actor.clinic) if counted else 0
        places += [
            (_("Staff"), reverse("staff"), 0),
            (_("Jobs"), reverse("jobs"), failed),
            (_("Recipients"), reverse("recipients"), 0),
        ]
    if actor.may_in_clinic(Permission.RESEARCH):
        places.append((_("Research"), reverse("research"), 0))
    if not actor.is_staff:
        places.append((_("My pages"), reverse("portal"), 0))
    return tuple(MenuItem(label, url, request.path == url, count) for label, url, count in places)
