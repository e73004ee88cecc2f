"""The overview of one record: what a doctor should know in ninety seconds; and what every page of a record shares."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.relations import permissions
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.explanation import shown
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.posted import posted_id
from hoofbeat.web.records.actions.change import RefusedError, read
from hoofbeat.web.records.actions.story import mark_story_read
from hoofbeat.web.records.models import Record, RecordedFinding
from hoofbeat.web.records.ranking import differential_of

FIRST = 5  # candidates on the overview
NEWEST = 3  # entries of the story that are shown unfolded, besides those that nobody has read
TESTS = 4  # newest earlier tests on the overview
STATE_ORDER = ("observed", "uncertain", "excluded", "not_assessed")


def frame(actor: Actor, record: Record, current: str) -> dict[str, Any]:
    """What the pages of a record share: the record, the tab, and what the actor may do there."""
    return {"record": record, "current": current, "may": permissions(actor, record)}


class Findings(NamedTuple):
    """The findings of a record: those that count, observed ones first and by name within a state; and what the patient
    or family told and nobody has decided on yet, the oldest first.
    """

    standing: list[RecordedFinding]
    told: list[RecordedFinding]


def findings_of(record: Record) -> Findings:
    """Both, by one query."""
    found = record.findings.filter(ended__isnull=True).select_related("said_by", "checked_by").order_by("created")
    standing = [one for one in found if one.standing == RecordedFinding.Standing.CONFIRMED]
    standing.sort(key=lambda one: (STATE_ORDER.index(one.state), one.label.casefold()))
    return Findings(standing, [one for one in found if one.standing == RecordedFinding.Standing.TOLD])


def stated(record: Record) -> dict[str, str]:
    """The state of each finding that counts, by its term."""
    return dict(record.findings.filter(ended__isnull=True, standing="confirmed").values_list("hpo", "state"))


@require_safe
@signed_in(Permission.CASELOAD)
def overview(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Who it is, where the search stands, what waits."""
    return _overview(request, actor, record)


@require_POST
@signed_in(Permission.CASELOAD)
def story_read(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Note that the story on the page was read."""
    try:
        until = posted_id(request, "until", _("nothing was marked; look at the story again"))
        mark_story_read(actor=actor, record=record, until=until)
    except RefusedError as refusal:
        return _overview(request, actor, record, refusal)
    messages.success(request, _("Marked as read. The family sees when, and by whom."))
    return redirect("record", record)


def _overview(request: HttpRequest, actor: Actor, record: UUID, refusal: RefusedError | None = None) -> HttpResponse:
    found = read(actor, record, Permission.READ, "record:read", what="overview")
    context = frame(actor, found, "record")
    ranking, is_missing = None, False
    if Permission.RANK in context["may"]:
        try:
            differential = differential_of(found)
            ranking = shown(differential, FIRST) if differential else None
        except KnowledgeError:
            is_missing = True
    now, stated_now = timezone.now(), findings_of(found)
    story = list(found.story.select_related("author", "read_by").order_by("-created"))
    shown_first = [one for place, one in enumerate(story) if place < NEWEST or one.read_at is None]
    return show(
        request,
        "clinic/record.html",
        {
            **context,
            "findings": stated_now.standing,
            "ranking": ranking,
            "knowledge_missing": is_missing,
            "confirmed": found.confirmations.filter(withdrawn__isnull=True).select_related("confirmed_by"),
            "told": stated_now.told,
            "unread": found.messages.filter(from_team=False, read_at__isnull=True).count(),
            "next_visit": found.visits.filter(at__gte=now, cancelled__isnull=True, held__isnull=True).first(),
            "story": shown_first,
            "story_before": [one for one in story if one not in shown_first],
            "story_unread": [one for one in story if one.read_at is None],
            "tests": found.tests.filter(ended__isnull=True).order_by("-when", "-created")[:TESTS],
            "errors": {} if refusal is None else {refusal.field: refusal.message},
        },
        status=200 if refusal is None else 422,
    )
