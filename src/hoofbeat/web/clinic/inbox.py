"""The inbox: what families wrote and told and what the application asks, newest first, and who sees to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import CareTeamMember
from hoofbeat.web.access.relations import lasting
from hoofbeat.web.access.roles import GRANTS, Permission, Role
from hoofbeat.web.audit.chain import add_list_event
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.posted import done_or_refused, posted_id
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.actions.tasks import assign as assign_thing
from hoofbeat.web.records.actions.tasks import finish_task
from hoofbeat.web.records.models import Assignment, Message, Record, RecordedFinding, StoryEntry, Task
from hoofbeat.web.records.waiting import Whose, inbox_count, inbox_of, needed_for

PER_PAGE = 30


@dataclass(frozen=True)
class Letter:
    """One thing in the inbox as it is shown: in which record, from whom, since when, what, and who sees to it.

    `team` are those who may see to it, as a form offers them; `to` is the identifier of who does, or empty.
    """

    kind: str
    pk: UUID
    record: Record
    at: datetime
    author: str
    thing: Any
    to: str = ""
    team: list[tuple[str, str]] = field(default_factory=list)

    @property
    def to_name(self) -> str:
        """Who sees to it."""
        return next((name for key, name in self.team if key == self.to), "")


@require_safe
@signed_in(Permission.CASELOAD)
def inbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for the team, for oneself, or for nobody in particular. Looking marks nothing as read."""
    whose = _whose(request.GET.get("whose", ""))
    count = inbox_count(actor, whose)
    page = Paginator(range(count), PER_PAGE).get_page(request.GET.get("page"))
    letters = _letters(actor, max(page.start_index() - 1, 0), page.end_index(), whose)
    add_list_event("inbox:read", actor=actor, shown=(one.record.pk for one in letters), detail={"things": len(letters)})
    context = {
        "letters": letters,
        "found": page,
        "now": timezone.now(),
        "whose": whose.value,
        "views": [(Whose.ALL, _("Everything")), (Whose.MINE, _("For me")), (Whose.NOBODY, _("For nobody yet"))],
        "task_words": task_words(),
        "task_pages": {two.pk: _task_page(two.thing) for two in letters if two.kind == "task"},
    }
    return show(request, "clinic/inbox.html", context)


@require_POST
@signed_in(Permission.CASELOAD)
def assign(request: HttpRequest, actor: Actor, record: UUID, thing: UUID) -> HttpResponse:
    """Say who sees to it; an empty choice: nobody in particular."""
    try:
        to = posted_id(request, "to", _("choose somebody from the list")) if request.POST.get("to") else None
        assign_thing(actor=actor, record=record, thing=thing, to=to)
    except RefusedError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Noted who sees to it.") if to else _("It is for nobody in particular now."))
    return redirect(f"{reverse('inbox')}?whose={_whose(request.POST.get('whose', '')).value}")


@require_POST
@signed_in(Permission.CASELOAD)
def finish(request: HttpRequest, actor: Actor, record: UUID, task: UUID) -> HttpResponse:
    """A task was seen to."""
    done_or_refused(request, partial(finish_task, actor=actor, record=record, task=task), _("Noted as seen to."))
    return redirect("inbox")


def task_words() -> dict[str, str]:
    """Tasks as people say them."""
    return {
        Task.Kind.RIGHTS_END.value: _("Somebody's rights to act for the patient end soon. Talk about what comes then."),
        Task.Kind.MAJORITY.value: _(
            "The patient comes of age. What others agreed to ends that day unless the patient agrees again."
        ),
        Task.Kind.SHARED_CONTACT.value: _(
            "The patient and somebody who acts for them are reached at one mailbox. Ask for an address of their own."
        ),
        Task.Kind.ASSENT.value: _(
            "The child asked something about a sharing, or is not sure. It stands under “Sharing”."
        ),
        Task.Kind.DISSENT.value: _("The child or a guardian says no to a sharing. It rests until this is resolved."),
        Task.Kind.MOVED.value: _("New knowledge makes a disease likely that was not before. See what changed."),
    }


def _task_page(task: Task) -> str:
    """The address of the page on which it is seen to."""
    if task.kind == Task.Kind.MOVED:
        return reverse("changes")
    name = "people" if task.kind in (Task.Kind.RIGHTS_END, Task.Kind.SHARED_CONTACT) else "sharing"
    return reverse(name, args=[task.record_id])


def _whose(given: str) -> Whose:
    return Whose(given) if given in set(Whose) else Whose.ALL


def _letters(actor: Actor, start: int, end: int, whose: Whose) -> list[Letter]:
    waiting = inbox_of(actor, start, end, whose)
    team = CareTeamMember.objects.filter(lasting()).select_related("user").order_by("start", "pk")
    readable = Record.objects.readable_by(actor).prefetch_related(Prefetch("team", team, to_attr="current_team"))
    records = readable.in_bulk({one.record for one in waiting})
    rows: dict[UUID, Any] = {}
    for kind, (model, author) in _ROWS.items():
        rows |= _in_bulk(model, author, [one.pk for one in waiting if one.kind == kind])
    standing = Assignment.objects.filter(ended__isnull=True, thing__in=[one.pk for one in waiting])
    assigned = {one.thing: str(one.to_id) for one in standing}
    letters = []
    for one in waiting:
        record, thing = records.get(one.record), rows.get(one.pk)
        # Somebody may have taken a thing away since it was counted.
        if record is None or thing is None:
            continue
        author = _ROWS[one.kind][1]
        name = getattr(thing, author).name if author else ""
        letters.append(
            Letter(one.kind, one.pk, record, one.at, name, thing, assigned.get(one.pk, ""), _able(record, thing))
        )
    return letters


_ROWS: dict[str, tuple[type[Message | RecordedFinding | StoryEntry | Task], str]] = {
    "message": (Message, "author"),
    "finding": (RecordedFinding, "said_by"),
    "story": (StoryEntry, "author"),
    "task": (Task, ""),
}


def _in_bulk(model: type[Any], author: str, keys: Iterable[UUID]) -> dict[UUID, Any]:
    rows = model.objects.select_related(author) if author else model.objects
    return dict(rows.in_bulk(list(keys)))


def _able(record: Record, thing: Model) -> list[tuple[str, str]]:
    needed = needed_for(thing)
    return [
        (str(one.user_id), one.user.name)
        for one in record.current_team  # type: ignore[attr-defined]
        if needed in GRANTS[Role(one.role)]
    ]
