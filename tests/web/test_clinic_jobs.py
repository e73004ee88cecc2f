"""The administrator's page of background jobs: what failed or waits in this clinic, and nothing of another one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from hoofbeat.web.access.job_words import KINDS, reason
from hoofbeat.web.access.models import JobPutAside, PatientLink
from hoofbeat.web.audit.models import Event
from hoofbeat.web.mail import Kind, notify, send_mail
from hoofbeat.web.records import genome_jobs, reanalysis_jobs
from hoofbeat.web.records.models import Genome, GenomeQuestion
from hoofbeat.web.running import jobs as running_jobs
from hoofbeat.web.running import reanalysis_job, worker
from tests.web import world as build
from tests.web.full_record import fill
from tests.web.test_jobs_and_mail import do_one_job
from tests.web.world import World

pytestmark = pytest.mark.django_db
JOBS = "/clinic/jobs/"


def failed(job: Task[Any, Any], *args: object, error: str = "builtins.ValueError", tries: int = 5) -> DBTaskResult:  # type: ignore[type-arg]
    """A job that failed for good."""
    job.enqueue(*args)
    row = DBTaskResult.objects.latest("enqueued_at")
    row.status, row.finished_at, row.worker_ids = "FAILED", timezone.now(), ["w"] * tries
    row.exception_class_path, row.traceback = error, "Quetzalcanary in a traceback"
    row.save()
    return row


def page(world: World, who: str = "administrator") -> str:
    return world.client(who).get(JOBS).content.decode()


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_a_clinic_in_which_nothing_went_wrong_reads_so(world: World) -> None:
    text = page(world)
    assert "Nothing failed." in text
    assert "Nothing waits." in text
    assert "Try again" not in text
    assert verbs().count("jobs:read") == 1


def test_a_failed_job_says_what_it_was_how_often_it_was_tried_and_why_without_a_word_of_a_patient(world: World) -> None:
    fill(world, "Quetzalcanary")
    failed(genome_jobs.read_genome, str(Genome.objects.get().pk), 1, error="builtins.FileNotFoundError")
    failed(genome_jobs.answer_question, str(GenomeQuestion.objects.get().pk), error="", tries=5)
    failed(send_mail, "news", str(world.parent.pk), error="smtplib.SMTPRecipientsRefused")
    text = page(world)
    for words in (
        "Read a file of variants",
        "A file that it needs is not there, or may not be read.",
        "The process that did it was stopped each time before it was done.",
        "The mail server did not take it.",
        "tried 5 times",
    ):
        assert words in text
    for hidden in ("Quetzalcanary", world.record.name, world.parent.name, world.parent.email, str(world.record.pk)):
        assert hidden not in text


def test_every_job_of_the_application_has_a_name_for_people() -> None:
    jobs = [
        one.module_path
        for module in (running_jobs, reanalysis_job, reanalysis_jobs, genome_jobs)
        for one in vars(module).values()
        if isinstance(one, Task)
    ]
    assert {send_mail.module_path, *jobs} == set(KINDS)


def test_an_error_that_nobody_foresaw_is_named_by_its_kind_alone() -> None:
    assert "ValueError" in reason(send_mail.module_path, "builtins.ValueError")
    assert reason(genome_jobs.read_genome.module_path, "django.db.utils.OperationalError").startswith("The database")


@pytest.mark.django_db(transaction=True)
def test_trying_again_does_the_job_and_leaves_one_event(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_server(self: EmailMessage, fail_silently: bool = False) -> int:
        raise ConnectionRefusedError

    notify(Kind.NEWS, world.parent)
    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", no_server)
        for _attempt in range(worker.ATTEMPTS_MAX):
            do_one_job()
            DBTaskResult.objects.update(run_after=timezone.now())
    row = DBTaskResult.objects.get()
    assert row.status == "FAILED"
    assert "The mail server did not answer." in page(world)
    world.client("administrator").post(f"{JOBS}{row.pk}/again/")
    assert [verb for verb in verbs() if verb.startswith("job:")] == ["job:try_again"]
    do_one_job()
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    assert "Nothing failed." in page(world)


def test_a_job_that_is_put_aside_is_not_tried_any_more_and_can_be_taken_up_again(world: World) -> None:
    notify(Kind.NEWS, world.parent)
    DBTaskResult.objects.update(
        exception_class_path="builtins.TimeoutError", worker_ids=["one"], run_after=timezone.now() + timedelta(hours=1)
    )
    row = DBTaskResult.objects.get()
    administrator = world.client("administrator")
    administrator.post(f"{JOBS}{row.pk}/aside/")
    administrator.post(f"{JOBS}{row.pk}/aside/")  # a second press does nothing
    row.refresh_from_db()
    assert row.status == "FAILED"
    assert [verb for verb in verbs() if verb.startswith("job:")] == ["job:put_aside"]
    text = page(world)
    assert "Nothing failed." in text
    assert f"put aside by {world.administrator.name}" in text
    administrator.post(f"{JOBS}{row.pk}/again/")
    row.refresh_from_db()
    assert row.status == "READY"
    assert not JobPutAside.objects.exists()
    assert Event.objects.latest("pk").detail == {"job": str(row.pk), "kind": "send_mail", "tries": 1}


def test_what_is_put_aside_goes_with_its_job_after_a_week(world: World) -> None:
    row = failed(send_mail, "news", str(world.parent.pk))
    JobPutAside.objects.create(job=row, by=world.administrator)
    DBTaskResult.objects.filter(pk=row.pk).update(finished_at=timezone.now() - timedelta(days=8))
    running_jobs.daily.call()
    assert not JobPutAside.objects.exists()


def test_a_job_that_waits_for_its_turn_is_no_matter_to_put_aside(world: World) -> None:
    notify(Kind.NEWS, world.parent)
    row = DBTaskResult.objects.get()
    assert "not tried yet" in page(world)
    world.client("administrator").post(f"{JOBS}{row.pk}/aside/")
    row.refresh_from_db()
    assert row.status == "READY"


def test_a_job_that_waits_too_long_points_to_the_worker(world: World) -> None:
    notify(Kind.NEWS, world.parent)
    warning = "Ask whoever runs the installation"
    assert warning not in page(world)
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(hours=1))
    assert warning in page(world)


def test_the_jobs_of_another_clinic_do_not_exist(world: World) -> None:
    there = World.small()
    fill(there, "Quetzalcanary")
    rows = [
        failed(send_mail, "news", str(there.parent.pk)),
        failed(genome_jobs.read_genome, str(Genome.objects.get().pk), 1),
        failed(genome_jobs.answer_question, str(GenomeQuestion.objects.get().pk)),
    ]
    assert page(world).count("tried 5 times") == 0
    assert page(there).count("tried 5 times") == 3
    for row in rows:
        for what in ("again", "aside"):
            assert world.client("administrator").post(f"{JOBS}{row.pk}/{what}/").status_code == 404
        row.refresh_from_db()
        assert row.status == "FAILED"
    assert "job:try_again" not in verbs()


def test_an_e_mail_to_somebody_known_in_two_clinics_is_shown_to_neither(world: World) -> None:
    there = World.small()
    PatientLink.objects.create(
        record=there.record, user=world.parent, role="proxy", relation="parent", end=timezone.now() + timedelta(days=9)
    )
    failed(send_mail, "news", str(world.parent.pk))
    assert "tried 5 times" not in page(world) + page(there)


def test_a_job_of_the_whole_installation_is_seen_to_by_its_one_clinic_and_only_read_by_several(world: World) -> None:
    row = failed(running_jobs.daily)
    assert "whole installation" in page(world)
    assert "Try again" in page(world)
    build.clinic()
    assert "Try again" not in page(world)
    world.client("administrator").post(f"{JOBS}{row.pk}/again/")
    row.refresh_from_db()
    assert row.status == "FAILED"


def test_the_menu_counts_what_failed(world: World) -> None:
    assert '<span class="count">' not in page(world)
    failed(send_mail, "news", str(world.parent.pk))
    assert '<span class="count">1<' in page(world)
