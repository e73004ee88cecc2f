"""Messages, visits, the team, and what was talked about."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.plain_words import role_name
from hoofbeat.web.access.relations import lasting
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.portal.place import open_page, show_page
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.actions.messages import mark_read, send_message
from hoofbeat.web.records.confidential import confiding, open_to
from hoofbeat.web.records.models import Record


@signed_in(portal=True)
def talk(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Messages with the team."""
    if request.method == "POST":
        try:
            send_message(
                actor=actor, record=pk, text=request.POST.get("text", ""),
                confidential=bool(request.POST.get("confidential")),
            )  # fmt: skip
        except RefusedError as refusal:
            return _talk(request, actor, open_page(actor, pk, "messages"), refusal)
        messages.success(request, _("Sent to your team."))
        return redirect("portal_messages", pk)
    return _talk(request, actor, open_page(actor, pk, "messages"))


@require_POST
@signed_in(portal=True)
def messages_read(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Note that the team's messages were read, up to the newest that was on the page."""
    try:
        mark_read(actor=actor, record=pk, until=UUID(request.POST.get("until", "")))
    except ValueError:
        raise Http404 from None  # no such message: nobody's form sends it
    except RefusedError:
        messages.error(request, _("That did not work. Open the messages once more."))
    if getattr(request, "htmx", False):
        return show(request, "portal/messages_read.html")
    return redirect("portal_messages", pk)


@signed_in(portal=True)
def visits(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Visits that come and those that were."""
    record = open_page(actor, pk, "visits")
    now = timezone.now()
    context = {
        "coming": record.visits.filter(at__gte=now, held__isnull=True).order_by("at"),
        "past": record.visits.filter(Q(at__lt=now) | Q(held__isnull=False)).order_by("-at"),
    }
    return show_page(request, actor, record, "visits.html", context)


@signed_in(portal=True)
def team(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Who cares for the patient, and who else has access from home."""
    record = open_page(actor, pk, "team")
    context = {
        "team": [
            (one, role_name(one.role)) for one in record.team.filter(lasting()).select_related("user").order_by("start")
        ],
        "links": [(one, role_name(one.role)) for one in record.links.filter(lasting()).select_related("user")],
    }
    return show_page(request, actor, record, "team.html", context)


@signed_in(portal=True)
def talked(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Only what a clinician released, after a talk, in their words."""
    record = open_page(actor, pk, "talked")
    released = record.shared.filter(ended__isnull=True).select_related("released_by")
    context = {
        "released": [
            (
                one,
                [each["name"] for each in one.candidates if "confirmed" not in each],
                [each["name"] for each in one.candidates if "confirmed" in each],
            )
            for one in released
        ]
    }
    return show_page(request, actor, record, "talked.html", context)


def _talk(request: HttpRequest, actor: Actor, record: Record, refusal: RefusedError | None = None) -> HttpResponse:
    said = list(record.messages.filter(open_to(actor, record)).select_related("author", "read_by").order_by("created"))
    unread = [one for one in said if one.from_team and one.read_at is None]
    return show_page(
        request,
        actor,
        record,
        "messages.html",
        {
            "said": said,
            "until": unread[-1] if unread else None,
            **confiding(actor, record),
        },
        refusal,
    )
