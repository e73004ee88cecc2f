"""Generated worlds of two clinics: nothing of the one can be reached, read or guessed from the other."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client

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
            for known in (theirs, mixed, swapped):
                for method in ("GET", "POST"):
                    status = assert_no_trace(client, method, address(name, known), there, who=who)
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
