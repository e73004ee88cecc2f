"""The job that looks at open records again. One looks at some records and leaves the rest to the next one, so that
e-mails do not wait for all of them.
"""

from __future__ import annotations

import logging
from itertools import islice
from uuid import UUID

from django.db import transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.records.actions.reanalysis import look_again

AT_ONCE = 100  # records a job: some seconds
LAST = -10  # of the jobs that wait: somebody looks at the progress of a genome
_LOG = logging.getLogger("hoofbeat.reanalysis")


def begin(after: UUID | None = None) -> bool:
    """Have the records behind one looked at, or all of them, unless that waits already. Whether it was begun."""
    with transaction.atomic():
        # One that runs does not count: it is the one that goes on, and may have begun with older knowledge.
        if DBTaskResult.objects.filter(task_path=look_at_some.module_path, status="READY").exists():
            return False
        look_at_some.enqueue(str(after or ""))
    return True


def is_under_way() -> bool:
    """Whether records are looked at now, or wait for the next job."""
    return DBTaskResult.objects.filter(task_path=look_at_some.module_path, status__in=("READY", "RUNNING")).exists()


@task(priority=LAST)
def look_at_some(after: str = "") -> None:
    """Look at the next records behind one, and have the job after this one go on."""
    try:
        done = [record for record, _kept in islice(look_again(UUID(after) if after else None), AT_ONCE)]
    except KnowledgeError:
        _LOG.warning("no record was looked at again: there is no knowledge that can be used")
        return
    if len(done) == AT_ONCE:
        begin(done[-1])
