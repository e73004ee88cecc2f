"""Every address x who asks x method, against the table in tests/web/url_table.py."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from hoofbeat.web.audit.models import Event
from tests.web import world as build
from tests.web.addresses import address, ours, patterns
from tests.web.full_record import fill
from tests.web.url_table import ALLOWED, EVERYBODY, RELATED, ROWS, SIGN_IN_PAGES, Row, names, row_of
from tests.web.world import World

pytestmark = pytest.mark.django_db

ROWS_THERE = [row for row in ROWS if row.name in set(ours())]
SIGN_IN = "/sign-in/login/"


def test_every_address_has_a_row() -> None:
    assert [name for name, _ in patterns() if not name] == [], "an address needs a name"
    for name in ours():
        row_of(name)


def test_every_row_is_of_an_address() -> None:
    assert [name for name in names() if name not in set(ours())] == []
    assert [name for name, times in Counter(names()).items() if times > 1] == []
    assert {name for name, _ in patterns()} >= SIGN_IN_PAGES


def everybody(world: World) -> dict[str, Client]:
    elsewhere = build.staff(build.clinic())
    clients = {who: world.client(who) for who in world.people}
    return clients | {"elsewhere": build.client(elsewhere), "anonymous": Client()}


def send(client: Client, method: str, to: str, changes: list[str] | None = None) -> HttpResponse:
    """One request whose changes are taken back; `changes` gets the verbs of events that are no reads."""
    with transaction.atomic():
        before = Event.objects.count()
        answer = client.generic(method, to)
        if changes is not None:
            verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True)[before:])
            changes += [verb for verb in verbs if not READING.search(verb)]
        transaction.set_rollback(True)
    assert isinstance(answer, HttpResponse) or answer.streaming
    return answer  # type: ignore[return-value]


READING = re.compile(r":(read|list|export_preview|export_page)$")


def expected(row: Row, who: str, method: str) -> frozenset[int]:
    may = row.get if method == "GET" else row.post
    if who == "anonymous" and who not in row.insiders:
        return frozenset({302})
    if who not in row.insiders:
        return frozenset({403, 404}) if row.of_record and who in RELATED else frozenset({404})
    if may is None and method == "GET":
        return frozenset({302, 403, 404, 405})
    if may is None:
        # A page that only shows may leave the method unread.
        return frozenset({200, 302, 403, 404, 405})
    if who not in may and method == "POST" and who in (row.get or ()):
        return frozenset({200, 302, 403, 404, 422})
    if who not in may:
        return frozenset({302, 403, 404, 422}) if method == "POST" else frozenset({403, 404})
    return ALLOWED | {404} if row.may_be_missing else ALLOWED


@pytest.mark.parametrize("row", ROWS_THERE, ids=lambda row: row.name)
def test_everybody_gets_at_an_address_what_the_table_says(row: Row, world: World) -> None:
    known = fill(world, "Some words")
    clients = everybody(world)
    assert set(clients) == EVERYBODY
    to = address(row.name, known)
    wrong = []
    for who, client in clients.items():
        for method in ("GET", "POST"):
            changes: list[str] = []
            answer = send(client, method, to, changes)
            may = row.get if method == "GET" else row.post
            if changes and (method == "GET" or who not in (may or ())):
                wrong.append(f"{method} as {who} changed something: {changes}")
            right = expected(row, who, method)
            # Whether one is let in decides before the method does, or the other way round: both say nothing.
            if 404 in right or (who == "anonymous" and right == {302}):
                right = right | {405}
            if answer.status_code not in right:
                wrong.append(f"{method} as {who}: {answer.status_code}, expected {sorted(right)}")
            elif who == "anonymous" and right == {302, 405} and answer.status_code == 302:
                assert answer.headers["Location"].startswith(SIGN_IN)
    assert wrong == [], f"{row.name} ({to}): correct the view, or its row in tests/web/url_table.py"


@pytest.mark.parametrize("row", ROWS_THERE, ids=lambda row: row.name)
def test_no_address_takes_other_methods(row: Row, world: World) -> None:
    known = fill(world, "Some words")
    before = world.record.version
    for who in ("clinician", "parent"):
        client = world.client(who)
        for method in ("PUT", "PATCH", "DELETE"):
            answer = send(client, method, address(row.name, known))
            assert answer.status_code in {200, 302, 403, 404, 405}, f"{method} as {who}"
    world.record.refresh_from_db()
    assert world.record.version == before


@pytest.mark.parametrize("name", sorted(SIGN_IN_PAGES))
def test_a_sign_in_page_shows_nothing_of_a_record_and_does_not_fail(name: str, world: World) -> None:
    fill(world, "Zanzibarine words")
    for client in (world.client("clinician"), world.client("stranger"), Client()):
        answer = send(client, "GET", address(name, {"provider_id": "none", "uidb36": "0", "key": "x-y"}))
        assert answer.status_code < 500
        assert "Zanzibarine" not in b"".join(answer).decode(errors="replace")
