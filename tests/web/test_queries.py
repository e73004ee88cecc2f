"""How often a page asks the database: a fixed number of times, however much there is."""

from __future__ import annotations

import copy
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models.base import ModelState
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hoofbeat.web.access.models import User
from hoofbeat.web.access.roles import Role
from hoofbeat.web.records.models import Record
from tests.web import world as build
from tests.web.addresses import address, ours
from tests.web.full_record import fill
from tests.web.url_table import ROWS, Row
from tests.web.world import World

pytestmark = pytest.mark.django_db

PAGES = [row for row in ROWS if row.get and row.name in set(ours()) and not row.may_be_missing]
COPIES = 4
OTHER_TERMS = ("HP:0001250", "HP:0000252", "HP:0001083", "HP:0001519")
# What is asked of the pages that people open most often: a little room above what they need today.
MOST = {
    "caseload": 14, "inbox": 18, "record": 20, "findings": 16, "differential": 17, "next_step": 17, "messages": 16,
    "visits": 13, "documents": 13, "portal_record": 22,
}  # fmt: skip
# The transaction around the event of a page: its beginning and end are counted on SQLite alone.
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def asked(client: Client, to: str) -> list[str]:
    """The questions that a page asks the database once everything that a process keeps is there."""
    client.get(to)
    with CaptureQueriesContext(connection) as found:
        answer = client.get(to)
        b"".join(answer)
    assert answer.status_code < 400 or answer.status_code == 503, f"{to}: {answer.status_code}"
    return [one["sql"] for one in found.captured_queries if not one["sql"].startswith(TRANSACTION)]


def add_copies(world: World) -> None:
    """More of everything in the record, each by somebody else, and more records with a team of their own."""
    record = world.record
    everybody = [build.staff(world.clinic, Role.CLINICIAN, f"Colleague {n} Example") for n in range(COPIES)]
    for model in apps.get_app_config("records").get_models():
        if model is Record:
            continue
        first = model._base_manager.filter(record=record).first()
        assert first is not None
        for number, somebody in enumerate(everybody):
            _copied(first, somebody, number)
    for somebody in everybody:
        build.join_team(record, somebody)
        build.record(world.clinic, team=[world.people["clinician"], somebody], name=f"Record {somebody.pk}")


def _copied(row: models.Model, somebody: User, number: int) -> None:
    made = copy.copy(row)
    made._state = ModelState()
    made.pk = uuid4() if isinstance(row._meta.pk, models.UUIDField) else None
    for column in made._meta.concrete_fields:
        if isinstance(column, models.ForeignKey) and column.related_model is User and getattr(made, column.attname):
            setattr(made, column.name, somebody)
    if hasattr(made, "hpo"):
        made.hpo = OTHER_TERMS[number]
    if hasattr(made, "step"):
        made.step = f"MAXO:{number:07}"
    if hasattr(made, "disease"):
        made.disease = f"OMIM:{100000 + number}"
    if hasattr(made, "about"):
        made.about = f"link {number + 2}"
    if hasattr(made, "thing"):
        made.thing = uuid4()
    if hasattr(made, "place") and isinstance(made.place, int):
        made.place = number + 1
    if hasattr(made, "file"):
        made.file = made.pk.hex
        (Path(settings.MEDIA_ROOT) / made.file).write_bytes(b"%PDF-1.4")
    made.save()


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.name)
def test_a_page_asks_as_often_for_much_as_for_little(row: Row, world: World) -> None:
    known = fill(world, "Some words")
    who = next(
        one
        for one in ("clinician", "coordinator", "administrator", "parent", "patient", "researcher")
        if one in (row.get or ())
    )
    client, to = world.client(who), address(row.name, known)
    before = asked(client, to)
    add_copies(world)
    after = asked(client, to)
    more = [sql[:200] for sql in after if after.count(sql) > 1]
    assert len(after) <= len(before), "\n".join(more or after)


@pytest.mark.parametrize("name", MOST)
def test_a_page_that_is_opened_often_asks_little(name: str, world: World) -> None:
    known = fill(world, "Some words")
    client = world.client("parent" if name.startswith("portal") else "clinician")
    found = asked(client, address(name, known))
    assert len(found) <= MOST[name], "\n".join(sql[:200] for sql in found)
