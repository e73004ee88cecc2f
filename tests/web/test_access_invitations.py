"""The life of an invitation: written in a minute, used once, worthless when used, expired, withdrawn or made up."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from hoofbeat.web.access.actions import people
from hoofbeat.web.access.actions.people import Letter, accept, invite_staff, invite_to_record
from hoofbeat.web.access.models import Invitation, Membership, PatientLink, User
from hoofbeat.web.access.roles import Role, Scope
from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.actions.change import NotAllowedError, RefusedError
from tests.web import world as make
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db


def letter_for_a_parent(world: World, email: str = "new.parent@example.org", **given: object) -> Letter:
    return invite_to_record(
        actor=world.actor("coordinator"), record=world.record.pk, name="Nora Example", email=email, role=Role.PROXY,
        relation="mother", scopes=["see", "answer"], **given,  # type: ignore[arg-type]
    )  # fmt: skip


def address(letter: Letter) -> str:
    return f"/invitation/{letter.token}/"


def form(**given: str) -> dict[str, str]:
    return {"name": "Nora Example", "password": PASSWORD} | given


def test_the_form_writes_a_letter_whose_token_is_stored_only_as_a_hash(world: World) -> None:
    page = world.client("coordinator").post(
        f"/clinic/patients/{world.record.pk}/people/",
        {"name": "Nora Example", "email": "nora@example.org", "role": "proxy", "relation": "mother", "scopes": ["see"]},
    )
    text = page.content.decode()
    found = re.search(r"/invitation/([\w-]{43})/", text)
    assert page.status_code == 200
    assert found, "256 bits are 43 letters"
    assert "data:image/svg+xml" in text, "the picture for the phone"
    kept = Invitation.objects.get()
    assert found.group(1) not in {str(getattr(kept, field.attname)) for field in Invitation._meta.concrete_fields}
    assert kept.expires - kept.created == pytest.approx(timedelta(days=14), abs=timedelta(seconds=5))


def test_opening_a_letter_fifty_times_changes_nothing(world: World, anonymous: Client) -> None:
    letter = letter_for_a_parent(world)
    before = Event.objects.count()
    for _ in range(50):
        assert anonymous.get(address(letter)).status_code == 200
    assert Event.objects.count() == before
    assert not User.objects.filter(email="new.parent@example.org").exists()
    assert anonymous.post(address(letter), form()).status_code == 302


def test_accepting_makes_the_account_signs_in_and_opens_the_record_within_its_scopes(
    world: World, anonymous: Client
) -> None:
    letter = letter_for_a_parent(world)
    answer = anonymous.post(address(letter), form(), follow=True)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == f"/my/{world.record.pk}/"
    link = PatientLink.objects.get(user__email="new.parent@example.org")
    assert link.scopes == ["answer", "see"]
    assert link.relation == "mother"
    assert link.end is not None
    assert timezone.localtime(link.end).date() == date(2033, 5, 4), "the 14th birthday, when a guardian's rights end"
    assert Event.objects.filter(verb="people:accept", actor=link.user).count() == 1


def test_a_used_expired_withdrawn_or_unknown_letter_gets_the_same_page(world: World) -> None:
    used, expired, withdrawn = (letter_for_a_parent(world, f"p{n}@example.org") for n in range(3))
    accept(token=used.token, user=None, name="N", password=PASSWORD)
    Invitation.objects.filter(pk=expired.invitation.pk).update(expires=timezone.now())
    answer = world.client("coordinator").post(f"/clinic/invitations/{withdrawn.invitation.pk}/withdraw/")
    assert answer.status_code == 302

    def page(token: str, method: str) -> str:
        answer = getattr(Client(), method)(f"/invitation/{token}/", form() if method == "post" else {})
        assert answer.status_code == 404
        text = answer.content.decode()
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
        return re.sub(r'name="next" value="[^"]+"', "", text)

    tokens = [used.token, expired.token, withdrawn.token, "made-up"]
    assert len({page(token, method) for token in tokens for method in ("get", "post")}) == 1
    assert world.clinic.phone in page("made-up", "get")


def test_a_letter_that_somebody_used_first_cannot_be_used_by_a_second(world: World) -> None:
    letter = letter_for_a_parent(world)
    assert Client().post(address(letter), form()).status_code == 302
    assert Client().post(address(letter), form(name="Another")).status_code == 404
    assert PatientLink.objects.filter(user__email="new.parent@example.org").count() == 1


def at_once(monkeypatch: pytest.MonkeyPatch, step: str, letters: list[Letter], **given: Any) -> list[str]:
    """Two letters used at the same moment: neither knows of the other yet. What came of each."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one write after the other by itself")
    real: Callable[..., None] = getattr(people, step)

    def slowly(*those: Any) -> None:
        real(*those)
        time.sleep(0.5)

    monkeypatch.setattr(people, step, slowly)

    def use(letter: Letter) -> str:
        try:
            accept(token=letter.token, **given)
            return "used"
        except RefusedError as refusal:
            return refusal.message
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        return sorted(both.map(use, letters))


@pytest.mark.django_db(transaction=True)
def test_two_clinics_that_one_person_joins_at_once_are_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = [
        invite_staff(actor=one.actor("administrator"), name="Nora Example", email="n@example.org", role="clinician")
        for one in (world, World.small())
    ]
    came_of_it = at_once(monkeypatch, "_join_clinic", letters, user=world.stranger)
    assert came_of_it[1] == "used"
    assert "one at a time" in came_of_it[0]
    assert Membership.objects.filter(user=world.stranger).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_letters_to_one_address_used_at_once_make_one_account(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sibling = make.record(world.clinic, "A Sibling", team=[world.coordinator])
    letters = [letter_for_a_parent(world), letter_for_a_parent(replace(world, records=[sibling]))]
    came_of_it = at_once(monkeypatch, "_link", letters, user=None, name="Nora Example", password=PASSWORD)
    assert "used" in came_of_it
    assert [one for one in came_of_it if "sign in, then open the letter again" in one]
    assert User.objects.filter(email="new.parent@example.org").count() == 1


def test_a_weak_password_is_refused_and_the_letter_still_works(world: World, anonymous: Client) -> None:
    letter = letter_for_a_parent(world)
    refused = anonymous.post(address(letter), form(password="short"))
    assert refused.status_code == 422
    assert "error-summary" in refused.content.decode()
    assert "short" not in refused.content.decode().replace("too short", "")
    assert anonymous.post(address(letter), form()).status_code == 302


def test_holding_a_letter_opens_nobody_elses_account(world: World, anonymous: Client) -> None:
    letter = letter_for_a_parent(world, email=world.stranger.email)
    assert anonymous.post(address(letter), form()).status_code == 422
    world.stranger.refresh_from_db()
    assert not world.stranger.links.exists()


def test_an_account_that_exists_gets_the_new_record_after_sign_in(world: World) -> None:
    sibling = make.record(world.clinic, "Lio Example", team=[world.coordinator])
    letter = invite_to_record(
        actor=world.actor("coordinator"), record=sibling.pk, name="P", email=world.parent.email, role=Role.PROXY,
        relation="father", scopes=["see"],
    )  # fmt: skip
    browser = world.client("parent")
    assert browser.post(address(letter)).status_code == 302
    chooser = browser.get("/my/").content.decode()
    assert "Lio Example" in chooser
    assert "Mira Example" in chooser


def test_who_wrote_a_letter_cannot_use_it(world: World) -> None:
    letter = letter_for_a_parent(world)
    assert world.client("coordinator").post(address(letter)).status_code == 422
    assert not world.coordinator.links.exists()


def test_an_account_for_work_never_becomes_a_familys_account(world: World) -> None:
    assert world.client("outsider").post(address(letter_for_a_parent(world))).status_code == 422
    assert not world.outsider.links.exists()


@pytest.mark.parametrize("who", ["outsider", "administrator", "researcher", "patient", "parent", "stranger"])
def test_only_the_team_invites_to_a_record(world: World, who: str) -> None:
    answer = world.client(who).post(f"/clinic/patients/{world.record.pk}/people/", {"name": "X"})
    assert answer.status_code == (403 if who in ("patient", "parent") else 404)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"), ({"email": "nobody"}, "email"), ({"scopes": ["message"]}, "scopes"),
        ({"relation": ""}, "relation"), ({"until": date(2020, 1, 1)}, "until"), ({"role": Role.CLINICIAN}, "role"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_an_invitation_is_said_at_its_field(
    world: World, wrong: dict[str, object], field: str
) -> None:
    given: dict[str, object] = {
        "name": "Nora", "email": "n@example.org", "role": Role.PROXY, "relation": "mother", "scopes": ["see"],
    }  # fmt: skip
    with pytest.raises(RefusedError) as refused:
        invite_to_record(actor=world.actor("coordinator"), record=world.record.pk, **(given | wrong))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_the_mail_says_nothing_of_the_patient(world: World, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    world.client("coordinator").post(
        f"/clinic/patients/{world.record.pk}/people/",
        {"name": "Nora Example", "email": "n@example.org", "role": "proxy", "relation": "mother", "scopes": ["see"]},
    )
    (sent,) = mail.outbox
    said = f"{sent.subject} {sent.body}"
    assert "/invitation/" in said
    for word in ("Mira", "Nora", world.clinic.name, "genetic", "rare", "disease", str(world.record.pk)):
        assert word not in said


def test_ending_a_proxys_access_closes_the_record_at_once(world: World) -> None:
    browser = world.client("parent")
    assert browser.get(f"/my/{world.record.pk}/").status_code == 200
    link = PatientLink.objects.get(user=world.parent)
    world.client("coordinator").post(f"/clinic/patients/{world.record.pk}/people/{link.pk}/end/")
    assert browser.get(f"/my/{world.record.pk}/").status_code == 404


class TestStaff:
    def test_the_administrator_invites_a_colleague_who_first_sets_up_a_second_step(self, world: World) -> None:
        letter = invite_staff(
            actor=world.actor("administrator"), name="Ada Example", email="ada@example.org", role="clinician"
        )
        browser = Client()
        browser.post(address(letter), form(name="Ada Example"))
        assert Membership.objects.get(user__email="ada@example.org").role == "clinician"
        assert browser.get("/clinic/patients/")["Location"] == "/sign-in/2fa/"

    def test_ending_the_work_signs_out_and_closes_every_record_now(self, world: World) -> None:
        colleague = world.clinician
        colleague.set_password(PASSWORD)
        colleague.save()
        browser = world.client(colleague)
        assert browser.get("/clinic/patients/").status_code == 200
        membership = Membership.objects.get(user=colleague)
        world.client("administrator").post(f"/clinic/staff/{membership.pk}/end/")
        answer = browser.get("/clinic/patients/")
        assert answer.status_code in (302, 404)
        assert not colleague.teams.filter(end__isnull=True).exists()
        assert Event.objects.filter(verb="staff:end_membership").count() == 1

    def test_the_administrator_of_one_clinic_ends_nobodys_work_in_another(self, world: World) -> None:
        other = make.staff(make.clinic())
        membership = Membership.objects.get(user=other)
        assert world.client("administrator").post(f"/clinic/staff/{membership.pk}/end/").status_code == 404
        membership.refresh_from_db()
        assert membership.end is None

    def test_the_last_administrator_cannot_end_their_own_work(self, world: World) -> None:
        membership = Membership.objects.get(user=world.administrator)
        world.client("administrator").post(f"/clinic/staff/{membership.pk}/end/")
        membership.refresh_from_db()
        assert membership.end is None

    @pytest.mark.parametrize("who", ["clinician", "counsellor", "coordinator", "researcher", "patient"])
    def test_nobody_else_sees_the_staff_list_or_invites_staff(self, world: World, who: str) -> None:
        assert world.client(who).get("/clinic/staff/").status_code == 404
        with pytest.raises(NotAllowedError):
            invite_staff(actor=world.actor(who), name="X", email="x@example.org", role="clinician")

    def test_an_administrator_opens_no_record(self, world: World) -> None:
        browser = world.client("administrator")
        for path in (f"/my/{world.record.pk}/", f"/clinic/patients/{world.record.pk}/people/"):
            assert browser.get(path).status_code == 404
        assert world.record.name not in browser.get("/clinic/staff/").content.decode()


def test_scopes_are_those_of_the_roles_table(world: World) -> None:
    assert {scope.value for scope in Scope} == {"see", "answer", "message", "decide"}
