"""Records opened and described, tests, notes, visits, messages: what is taken, what is refused, what is undone."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from hoofbeat.web.access.models import CareTeamMember
from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.actions.background import checked_when
from hoofbeat.web.records.actions.change import NotAllowedError, RefusedError
from hoofbeat.web.records.actions.record import Demographics, create_record, edit_record
from hoofbeat.web.records.actions.visits import cancel_visit, hold_visit, move_visit, plan_visit, reopen_visit
from hoofbeat.web.records.models import Message, Record, Visit
from tests.web import world as build
from tests.web.world import World

pytestmark = pytest.mark.django_db


def create(world: World, who: str = "clinician", **given: str) -> Record:
    return create_record(actor=world.actor(who), demographics=Demographics(**{"name": "New Example", **given}))


def test_whoever_opens_a_record_is_its_team(world: World) -> None:
    made = create(world, "coordinator", birth_date="2020-02-29", local_number=" R-1 ")
    assert (made.local_number, made.clinic) == ("R-1", world.clinic)
    assert [one.user for one in CareTeamMember.objects.filter(record=made)] == [world.coordinator]
    assert Event.objects.filter(record=made.pk).values_list("verb", flat=True).get() == "record:create"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"birth_date": (timezone.localdate() + timedelta(days=1)).isoformat()}, "birth_date"),
        ({"birth_date": "1850-01-01"}, "birth_date"),
        ({"birth_date": "04.05.2019"}, "birth_date"),
        ({"sex": "x"}, "sex"),
        ({"language": "klingon"}, "language"),
        ({"name": "A\x00B"}, "name"),
        ({"needs": "x" * 2001}, "needs"),
    ],
)
def test_a_record_that_cannot_be_is_refused_at_its_field(given: dict[str, str], field: str, world: World) -> None:
    count = Record.objects.count()
    with pytest.raises(RefusedError) as refused:
        create(world, **given)
    assert refused.value.field == field
    assert Record.objects.count() == count


def test_a_number_in_use_is_refused_without_a_word_on_whose_it_is(world: World) -> None:
    hidden = build.record(world.clinic, "Hidden Example")
    hidden.local_number = "R-9"
    hidden.save()
    answer = world.client("clinician").post(
        reverse("new_record"), {"name": "New Example", "local_number": "R-9", "sex": "unknown", "language": "en"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "this number is in use in your clinic" in page
    assert "Hidden" not in page
    assert str(hidden.pk) not in page


def test_the_same_number_is_free_in_another_clinic(world: World) -> None:
    elsewhere = build.record(build.clinic(), "Elsewhere Example")
    elsewhere.local_number = "R-9"
    elsewhere.save()
    assert create(world, local_number="R-9").local_number == "R-9"


def test_an_administrator_opens_no_record(world: World) -> None:
    with pytest.raises(NotAllowedError):
        create(world, "administrator")
    assert world.client("administrator").get(reverse("new_record")).status_code == 404


def test_changed_details_name_their_fields_in_the_event_and_never_their_values(world: World) -> None:
    edit_record(
        actor=world.actor("clinician"), record=world.record.pk,
        demographics=Demographics(name="Zanzibarine", birth_date="2018-01-01", sex="male"),
    )  # fmt: skip
    event = Event.objects.get(verb="record:edit")
    assert event.detail == {"fields": ["birth_date", "name", "sex"]}
    world.record.refresh_from_db()
    assert world.record.version == 1


@pytest.mark.parametrize("good", ["", "2021", "2021-03", "2021-03-14"])
def test_a_date_is_as_precise_as_it_is_known(good: str) -> None:
    assert checked_when(f" {good} ") == good


@pytest.mark.parametrize(
    "bad", ["21", "2021-13", "2021-02-30", "March 2021", "2999", "1789", "2021-3", "2021-03-14T00"]
)
def test_a_date_that_is_none_is_refused(bad: str) -> None:
    with pytest.raises(RefusedError):
        checked_when(bad)


def test_a_test_and_a_note_are_added_ended_and_brought_back(world: World) -> None:
    client, of = world.client("clinician"), [world.record.pk]
    client.post(reverse("test_add", args=of), {"kind": "genetic", "name": "Exome", "when": "2021", "result": "nothing"})
    client.post(reverse("note_add", args=of), {"note_kind": "lifestyle", "note": "Swims."})
    test, note = world.record.tests.get(), world.record.background.get()
    for kind, row in (("test", test), ("note", note)):
        assert client.post(reverse(f"{kind}_end", args=[*of, row.pk])).status_code == 302
        row.refresh_from_db()
        assert row.ended is not None
        assert b"Put back" in client.get(reverse("tests", args=of)).content
        client.post(reverse(f"{kind}_restore", args=[*of, row.pk]))
        row.refresh_from_db()
        assert row.ended is None


def test_an_empty_note_is_refused_at_its_own_field(world: World) -> None:
    answer = world.client("clinician").post(
        reverse("note_add", args=[world.record.pk]), {"note_kind": "lifestyle", "note": " "}
    )
    assert answer.status_code == 422
    assert b'href="#note"' in answer.content


def planned(world: World, days: int = 3) -> Visit:
    at = (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
    return plan_visit(actor=world.actor("coordinator"), record=world.record.pk, at=at, kind="video")


def test_a_visit_is_planned_moved_cancelled_and_planned_again(world: World) -> None:
    actor, of = world.actor("coordinator"), world.record.pk
    visit = planned(world)
    later = (timezone.now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    assert move_visit(actor=actor, record=of, visit=visit.pk, at=later).at.strftime("%Y-%m-%dT%H:%M") == later
    assert cancel_visit(actor=actor, record=of, visit=visit.pk).cancelled is not None
    with pytest.raises(RefusedError):
        move_visit(actor=actor, record=of, visit=visit.pk, at=later)
    assert reopen_visit(actor=actor, record=of, visit=visit.pk).cancelled is None


def test_a_visit_is_held_only_once_its_time_has_come(world: World) -> None:
    visit = planned(world)
    with pytest.raises(RefusedError, match="still to come"):
        hold_visit(actor=world.actor("clinician"), record=world.record.pk, visit=visit.pk)
    Visit.objects.update(at=timezone.now() - timedelta(hours=1))
    assert hold_visit(actor=world.actor("clinician"), record=world.record.pk, visit=visit.pk).held is not None


@pytest.mark.parametrize(("field", "value"), [("at", "2020-01-01T10:00"), ("at", "soon"), ("at", "2090-01-01T10:00"),
                                              ("minutes", "0"), ("minutes", "²"), ("kind", "dream")])  # fmt: skip
def test_a_visit_that_cannot_be_is_refused(field: str, value: str, world: World) -> None:
    good = {"at": (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"), "minutes": "30", "kind": "clinic"}
    with pytest.raises(RefusedError) as refused:
        plan_visit(actor=world.actor("clinician"), record=world.record.pk, **(good | {field: value}))
    assert refused.value.field == field


def test_messages_are_read_when_somebody_says_so_and_only_those_that_were_shown(world: World) -> None:
    client, of = world.client("clinician"), [world.record.pk]
    first = Message.objects.create(record=world.record, author=world.parent, from_team=False, text="One")
    client.get(reverse("messages", args=of))
    first.refresh_from_db()
    assert first.read_at is None
    later = Message.objects.create(record=world.record, author=world.parent, from_team=False, text="Two")
    client.post(reverse("messages_read", args=of), {"until": str(first.pk)})
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.read_by, later.read_by) == (world.clinician, None)


def test_who_answers_has_read_what_was_on_the_page_and_nothing_that_came_since(world: World) -> None:
    client, to = world.client("clinician"), reverse("message_send", args=[world.record.pk])
    first = Message.objects.create(record=world.record, author=world.parent, from_team=False, text="One")
    assert f'value="{first.pk}"' in client.get(reverse("messages", args=[world.record.pk])).content.decode()
    later = Message.objects.create(record=world.record, author=world.parent, from_team=False, text="Two")
    assert client.post(to, {"text": " ", "until": str(first.pk)}).status_code == 422
    assert not Message.objects.filter(read_by__isnull=False).exists(), "an answer that was refused has read nothing"
    for wrong in ("nothing", str(uuid4())):
        assert client.post(to, {"text": "To nobody", "until": wrong}).status_code == 422
    assert client.post(to, {"text": "An answer", "until": str(first.pk)}).status_code == 302
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.read_by, later.read_by) == (world.clinician, None)
    assert list(world.record.messages.filter(from_team=True).values_list("text", flat=True)) == ["An answer"]


def test_the_team_writes_to_the_family_and_an_empty_message_is_refused(world: World) -> None:
    client, to = world.client("counsellor"), reverse("message_send", args=[world.record.pk])
    assert client.post(to, {"text": "Good morning <b>"}).status_code == 302
    assert world.record.messages.get().from_team
    assert b"Good morning &lt;b&gt;" in client.get(reverse("messages", args=[world.record.pk])).content
    for text, said in (("  ", b"write the message first"), ("x" * 5001, b"a message has at most 5000 characters")):
        answer = client.post(to, {"text": text})
        assert (answer.status_code, said in answer.content) == (422, True)
