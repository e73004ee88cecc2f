"""Looks over an installation before people rely on it: Django's own list for production, and ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.mail import get_connection
from django.db.models import Count
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hoofbeat.interchange.avoid_file import read_avoid_records
from hoofbeat.interchange.burden_file import read_burdens
from hoofbeat.interchange.report import InputError
from hoofbeat.knowledge import releases
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import knowledge_store
from hoofbeat.web.configuration import (
    HOSTS_VARIABLE,
    INSECURE_VARIABLE,
    MAIL_VARIABLE,
    OIDC_VARIABLE,
    PROXIES_VARIABLE,
    SECOND_STEP_VARIABLE,
    Configuration,
)
from hoofbeat.web.oidc.description import look_at
from hoofbeat.web.records.step_tables import AVOID, BURDENS
from hoofbeat.web.running.start import waiting_migrations

LATE = timedelta(minutes=15)
PRIVATE_MODE = 0o077  # nothing for the group or for others


@dataclass(frozen=True)
class Remark:
    """One thing that was looked at: `error` must be repaired before the application is served, else it is advice."""

    error: bool
    what: str
    repair: str


def remarks() -> Iterator[Remark]:
    """Everything that is not as it should be; nothing when all is well."""
    configuration: Configuration = settings.CONFIGURATION
    for found in checks.run_checks(include_deployment_checks=not configuration.plain_http):
        yield Remark(found.is_serious(), f"{found.msg} ({found.id})", found.hint or "see Django's documentation of it")
    yield from _database()
    yield from _knowledge()
    yield from _step_tables(configuration)
    yield from _jobs()
    yield from _files(configuration)
    if configuration.plain_http and not configuration.demo:
        yield Remark(
            False,
            f"{INSECURE_VARIABLE} is on: passwords and records travel readable; good on this machine alone",
            f"behind a server that speaks HTTPS, leave {INSECURE_VARIABLE} away",
        )
    if not configuration.plain_http and set(configuration.hosts) <= {"localhost", "127.0.0.1", "[::1]"}:
        yield Remark(True, "no host name is set, so nobody else reaches it", f"{HOSTS_VARIABLE}=clinic.example.org")
    if not configuration.plain_http and not configuration.proxies:
        yield Remark(
            True,
            "no server that speaks HTTPS is set, so every page leads to itself",
            f"put one in front that sets X-Forwarded-For and X-Forwarded-Proto, and give {PROXIES_VARIABLE}=1",
        )
    yield from _oidc(configuration)
    if not configuration.mail:
        yield Remark(False, "no mail server is set: nobody gets e-mail", f"{MAIL_VARIABLE}=mail.example.org")
    else:
        yield from _mail(configuration.mail)


def _oidc(configuration: Configuration) -> Iterator[Remark]:
    """Asks the provider how it describes itself, as a sign-in would."""
    if configuration.oidc is None:
        if configuration.oidc_second_step:
            yield Remark(True, f"{SECOND_STEP_VARIABLE} is set without {OIDC_VARIABLE}", "set both, or neither")
        return
    found = look_at(configuration.oidc)
    if found:
        yield Remark(
            True, f"the sign-in provider {configuration.oidc.issuer}: {found}", f"see to it, or to {OIDC_VARIABLE}"
        )
    if not configuration.oidc_second_step:
        yield Remark(
            False,
            "the sign-in provider is not trusted with the second step, so staff set one up here too",
            f"where it asks for one itself: {SECOND_STEP_VARIABLE}=amr=mfa",
        )


def _database() -> Iterator[Remark]:
    try:
        waiting = waiting_migrations()
    except InputError as error:
        yield Remark(True, error.what, error.repair)
        return
    if waiting:
        yield Remark(True, f"the database waits for {len(waiting)} changes", "run `hoofbeat migrate`")


def _jobs() -> Iterator[Remark]:
    """What failed for good, what is tried again, and what nobody does."""
    if waiting_for_tables():
        return
    failed = DBTaskResult.objects.filter(status="FAILED")
    again = DBTaskResult.objects.filter(status="READY").exclude(exception_class_path="")
    late = DBTaskResult.objects.ready().filter(enqueued_at__lt=timezone.now() - LATE)
    for jobs, what, repair in (
        (failed, "failed and are not tried again", "see to the cause; they are kept for a week"),
        (
            again.exclude(pk__in=late),
            "failed and are tried again",
            "see to the cause, such as a mail server that is down",
        ),
        (
            late,
            f"wait for more than {LATE.seconds // 60} minutes",
            "see that `hoofbeat serve` runs: its worker does them",
        ),
    ):
        for row in jobs.values("task_path", "exception_class_path").annotate(n=Count("pk")).order_by("task_path"):
            name, cause = row["task_path"].rpartition(".")[2], row["exception_class_path"].rpartition(".")[2]
            because = f" ({cause})" if cause else ""
            yield Remark(False, f"jobs: {row['n']} × {name} {what}{because}", repair)


def waiting_for_tables() -> bool:
    """Whether the tables cannot be asked yet; that is told elsewhere."""
    try:
        return bool(waiting_migrations())
    except InputError:
        return True


def _knowledge() -> Iterator[Remark]:
    try:
        knowledge_store(releases.locate())
    except KnowledgeError as error:
        yield Remark(True, f"nothing can be ranked: {error.what}", error.repair)


def _step_tables(configuration: Configuration) -> Iterator[Remark]:
    """The clinic's own tables of what steps ask and of what must wait."""
    readers: tuple[tuple[str, Callable[[Path], object]], ...] = ((BURDENS, read_burdens), (AVOID, read_avoid_records))
    for name, read in readers:
        path = configuration.folder / name
        try:
            if path.exists():
                read(path)
        except InputError as error:
            yield Remark(True, f"{path}: {error.what}", error.repair)


def _files(configuration: Configuration) -> Iterator[Remark]:
    kept = [configuration.folder, configuration.folder / "secret", configuration.files]
    if configuration.database.engine == "sqlite":
        kept.append(Path(configuration.database.name))
    for path in kept:
        if path.exists() and path.stat().st_mode & PRIVATE_MODE:
            yield Remark(True, f"{path}: others on this machine may read it", f"chmod go-rwx {path}")


def _mail(host: str) -> Iterator[Remark]:
    try:
        connection = get_connection()
        connection.open()
        connection.close()
    except OSError as error:
        yield Remark(False, f"the mail server {host} does not answer: {error}", f"see to it, or to {MAIL_VARIABLE}")
