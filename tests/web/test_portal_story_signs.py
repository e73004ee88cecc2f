"""What a family wrote is looked through for signs with plain names; each yes is told, waits for a clinician and counts
for nothing before; what is of somebody else, or in confidence, is never asked.
"""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.audit.models import Event
from hoofbeat.web.portal import story_signs
from hoofbeat.web.records.actions.story import MAX_STORY, tell_story
from hoofbeat.web.records.models import StoryEntry
from hoofbeat.web.records.plain_terms import plain_terms
from tests.web import world as make
from tests.web.test_canaries import assert_nothing_in_headers, assert_nowhere_else, logged
from tests.web.world import World

__all__ = ["logged"]  # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_knowledge")]

HYPOTONIA, NYSTAGMUS, SEIZURE, MYOPIA, MURMUR = "HP:0001252", "HP:0000639", "HP:0001250", "HP:0000545", "HP:0030148"
STORY = (
    "She's floppy and her eyes wobble. No seizures. Her mother is short-sighted. She gets very tired. Maybe she has a "
    "heart murmur."
)


def story(world: World, text: str = STORY, who: str = "parent", **more: bool) -> StoryEntry:
    """A story that somebody told."""
    return tell_story(actor=world.actor(who), record=world.record.pk, text=text, **more)


def address(entry: StoryEntry) -> str:
    """Where its signs are asked about."""
    return reverse("portal_story_signs", args=[entry.record_id, entry.pk])


def told(world: World) -> dict[str, tuple[str, str, str]]:
    """What was told: state, standing and words by term."""
    rows = world.record.findings.filter(ended__isnull=True, origin="family")
    return {one.hpo: (one.state, one.standing, one.words) for one in rows}


def asked(page: str) -> dict[str, list[str]]:
    """The signs that each question offers, by the words it is about."""
    questions = re.findall(r"<legend>“([^”]+)”</legend>(.*?)</fieldset>", page, re.DOTALL)
    return {words: re.findall(r'value="(HP:\d+)"', inside) for words, inside in questions}


def answers(entry: StoryEntry, **given: str) -> dict[str, str]:
    """What a form sends, by the words that are asked about (spaces as underlines)."""
    names = {one.words: one.name for one in story_signs.asked_of(entry).questions}
    return {names[words.replace("_", " ")]: answer for words, answer in given.items()}


def test_after_telling_the_words_are_asked_about_in_plain_names(world: World) -> None:
    client = world.client("parent")
    answer = client.post(reverse("portal_story", args=[world.record.pk]), {"text": STORY})
    entry = world.record.story.get()
    assert answer["Location"] == address(entry)
    page = client.get(address(entry)).content.decode()
    found = asked(page)
    assert found["floppy"] == [HYPOTONIA]
    assert found["seizures"] == [SEIZURE]
    assert found["heart murmur"] == [MURMUR]  # and no "heart tumor", which merely sounds alike
    assert len(found["tired"]) > 1  # no name of a sign: several to choose from
    assert "Low muscle tone" in page
    assert "checked" not in page  # nothing is answered for them


def test_a_story_without_signs_leads_back_to_the_story(world: World) -> None:
    answer = world.client("parent").post(reverse("portal_story", args=[world.record.pk]), {"text": "Hello to you all."})
    assert answer["Location"] == reverse("portal_story", args=[world.record.pk])


def test_a_yes_is_told_with_the_sentence_and_waits_for_a_clinician(world: World) -> None:
    entry, version = story(world), world.record.version
    given = answers(entry, floppy=HYPOTONIA, eyes_wobble="none", seizures=SEIZURE, heart_murmur="unsure")
    before = Event.objects.count()
    answer = world.client("parent").post(address(entry), given)
    assert answer["Location"] == reverse("portal_story", args=[world.record.pk])
    assert told(world) == {
        HYPOTONIA: ("observed", "told", "She's floppy and her eyes wobble."),
        SEIZURE: ("excluded", "told", "No seizures."),
        MURMUR: ("uncertain", "told", "Maybe she has a heart murmur."),
    }
    assert [one.verb for one in Event.objects.order_by("number")[before:]] == ["finding:tell"]
    world.record.refresh_from_db()
    assert world.record.version == version  # no ranking moves
    page = world.client("clinician").get(reverse("findings", args=[world.record.pk])).content.decode()
    assert "She&#39;s floppy and her eyes wobble." in page
    assert "Take over" in page


def test_none_of_these_tells_nothing_and_no_answer_at_all_is_asked_again(world: World) -> None:
    entry = story(world)
    client = world.client("parent")
    assert client.post(address(entry), answers(entry, floppy="none", tired="none")).status_code == 302
    answer = client.post(address(entry), {})
    assert answer.status_code == 422
    assert '<a href="#questions">' in answer.content.decode()
    assert told(world) == {}


def test_only_what_was_asked_can_be_answered(world: World) -> None:
    entry = story(world)
    world.client("parent").post(address(entry), answers(entry, floppy=MYOPIA, tired="unsure"))
    assert told(world) == {}
    refused = world.client("parent").post(address(entry), {"sign-99": HYPOTONIA})
    assert refused.status_code == 422
    assert told(world) == {}


def test_an_answer_never_lands_on_other_words_when_somebody_told_meanwhile(world: World) -> None:
    entry = story(world)
    shown = answers(entry, floppy="unsure", eyes_wobble=NYSTAGMUS)
    world.client("patient").post(address(entry), answers(entry, floppy=HYPOTONIA))
    late = world.client("parent").post(address(entry), shown)
    assert late.status_code == 422
    assert "somebody has told one of these signs meanwhile" in late.content.decode()
    assert set(told(world)) == {HYPOTONIA}


def test_what_is_said_of_somebody_else_is_never_asked_and_that_is_said(world: World) -> None:
    entry = story(world)
    page = world.client("parent").get(address(entry)).content.decode()
    assert "short-sighted" not in asked(page)
    assert not any(MYOPIA in signs for signs in asked(page).values())
    assert re.search(r"not noted as a sign of this patient: “short-sighted” \(mother\)", page)
    answer = world.client("parent").post(
        reverse("portal_story", args=[world.record.pk]), {"text": "Her mother has seizures."}
    )
    assert answer["Location"] == reverse("portal_story", args=[world.record.pk])


def test_what_was_told_already_is_not_asked_again(world: World) -> None:
    entry = story(world)
    client = world.client("parent")
    client.post(address(entry), answers(entry, floppy=HYPOTONIA))
    page = client.get(address(entry)).content.decode()
    assert "floppy" not in asked(page)
    assert "Told already" in page


def test_what_was_told_in_confidence_is_not_picked_apart(world: World) -> None:
    client = world.client("patient")
    answer = client.post(
        reverse("portal_story", args=[world.record.pk]), {"text": "I have seizures.", "confidential": "1"}
    )
    assert answer["Location"] == reverse("portal_story", args=[world.record.pk])
    entry = world.record.story.get()
    for who in ("patient", "parent"):
        assert world.client(who).get(address(entry)).status_code == 404
        assert world.client(who).post(address(entry), {"sign-1": SEIZURE}).status_code == 404
    assert told(world) == {}


def test_strangers_and_stories_of_other_records_are_not_there_and_who_may_only_see_is_told(world: World) -> None:
    entry = story(world)
    other = make.record(world.clinic, "Another Child")
    elsewhere = make.proxy(other)
    for who in ("stranger", "former", "clinician", "outsider", elsewhere):
        assert world.client(who).get(address(entry)).status_code == 404
    mixed = reverse("portal_story_signs", args=[other.pk, entry.pk])
    assert world.client(elsewhere).get(mixed).status_code == 404
    assert world.client(elsewhere).post(mixed, {"sign-1": HYPOTONIA}).status_code == 404
    assert world.client("reader").get(address(entry)).status_code == 403
    assert Client().get(address(entry))["Location"].startswith("/sign-in/login/")


def test_another_language_is_said_to_be_not_read(world: World) -> None:
    entry = story(world, "Sie hat seit der Geburt keine Kraft, und die Augen zittern, das ist nicht besser geworden.")
    page = world.client("parent").get(address(entry)).content.decode()
    assert asked(page) == {}
    assert "Signs can be picked out of English alone so far." in page


def test_the_longest_story_asks_no_more_than_somebody_answers(world: World) -> None:
    entry = story(world, ("She did this and that with us, and she laughs a lot. " * 500)[:MAX_STORY])
    looked: list[str] = []
    terms = plain_terms()
    search = terms.search

    class Counted:
        """The signs, counting how often they are searched."""

        meaning = staticmethod(terms.meaning)

        @staticmethod
        def search(typed: str, limit: int) -> object:
            looked.append(typed)
            return search(typed, limit=limit)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story_signs, "plain_terms", Counted)
        assert world.client("parent").get(address(entry)).status_code == 200
    assert 0 < len(looked) <= story_signs.MOST


def test_without_knowledge_the_story_is_told_all_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> object:
        raise KnowledgeError("none is built")

    monkeypatch.setattr(story_signs, "lexicon", missing)
    client = world.client("parent")
    answer: HttpResponse = client.post(reverse("portal_story", args=[world.record.pk]), {"text": STORY})  # type: ignore[assignment]
    assert answer["Location"] == reverse("portal_story", args=[world.record.pk])
    entry = world.record.story.get()
    assert client.get(address(entry)).status_code == 200
    assert client.post(address(entry), {"sign-1": HYPOTONIA}).status_code == 422
    assert told(world) == {}


def test_words_of_a_story_are_in_no_log_address_or_event(world: World, logged: list[str]) -> None:
    client = world.client("parent")
    home = reverse("portal_story", args=[world.record.pk])
    answer = client.post(home, {"text": "Quetzalcanary is floppy, says Typedcanary."})
    assert_nothing_in_headers(client, answer, "telling")
    entry = world.record.story.get()
    assert_nothing_in_headers(client, client.get(address(entry)), "asking")
    assert_nothing_in_headers(client, client.post(address(entry), answers(entry, floppy=HYPOTONIA)), "answering")
    assert told(world)[HYPOTONIA][2].startswith("Quetzalcanary")
    assert_nowhere_else(logged)


def test_without_knowledge_the_family_still_sees_what_was_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    entry, client = story(world), world.client("parent")
    client.post(address(entry), answers(entry, floppy=HYPOTONIA))

    def missing() -> object:
        raise KnowledgeError("none is built")

    monkeypatch.setattr("hoofbeat.web.records.plain_terms.knowledge", missing)
    place = [world.record.pk]
    page = client.get(reverse("portal_story", args=place))
    assert page.status_code == 200
    assert "Hypotonia" in page.content.decode()
    assert client.get(reverse("portal_plan", args=place)).status_code == 200
    assert client.post(reverse("portal_search_signs", args=place), {"typed": "floppy"}).status_code == 200
