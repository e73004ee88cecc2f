"""The process that does the jobs. A job whose worker was killed is done again, by the next worker on this machine.

That a worker lives shows by a lock on its file, which ends with its process however that ends.
"""

from __future__ import annotations

import fcntl
import os
import socket
import uuid
from pathlib import Path
from typing import IO

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoofbeat.web.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks_db.management.commands.db_worker import Worker  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from hoofbeat.web.running.jobs import plan_daily  # noqa: E402

INTERVAL_SECONDS = 1.0
# A job that took so many workers with it is not tried again.
ATTEMPTS_MAX = 5
QUEUE = "default"


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


def _machine() -> str:
    return socket.gethostname()[:24]


def main() -> None:
    """Work until asked to stop."""
    worker_id = f"{_machine()}-{uuid.uuid4().hex}"
    with hold_lock(worker_id):
        take_up_abandoned()
        plan_daily()
        worker = Worker(
            queue_names=[QUEUE], interval=INTERVAL_SECONDS, batch=False, backend_name="default", startup_delay=False,
            max_tasks=None, worker_id=worker_id, excluded_queue_names=[],
        )  # fmt: skip
        worker.configure_signals()
        worker.run()


if __name__ == "__main__":
    main()
