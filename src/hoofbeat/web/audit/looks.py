"""Who looked and who did what, day by day, in words: the same done by the same person on one day is said once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.plain_words import role_name
from hoofbeat.web.audit.event_words import Audience, event_words
from hoofbeat.web.audit.models import Event

GLASS = "record:break_glass"


@dataclass(frozen=True)
class Look:
    """One thing that somebody did with the record on one day: when last (`at`), and how often."""

    at: datetime
    who: str
    role: str
    what: str
    why: str
    times: int
    is_glass: bool


def by_month(found: Iterable[Look]) -> list[tuple[datetime, list[Look]]]:
    """Looks, newest first, month by month: a moment of the month, and what was done in it."""
    months = groupby(found, key=lambda one: timezone.localtime(one.at).strftime("%Y-%m"))
    return [(said[0].at, said) for said in (list(of) for _month, of in months)]


def looks(events: Iterable[Event], audience: Audience) -> list[Look]:
    """Events, newest first, in the words of an audience."""
    found: dict[tuple[date, str, str, str, str, bool], list[datetime]] = {}
    for event in events:
        is_glass = event.verb == GLASS
        key = (
            timezone.localtime(event.at).date(),
            event.actor.name if event.actor else _("The system"),
            role_name(event.role),
            event_words(event.verb, audience),
            # A family is told the reason for a diagnosis in a talk, not on a list.
            event.why if is_glass or audience is Audience.CLINIC else "",
            is_glass,
        )
        found.setdefault(key, []).append(event.at)
    return [Look(at[0], *key[1:-1], len(at), key[-1]) for key, at in found.items()]
