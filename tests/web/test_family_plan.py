"""The plan that a family reads: both ways from every step, and no word of the doctors without its meaning."""

from __future__ import annotations

from typing import Any

import pytest

from hoofbeat.cases.finding import FindingState
from hoofbeat.diagnosis.next_step.protocol import Stop
from hoofbeat.interchange.burden_file import shipped_burdens
from hoofbeat.web.records.actions.background import add_test, end_test
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.models import EarlierTest
from hoofbeat.web.records.next_steps import NextSteps
from hoofbeat.web.records.plan import plan_of
from hoofbeat.web.records.plan_words import PlannedStep, in_words, plain_procedures
from tests.web.test_next_step import FINDINGS, page
from tests.web.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_knowledge")]

PLAIN, MEDICAL = ("HP:0000978", "Bruising susceptibility"), ("HP:0000967", "Petechiae")


@pytest.fixture
def ranked(world: World) -> World:
    for hpo in FINDINGS:
        set_finding(actor=world.actor("clinician"), record=world.record.pk, hpo=hpo, state=FindingState.OBSERVED)
    return world


def question(term: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {"kind": "question", "id": term[0], "label": term[1], "how": "", "asking": True} | more


def every(steps: tuple[PlannedStep, ...]) -> list[tuple[PlannedStep, bool]]:
    """All places, each with whether it is the last in its row."""
    return [pair for n, one in enumerate(steps, 1) for pair in ((one, n == len(steps)), *every(one.then))]


def test_both_ways_from_every_step_are_said(ranked: World) -> None:
    found = NextSteps.of(ranked.record)
    assert found is not None
    places = every(in_words(plan_of(found.work_up())))
    assert len(places) > 3
    for place, is_last in places:
        assert place.then or place.after_find, f"nothing is said of a find: {place.what}"
        assert place.if_not
        assert not is_last or place.after_none


@pytest.mark.parametrize("why", list(Stop))
def test_each_end_has_its_own_words_without_a_probability(why: Stop) -> None:
    (place,) = in_words([question(PLAIN, after_find=why.value, after_none=Stop.LONG.value)])
    assert place.after_find.endswith(".")
    assert "%" not in place.after_find
    assert (place.after_find == place.after_none) is (why is Stop.LONG)


def test_a_sign_with_a_plain_name_is_called_by_it() -> None:
    (place,) = in_words([question(PLAIN)])
    assert "medical word" not in place.what
    assert place.meaning


def test_a_sign_without_a_plain_name_is_said_to_be_a_medical_word_and_explained() -> None:
    (place,) = in_words([question(MEDICAL)])
    assert "Petechiae (medical word)" in place.what
    assert "spots" in place.meaning.casefold()


def test_what_a_procedure_can_show_is_explained_where_it_has_no_plain_name() -> None:
    finds = [{"id": one[0], "label": one[1]} for one in (PLAIN, MEDICAL)]
    (place,) = in_words([{"kind": "procedure", "id": "MAXO:0010203", "label": "echocardiography", "finds": finds}])
    plain, medical = place.looks_for
    assert "medical word" not in plain
    assert medical.startswith("Petechiae (medical word; it means: ")
    assert medical.endswith(")")


def test_a_common_procedure_is_called_as_families_call_it_with_the_doctors_word() -> None:
    known = {"kind": "procedure", "id": "MAXO:0010203", "label": "echocardiography"}
    (place, other) = in_words([known, known | {"id": "own:rare", "label": "rare procedure"}])
    assert place.what == "We do: an ultrasound of the heart (medical word: echocardiography)"
    assert other.what == "We do: rare procedure"
    assert plain_procedures().keys() <= shipped_burdens().rows.keys()


def test_a_plan_that_was_released_before_ends_were_kept_can_still_be_read() -> None:
    (place,) = in_words([question(PLAIN)])
    assert place.after_find == place.after_none == "we look at the whole picture again with you."


def test_what_is_done_already_stands_beside_the_steps_and_goes_with_it(ranked: World) -> None:
    assert "Already done" not in page(ranked)
    actor, record = ranked.actor("clinician"), ranked.record.pk
    add_test(actor=actor, record=record, kind="imaging", name="Echocardiogram of May", when="2026-05", result="Normal")
    assert "Echocardiogram of May" in page(ranked).split("Already done")[1]
    end_test(actor=actor, record=record, test=EarlierTest.objects.get().pk)
    assert "Already done" not in page(ranked)


def test_a_phone_shows_the_first_of_each_kind_and_folds_the_others(ranked: World) -> None:
    text = page(ranked)
    asked = text.split('id="questions-title"')[1].split('id="procedures-title"')[0]
    shown, folded = asked.split('<details class="more-steps"')
    assert shown.count("<article") == 2
    assert folded.count("<article") == 3
    assert "3 more questions" in folded
