"""The caseload and the inbox: whose they are, what they find, and that they stay fast."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hoofbeat.web.access.models import BreakGlass
from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.models import Assignment, Message, Record, RecordedFinding, StoryEntry, Task, Visit
from hoofbeat.web.records.waiting import FOR_TASK, inbox_count
from tests.web import world as build
from tests.web.world import World

pytestmark = pytest.mark.django_db


def told(of: Record, world: World) -> RecordedFinding:
    return RecordedFinding.objects.create(
        record=of, hpo="HP:0001083", label="Ectopia lentis", state="observed", origin="family", standing="told",
        words="her lens moved", said_by=world.parent,
    )  # fmt: skip


def letter(of: Record, world: World, text: str = "Her eyes hurt.") -> Message:
    return Message.objects.create(record=of, author=world.parent, from_team=False, text=text)


def shown(world: World, who: str = "clinician", **wishes: str) -> str:
    client = world.client(who)
    answer = client.post(reverse("caseload"), wishes) if wishes else client.get(reverse("caseload"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_caseload_holds_the_records_of_ones_teams_and_no_others(world: World) -> None:
    build.record(world.clinic, "Hidden Example")
    build.record(build.clinic(), "Elsewhere Example")
    page = shown(world)
    assert "Mira Example" in page
    assert "Hidden Example" not in page
    assert "Elsewhere Example" not in page
    assert "Mira Example" not in shown(world, "outsider")


def test_a_search_finds_by_name_and_number_and_is_never_in_an_address(world: World) -> None:
    other = build.record(world.clinic, "Jonas Example", team=[world.clinician])
    other.local_number = "R-77"
    other.save()
    assert "Jonas" in shown(world, q="jona")
    assert "Mira" not in shown(world, q="jona")
    assert "Jonas" in shown(world, q="r-77")
    assert "Nobody fits" in shown(world, q="50%_")
    by_address = world.client("clinician").get(reverse("caseload"), {"q": "jona"}).content.decode()
    assert "Mira" in by_address


def test_what_waits_is_shown_with_whom_it_waits_for(world: World) -> None:
    told(world.record, world)
    letter(world.record, world)
    StoryEntry.objects.create(record=world.record, author=world.parent, text="It began early.")
    page = shown(world)
    assert "1 sign told" in page
    assert "1 message" in page
    assert "new in the story" in page
    assert "for you" in page
    # A coordinator decides on no sign: it waits for the others, the message for them too.
    assert f"for {world.clinician.name}" in shown(world, "coordinator")


def test_the_filters_narrow_the_list(world: World) -> None:
    quiet = build.record(world.clinic, "Quiet Example", team=[world.counsellor, world.clinician])
    quiet.status = Record.Status.DIAGNOSED
    quiet.save()
    letter(world.record, world)
    now = timezone.now()
    Visit.objects.create(record=world.record, at=now + timedelta(days=3), planned_by=world.clinician)
    Visit.objects.create(record=quiet, at=now + timedelta(days=2), planned_by=world.clinician, cancelled=now)
    Visit.objects.create(record=quiet, at=now + timedelta(days=30), planned_by=world.clinician)
    for wishes, only in [
        ({"waits": "1"}, "Mira"),
        ({"soon": "1"}, "Mira"),
        ({"status": "diagnosed"}, "Quiet"),
        ({"whose": "lead"}, "Mira"),
    ]:
        page = shown(world, **wishes)
        assert ("Mira Example" in page, "Quiet Example" in page) == (only == "Mira", only == "Quiet"), wishes


def test_the_list_is_sorted_as_wished(world: World) -> None:
    soon = build.record(world.clinic, "Zoe Example", team=[world.clinician])
    Visit.objects.create(record=soon, at=timezone.now() + timedelta(days=1), planned_by=world.clinician)
    page = shown(world, sort="visit")
    assert page.index("Zoe Example") < page.index("Mira Example")
    page = shown(world, sort="name")
    assert page.index("Mira Example") < page.index("Zoe Example")


def test_over_fifty_patients_come_in_pages(world: World) -> None:
    for number in range(60):
        build.record(world.clinic, f"Patient {number:03} Example", team=[world.clinician])
    assert shown(world).count("caseload__name") == 50
    assert shown(world, page="2").count("caseload__name") == 11


def queries(world: World, name: str) -> int:
    client = world.client("clinician")
    client.get(reverse(name))
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(reverse(name)).status_code == 200
    return len(caught)


@pytest.mark.parametrize("name", ["caseload", "inbox"])
def test_three_hundred_patients_take_as_many_queries_as_thirty(name: str, world: World) -> None:
    def more(count: int) -> None:
        for number in range(count):
            one = build.record(world.clinic, f"Patient {number:03} Example", team=[world.clinician])
            letter(one, world)
            told(one, world)

    more(30)
    few = queries(world, name)
    more(270)
    assert queries(world, name) == few
    assert few <= 24


def test_the_inbox_shows_the_newest_first_and_the_menu_counts(world: World) -> None:
    letter(world.record, world, "The first letter")
    told(world.record, world)
    letter(world.record, world, "The last letter")
    page = world.client("clinician").get(reverse("inbox")).content.decode()
    assert page.index("The last letter") < page.index("her lens moved") < page.index("The first letter")
    assert '<span class="count">3' in page
    page = world.client("coordinator").get(reverse("inbox")).content.decode()
    assert "her lens moved" not in page
    assert '<span class="count">2' in page


def test_the_inbox_of_others_holds_nothing(world: World) -> None:
    letter(world.record, world)
    for page in (
        world.client("outsider").get(reverse("inbox")),
        build.client(build.staff(build.clinic())).get(reverse("inbox")),
    ):
        assert "Nothing waits" in page.content.decode()
        assert b"Her eyes hurt" not in page.content


def test_looking_at_the_inbox_marks_nothing_and_leaves_one_event(world: World) -> None:
    one = letter(world.record, world)
    before = Event.objects.count()
    world.client("clinician").get(reverse("inbox"))
    one.refresh_from_db()
    assert one.read_at is None
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)[before:]) == ["inbox:read"]


class TestWhatWaitsForWhom:
    def story(self, world: World) -> StoryEntry:
        return StoryEntry.objects.create(record=world.record, author=world.parent, text="She fell twice this week")

    def inbox(self, world: World, who: str, whose: str = "all") -> str:
        return world.client(who).get(f"/clinic/inbox/?whose={whose}").content.decode()

    def give(self, world: World, thing: object, to: str, by: str = "coordinator") -> int:
        chosen = str(world.people[to].pk) if to else ""
        path = reverse("assign", args=[world.record.pk, thing.pk])  # type: ignore[attr-defined]
        return world.client(by).post(path, {"to": chosen}).status_code

    def test_a_story_that_nobody_read_waits_in_the_inbox_of_those_who_read_stories(self, world: World) -> None:
        entry = self.story(world)
        assert "She fell twice this week" in self.inbox(world, "counsellor")
        assert "She fell twice this week" not in self.inbox(world, "coordinator"), "their role does not mark it read"
        world.client("counsellor").post(reverse("story_read", args=[world.record.pk]), {"until": str(entry.pk)})
        assert "She fell twice this week" not in self.inbox(world, "counsellor")

    def test_a_thing_is_given_to_one_person_and_then_to_another(self, world: World) -> None:
        message = letter(world.record, world, "Please call us")
        assert "Please call us" in self.inbox(world, "clinician", "nobody")
        self.give(world, message, "counsellor")
        assert "Please call us" in self.inbox(world, "counsellor", "mine")
        assert "Please call us" not in self.inbox(world, "clinician", "mine")
        assert "Please call us" not in self.inbox(world, "clinician", "nobody")
        assert f"for {world.counsellor.name}" in self.inbox(world, "clinician")
        self.give(world, message, "clinician", by="counsellor")
        assert "Please call us" in self.inbox(world, "clinician", "mine")
        assert "Please call us" not in self.inbox(world, "counsellor", "mine")
        self.give(world, message, "")
        assert "Please call us" in self.inbox(world, "clinician", "nobody")
        assert Event.objects.filter(verb="waiting:assign", record=world.record.pk).count() == 3

    def test_nothing_is_given_to_who_may_not_see_to_it(self, world: World) -> None:
        entry, message = self.story(world), letter(world.record, world)
        for thing, to in ((entry, "coordinator"), (message, "outsider"), (message, "parent")):
            self.give(world, thing, to)
        assert not Assignment.objects.exists()

    def test_what_does_not_wait_any_more_is_given_to_nobody(self, world: World) -> None:
        entry = self.story(world)
        entry.read_at = timezone.now()
        entry.save()
        self.give(world, entry, "clinician")
        assert not Assignment.objects.exists()

    def test_a_task_is_seen_to_once(self, world: World) -> None:
        task = Task.objects.create(record=world.record, kind=Task.Kind.SHARED_CONTACT, about="link 1")
        assert "reached at one mailbox" in self.inbox(world, "coordinator")
        for _ in range(2):
            world.client("coordinator").post(reverse("task_finish", args=[world.record.pk, task.pk]))
        task.refresh_from_db()
        assert task.done_by == world.coordinator
        assert Event.objects.filter(verb="task:finish").count() == 1
        assert "reached at one mailbox" not in self.inbox(world, "coordinator")


class TestTasksOfEachKind:
    """Whoever is shown a task can open the page on which it is seen to; nobody else hears of it."""

    SEE_TO_IT = re.compile(r'href="([^"]+)">See to it<')

    def opened(self, client: Client) -> list[int]:
        inbox = client.get(reverse("inbox")).content.decode()
        return [client.get(to).status_code for to in self.SEE_TO_IT.findall(inbox)]

    def test_each_kind_says_who_sees_to_it(self) -> None:
        assert set(FOR_TASK) == set(Task.Kind.values)

    @pytest.mark.parametrize("kind", Task.Kind.values)
    def test_whoever_is_shown_it_can_open_it_and_somebody_is(self, kind: str, world: World) -> None:
        Task.objects.create(record=world.record, kind=kind, about="one")
        BreakGlass.objects.create(
            record=world.record, user=world.outsider, reason="a test", end=timezone.now() + timedelta(hours=1)
        )
        shown_to = []
        for who in ("clinician", "counsellor", "coordinator", "outsider"):
            opened = self.opened(world.client(who))
            assert set(opened) <= {200}, f"{who} is shown what does not open"
            assert inbox_count(world.actor(who)) == len(opened)
            if opened:
                shown_to.append(who)
        assert "clinician" in shown_to

    def test_a_coordinator_hears_nothing_of_a_ranking_that_moved(self, world: World) -> None:
        task = Task.objects.create(record=world.record, kind=Task.Kind.MOVED, about="one")
        client = world.client("coordinator")
        assert self.opened(client) == []
        assert "differential moved" not in shown(world, "coordinator")
        assert "Mira" not in shown(world, "coordinator", waits="1")
        assert "differential moved" in shown(world, "clinician", waits="1")
        client.post(reverse("assign", args=[world.record.pk, task.pk]), {"to": str(world.clinician.pk)})
        assert not Assignment.objects.exists()
        assert client.post(reverse("task_finish", args=[world.record.pk, task.pk])).status_code == 403
        world.client("counsellor").post(
            reverse("assign", args=[world.record.pk, task.pk]), {"to": str(world.coordinator.pk)}
        )
        assert not Assignment.objects.exists(), "who may not open it is given it by nobody"
