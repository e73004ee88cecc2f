"""The caseload and the inbox: whose they are, what they find, and that they stay fast."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.models import Message, Record, RecordedFinding, StoryEntry, Visit
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
    assert few <= 20


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
