"""What a child says about a sharing, after three pictures: kept word by word, and a no blocks until it is resolved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hoofbeat.cases.finding import FindingState
from hoofbeat.network.gate import Detail, Purpose
from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.actions.consent import give_consent
from hoofbeat.web.records.actions.dissent import resolve_dissent
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.actions.release import Asked, release
from hoofbeat.web.records.models import Assent, Dissent, Task
from tests.web.world import ARACHNODACTYLY, World

pytestmark = pytest.mark.django_db
NETWORK = "agreement:network"
GIVEN = {"purpose": "matching", "answer": "no", "words": "I don't like strangers!", "present": "Mum and Nurse Kim"}


def page(world: World) -> str:
    return f"/my/{world.record.pk}/consents/child/"


def answer(world: World, who: str = "parent", **given: str) -> int:
    return world.client(who).post(page(world), GIVEN | given).status_code


def send(world: World) -> bytes:
    asked = Asked(Purpose.MATCHING, NETWORK, Detail.FINDINGS)
    return release(actor=world.actor("clinician"), record=world.record.pk, asked=asked).data


@pytest.fixture
def shared(world: World) -> World:
    set_finding(actor=world.actor("clinician"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED)
    give_consent(actor=world.actor("parent"), record=world.record.pk, purpose="matching", recipient=NETWORK, detail="4")
    return world


def test_a_childs_no_is_kept_word_by_word_and_blocks_until_a_clinician_documents_how_it_was_resolved(
    shared: World,
) -> None:
    assert send(shared)
    assert answer(shared) == 302
    kept = Assent.objects.get()
    assert (kept.words, kept.present, kept.said_by) == (GIVEN["words"], GIVEN["present"], None)
    assert [one.verb for one in Event.objects.filter(verb__startswith="consent:")][-1] == "consent:assent"
    with pytest.raises(RefusedError, match="does not want it"):
        send(shared)
    for who, where in (("parent", f"/my/{shared.record.pk}/consents/"), ("clinician", sharing(shared))):
        text = shared.client(who).get(where).content.decode()
        assert "I don&#39;t like strangers!" in text
        assert GIVEN["present"] in text
    said = Dissent.objects.get()
    assert (said.voice, said.words) == (Dissent.Voice.CHILD, GIVEN["words"])
    resolve_dissent(
        actor=shared.actor("clinician"),
        record=shared.record.pk,
        dissent=said.pk,
        words="Talked, fine now",
        goes_on=True,
    )
    assert send(shared)


def sharing(world: World) -> str:
    return f"/clinic/patients/{world.record.pk}/sharing/"


def test_a_yes_lets_nothing_leave_and_takes_no_no_back(world: World, shared: World) -> None:
    answer(shared)
    answer(shared, answer="yes")
    with pytest.raises(RefusedError, match="does not want it"):
        send(shared)
    assert Assent.objects.count() == 2
    assert Dissent.objects.count() == 1


def test_a_second_no_is_kept_and_the_block_stays_one(shared: World) -> None:
    assert [answer(shared), answer(shared, words="Still no")] == [302, 302]
    assert Assent.objects.count() == 2
    assert Dissent.objects.count() == 1


def test_a_no_from_the_childs_own_account_is_said_by_the_child(shared: World) -> None:
    assert answer(shared, "patient", words="") == 302
    assert Assent.objects.get().said_by == shared.patient
    assert Dissent.objects.get().said_by == shared.patient


@pytest.mark.parametrize("said", ["question", "unsure"])
def test_a_question_and_not_sure_are_put_before_the_team_and_block_nothing(shared: World, said: str) -> None:
    assert answer(shared, answer=said) == 302
    assert Task.objects.get().kind == Task.Kind.ASSENT
    assert "The child asked something" in shared.client("clinician").get("/clinic/inbox/").content.decode()
    assert send(shared)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"answer": "perhaps"}, "answer"),
        ({"present": " "}, "present"),
        ({"answer": "question", "words": " "}, "words"),
        ({"present": "x" * 201}, "present"),
        ({"words": "x" * 2001}, "words"),
    ],
)
def test_what_is_missing_is_asked_for_at_its_field(world: World, wrong: dict[str, str], field: str) -> None:
    reply = world.client("parent").post(page(world), GIVEN | wrong)
    assert reply.status_code == 422
    assert f'href="#{field}"' in reply.content.decode()
    assert not Assent.objects.exists()


def test_each_screen_has_a_drawing_and_leads_on(world: World) -> None:
    browser = world.client("parent")
    for screen, words in (("1", "What it is about"), ("2", "What would happen"), ("3", "What you can say")):
        text = browser.get(page(world), {"screen": screen}).content.decode()
        assert words in text
        assert 'class="pic"' in text
    assert "That is my answer" in text
    assert "That is my answer" not in world.client("reader").get(page(world), {"screen": "3"}).content.decode()


def test_who_is_of_age_has_no_such_page(world: World) -> None:
    world.record.birth_date = timezone.localdate() - timedelta(days=19 * 366)
    world.record.save()
    assert world.client("patient").get(page(world)).status_code == 404
    assert answer(world, "patient") == 404
    assert not Assent.objects.exists()
