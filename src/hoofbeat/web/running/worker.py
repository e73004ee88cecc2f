"""The process that does the jobs. A job whose worker was killed is done again, by the next worker on this machine; one
that failed is tried again later, a few times.

That a worker lives shows by a lock on its file, which ends with its process however that ends.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import socket
import sys
import time
import uuid
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import IO, Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoofbeat.web.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import InterfaceError, OperationalError, connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks_db.management.commands.db_worker import Worker  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from hoofbeat.web.records.newest_knowledge import renew  # noqa: E402
from hoofbeat.web.running.jobs import plan_daily  # noqa: E402
from hoofbeat.web.running.reanalysis_job import plan_monthly  # noqa: E402

INTERVAL_SECONDS = 1.0
# A job that was begun so often, and failed or took its worker with it each time, is not tried again.
ATTEMPTS_MAX = 5
# After a failure: a mail server that restarts is back in a minute, one that is being repaired in hours.
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
LOST_DATABASE_SECONDS = 1.0
QUEUE = "default"
_LOG = logging.getLogger("hoofbeat.worker")


def folder() -> Path:
    """Where the locks of this installation's workers lie."""
    return Path(settings.CONFIGURATION.folder) / "workers"


def hold_lock(worker_id: str) -> IO[str]:
    """The lock that says this worker lives, for as long as the file stays open."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (folder() / worker_id).open("w")
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return file


def is_alive(worker_id: str) -> bool:
    """Whether a worker lives; one of another machine is held to live."""
    if not worker_id.startswith(f"{_machine()}-"):
        return True
    try:
        with (folder() / worker_id).open("r") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def somebody_works() -> bool:
    """Whether a worker of this installation lives on this machine, and so its application is served."""
    own = f"{_machine()}-*"
    return folder().is_dir() and any(is_alive(path.name) for path in folder().glob(own))


def take_up_abandoned() -> int:
    """Put the jobs of dead workers back in the queue; how many."""
    taken = 0
    with transaction.atomic():
        for job in DBTaskResult.objects.running().select_for_update():
            if not job.worker_ids or is_alive(job.worker_ids[-1]):
                continue
            taken += 1
            if len(job.worker_ids) < ATTEMPTS_MAX:
                job.status, job.started_at = "READY", None
            else:
                job.status, job.finished_at = "FAILED", timezone.now()
            job.save(update_fields=["status", "started_at", "finished_at"])
    for path in folder().iterdir():
        if not is_alive(path.name):
            path.unlink(missing_ok=True)
    return taken


class PatientWorker(Worker):
    """Takes a failed job up again after a pause, and ends a job that it has begun before it ends itself."""

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        """Do one job with the newest knowledge. What it raised is kept with it; a later success takes that away."""
        renew()
        super().run_task(db_task_result)
        if db_task_result.status == "FAILED" and (pause := pause_after(len(db_task_result.worker_ids))):
            db_task_result.status, db_task_result.started_at = "READY", None
            db_task_result.finished_at, db_task_result.run_after = None, timezone.now() + pause
            db_task_result.save(update_fields=["status", "started_at", "finished_at", "run_after"])

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """End after the job under way, however often one is asked: a job that is broken off would count as failed."""
        self.running = False
        if not self.running_task:
            sys.exit(0)


def pause_after(attempts: int) -> timedelta | None:
    """How long a job waits after so many attempts; None when it was the last one."""
    return PAUSES[min(attempts, len(PAUSES)) - 1] if 0 < attempts < ATTEMPTS_MAX else None


def _machine() -> str:
    return socket.gethostname()[:24]


def work() -> None:
    """Do jobs until asked to stop, under a name of its own. Raises OperationalError, InterfaceError."""
    worker_id = f"{_machine()}-{uuid.uuid4().hex}"
    with hold_lock(worker_id):
        take_up_abandoned()
        plan_daily()
        plan_monthly()
        worker = PatientWorker(
            queue_names=[QUEUE], interval=INTERVAL_SECONDS, batch=False, backend_name="default", startup_delay=False,
            max_tasks=None, worker_id=worker_id, excluded_queue_names=[],
        )  # fmt: skip
        worker.configure_signals()
        worker.run()


def main() -> None:
    """Work until asked to stop; a database that goes away is waited for."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    is_told = False
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError):
            if not is_told:
                _LOG.warning("the database does not answer: jobs wait for it")
            is_told = True
            connections.close_all()
            time.sleep(LOST_DATABASE_SECONDS)
        except KeyboardInterrupt:
            return None


if __name__ == "__main__":
    main()
