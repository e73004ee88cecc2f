"""The very same form, sent a moment later, is a second click: it makes nothing and tells nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Model
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hoofbeat.cases.finding import FindingState
from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.actions.background import add_note, add_test
from hoofbeat.web.records.actions.change import AGAIN
from hoofbeat.web.records.actions.diagnosis import end_release, release_differential
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.actions.messages import send_message
from hoofbeat.web.records.actions.next_step import release_plan
from hoofbeat.web.records.actions.record import Demographics, create_record
from hoofbeat.web.records.actions.story import tell_story
from hoofbeat.web.records.actions.visits import plan_visit
from hoofbeat.web.records.models import (
    BackgroundNote,
    EarlierTest,
    Message,
    Record,
    SharedDifferential,
    SharedPlan,
    StoryEntry,
    Visit,
)
from hoofbeat.web.records.next_steps import NextSteps
from hoofbeat.web.records.plan import checksum_of, plan_of
from tests.web.world import ARACHNODACTYLY, World

pytestmark = pytest.mark.django_db
Sending = Callable[[World, str], Model]


def opened(world: World, words: str) -> Record:
    """A new record."""
    return create_record(actor=world.actor("clinician"), demographics=Demographics(name=words))


def messaged(world: World, words: str) -> Message:
    """A message to the family."""
    return send_message(actor=world.actor("clinician"), record=world.record.pk, text=words)


def told(world: World, words: str) -> StoryEntry:
    """A telling of the family."""
    return tell_story(actor=world.actor("parent"), record=world.record.pk, text=words)


def entered(world: World, words: str) -> EarlierTest:
    """An earlier test."""
    return add_test(actor=world.actor("clinician"), record=world.record.pk, kind="imaging", name=words)


def noted(world: World, words: str) -> BackgroundNote:
    """A note on the background."""
    return add_note(actor=world.actor("clinician"), record=world.record.pk, kind="lifestyle", text=words)


def released(world: World, words: str) -> SharedDifferential:
    """What was talked about, put on the family's pages."""
    _with_a_finding(world)
    return release_differential(
        actor=world.actor("clinician"), record=world.record.pk, diseases=["OMIM:154700"], words=words,
        talked_on=timezone.localdate(),
    )  # fmt: skip


def planned(world: World, words: str) -> Visit:
    """A visit tomorrow at noon."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return plan_visit(
        actor=world.actor("clinician"), record=world.record.pk, at=f"{tomorrow}T12:00", kind="clinic", purpose=words
    )


def plan_told(world: World, words: str) -> SharedPlan:
    """The work-up, put on the family's pages."""
    _with_a_finding(world)
    found = NextSteps.of(world.record)
    assert found is not None
    looked_at = checksum_of(plan_of(found.work_up()))
    return release_plan(actor=world.actor("clinician"), record=world.record.pk, words=words, previewed=looked_at)


def _with_a_finding(world: World) -> None:
    if not world.record.findings.exists():
        set_finding(
            actor=world.actor("clinician"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED
        )


@pytest.mark.parametrize("send", [opened, messaged, told, entered, noted, released, planned, plan_told])
def test_the_same_form_again_makes_nothing_and_other_words_or_a_later_time_do(world: World, send: Sending) -> None:
    first = send(world, "the same words")
    kind = type(first)
    rows, events, mails = kind.objects.count(), Event.objects.count(), DBTaskResult.objects.count()  # type: ignore[attr-defined]
    assert send(world, "the same words") == first
    assert (kind.objects.count(), Event.objects.count(), DBTaskResult.objects.count()) == (rows, events, mails)  # type: ignore[attr-defined]
    assert send(world, "other words") != first
    kind.objects.filter(pk=first.pk).update(created=first.created - AGAIN - timedelta(seconds=1))  # type: ignore[attr-defined]
    assert send(world, "the same words") != first


def test_what_was_taken_off_the_list_can_be_added_again_at_once(world: World) -> None:
    first = entered(world, "MRI")
    EarlierTest.objects.filter(pk=first.pk).update(ended=first.created)
    assert entered(world, "MRI") != first


def test_what_was_released_stands_after_a_second_click_and_what_was_ended_can_be_released_at_once(world: World) -> None:
    first = released(world, "the same words")
    released(world, "the same words")
    first.refresh_from_db()
    assert first.ended is None
    end_release(actor=world.actor("clinician"), record=world.record.pk, shared=first.pk)
    again = released(world, "the same words")
    assert again != first
    assert again.ended is None


def test_what_two_people_write_alike_are_two_messages(world: World) -> None:
    first = messaged(world, "the same words")
    other = send_message(actor=world.actor("parent"), record=world.record.pk, text="the same words")
    assert other != first
