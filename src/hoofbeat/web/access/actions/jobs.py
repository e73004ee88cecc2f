"""What an administrator does about a background job: have it tried again at once, or put it aside: it is not tried
any more then. Every job may run twice, so neither does harm.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult, get_date_max

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.clinic_jobs import ClinicJob, open_job
from hoofbeat.web.access.models import JobPutAside
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.records.actions.change import NoSuchThingError, RefusedError, needs_in_clinic


def try_again(*, actor: Actor, job: UUID) -> ClinicJob:
    """Have a job done as soon as its turn comes, also one that was put aside. Raises NoSuchThingError, RefusedError."""
    with transaction.atomic():
        found, row = _locked(actor, job)
        JobPutAside.objects.filter(job=row).delete()
        row.status, row.started_at, row.finished_at, row.run_after = "READY", None, None, get_date_max()
        row.save(update_fields=["status", "started_at", "finished_at", "run_after"])
        add_event("job:try_again", actor=actor, detail=_detail(found))
    return found


def put_aside(*, actor: Actor, job: UUID) -> ClinicJob:
    """Have a job not tried any more. Raises NoSuchThingError, RefusedError."""
    with transaction.atomic():
        found, row = _locked(actor, job)
        if found.aside is not None:
            raise RefusedError(_("this is put aside already"))
        if not found.tries:
            raise RefusedError(_("this has not been tried yet; it is done when its turn comes"))
        JobPutAside.objects.create(job=row, by=actor.user)
        row.status, row.finished_at = "FAILED", row.finished_at or timezone.now()
        row.save(update_fields=["status", "finished_at"])
        add_event("job:put_aside", actor=actor, detail=_detail(found))
    return found


def _locked(actor: Actor, job: UUID) -> tuple[ClinicJob, DBTaskResult]:  # type: ignore[type-arg]
    clinic = needs_in_clinic(actor, Permission.STAFF)
    # Locked before it is looked at: a worker may be about to take it.
    row = DBTaskResult.objects.select_for_update().filter(pk=job).first()
    found = open_job(clinic, job)
    if row is None or found is None:  # whether another clinic has one is not said
        raise NoSuchThingError
    if not found.may_act:
        raise RefusedError(_("this is a job of the whole installation; whoever runs it sees to it"))
    return found, row


def _detail(job: ClinicJob) -> dict[str, object]:
    return {"job": str(job.id), "kind": job.task_path.rpartition(".")[2], "tries": job.tries}
