"""The caseload: the patients whose team one belongs to, where they are on the path, and what waits for whom.

What somebody searches for comes by POST, so that no name is in an address, a history or a log.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import CareTeamMember
from hoofbeat.web.access.relations import lasting
from hoofbeat.web.access.roles import GRANTS, Permission, Role
from hoofbeat.web.audit.chain import add_list_event
from hoofbeat.web.clinic.changes import waiting_changes
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.records.models import Record
from hoofbeat.web.records.models.record import RecordQuerySet
from hoofbeat.web.records.waiting import WAITING, with_waiting

PER_PAGE = 50
SOON = timedelta(days=7)
NAMED = 2  # so many people are named for whom something waits; the others are counted
SORTS = {
    "name": ("name", "pk"),
    "visit": (F("next_visit").asc(nulls_last=True), "name", "pk"),
    "waiting": (WAITING.desc(), "name", "pk"),
    "newest": ("-created", "pk"),
}


@dataclass(frozen=True)
class Wishes:
    """What somebody wants to see; another value than those offered counts as none."""

    query: str = ""
    status: str = ""
    waits: bool = False
    soon: bool = False
    lead: bool = False
    sort: str = "name"
    page: str = "1"

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Wishes:
        """From the fields of the form."""
        sort, status = given.get("sort", ""), given.get("status", "")
        return cls(
            query=given.get("q", "").strip().replace("\x00", "")[:120],
            status=status if status in Record.Status.values else "",
            waits=bool(given.get("waits")),
            soon=bool(given.get("soon")),
            lead=given.get("whose") == "lead",
            sort=sort if sort in SORTS else "name",
            page=given.get("page", "1"),
        )

    @property
    def any(self) -> bool:
        """Whether the list is narrowed."""
        return bool(self.query or self.status or self.waits or self.soon or self.lead)


@dataclass(frozen=True)
class Wait:
    """Things that wait for the same people."""

    what: tuple[str, ...]
    who: str


class Mate(NamedTuple):
    """Somebody in the team of a record."""

    user: UUID
    role: Role
    name: str


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Permission.CASELOAD)
def caseload(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The patients that the actor cares for."""
    wishes = Wishes.of(request.POST)
    found = Paginator(chosen(Record.objects.readable_by(actor), actor, wishes), PER_PAGE)
    page = found.get_page(wishes.page)
    today = timezone.localdate()
    records = list(page)
    teams = current_teams(records)
    rows = [(record, record.age_in_words(today), waits_of(record, teams[record.pk], actor)) for record in records]
    add_list_event("caseload:read", actor=actor, shown=(record.pk for record, *_rest in rows))
    moved = waiting_changes(actor).count() if actor.may_in_clinic(Permission.RANK) else 0
    context = {"rows": rows, "found": page, "wishes": wishes, "statuses": Record.Status.choices, "moved": moved}
    return show(request, "clinic/caseload.html", context)


def chosen(records: RecordQuerySet, actor: Actor, wishes: Wishes) -> RecordQuerySet:
    """The records that are wanted, in order, with what waits."""
    team = CareTeamMember.objects.filter(lasting())
    found = with_waiting(records, actor)
    if wishes.query:
        word = wishes.query
        found = found.filter(
            Q(name__icontains=word) | Q(preferred_name__icontains=word) | Q(local_number__icontains=word)
        )
    if wishes.status:
        found = found.filter(status=wishes.status)
    if wishes.waits:
        found = found.alias(waiting=WAITING).filter(waiting__gt=0)
    if wishes.soon:
        found = found.filter(Q(next_visit__lte=timezone.now() + SOON))
    if wishes.lead:
        first = team.filter(record=OuterRef("pk")).order_by("start", "pk").values("user")[:1]
        found = found.annotate(lead=Subquery(first)).filter(lead=actor.user.pk)
    return found.order_by(*SORTS[wishes.sort])


def current_teams(records: Collection[Record]) -> Mapping[UUID, list[Mate]]:
    """Who is in the team of each record now, the longest first; one query. Only what the list says of them is read: a
    page has some hundred and fifty.
    """
    rows = CareTeamMember.objects.filter(lasting(), record__in=[one.pk for one in records]).order_by("start", "pk")
    found: dict[UUID, list[Mate]] = {one.pk: [] for one in records}
    for record, user, role, name in rows.values_list("record", "user", "role", "user__name"):
        found[record].append(Mate(user, Role(role), name))
    return found


def waits_of(record: Record, team: Sequence[Mate], actor: Actor) -> list[Wait]:
    """What waits in a record that `chosen` found, and for whom."""
    counts = [
        (record.told, Permission.CONFIRM_TOLD, ngettext("%(n)d sign told", "%(n)d signs told", record.told)),  # type: ignore[attr-defined]
        (record.unread, Permission.MESSAGE, ngettext("%(n)d message", "%(n)d messages", record.unread)),  # type: ignore[attr-defined]
        (record.unread_story, Permission.CONFIRM_TOLD, _("new in the story")),  # type: ignore[attr-defined]
        (record.tasks_open, Permission.INVITE, ngettext("%(n)d task", "%(n)d tasks", record.tasks_open)),  # type: ignore[attr-defined]
        (record.moved_open, Permission.RANK, _("differential moved")),  # type: ignore[attr-defined]
    ]
    grouped: dict[str, list[str]] = {}
    for count, permission, words in counts:
        if count:
            text = words % {"n": count} if "%" in words else words
            grouped.setdefault(_for_whom(team, actor, permission), []).append(text)
    return [Wait(tuple(what), who) for who, what in grouped.items()]


def _for_whom(team: Sequence[Mate], actor: Actor, permission: Permission) -> str:
    able = [one for one in team if permission in GRANTS[one.role]]
    names = [one.name for one in able if one.user != actor.user.pk]
    if len(names) < len(able):
        names.insert(0, _("you"))
    if not names:
        return _("nobody in the team may do this: add a clinician")
    more = len(names) - NAMED
    rest = ngettext("%(n)d more", "%(n)d more", more) % {"n": more} if more > 0 else ""
    return ", ".join([*names[:NAMED], *([rest] if rest else [])])
