"""The overview of a record: the story is marked as read there. Where the search stands is said on the diagnosis page,
and the search for findings says what is stated already."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.urls import reverse

from hoofbeat.cases.finding import FindingState
from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.actions.diagnosis import confirm_diagnosis
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.actions.story import tell_story
from hoofbeat.web.records.models import Record, StoryEntry
from tests.web.world import ARACHNODACTYLY, World

pytestmark = pytest.mark.django_db


def tell(world: World, text: str) -> StoryEntry:
    """The parent tells something."""
    return tell_story(actor=world.actor("parent"), record=world.record.pk, text=text)


def overview(world: World, who: str = "clinician") -> str:
    """The overview as somebody sees it."""
    return world.client(who).get(reverse("record", args=[world.record.pk])).content.decode()


def mark(world: World, until: UUID | str, who: str = "clinician") -> int:
    """The status that marking the story as read gets."""
    address = reverse("story_read", args=[world.record.pk])
    return world.client(who).post(address, {"until": str(until)}).status_code


class TestStory:
    def test_looking_marks_nothing_and_the_button_marks_it_with_one_event(self, world: World) -> None:
        told = tell(world, "She walks since May.")
        assert "Mark the story as read" in overview(world)
        assert StoryEntry.objects.get().read_at is None
        before = Event.objects.filter(verb="story:mark_read").count()
        assert mark(world, told.pk) == 302
        assert StoryEntry.objects.get().read_by == world.clinician
        assert Event.objects.filter(verb="story:mark_read").count() == before + 1
        assert "Mark the story as read" not in overview(world)

    def test_what_came_after_the_page_was_shown_stays_unread(self, world: World) -> None:
        seen = tell(world, "First.")
        later = tell(world, "Later.")
        mark(world, seen.pk)
        assert list(StoryEntry.objects.filter(read_at__isnull=True)) == [later]

    @pytest.mark.parametrize("until", ["", "nonsense", "0b7f2a52-6d1e-4c1b-9f3a-2d0f6a1c9e77"])
    def test_an_entry_of_no_story_marks_nothing(self, world: World, until: str) -> None:
        tell(world, "First.")
        assert mark(world, until) == 422
        assert StoryEntry.objects.filter(read_at__isnull=True).exists()

    def test_a_long_or_old_telling_can_be_read_whole(self, world: World) -> None:
        oldest = tell(world, "The very first words. " + "and then " * 200 + "the end of it")
        for number in range(4):
            oldest = tell(world, f"Telling {number}.")
        mark(world, oldest.pk)
        page = overview(world)
        assert "the end of it" in page
        assert "2 earlier tellings" in page


class TestSearchStatus:
    def test_a_clinician_says_where_the_search_stands(self, world: World) -> None:
        address = reverse("status_set", args=[world.record.pk])
        for status in ("suspected", "closed", "undiagnosed"):
            assert world.client("clinician").post(address, {"status": status}).status_code == 302
            assert Record.objects.get(pk=world.record.pk).status == status

    @pytest.mark.parametrize("status", ["diagnosed", "", "cured"])
    def test_diagnosed_follows_from_a_confirmed_diagnosis_alone(self, world: World, status: str) -> None:
        answer = world.client("clinician").post(reverse("status_set", args=[world.record.pk]), {"status": status})
        assert answer.status_code == 422
        assert Record.objects.get(pk=world.record.pk).status == "undiagnosed"

    def test_beside_a_confirmed_diagnosis_it_is_neither_asked_nor_taken(self, world: World) -> None:
        actor = world.actor("clinician")
        set_finding(actor=actor, record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED)
        confirm_diagnosis(actor=actor, record=world.record.pk, disease="OMIM:154700", reason="FBN1")
        browser = world.client("clinician")
        page = browser.get(reverse("diagnosis", args=[world.record.pk])).content.decode()
        assert "Where the search stands" not in page
        assert browser.post(reverse("status_set", args=[world.record.pk]), {"status": "closed"}).status_code == 422
        assert Record.objects.get(pk=world.record.pk).status == "diagnosed"


class TestSearchResults:
    def test_without_scripts_they_say_what_is_stated(self, world: World) -> None:
        actor = world.actor("clinician")
        address = reverse("findings_find", args=[world.record.pk])
        browser = world.client("clinician")
        assert "already stated" not in browser.post(address, {"q": "arachnodactyly"}).content.decode()
        set_finding(actor=actor, record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.EXCLUDED)
        assert "already stated: excluded" in browser.post(address, {"q": "arachnodactyly"}).content.decode()

    def test_as_one_types_they_say_what_the_page_shows_and_read_no_record(self, world: World) -> None:
        actor = world.actor("clinician")
        set_finding(actor=actor, record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED)
        browser = world.client("clinician")
        page = browser.get(reverse("findings", args=[world.record.pk])).content.decode()
        assert f'name="stated" value="{ARACHNODACTYLY}=observed"' in page
        before = Event.objects.count()
        asked = {"q": "arachnodactyly", "record": str(world.record.pk)}
        text = browser.post(
            reverse("terms"), {**asked, "stated": [f"{ARACHNODACTYLY}=observed", "HP:1=<b>", "junk"]}
        ).content.decode()
        assert "already stated: observed" in text
        assert "<b>" not in text
        assert "already stated" not in browser.post(reverse("terms"), asked).content.decode()
        assert Event.objects.count() == before
