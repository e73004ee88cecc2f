"""When staff and a proxy are told that the proxy's access is about to end: 12, 6 and 1 months before. Pure."""

from __future__ import annotations

import calendar
from datetime import date

NOTICE_MONTHS = (12, 6, 1)  # decisions specification, section 7
MOST_NOTICE_DAYS = 367  # a year and a day more: further ahead no notice is due


def notices_due(end: date, since: date, today: date) -> tuple[int, ...]:
    """The notices (months before the end) whose day came after `since`, the last day looked at, and by `today`.

    Looked at daily or after a pause, each notice is due exactly once; none is due once the access has ended.
    """
    if today >= end:
        return ()
    return tuple(months for months in NOTICE_MONTHS if since < months_before(end, months) <= today)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
