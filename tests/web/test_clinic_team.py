"""To whom a record opens: the team, the family's accounts, and the glass that is broken in an emergency."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from hoofbeat.web.access.actions.team import GLASS_TRIES, add_to_team, end_team_member
from hoofbeat.web.access.models import BreakGlass, PatientLink
from hoofbeat.web.audit.models import Event
from hoofbeat.web.clinic.care_urls import urlpatterns
from hoofbeat.web.records.actions.change import RefusedError
from tests.web import world as build
from tests.web.addresses import address
from tests.web.world import World

pytestmark = pytest.mark.django_db

REASON = "She is in our emergency room with chest pain."


def test_a_colleague_opens_the_record_once_they_are_in_the_team_and_no_longer_after(world: World) -> None:
    page, client = reverse("team", args=[world.record.pk]), world.client("outsider")
    assert client.get(page).status_code == 404
    add_to_team(actor=world.actor("clinician"), record=world.record.pk, user=world.outsider.pk)
    assert client.get(page).status_code == 200
    member = world.record.team.get(user=world.outsider)
    end_team_member(actor=world.actor("clinician"), record=world.record.pk, member=member.pk)
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("who", ["administrator", "researcher", "parent", "clinician"])
def test_only_staff_who_care_and_are_not_there_yet_are_added(who: str, world: World) -> None:
    with pytest.raises(RefusedError):
        add_to_team(actor=world.actor("clinician"), record=world.record.pk, user=world.people[who].pk)


def test_staff_of_another_clinic_are_neither_offered_nor_added(world: World) -> None:
    elsewhere = build.staff(build.clinic(), name="Elsewhere Example")
    page = world.client("clinician").get(reverse("team", args=[world.record.pk])).content.decode()
    assert "Outsider Example" in page
    assert "Elsewhere Example" not in page
    with pytest.raises(RefusedError):
        add_to_team(actor=world.actor("clinician"), record=world.record.pk, user=elsewhere.pk)


def test_the_last_of_a_team_stays(world: World) -> None:
    alone = build.record(world.clinic, team=[world.clinician])
    with pytest.raises(RefusedError, match="last person"):
        end_team_member(actor=world.actor("clinician"), record=alone.pk, member=alone.team.get().pk)


def test_a_proxy_whose_access_is_ended_sees_nothing_from_that_moment(world: World) -> None:
    parent, page = world.client("parent"), reverse("portal_record", args=[world.record.pk])
    assert parent.get(page).status_code == 200
    link = PatientLink.objects.get(user=world.parent)
    world.client("clinician").post(reverse("end_access", args=[world.record.pk, link.pk]))
    assert parent.get(page).status_code == 404


def test_who_looked_is_told_in_words_with_the_look_itself(world: World) -> None:
    client = world.client("clinician")
    client.get(reverse("documents", args=[world.record.pk]))
    page = client.get(reverse("looked", args=[world.record.pk])).content.decode()
    assert "looked at the list of documents" in page
    assert "looked at who looked" in page
    assert world.client("coordinator").get(reverse("looked", args=[world.record.pk])).status_code == 403


def test_who_looked_comes_in_pages_and_says_what_was_done_often_once(world: World) -> None:
    client = world.client("clinician")
    for _ in range(51):
        client.get(reverse("team", args=[world.record.pk]))
    page = client.get(reverse("looked", args=[world.record.pk])).content.decode()
    assert page.count("<tr>") == 3  # the head, this look, and the other forty-nine events of the page
    assert "(49 times that day)" in page
    assert "?page=2" in page
    older = client.get(reverse("looked", args=[world.record.pk]), {"page": 2}).content.decode()
    assert "(3 times that day)" in older  # 51 looks at the team and two at this list: three are on the second page


@pytest.fixture
def emergency(world: World) -> World:
    """A record with a number."""
    world.record.local_number = "R-1"
    world.record.save()
    return world


def smash(
    world: World, number: str = "R-1", born: str = "2019-05-04", reason: str = REASON, *, name: str = ""
) -> HttpResponse:
    sent = {"local_number": number, "birth_date": born, "name": name, "reason": reason}
    answer = world.client("outsider").post(reverse("break_glass"), sent)
    assert isinstance(answer, HttpResponse)
    return answer


def test_the_glass_opens_the_record_for_four_hours_with_one_event_and_the_reason(emergency: World) -> None:
    before = Event.objects.count()
    answer = smash(emergency)
    assert answer.status_code == 302
    assert [(one.verb, one.why) for one in Event.objects.order_by("pk")[before:]] == [("record:break_glass", REASON)]
    client = emergency.client("outsider")
    assert answer["Location"] == reverse("record", args=[emergency.record.pk]), "in an emergency the overview is needed"
    assert client.get(answer["Location"]).status_code == 200
    glass = BreakGlass.objects.get()
    assert glass.end - glass.start == timedelta(hours=4)
    BreakGlass.objects.update(end=timezone.now())
    assert client.get(answer["Location"]).status_code == 404


def test_the_patient_reads_who_broke_the_glass_and_why(emergency: World) -> None:
    smash(emergency)
    page = emergency.client("patient").get(reverse("portal_looked", args=[emergency.record.pk])).content.decode()
    assert "Outsider Example" in page
    assert REASON in page


def test_an_unknown_number_a_wrong_birth_date_and_another_name_get_one_answer(emergency: World) -> None:
    pairs = [("R-1", "2019-06-17"), ("R-404", "2019-05-04"), ("R-1", "nonsense")]
    answers = [*(smash(emergency, *pair) for pair in pairs), smash(emergency, "R-1", "", name="Tomi Ficción")]
    assert {one.status_code for one in answers} == {422}
    told = {one.content.decode().split('role="alert"')[1].split("</div>")[0] for one in answers}
    assert len(told) == 1
    refused = Event.objects.filter(verb="record:break_glass_refused")
    assert refused.count() == 4
    assert set(refused.values_list("record", flat=True)) == {None}
    assert not BreakGlass.objects.exists()


@pytest.mark.parametrize(
    ("number", "born", "name"),
    [
        ("r 01", "2019-05-04", ""),
        ("R-1", "04.05.2019", ""),
        ("", "2019-05-04", "Exmaple, Mira"),
        ("R1", "", "mira exampel"),
        ("R-2", "2019-05-04", "Mira Example"),
        ("R-1", "2019-04-05", "Mira"),
    ],
)
def test_what_a_hurried_hand_typed_opens_the_record(number: str, born: str, name: str, emergency: World) -> None:
    assert smash(emergency, number, born, name=name).status_code == 302
    assert BreakGlass.objects.get().record == emergency.record


def test_a_patient_kept_without_a_number_is_found_by_the_other_two(emergency: World) -> None:
    emergency.record.local_number = ""
    emergency.record.save()
    assert smash(emergency, "A-77", "2019-05-04", name="Mira Example").status_code == 302


@pytest.mark.parametrize(
    ("number", "born", "name"),
    [("", "", "Mira Example"), ("R-1", "", ""), ("", "2019-05-04", ""), ("", "", "")],
)
def test_one_thing_alone_is_too_little_and_no_try(number: str, born: str, name: str, emergency: World) -> None:
    answer = smash(emergency, number, born, name=name)
    assert answer.status_code == 422
    assert "give two of these" in answer.content.decode()
    assert not Event.objects.filter(verb="record:break_glass_refused").exists()


@pytest.mark.parametrize(
    ("number", "born", "name"),
    [
        ("", "2019-05-04", "Mya"),  # in so short a word a letter makes another name
        ("", "2019-04-05", "Mira Example"),  # a name alone opens nothing, and this day speaks neither for nor against
        ("R-2", "", "Mira Example"),
        ("R-1", "2019-05-04", "Anders Jensen"),
    ],
)
def test_what_is_only_alike_opens_nothing(number: str, born: str, name: str, emergency: World) -> None:
    emergency.record.name = "Mia Example"
    emergency.record.save()
    assert smash(emergency, number, born, name=name).status_code == 422
    assert not BreakGlass.objects.exists()


def test_of_twins_the_one_whose_name_is_given_is_opened_and_else_none(emergency: World) -> None:
    twin = build.record(emergency.clinic, "Mara Example", born=emergency.record.birth_date)
    assert smash(emergency, "", name="Example").status_code == 422
    assert smash(emergency, "", name="Mara Example").status_code == 302
    assert BreakGlass.objects.get().record == twin


def test_a_patient_of_another_clinic_is_unknown_here(emergency: World) -> None:
    other = build.record(build.clinic())
    other.local_number = "R-2"
    other.save()
    assert smash(emergency, "R-2").status_code == 422


def test_trying_pairs_ends_soon_even_with_the_right_one(emergency: World) -> None:
    for number in range(GLASS_TRIES):
        assert smash(emergency, f"R-{number + 100}").status_code == 422
    assert smash(emergency).status_code == 429
    assert not BreakGlass.objects.exists()


def test_no_reason_opens_nothing(emergency: World) -> None:
    assert smash(emergency, reason="because").status_code == 422
    assert not BreakGlass.objects.exists()


@pytest.mark.parametrize("who", ["coordinator", "administrator", "researcher", "parent"])
def test_the_glass_is_there_for_few(who: str, emergency: World) -> None:
    assert emergency.client(who).get(reverse("break_glass")).status_code == 404


@pytest.mark.parametrize("name", [str(one.name) for one in urlpatterns])
def test_a_record_of_another_clinic_does_not_exist_at_any_address(name: str, world: World) -> None:
    client = build.client(build.staff(build.clinic()))
    to = address(name, {"record": world.record.pk})
    before = Event.objects.count()
    for answer in (client.get(to), client.post(to)):
        assert answer.status_code in (404, 405)
        assert world.record.name.encode() not in answer.content
    assert Event.objects.count() == before


def test_wrong_tries_at_the_glass_are_remembered_for_an_hour_and_not_a_minute_less(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong() -> int:
        given = {"local_number": "K-0", "birth_date": "2001-01-01", "reason": "Seizure at night, nobody is here"}
        return world.client("outsider").post(reverse("break_glass"), given).status_code

    assert [wrong() for _ in range(6)] == [422] * 5 + [429]
    cache.clear()
    start = timezone.now()
    for minutes, answer in ((6, 429), (59, 429), (61, 422)):
        later = start + timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda later=later: later)
        assert wrong() == answer, f"after {minutes} minutes"
