"""Work that outlives a request. Every job may run twice (its worker may be killed) and does no harm then."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from hoofbeat.web.access.models import PatientLink
from hoofbeat.web.access.roles import Role
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.audit.models import Event
from hoofbeat.web.mail import Kind, notify
from hoofbeat.web.records.files import remove_orphans

# Asked in time to renew it, and told on the day (decisions specification, section 7).
NOTICE_DAYS = 30
KEPT_JOBS_DAYS = 7
NOTICE_VERB = "proxy:end_notice"


@task()
def daily() -> None:
    """What is done once a day; plans its next day first."""
    plan_daily(timezone.now() + timedelta(days=1))
    tell_ending_proxies()
    remove_orphans()
    old = timezone.now() - timedelta(days=KEPT_JOBS_DAYS)
    DBTaskResult.objects.finished().filter(finished_at__lt=old).delete()


def plan_daily(when: object = None) -> None:
    """Have the daily job in the queue exactly once; at a moment, or now where it is not there."""
    with transaction.atomic():
        waiting = DBTaskResult.objects.filter(task_path=daily.module_path, status="READY")
        if when is not None:
            waiting.delete()
            daily.using(run_after=when).enqueue()  # type: ignore[arg-type]
        elif not waiting.exists() and not DBTaskResult.objects.running().filter(task_path=daily.module_path).exists():
            daily.enqueue()


def tell_ending_proxies() -> int:
    """Tell proxies, once each, that their access ends soon or has ended; how many were told."""
    now = timezone.now()
    told = 0
    near = PatientLink.objects.filter(
        role=Role.PROXY.value, ended_by__isnull=True,
        end__gt=now - timedelta(days=NOTICE_DAYS), end__lt=now + timedelta(days=NOTICE_DAYS),
    )  # fmt: skip
    for link in near.select_related("user", "record"):
        kind = Kind.PROXY_ENDED if link.end is not None and link.end <= now else Kind.PROXY_ENDS_SOON
        detail = {"link": link.pk, "kind": kind.value, "end": link.end.isoformat() if link.end else ""}
        if Event.objects.filter(verb=NOTICE_VERB, record=link.record_id, detail=detail).exists():
            continue
        with transaction.atomic():
            add_event(NOTICE_VERB, actor=None, record=link.record, detail=detail)
            notify(kind, link.user)
        told += 1
    return told
