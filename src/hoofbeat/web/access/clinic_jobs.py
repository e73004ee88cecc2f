"""Which background jobs concern a clinic. A job knows a file, a question or a person; whose those are says which.

What concerns another clinic, or more than one, is never given: an e-mail to somebody who is known in two clinics is
left to `hoofbeat config check`. Jobs of the whole installation concern every clinic, and only the one clinic of an
installation may do something about them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from hoofbeat.web.access import job_words
from hoofbeat.web.access.models import Clinic, JobPutAside, Membership, PatientLink
from hoofbeat.web.records.models import Genome, GenomeQuestion

SHARED = frozenset({job_words.DAILY, job_words.MONTHLY, job_words.LOOK_AT_SOME})
LATE = timedelta(minutes=15)
_OPEN = ("FAILED", "READY")


@dataclass(frozen=True)
class ClinicJob:
    """A job that failed or waits, as an administrator sees it."""

    id: UUID
    task_path: str
    error: str
    failed: bool
    asked_for: datetime
    last_try: datetime | None
    # None: as soon as its turn comes.
    next_try: datetime | None
    tries: int
    shared: bool
    may_act: bool
    aside: JobPutAside | None = None

    @property
    def is_planned(self) -> bool:
        """Whether nothing went wrong and its time is still to come."""
        return not self.tries and self.next_try is not None

    @property
    def is_late(self) -> bool:
        """Whether it waits for longer than a worker needs to come by."""
        due = self.next_try or self.asked_for
        return not self.failed and due < timezone.now() - LATE


def open_jobs(clinic: UUID) -> list[ClinicJob]:
    """The jobs of a clinic that failed or wait, those that failed first, each group from the oldest on."""
    return _of(clinic, DBTaskResult.objects.filter(status__in=_OPEN))


def failed_count(clinic: UUID) -> int:
    """How many failed for good and nobody put aside."""
    failed = DBTaskResult.objects.filter(status="FAILED", put_aside__isnull=True)
    return len(_of(clinic, failed)) if failed.exists() else 0


def open_job(clinic: UUID, job: UUID) -> ClinicJob | None:
    """One job of a clinic that failed or waits."""
    return next(iter(_of(clinic, DBTaskResult.objects.filter(status__in=_OPEN, pk=job))), None)


def _of(clinic: UUID, rows: QuerySet[DBTaskResult]) -> list[ClinicJob]:  # type: ignore[type-arg]
    found = list(rows)
    owners = _owners(found)
    is_alone = Clinic.objects.count() == 1
    aside = {one.job_id: one for one in JobPutAside.objects.filter(job__in=found).select_related("by")}
    own = [
        ClinicJob(
            id=one.pk,
            task_path=one.task_path,
            error=one.exception_class_path,
            failed=one.status == "FAILED",
            asked_for=one.enqueued_at,
            last_try=one.finished_at or one.started_at,
            next_try=None if one.run_after == get_date_max() else one.run_after,
            tries=len(one.worker_ids),
            shared=one.task_path in SHARED,
            may_act=one.task_path not in SHARED or is_alone,
            aside=aside.get(one.pk),
        )
        for one in found
        if one.task_path in SHARED or owners.get(one.pk) == {clinic}
    ]
    return sorted(own, key=lambda one: (not one.failed, one.asked_for, one.id))


def _owners(jobs: list[DBTaskResult]) -> dict[UUID, set[UUID]]:  # type: ignore[type-arg]
    """The clinics that each job concerns."""
    about = {one.pk: (one.task_path, key) for one in jobs if (key := _about(one)) is not None}

    def keys(path: str) -> set[UUID]:
        return {key for task_path, key in about.values() if task_path == path}

    clinics: dict[tuple[str, UUID], set[UUID]] = {}

    def note(path: str, key: UUID, clinic: UUID) -> None:
        clinics.setdefault((path, key), set()).add(clinic)

    for key, clinic in Genome.objects.filter(pk__in=keys(job_words.READ_GENOME)).values_list("pk", "record__clinic"):
        note(job_words.READ_GENOME, key, clinic)
    asked = GenomeQuestion.objects.filter(pk__in=keys(job_words.ANSWER))
    for key, clinic in asked.values_list("pk", "record__clinic"):
        note(job_words.ANSWER, key, clinic)
    is_told = Q(user__in=keys(job_words.MAIL))
    for key, clinic in Membership.objects.filter(is_told).values_list("user", "clinic"):
        note(job_words.MAIL, key, clinic)
    for key, clinic in PatientLink.objects.filter(is_told).values_list("user", "record__clinic"):
        note(job_words.MAIL, key, clinic)
    return {job: clinics.get(what, set()) for job, what in about.items()}


# Where a job's arguments hold what it is about.
_PLACE = {job_words.MAIL: 1, job_words.READ_GENOME: 0, job_words.ANSWER: 0}


def _about(job: DBTaskResult) -> UUID | None:  # type: ignore[type-arg]
    place = _PLACE.get(job.task_path)
    if place is None:
        return None
    try:
        return UUID(job.args_kwargs["args"][place])
    except (IndexError, ValueError):
        return None
