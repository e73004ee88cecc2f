"""Jobs that come back: each waits in the queue exactly once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult


def plan(job: Task[[], None], when: datetime | None = None, *, first: datetime | None = None) -> None:
    """Have a job in the queue exactly once; at a moment, or at `first` (or now) where it neither waits nor is done."""
    with transaction.atomic():
        waiting = DBTaskResult.objects.filter(task_path=job.module_path, status="READY")
        if when is not None:
            waiting.delete()
            job.using(run_after=when).enqueue()
        elif not waiting.exists() and not DBTaskResult.objects.running().filter(task_path=job.module_path).exists():
            (job if first is None else job.using(run_after=first)).enqueue()


def next_moment(job: Task[[], None]) -> datetime | None:
    """When a job that waits is due; None where it does not wait."""
    waiting = DBTaskResult.objects.filter(task_path=job.module_path, status="READY").order_by("run_after").first()
    return None if waiting is None else waiting.run_after
