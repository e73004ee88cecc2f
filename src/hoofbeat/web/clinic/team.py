"""Team and access: to whom the record is open, in the clinic and at home."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoofbeat.web.access.actions.team import add_to_team, end_team_member
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import Membership
from hoofbeat.web.access.plain_words import role_name, scope_words
from hoofbeat.web.access.roles import CARE_ROLES, Permission
from hoofbeat.web.clinic.record_page import answer
from hoofbeat.web.guard import signed_in
from hoofbeat.web.posted import posted_id
from hoofbeat.web.records.actions.change import RefusedError, read
from hoofbeat.web.records.models import Record


@require_safe
@signed_in(Permission.CASELOAD)
def team(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Who may open the record."""
    return _page(request, actor, record)


@require_POST
@signed_in(Permission.CASELOAD)
def add(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Open the record to a colleague."""
    try:
        user = posted_id(request, "user", _("choose somebody from the list"), field="user")
        add_to_team(actor=actor, record=record, user=user)
    except RefusedError as refusal:
        return _page(request, actor, record, refusal)
    messages.success(request, _("The record is open to them now."))
    return redirect("team", record)


@require_POST
@signed_in(Permission.CASELOAD)
def end_member(request: HttpRequest, actor: Actor, record: UUID, member_id: int) -> HttpResponse:
    """Close the record to a colleague, or to oneself."""
    try:
        gone = end_team_member(actor=actor, record=record, member=member_id)
    except RefusedError as refusal:
        return _page(request, actor, record, refusal)
    messages.success(request, _("The record is closed to %(who)s.") % {"who": gone.user.name})
    # Who has left the team has no page here any more.
    return redirect("caseload") if gone.user_id == actor.user.pk else redirect("team", record)


def _page(request: HttpRequest, actor: Actor, record: UUID, refusal: RefusedError | None = None) -> HttpResponse:
    found = read(actor, record, Permission.READ, "team:read", what="team and access")
    now = timezone.now()
    members = list(found.team.filter(end__isnull=True).select_related("user", "added_by").order_by("start", "pk"))
    links = list(found.links.select_related("user", "ended_by").order_by("start", "pk"))
    context = {
        "members": members,
        "colleagues": _colleagues(found, {one.user_id for one in members}),
        "links": [one for one in links if one.end is None or one.end > now],
        "past_links": [one for one in links if one.end is not None and one.end <= now],
        "broken": found.broken_glass.select_related("user").order_by("-start")[:10],
        "may_do": {one.pk: ", ".join(scope.name for scope in scope_words(one.scopes)) for one in links},
        "now": now,
    }
    return answer(request, actor, found, "clinic/team.html", context, refusal)


def _colleagues(record: Record, inside: set[UUID]) -> list[tuple[str, str]]:
    works = Membership.objects.filter(
        ~Q(user__in=inside), clinic=record.clinic_id, end__isnull=True, role__in=CARE_ROLES, user__is_active=True
    ).select_related("user")
    return [(str(one.user_id), f"{one.user.name}, {role_name(one.role)}") for one in works.order_by("user__name")]
