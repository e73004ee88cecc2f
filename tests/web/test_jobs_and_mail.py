"""Jobs survive their worker, and an e-mail says nothing but that there is something to read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hoofbeat.web.access.models import PatientLink
from hoofbeat.web.mail import SENTENCES, Kind, deliver, notify, send_mail
from hoofbeat.web.records.actions.messages import send_message
from hoofbeat.web.records.actions.visits import plan_visit
from hoofbeat.web.records.files import remove_orphans
from hoofbeat.web.records.genome_jobs import read_genome
from hoofbeat.web.records.models import Document
from hoofbeat.web.records.reanalysis_jobs import begin, look_at_some
from hoofbeat.web.running import checks, worker
from hoofbeat.web.running.jobs import daily, plan_daily, tell_ending_proxies
from tests.web.full_record import fill
from tests.web.world import World

pytestmark = pytest.mark.django_db
# The worker closes its connection between two jobs: no transaction of the test's own may be in it.
has_a_worker = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("kind", list(Kind))
def test_an_e_mail_names_nobody_and_has_no_link(kind: Kind, world: World) -> None:
    fill(world, "Quetzalcanary")
    deliver(kind, world.parent)
    (message,) = mail.outbox
    assert message.to == [world.parent.email]
    text = f"{message.subject} {message.body}"
    for word in ("Quetzalcanary", world.record.name, world.clinic.name, "http", "diagnos", "gene"):
        assert word not in text
    assert str(SENTENCES[kind]) in text


def test_an_e_mail_is_taken_back_with_what_it_tells_of(world: World) -> None:
    with transaction.atomic():
        notify(Kind.NEW_MESSAGE, world.parent)
        transaction.set_rollback(True)
    assert not DBTaskResult.objects.exists()
    notify(Kind.NEW_MESSAGE, world.parent)
    job = DBTaskResult.objects.get()
    assert job.args_kwargs == {"args": ["new_message", str(world.parent.pk)], "kwargs": {}}


def test_of_what_waits_an_e_mail_goes_first_then_a_genome_and_then_the_records_that_are_looked_at_again(
    world: World,
) -> None:
    begin()
    read_genome.enqueue(str(world.record.pk), 1)
    notify(Kind.NEW_MESSAGE, world.parent)
    waiting = [one.task_path for one in DBTaskResult.objects.ready()]
    assert waiting == [one.module_path for one in (send_mail, read_genome, look_at_some)]


@has_a_worker
def test_nobody_writes_to_an_account_that_was_closed(world: World) -> None:
    world.parent.is_active = False
    world.parent.save()
    notify(Kind.NEWS, world.parent)
    do_one_job()
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    assert mail.outbox == []


def do_one_job() -> None:
    """What the worker does with the oldest job whose time has come."""
    doer = worker.PatientWorker(
        queue_names=[worker.QUEUE], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=1,
        worker_id="the-worker-of-a-test", excluded_queue_names=[],
    )  # fmt: skip
    doer.run()


@has_a_worker
def test_a_job_that_fails_is_tried_again_later_and_then_told_to_who_looks_after_the_installation(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_server(self: EmailMessage, fail_silently: bool = False) -> int:
        raise ConnectionRefusedError("Quetzalcanary")

    notify(Kind.NEWS, world.parent)
    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", no_server)
        for attempt in range(1, worker.ATTEMPTS_MAX):
            do_one_job()
            job = DBTaskResult.objects.get()
            assert (job.status, len(job.worker_ids)) == ("READY", attempt)
            assert job.run_after is not None
            assert job.run_after > timezone.now() + worker.PAUSES[attempt - 1] - timedelta(seconds=30)
            do_one_job()
            assert len(DBTaskResult.objects.get().worker_ids) == attempt, "it is not due yet"
            assert "1 × send_mail failed and are tried again (ConnectionRefusedError)" in said_by_the_check()
            DBTaskResult.objects.update(run_after=timezone.now())
        do_one_job()
    assert DBTaskResult.objects.get().status == "FAILED"
    assert "1 × send_mail failed and are not tried again (ConnectionRefusedError)" in said_by_the_check()
    assert "Quetzalcanary" not in said_by_the_check()


def said_by_the_check() -> str:
    return "\n".join(remark.what for remark in checks.remarks())


@has_a_worker
def test_a_job_that_succeeds_at_last_is_told_no_more(world: World) -> None:
    notify(Kind.NEWS, world.parent)
    DBTaskResult.objects.update(exception_class_path="builtins.OSError", worker_ids=["one"])
    do_one_job()
    assert "send_mail" not in said_by_the_check()
    assert [message.to for message in mail.outbox] == [[world.parent.email]]


def test_jobs_that_nobody_does_are_told(world: World) -> None:
    notify(Kind.NEWS, world.parent)
    assert "send_mail" not in said_by_the_check()
    DBTaskResult.objects.update(enqueued_at=timezone.now() - 2 * checks.LATE)
    assert "1 × send_mail wait for more than 15 minutes" in said_by_the_check()


@has_a_worker
def test_an_e_mail_that_is_sent_twice_bears_the_same_name(world: World) -> None:
    notify(Kind.NEWS, world.parent)
    do_one_job()
    # Its worker was killed after sending and before noting it.
    DBTaskResult.objects.update(status="READY")
    do_one_job()
    names = [message.message()["Message-ID"] for message in mail.outbox]
    assert names == [f"<{DBTaskResult.objects.get().pk}@localhost>"] * 2


def test_a_worker_that_is_asked_twice_to_stop_ends_the_job_that_it_has_begun() -> None:
    doer = worker.PatientWorker(
        queue_names=[worker.QUEUE], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=1,
        worker_id="the-worker-of-a-test", excluded_queue_names=[],
    )  # fmt: skip
    doer.running_task = True
    doer.shutdown(signal.SIGTERM, None)
    doer.shutdown(signal.SIGTERM, None)
    assert not doer.running
    doer.running_task = False
    with pytest.raises(SystemExit) as ended:
        doer.shutdown(signal.SIGTERM, None)
    assert ended.value.code == 0


def running_job(worker_id: str, attempts: int = 1) -> DBTaskResult:  # type: ignore[type-arg]
    send_mail.enqueue("news", "00000000-0000-0000-0000-000000000000")
    job = DBTaskResult.objects.latest("enqueued_at")
    for _ in range(attempts):
        job.claim(worker_id)
    return job


def test_the_job_of_a_dead_worker_is_done_again_and_that_of_a_living_one_is_left() -> None:
    dead, living = f"{worker._machine()}-dead", f"{worker._machine()}-living"
    abandoned, busy = running_job(dead), running_job(living)
    elsewhere = running_job("another-machine-1")
    hopeless = running_job(dead, attempts=worker.ATTEMPTS_MAX)
    (worker.folder()).mkdir(parents=True, exist_ok=True)
    (worker.folder() / dead).touch()
    with worker.hold_lock(living):
        assert worker.take_up_abandoned() == 2
        assert (worker.folder() / living).exists()
    assert not (worker.folder() / dead).exists()
    states = [DBTaskResult.objects.get(pk=job.pk).status for job in (abandoned, busy, elsewhere, hopeless)]
    assert states == ["READY", "RUNNING", "RUNNING", "FAILED"]


def test_the_lock_of_a_worker_ends_with_its_process() -> None:
    name = f"{worker._machine()}-child"
    worker.folder().mkdir(parents=True, exist_ok=True)
    hold = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print(); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(worker.folder() / name)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert worker.is_alive(name)
        child.kill()
        child.wait()
        assert not worker.is_alive(name)


def test_the_daily_job_waits_exactly_once() -> None:
    plan_daily()
    plan_daily()
    assert DBTaskResult.objects.filter(task_path=daily.module_path).count() == 1
    daily.call()
    waiting = DBTaskResult.objects.get(task_path=daily.module_path)
    assert waiting.run_after > timezone.now() + timedelta(hours=23)


def test_a_proxy_is_told_once_that_their_time_ends(world: World) -> None:
    PatientLink.objects.filter(user=world.parent).update(end=timezone.now() + timedelta(days=10))
    PatientLink.objects.filter(user=world.reader).update(end=timezone.now() + timedelta(days=500))
    assert tell_ending_proxies() == 2  # `parent`, and `former` whose time is over since yesterday
    assert tell_ending_proxies() == 0
    assert {job.args_kwargs["args"][0] for job in DBTaskResult.objects.all()} == {"proxy_ends_soon", "proxy_ended"}
    PatientLink.objects.filter(user=world.parent).update(end=timezone.now() - timedelta(hours=1))
    assert tell_ending_proxies() == 1


def test_a_file_that_no_row_names_is_removed_after_a_day(world: World) -> None:
    fill(world, "Some words")
    folder = Path(settings.MEDIA_ROOT)
    kept = folder / Document.objects.get().file
    orphan, fresh = folder / "orphan", folder / "fresh"
    for path in (orphan, fresh):
        path.write_bytes(b"x")
    long_ago = time.time() - 3 * 24 * 3600
    for path in (kept, orphan):
        os.utime(path, (long_ago, long_ago))
    assert remove_orphans() == 1
    assert kept.exists()
    assert fresh.exists()
    assert not orphan.exists()


def told() -> list[list[str]]:
    """What e-mails are under way, to whom: oldest first."""
    return [list(job.args_kwargs["args"]) for job in DBTaskResult.objects.order_by("enqueued_at")]


def test_the_family_is_told_of_a_message_and_a_visit_and_an_exception_never_what(world: World) -> None:
    doctor, parent = world.actor(world.clinician), str(world.parent.pk)
    send_message(actor=doctor, record=world.record.pk, text="Canary")
    later = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    plan_visit(actor=doctor, record=world.record.pk, at=later, kind="phone", purpose="Canary")
    kinds = [kind for kind, to in told() if to == parent]
    assert kinds == [Kind.NEW_MESSAGE, Kind.VISIT]
    assert "Canary" not in str(told())


def test_a_proxy_without_the_scope_and_one_who_ended_are_not_told(world: World) -> None:
    PatientLink.objects.filter(user=world.parent).update(scopes=["see"])
    send_message(actor=world.actor(world.clinician), record=world.record.pk, text="hello")
    assert str(world.parent.pk) not in [to for _, to in told()]
    PatientLink.objects.filter(user=world.parent).update(
        scopes=["see", "message"], end=timezone.now() - timedelta(minutes=1)
    )
    send_message(actor=world.actor(world.clinician), record=world.record.pk, text="hello")
    assert str(world.parent.pk) not in [to for _, to in told()]


def test_what_the_family_writes_sends_no_e_mail(world: World) -> None:
    send_message(actor=world.actor(world.parent), record=world.record.pk, text="hello")
    assert told() == []
