"""Looks at all open records again: once a month, and when somebody asks for it after new knowledge.

A job looks at some records and leaves the rest to the next one, so that e-mails do not wait for all of them.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.records.actions.reanalysis import look_again
from hoofbeat.web.records.earlier_knowledge import renew
from hoofbeat.web.running.planned import plan

MONTH = timedelta(days=30)
NIGHT = 2  # o'clock
AT_ONCE = 100  # records a job: some seconds
_LOG = logging.getLogger("hoofbeat.reanalysis")


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


def _tonight() -> datetime:
    now = timezone.localtime()
    night = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return night if night > now else night + timedelta(days=1)


def begin(after: UUID | None = None) -> bool:
    """Have the records behind one looked at, or all of them, unless that waits already. Whether it was begun."""
    with transaction.atomic():
        if is_waiting():
            return False
        look_at_some.enqueue(str(after or ""))
    return True


def is_waiting() -> bool:
    """Whether records wait to be looked at by the next job."""
    return DBTaskResult.objects.filter(task_path=look_at_some.module_path, status="READY").exists()


@task()
def look_at_some(after: str = "") -> None:
    """Look at the next records behind one, and have the job after this one go on."""
    renew()
    try:
        done = [record for record, _kept in islice(look_again(UUID(after) if after else None), AT_ONCE)]
    except KnowledgeError:
        _LOG.warning("no record was looked at again: there is no knowledge that can be used")
        return
    if len(done) == AT_ONCE:
        begin(done[-1])
