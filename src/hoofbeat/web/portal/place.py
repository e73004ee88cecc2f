"""The frame of a family's pages: whose record it is, where one is in it, and what one may do there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.relations import permissions
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import RefusedError, read, read_thing
from hoofbeat.web.records.models import Record

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Place:
    """One tab."""

    url: str
    label: str
    current: bool


def open_page(actor: Actor, pk: UUID, what: str, permission: Permission = Permission.READ) -> Record:
    """The record, with the event that this page of it was shown."""
    return read(actor, pk, permission, "portal:read", what=what)


def open_page_of(
    actor: Actor, pk: UUID, what: str, of: Callable[[Record], Thing | None], permission: Permission = Permission.READ
) -> tuple[Record, Thing]:
    """The record and the thing of it that a page is about, with the event that it was shown. Raises NoSuchThingError
    where there is none; then nothing was shown, and nothing is noted.
    """
    return read_thing(actor, pk, permission, "portal:read", of, what=what)


def show_page(
    request: HttpRequest,
    actor: Actor,
    record: Record,
    template: str,
    context: Mapping[str, Any] | None = None,
    refusal: RefusedError | None = None,
) -> HttpResponse:
    """A page of the record in the family's frame."""
    may = permissions(actor, record)
    frame = {
        "record": record,
        "places": _places(request, record, may),
        "may": may,
        "errors": {refusal.field: refusal.message} if refusal else {},
        "given": request.POST.get("text", "") if refusal else "",
    }
    return show(request, f"portal/{template}", {**frame, **(context or {})}, status=422 if refusal else 200)


def _places(request: HttpRequest, record: Record, may: frozenset[Permission]) -> list[Place]:
    named = [
        ("portal_record", _("What is new")),
        ("portal_story", _("My story")),
        ("portal_messages", _("Messages")),
        ("portal_visits", _("Visits")),
        ("portal_documents", _("Documents")),
        ("portal_talked", _("What we talked about")),
        ("portal_plan", _("Our plan")),
        ("portal_team", _("My team")),
        ("portal_consents", _("What I agreed to")),
        ("portal_left", _("What left the clinic")),
    ]
    if Permission.WHO_LOOKED in may:
        named.append(("portal_looked", _("Who looked")))
    places = []
    for name, label in named:
        url = reverse(name, args=[record.pk])
        here = request.path == url if name == "portal_record" else request.path.startswith(url)
        places.append(Place(url, label, here))
    return places
