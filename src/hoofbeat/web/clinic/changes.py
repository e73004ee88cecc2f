"""What changed: the records whose differential new knowledge moved, the newest first, until somebody has looked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.chain import add_list_event
from hoofbeat.web.clinic.moved_words import reasons
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.posted import done_or_refused
from hoofbeat.web.records.actions.reanalysis import not_looked_at, see_change, unsee_change
from hoofbeat.web.records.actions.reanalysis_begin import begin_looking_again
from hoofbeat.web.records.models import RankingChange, Record
from hoofbeat.web.records.ranking import knowledge
from hoofbeat.web.records.reanalysis import ranked_with, still_looking
from hoofbeat.web.records.reanalysis_jobs import is_under_way
from hoofbeat.web.running.reanalysis_job import next_time

PER_PAGE = 20
FIRST = 3  # candidates that are shown of before and now: as many as the rule of an alert looks at


@dataclass(frozen=True)
class Shown:
    """One change as the page shows it. `before` and `now` have the first candidates, each with whether it was not among
    the first on the other side.
    """

    change: RankingChange
    reasons: list[SafeString]
    before: list[tuple[dict[str, Any], bool]]
    now: list[tuple[dict[str, Any], bool]]


@require_safe
@signed_in(Permission.RANK)
def changes(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What changed in the records that the actor reads: what waits for a look, or all of it."""
    is_all = request.GET.get("which") == "all"
    rows = waiting_changes(actor) if not is_all else _readable(actor)
    page = Paginator(rows.select_related("record", "before", "after", "seen_by"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    shown = [_shown(one) for one in page]
    add_list_event("reanalysis:read", actor=actor, shown=(one.change.record_id for one in shown))
    context = {"shown": shown, "found": page, "which": "all" if is_all else "open", **_state(actor)}
    return show(request, "clinic/changes.html", context)


@require_POST
@signed_in(Permission.RANK)
def seen(request: HttpRequest, actor: Actor, record: UUID, change: UUID) -> HttpResponse:
    """Somebody has looked at a change."""
    words = _("Noted that you looked at it. It stays under “All”, where you can take this back.")
    done_or_refused(request, partial(see_change, actor=actor, record=record, change=change), words)
    return _back(request)


@require_POST
@signed_in(Permission.RANK)
def unseen(request: HttpRequest, actor: Actor, record: UUID, change: UUID) -> HttpResponse:
    """Undo."""
    words = _("It waits for a look again.")
    done_or_refused(request, partial(unsee_change, actor=actor, record=record, change=change), words)
    return _back(request)


@require_POST
@signed_in(Permission.RANK)
def look_again(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Have all open records looked at again now, and not only next month."""
    if begin_looking_again(actor=actor):
        messages.success(request, _("The records are being looked at again. Come back to this page in a while."))
    else:
        messages.success(request, _("This is under way already."))
    return redirect("changes")


def waiting_changes(actor: Actor) -> QuerySet[RankingChange]:
    """What changed in the records that the actor reads and nobody has looked at, newest first."""
    return _readable(actor).filter(seen__isnull=True)


def _readable(actor: Actor) -> QuerySet[RankingChange]:
    mine = Record.objects.readable_by(actor).values("pk")
    return RankingChange.objects.filter(record__in=mine).order_by("-created", "pk")


def _back(request: HttpRequest) -> HttpResponse:
    which = "?which=all" if request.POST.get("which") == "all" else ""
    return redirect(f"{reverse('changes')}{which}")


def _shown(change: RankingChange) -> Shown:
    before, now = change.before.first[:FIRST], change.after.first[:FIRST]
    then, today = {one["id"] for one in before}, {one["id"] for one in now}
    return Shown(
        change,
        reasons(change),
        [(one, one["id"] not in today) for one in before],
        [(one, one["id"] not in then) for one in now],
    )


def _state(actor: Actor) -> dict[str, Any]:
    """How far re-analysis is in the records that the actor reads."""
    mine = Record.objects.readable_by(actor)
    state: dict[str, Any] = {
        "release": "",
        "left": 0,
        "is_under_way": is_under_way(),
        "next_time": next_time(),
        "last": mine.aggregate(last=Max("reanalysed"))["last"],
        "open_records": still_looking(mine).count(),
    }
    try:
        state["release"] = str(knowledge().release_info()["knowledge"])
        state["left"] = not_looked_at(mine, ranked_with()).count()
    except KnowledgeError:
        pass
    return state
