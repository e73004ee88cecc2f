"""Words put in every text of a record turn up on its pages for those who may read them, and nowhere else: in no log, no
address, no cookie, no e-mail, no cache, no job, no event, and on nobody else's page.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django_tasks_db.models import DBTaskResult

from hoofbeat.web.audit.models import Event
from tests.web.addresses import address, ours
from tests.web.forms import forms_in
from tests.web.full_record import fill
from tests.web.test_urls import everybody
from tests.web.url_table import RELATED
from tests.web.world import World

pytestmark = pytest.mark.django_db

CANARY = "Quetzalcanary"
TYPED = "Typedcanary"


class Caught(logging.Handler):
    """Keeps every line as the console would show it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What the real handler of the console prints, formatted and filtered as it does."""
    console = next(handler for handler in logging.getLogger("django").handlers)
    caught = Caught()
    caught.filters, caught.formatter = console.filters, console.formatter
    loggers = [logging.getLogger("django"), logging.getLogger()]
    for logger in loggers:
        logger.addHandler(caught)
    yield caught.lines
    for logger in loggers:
        logger.removeHandler(caught)


def canaries_in(text: str) -> bool:
    return CANARY in text or TYPED in text


def assert_nowhere_else(logged: list[str]) -> None:
    assert not [line for line in logged if canaries_in(line)]
    for message in mail.outbox:
        assert not canaries_in(str(message.message()))
    for event in Event.objects.all():
        assert not canaries_in(json.dumps(event.detail) + event.verb)
    for job in DBTaskResult.objects.all():
        assert not canaries_in(json.dumps(job.args_kwargs) + job.traceback)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM shared_cache")
        assert not [key for key, value in cursor.fetchall() if canaries_in(f"{key}{value}")]


def assert_nothing_in_headers(client: Client, answer: object, what: str) -> None:
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Disposition"}  # type: ignore[attr-defined]
    assert not canaries_in(str(headers)), f"{what}: a header tells it"
    assert not canaries_in(str(client.cookies)), f"{what}: a cookie tells it"


def test_what_a_record_says_is_shown_to_those_related_to_it_alone(world: World, logged: list[str]) -> None:
    known = fill(world, CANARY)
    shown = set()
    for who, client in everybody(world).items():
        for name in ours():
            answer = client.get(address(name, known))
            body = b"".join(answer).decode(errors="replace")
            assert_nothing_in_headers(client, answer, f"GET {name} as {who}")
            if CANARY in body:
                shown.add(who)
                assert who in RELATED or (who == "administrator" and name == "staff"), f"{name} tells it to {who}"
            assert not canaries_in(answer.headers.get("Location", ""))
    assert "clinician" in shown
    assert_nowhere_else(logged)


@pytest.mark.parametrize("who", ["clinician", "coordinator", "patient", "parent", "administrator"])
def test_what_somebody_types_goes_into_the_record_alone(who: str, world: World, logged: list[str]) -> None:
    known = fill(world, CANARY)
    client = world.client(who)
    for name in ours():
        page = client.get(address(name, known))
        if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html"):
            continue
        for form in forms_in(b"".join(page).decode()):
            if form.method != "POST" or "/sign-in/" in form.action:
                continue
            with transaction.atomic():
                answer = client.post(form.action or page.wsgi_request.path, form.filled(TYPED))
                assert answer.status_code < 500
                assert_nothing_in_headers(client, answer, f"POST {form.action} as {who}")
                assert_nowhere_else(logged)
                transaction.set_rollback(True)
        for form in forms_in(b"".join(page).decode()):
            # What is typed into a form that is sent by GET ends up in addresses, and so in logs of servers on the way.
            assert not (form.method == "GET" and form.typed), f"{name}: {form.typed} goes into an address"
