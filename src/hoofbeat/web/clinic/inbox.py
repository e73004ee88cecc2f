"""The inbox: what families wrote and told and nobody has answered or decided on, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.records.models import Message, Record, RecordedFinding
from hoofbeat.web.records.waiting import inbox_count, inbox_of

PER_PAGE = 30


@dataclass(frozen=True)
class Letter:
    """One thing in the inbox as it is shown: in which record, from whom, since when, and what."""

    record: Record
    at: datetime
    author: str
    message: Message | None = None
    finding: RecordedFinding | None = None


@require_safe
@signed_in(Permission.CASELOAD)
def inbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Messages of families and told findings that wait for the team. Looking marks nothing as read."""
    count = inbox_count(actor)
    page = Paginator(range(count), PER_PAGE).get_page(request.GET.get("page"))
    letters = _letters(actor, max(page.start_index() - 1, 0), page.end_index())
    add_event("inbox:read", actor=actor, detail={"things": len(letters)})
    return show(request, "clinic/inbox.html", {"letters": letters, "found": page, "now": timezone.now()})


def _letters(actor: Actor, start: int, end: int) -> list[Letter]:
    waiting = inbox_of(actor, start, end)
    records = Record.objects.readable_by(actor).in_bulk([one.record for one in waiting])
    messages = Message.objects.select_related("author").in_bulk([one.pk for one in waiting if one.kind == "message"])
    findings = RecordedFinding.objects.select_related("said_by").in_bulk(
        [one.pk for one in waiting if one.kind == "finding"]
    )
    letters = []
    for one in waiting:
        record, message, finding = records.get(one.record), messages.get(one.pk), findings.get(one.pk)
        # Somebody may have taken a thing away since it was counted.
        if record is not None and (message is not None or finding is not None):
            author = message.author.name if message else finding.said_by.name if finding else ""
            letters.append(Letter(record, one.at, author, message, finding))
    return letters
