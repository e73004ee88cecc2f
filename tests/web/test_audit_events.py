"""One event for each read and each change of a record, in a chain in which tampering shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection, transaction

from hoofbeat.cases.finding import FindingState
from hoofbeat.web.access.models import PatientLink
from hoofbeat.web.audit.chain import add_event, faults, hash_of
from hoofbeat.web.audit.models import AppendOnlyError, ChainHead, Event, Listed, of_record
from hoofbeat.web.records.actions.change import NoSuchRecordError, NotAllowedError
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.models import Record
from tests.web import world as build
from tests.web.addresses import address, ours, parameters
from tests.web.forms import forms_in
from tests.web.full_record import fill
from tests.web.test_urls import ROWS_THERE, everybody, send
from tests.web.url_table import Row
from tests.web.world import ARACHNODACTYLY, World

pytestmark = pytest.mark.django_db

PAGES = [row for row in ROWS_THERE if row.of_record and row.get]


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.name)
def test_a_shown_page_of_a_record_leaves_exactly_one_event(row: Row, world: World) -> None:
    known = fill(world, "Some words")
    for who in sorted(row.get or ()):
        before = Event.objects.count()
        answer = world.client(who).get(address(row.name, known))
        if answer.status_code == 200:
            events = Event.objects.order_by("pk")[before:]
            assert [event.record for event in events] == [world.record.pk], f"{row.name} as {who}"
            assert events[0].actor_id == world.people[who].pk


NAMING = [row for row in ROWS_THERE if row.get and set(parameters(row.name)) > {"record"}]
PORTAL = [row for row in ROWS_THERE if row.name.startswith("portal_")]


@pytest.mark.parametrize("row", NAMING, ids=lambda row: row.name)
def test_what_is_not_in_a_record_is_not_there_and_looking_for_it_leaves_no_event(row: Row, world: World) -> None:
    elsewhere = build.record(world.clinic, "Another Example", team=[world.clinician])
    theirs = fill(replace(world, records=[elsewhere]), "Zanzibarine words")
    fill(world, "Some words")
    for known in (theirs | {"record": world.record.pk}, {"record": world.record.pk}):
        before = Event.objects.count()
        answer = world.client("clinician").get(address(row.name, known))
        assert answer.status_code == 404
        assert Event.objects.count() == before


@pytest.mark.parametrize("row", PORTAL, ids=lambda row: row.name)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_family_that_looks_for_what_is_not_there_leaves_no_event(method: str, row: Row, world: World) -> None:
    sister = build.record(world.clinic, "Another Example", team=[world.clinician])
    link = PatientLink.objects.get(user=world.people["parent"])
    PatientLink.objects.create(
        record=sister, user=link.user, role=link.role, scopes=link.scopes, start=link.start, end=link.end
    )
    theirs = fill(replace(world, records=[sister]), "Zanzibarine words")
    fill(world, "Some words")
    names = set(parameters(row.name)) - {"pk"}
    stranger = build.record(world.clinic, "A Stranger")
    asked = [{"pk": stranger.pk}, {"pk": uuid4()}]
    if names:
        asked += [theirs | {"pk": world.record.pk}, {"pk": world.record.pk}]
    for known in asked:
        before = list(Event.objects.values_list("pk", flat=True))
        answer = world.client("parent").generic(method, address(row.name, known))
        written = Event.objects.exclude(pk__in=before).values_list("verb", flat=True)
        assert list(written) == [], f"{answer.status_code} at {address(row.name, known)}"
        if method == "GET":
            assert answer.status_code in ({404} if row.get else {404, 405})


def test_the_screens_for_a_child_are_not_there_for_a_grown_up_and_leave_no_event(world: World) -> None:
    Record.objects.filter(pk=world.record.pk).update(birth_date=date(1980, 1, 1))
    answer = world.client("patient").get(f"/my/{world.record.pk}/consents/child/")
    assert answer.status_code == 404
    assert not Event.objects.filter(record=world.record.pk).exists()


@pytest.mark.parametrize("row", [row for row in ROWS_THERE if row.of_record], ids=lambda row: row.name)
def test_a_page_that_is_refused_leaves_no_event(row: Row, world: World) -> None:
    known = fill(world, "Some words")
    for who, client in everybody(world).items():
        if who not in row.insiders:
            before = Event.objects.count()
            send(client, "GET", address(row.name, known))
            client.post(address(row.name, known))
            assert Event.objects.count() == before, f"{row.name} as {who}"


@pytest.mark.parametrize("who", ["clinician", "counsellor", "coordinator", "patient", "parent"])
def test_a_form_that_was_taken_leaves_exactly_one_event(who: str, world: World) -> None:
    known = fill(world, "Some words")
    client = world.client(who)
    for name in ours():
        page = client.get(address(name, known))
        if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html"):
            continue
        for form in forms_in(b"".join(page).decode()):
            if form.method != "POST" or "/sign-in/" in form.action or "/language/" in form.action:
                continue
            with transaction.atomic():
                before = Event.objects.count()
                answer = client.post(form.action or page.wsgi_request.path, form.filled("Words for a form"))
                written = Event.objects.count() - before
                if answer.status_code in (302, 303):
                    assert written == 1, f"{form.action or name} as {who}: {written} events"
                else:
                    assert written <= 1, f"{form.action or name} as {who}: {written} events"
                transaction.set_rollback(True)


def test_a_change_and_a_refused_change_leave_one_event_and_none(world: World) -> None:
    def stated_by(who: str) -> None:
        set_finding(actor=world.actor(who), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED)

    stated_by("clinician")
    assert Event.objects.filter(record=world.record.pk).count() == 1
    with pytest.raises(NotAllowedError):
        stated_by("patient")
    with pytest.raises(NoSuchRecordError):
        stated_by("outsider")
    assert Event.objects.filter(record=world.record.pk).count() == 1


def test_an_event_cannot_be_changed_or_deleted_through_the_models(world: World) -> None:
    event = add_event("caseload:read", actor=world.actor("clinician"))
    event.verb = "nothing:happened"
    for change in (event.save, event.delete, Event.objects.all().delete, lambda: Event.objects.update(verb="x")):
        with pytest.raises(AppendOnlyError):
            change()


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE audit_event SET verb = 'x' WHERE number = 3", "was changed after it was written"),
        ("UPDATE audit_event SET why = 'x' WHERE number = 1", "was changed after it was written"),
        ("DELETE FROM audit_event WHERE number = 3", "1 events are missing"),
        ("DELETE FROM audit_event WHERE number = 5", "the end of the chain is not the last event"),
        ("DELETE FROM audit_event WHERE number = 1", "1 events are missing"),
        ("UPDATE audit_chainhead SET number = 4", "the end of the chain is not the last event"),
        ("DELETE FROM audit_chainhead", "the chain has no head"),
        ("UPDATE audit_event SET number = 9 WHERE number = 5", "4 events are missing"),
    ],
)
def test_tampering_is_found(tampering: str, found: str, world: World) -> None:
    for number in range(5):
        add_event("record:read", actor=world.actor("clinician"), record=world.record, detail={"number": number})
    assert list(faults()) == []
    with connection.cursor() as cursor:
        cursor.execute(tampering)
    assert found in [fault.what for fault in faults()]


def test_an_event_that_was_rehashed_after_a_change_breaks_the_next_one(world: World) -> None:
    for _ in range(3):
        add_event("record:read", actor=world.actor("clinician"), record=world.record)
    event = Event.objects.get(number=2)
    event.verb = "nothing:happened"
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_event SET verb = %s, hash = %s WHERE number = 2", ["nothing:happened", hash_of(event)]
        )
    assert [(fault.number, fault.what) for fault in faults()] == [(3, "does not continue the event before it")]


def test_chains_of_two_clinics_do_not_touch(world: World) -> None:
    other = World.small()
    for one in (world, other, world):
        add_event("caseload:read", actor=one.actor("clinician"))
    assert {head.chain: head.number for head in ChainHead.objects.all()} == {
        str(world.clinic.pk): 2,
        str(other.clinic.pk): 1,
    }


LISTS = {"caseload": "clinician", "inbox": "clinician", "staff": "administrator", "research": "researcher"}


@pytest.mark.parametrize(("name", "who"), LISTS.items())
def test_a_page_about_several_records_leaves_one_event_at_most(name: str, who: str, world: World) -> None:
    fill(world, "Some words")
    before = Event.objects.count()
    assert world.client(who).get(address(name, {})).status_code == 200
    events = list(Event.objects.order_by("pk")[before:])
    assert [one.verb for one in events] == ([] if name == "research" else [f"{name}:read"])
    assert [one.record for one in events] == [None] * len(events)


@pytest.mark.parametrize("row", [row for row in ROWS_THERE if row.post], ids=lambda row: row.name)
def test_whatever_is_posted_leaves_at_most_one_event_of_its_own(row: Row, world: World) -> None:
    """An empty form: taken it leaves one event, refused none but that of the page that says why."""
    known = fill(world, "Some words")
    for who in sorted(row.post or ()):
        if who in ("anonymous", "elsewhere"):
            continue
        with transaction.atomic():
            before = Event.objects.count()
            world.client(who).post(address(row.name, known))
            verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True)[before:])
            assert len(verbs) <= 1, f"{row.name} as {who}: {verbs}"
            transaction.set_rollback(True)


class TestLists:
    """A line on a list names somebody and how they are: it counts as a look, once for each person and day."""

    def looked(self, world: World, who: str = "patient") -> str:
        return world.client(who).get(f"/my/{world.record.pk}/looked/").content.decode()

    def test_the_patient_reads_who_had_them_on_a_list(self, world: World) -> None:
        assert "saw a line about you" not in self.looked(world)
        world.client("counsellor").get("/clinic/patients/")
        text = self.looked(world)
        assert text.count("saw a line about you on the list of patients") == 1
        assert world.counsellor.name in text
        page = world.client("clinician").get(f"/clinic/patients/{world.record.pk}/who-looked/").content.decode()
        assert "had a line of this record on the list of patients" in page

    def test_who_comes_back_all_day_is_one_line_and_each_event_names_what_it_showed(self, world: World) -> None:
        browser = world.client("clinician")
        for _ in range(5):
            browser.post("/clinic/patients/", {"q": ""})
        events = Event.objects.filter(verb="caseload:read")
        assert [one.detail["shown"] for one in events] == [[str(world.record.pk)]] * 5
        assert Listed.objects.filter(record=world.record.pk, actor=world.clinician).count() == 1

    def test_who_was_not_on_it_is_not_told(self, world: World) -> None:
        other = build.record(world.clinic, "Another Example", team=[world.clinician])
        world.client("clinician").post("/clinic/patients/", {"q": "Another"})
        assert "saw a line about you" not in self.looked(world)
        assert of_record(other.pk).count() == 1

    def test_a_search_that_finds_nobody_lists_nobody(self, world: World) -> None:
        world.client("clinician").post("/clinic/patients/", {"q": "nobody at all"})
        assert not Listed.objects.exists()
        assert Event.objects.filter(verb="caseload:read").count() == 1

    def test_a_line_that_is_taken_away_is_found(self, world: World) -> None:
        world.client("clinician").get("/clinic/patients/")
        assert list(faults()) == []
        Listed.objects.all().delete()
        assert [one.what for one in faults()] == ["1 records that it showed do not list it any more"]
