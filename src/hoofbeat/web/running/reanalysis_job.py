"""Once a month, all open records are looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

from hoofbeat.web.records.reanalysis_jobs import begin
from hoofbeat.web.running.planned import next_moment, plan

MONTH = timedelta(days=30)
NIGHT = 2  # o'clock


@task()
def monthly() -> None:
    """Begin to look at all open records again; plans its next month first."""
    plan_monthly(timezone.now() + MONTH)
    begin()


def plan_monthly(when: datetime | None = None) -> None:
    """Have the monthly job in the queue exactly once; at a moment, or in the night to come where it is not there, when
    nobody waits for a page.
    """
    plan(monthly, when, first=_tonight())


def next_time() -> datetime | None:
    """When all open records are looked at again by themselves; None before the application was served once."""
    return next_moment(monthly)


def _tonight() -> datetime:
    now = timezone.localtime()
    night = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return night if night > now else night + timedelta(days=1)
