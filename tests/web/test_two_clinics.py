"""Generated worlds of two clinics: nothing of the one can be reached, read or guessed from the other."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from hoofbeat.web.access.models import PatientLink
from hoofbeat.web.access.roles import Scope
from hoofbeat.web.records.models import Record
from tests.web import world as build
from tests.web.addresses import address, ours, parameters
from tests.web.full_record import fill
from tests.web.test_urls import send
from tests.web.world import World

pytestmark = pytest.mark.django_db

THEIRS = "Zanzibarine secret of the other clinic"
RECORD_PARAMETERS = {"record", "pk"}


def traces(there: World) -> list[str]:
    """What would give the other clinic away in a page."""
    found = ["Zanzibarine", *(str(record.pk) for record in there.records), *(one.name for one in there.records)]
    return [*found, there.clinic.name, *(person.email for person in there.people.values())]


def assert_no_trace(client: Client, method: str, to: str, there: World, *, who: str) -> int:
    answer = send(client, method, to)
    body = b"".join(answer).decode(errors="replace")
    told = body + str(answer.headers)
    # The address that was asked for may be repeated (in a link to sign in): it was known already.
    told = told.replace(to, "")
    for trace in traces(there):
        assert trace not in told, f"{method} {to} as {who} tells {trace!r}"
    return answer.status_code


@pytest.mark.parametrize("seed", range(4))
def test_nothing_of_another_clinic_is_reached(seed: int) -> None:
    here, there = World.two_clinics(seed)
    theirs, mine = fill(there, THEIRS), fill(here, "Our own words")
    there.records[0].refresh_from_db()
    mixed = {**theirs, **{name: mine[name] for name in RECORD_PARAMETERS}}
    swapped = {**mine, **{name: theirs[name] for name in RECORD_PARAMETERS}}
    for who in here.people:
        client = here.client(who)
        for name in ours():
            asked = parameters(name)
            # Where two name the same address it is asked once, as what names their record.
            addresses = {address(name, known): known for known in (mixed, swapped, theirs)}
            for to, known in addresses.items():
                for method in ("GET", "POST"):
                    status = assert_no_trace(client, method, to, there, who=who)
                    if RECORD_PARAMETERS & set(asked) and known is not mixed:
                        assert status in (404, 405), f"{method} {name} as {who}: {status}"


@pytest.mark.parametrize("seed", range(2))
def test_the_pages_of_a_clinic_hold_nothing_of_another(seed: int) -> None:
    here, there = World.two_clinics(100 + seed)
    fill(there, THEIRS)
    mine = fill(here, "Our own words")
    there.records[0].refresh_from_db()
    for who in here.people:
        client = here.client(who)
        for name in ours():
            assert assert_no_trace(client, "GET", address(name, mine), there, who=who) < 500


# What an address may name of a record that no test can know, as it is no row of one.
NO_ROWS = {"what", "key", "token", "user", "provider_id", "uidb36"}
GIVEN = {"what": "done", "to": "", "reason": "a test", "words": "a test"}
OF_A_RECORD = [name for name in ours() if RECORD_PARAMETERS & set(parameters(name)) and len(parameters(name)) > 1]


@pytest.mark.parametrize("name", OF_A_RECORD)
def test_what_belongs_to_another_record_of_the_same_people_is_not_reached_through_this_one(
    name: str, world: World
) -> None:
    """The other record is open to the same team and the same family: only the address is wrong."""
    other = build.record(world.clinic, "Another Example", team=[world.clinician, world.counsellor, world.coordinator])
    PatientLink.objects.create(record=other, user=world.patient, role="patient")
    PatientLink.objects.create(
        record=other, user=world.parent, role="proxy", relation="parent", scopes=list(Scope),
        end=timezone.now() + timedelta(days=365),
    )  # fmt: skip
    theirs = fill(replace(world, records=[other]), THEIRS)
    mine = fill(world, "Our own words")
    named = [one for one in parameters(name) if one not in RECORD_PARAMETERS | NO_ROWS]
    assert [one for one in named if theirs.get(one) == mine.get(one)] == [], "each is of one record"
    swapped = {**theirs, **{one: mine[one] for one in RECORD_PARAMETERS}}
    before = rows_of(other)
    for who in ("clinician", "counsellor", "coordinator", "patient", "parent"):
        client = world.client(who)
        assert send(client, "GET", address(name, swapped)).status_code in (403, 404, 405), who
        with transaction.atomic():
            answer = client.post(
                address(name, swapped), {"what": "done", "to": "", "reason": "a test", "words": "a test"}
            )
            assert "Zanzibarine" not in b"".join(answer).decode(errors="replace"), who
            assert answer.status_code in (302, 403, 404, 405, 422), who
            assert rows_of(other) == before, f"{name} as {who} changed the other record"
            transaction.set_rollback(True)


def rows_of(record: Record) -> list[object]:
    """All that the database holds of a record."""
    models = apps.get_app_config("records").get_models()
    rows: list[object] = [Record.objects.filter(pk=record.pk).values().get()]
    for model in models:
        if model is not Record:
            own = model._default_manager.filter(record=record).order_by("pk")
            rows += [(model.__name__, row) for row in own.values()]
    return rows


def test_a_record_that_is_elsewhere_and_one_that_is_nowhere_answer_alike(world: World) -> None:
    theirs = fill(World.small(), THEIRS)
    client = world.client("clinician")
    for name in ours():
        if RECORD_PARAMETERS & set(parameters(name)):
            elsewhere = send(client, "GET", address(name, theirs))
            nowhere = send(client, "GET", address(name, {}))
            assert elsewhere.status_code == nowhere.status_code
            assert without_chance(elsewhere) == without_chance(nowhere)


def without_chance(answer: HttpResponse) -> str:
    """A page without what differs from one request to the next: tokens, nonces, and the address asked for."""
    text = b"".join(answer).decode()
    text = re.sub(r'(csrfmiddlewaretoken" value="|nonce="|X-CSRFToken": ")[^"]+', r"\1", text)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|/\d+/", "", text)
