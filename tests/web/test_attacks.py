"""Attacks on the whole application: identifiers of other records beside one's own, programs in every text, forged
headers, pages left in a cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from hoofbeat.web.audit.models import Event
from tests.web import world as build
from tests.web.addresses import address, ours, parameters
from tests.web.forms import forms_in
from tests.web.full_record import fill
from tests.web.test_urls import everybody
from tests.web.world import World

pytestmark = pytest.mark.django_db

CANARY = "Quetzalcanary"
RECORD_NAMES = {"record", "pk"}
PROGRAM = "x\"'><svg/onload=alert(1)>{{7*7}}"


def rows_of(record: Any) -> list[dict[str, Any]]:
    """Everything that hangs on a record, as it is stored."""
    found = []
    for app in ("records", "access"):
        for model in apps.get_app_config(app).get_models():
            if any(field.name == "record" for field in model._meta.concrete_fields):
                found += list(model._base_manager.filter(record=record.pk).order_by("pk").values())
    return [*found, *type(record)._base_manager.filter(pk=record.pk).values()]


def mixed(world: World, own: Any) -> Iterator[tuple[str, str]]:
    """Every address of one's own record with each further identifier taken from somebody else's."""
    known = fill(world, CANARY)
    for name in ours():
        further = set(parameters(name)) - RECORD_NAMES
        if further and further != {"token"} and RECORD_NAMES & set(parameters(name)):
            yield name, address(name, known | {"record": own.pk, "pk": own.pk})


@pytest.mark.parametrize("who", ["outsider", "parent_of_two", "parent"])
def test_identifiers_of_another_record_reach_nothing_through_ones_own(who: str, world: World) -> None:
    own = build.record(world.clinic, "Own Example", team=[world.outsider])
    if who == "parent_of_two":
        # Sees both children: still, each page is of one of them.
        world.people[who] = build.proxy(own)
        build.PatientLink.objects.create(
            record=world.record, user=world.people[who], role="proxy", relation="mother", scopes=["see"],
            end=build.timezone.now() + build.timedelta(days=30),
        )  # fmt: skip
    elif who == "parent":
        own = world.record
        world.records = [build.record(world.clinic, "Other Example", team=[world.clinician])]
    addresses = list(mixed(world, own))
    assert len(addresses) > 20
    client = world.client(who)
    before = rows_of(world.record)
    for name, path in addresses:
        for answer in (client.get(path), client.post(path, {"decision": "take_over", "withdrawn_reason": "x"})):
            assert answer.status_code < 500
            assert CANARY not in b"".join(answer).decode(errors="replace"), name
    assert rows_of(world.record) == before


def test_no_text_of_a_record_becomes_markup(world: World) -> None:
    known = fill(world, PROGRAM)
    for client in everybody(world).values():
        for name in ours():
            answer = client.get(address(name, known))
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                page = answer.content.decode()
                assert "<svg/onload" not in page, name
                assert "x49" not in page, name


def test_no_text_that_is_refused_becomes_markup(world: World) -> None:
    client = world.client("clinician")
    known = fill(world, "words")
    for name in ours():
        page = client.get(address(name, known))
        if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"):
            for form in forms_in(page.content.decode()):
                if form.method == "POST" and "/sign-in/" not in form.action:
                    with transaction.atomic():
                        answer = client.post(form.action or page.wsgi_request.path, form.filled(PROGRAM))
                        body = b"".join(answer).decode(errors="replace")
                        assert answer.headers.get("Content-Type") == "application/json" or "<svg/onload" not in body
                        transaction.set_rollback(True)


def test_nothing_about_a_person_is_kept_by_a_cache(world: World, anonymous: Client) -> None:
    known = fill(world, CANARY)
    for who, client in {**everybody(world), "anonymous": anonymous}.items():
        for name in ours():
            for answer in (client.get(address(name, known)), client.put(address(name, known))):
                assert "no-store" in answer.headers.get("Cache-Control", ""), f"{name} as {who}: {answer.status_code}"
    for path in ("/sign-in/login/", "/sign-in/sessions/", "/sign-in/2fa/", "/nothing/"):
        assert "no-store" in world.client("parent").get(path, follow=True).headers["Cache-Control"], path


def test_a_head_request_changes_nothing(world: World) -> None:
    known = fill(world, CANARY)
    before = rows_of(world.record)
    for client in everybody(world).values():
        for name in ours():
            client.head(address(name, known))
            client.options(address(name, known))
    assert rows_of(world.record) == before
    assert Event.objects.exists()
