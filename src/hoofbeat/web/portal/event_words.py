"""What an event of the audit chain was, in words for the family."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.plain_words import role_name
from hoofbeat.web.audit.models import Event

LOOKING = ("read", "list", "search", "download", "view", "compare", "show", "open", "preview", "find")

GLASS = "record:break_glass"


@dataclass(frozen=True)
class Look:
    """One thing that somebody did with the record on one day, and how often."""

    day: date
    who: str
    role: str
    what: str
    why: str
    times: int
    is_glass: bool


def looks(events: Iterable[Event]) -> list[Look]:
    """Events, newest first, with the same done by the same person on the same day said once."""
    found: dict[tuple[date, str, str, str, str, bool], int] = {}
    for event in events:
        key = (
            timezone.localtime(event.at).date(),
            event.actor.name if event.actor else _("The system"),
            role_name(event.role) if event.role else _("patient or family"),
            event_words(event.verb),
            # The reason for a diagnosis is told in a talk, not on a list.
            event.why if event.verb == GLASS else "",
            event.verb == GLASS,
        )
        found[key] = found.get(key, 0) + 1
    return [
        Look(day, who, role, what, why, times, glass) for (day, who, role, what, why, glass), times in found.items()
    ]


def event_words(verb: str) -> str:
    """One verb in words. A verb that is new here is still told, by what kind of thing was done."""
    known = {
        "record:break_glass": _("opened the record without being in the team"),
        "record:break_glass_refused": _("tried to open the record without being in the team"),
        "record:create": _("began the record"),
        "differential:end_release": _("took back what was shared"),
        "differential:rank_again": _("let the computer compare diseases again"),
        "document:share": _("shared a document, or took it back"),
        "record:release": _("sent something out, as agreed"),
        "record:export_preview": _("looked at what would be sent out"),
        "record:export_page": _("looked at what would be sent out"),
        "differential:read": _("looked at which diseases could fit"),
        "differential:release": _("shared what was talked about"),
        "diagnosis:confirm": _("confirmed a diagnosis"),
        "diagnosis:withdraw": _("took back a diagnosis"),
        "finding:tell": _("told a sign"),
        "finding:take_back_told": _("took back a sign that was told"),
        "finding:decide_told": _("decided on a sign that was told"),
        "story:tell": _("told the story"),
        "story:mark_read": _("read the story"),
        "consent:give": _("agreed to sharing"),
        "consent:withdraw": _("took back an agreement"),
        "message:send": _("wrote a message"),
        "message:mark_read": _("read messages"),
        "people:invite": _("invited somebody to this record"),
        "people:accept": _("accepted an invitation"),
        "people:end_link": _("ended somebody's access"),
        "people:withdraw_invitation": _("withdrew an invitation"),
        "people:read": _("looked at who has access"),
        "portal:read": _("looked at these pages"),
        "audit:read": _("looked at who looked"),
        "caseload:read": _("saw a line about you on the list of patients"),
        "inbox:read": _("saw what you sent, on the list of what waits"),
        "portal:list": _("saw the name on the list of records"),
        "waiting:assign": _("said who looks after something you sent"),
        "task:finish": _("saw to a task"),
        "consent:dissent": _("said no to sharing"),
        "consent:dissent_of_child": _("wrote down the child's no to sharing"),
        "consent:take_back_dissent": _("took back a no to sharing"),
        "consent:resolve_dissent": _("wrote down how a no to sharing was resolved"),
        "consent:renew": _("agreed to sharing again, now themself"),
        "consent:majority_notice": _("asked what may be shared after coming of age"),
        "consent:read": _("looked at what you agreed to"),
        "proxy:end_notice": _("said that acting for somebody ends soon, or has ended"),
        "people:shared_contact": _("noticed that two people share an address"),
    }
    if verb in known:
        return known[verb]
    noun, _colon, act = verb.partition(":")
    nouns = {
        "record": _("the record"), "finding": _("signs and findings"), "document": _("documents"),
        "visit": _("visits"), "family": _("the family"), "test": _("earlier tests"), "team": _("the team"),
        "background": _("the background"), "message": _("messages"), "story": _("the story"),
        "inbox": _("messages"),
    }  # fmt: skip
    thing = nouns.get(noun, _("the record"))
    if act.startswith(LOOKING):
        return _("looked at %(thing)s") % {"thing": thing}
    return _("worked on %(thing)s") % {"thing": thing}
