"""Who looked and who did what, day by day, in words for the family."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.plain_words import role_name
from hoofbeat.web.audit.event_words import Audience, event_words
from hoofbeat.web.audit.models import Event

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
            role_name(event.role),
            event_words(event.verb, Audience.FAMILY),
            # The reason for a diagnosis is told in a talk, not on a list.
            event.why if event.verb == GLASS else "",
            event.verb == GLASS,
        )
        found[key] = found.get(key, 0) + 1
    return [
        Look(day, who, role, what, why, times, glass) for (day, who, role, what, why, glass), times in found.items()
    ]
