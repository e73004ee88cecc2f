"""Children growing up: who may act until when, the child's own no, parents who disagree, what is told in confidence,
and who agrees once somebody is of age. Each rule with days on both sides of it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hoofbeat.cases.finding import FindingState
from hoofbeat.network.gate import Detail, Purpose
from hoofbeat.web.access.actions.law import confirm_pack
from hoofbeat.web.access.actions.people import Letter, NoSuchLetterError, accept, invite_to_record
from hoofbeat.web.access.country_pack import EXAMPLE, Basis, is_self, last_day, majority_of
from hoofbeat.web.access.models import ConfirmedPack, PatientLink, User
from hoofbeat.web.access.roles import Role
from hoofbeat.web.access.shared_contact import mailbox
from hoofbeat.web.audit.models import Event
from hoofbeat.web.demo.clock import standing_at
from hoofbeat.web.records.actions.change import NotAllowedError, RefusedError
from hoofbeat.web.records.actions.consent import give_consent, renew_consent
from hoofbeat.web.records.actions.dissent import dissent, resolve_dissent, take_back_dissent, write_down_dissent
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.actions.messages import mark_read, send_message
from hoofbeat.web.records.actions.record import Demographics, edit_record
from hoofbeat.web.records.actions.release import Asked, release
from hoofbeat.web.records.actions.story import tell_story
from hoofbeat.web.records.actions.tasks import finish_task
from hoofbeat.web.records.models import Consent, Dissent, Record, StoryEntry, Task
from hoofbeat.web.records.waiting import inbox_of
from hoofbeat.web.running.jobs import ask_those_who_come_of_age, look_for_shared_contacts, tell_ending_proxies
from tests.web import world as make
from tests.web.world import ARACHNODACTYLY, PASSWORD, World

TODAY = date(2026, 11, 24)
NETWORK = "agreement:network"
SECRET = "Quetzalcanary, nobody at home knows"


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    """Every test here is on one day, so that none fails at the end of a month, or on 29 February."""
    with standing_at(noon(TODAY)):
        yield


def years_ago(years: int, days: int = 0) -> date:
    """The birthday of somebody who turned so many years so many days ago."""
    return TODAY.replace(year=TODAY.year - years) - timedelta(days=days)


def born(world: World, day: date) -> Record:
    world.record.birth_date = day
    world.record.save()
    return world.record


def agree(world: World, who: str = "parent", recipient: str = NETWORK) -> Consent:
    return give_consent(
        actor=world.actor(who), record=world.record.pk, purpose="matching", recipient=recipient, detail="5"
    )


def send(world: World) -> bytes:
    asked = Asked(Purpose.MATCHING, NETWORK, Detail.FINDINGS)
    return release(actor=world.actor("clinician"), record=world.record.pk, asked=asked).data


def no(world: World, who: str, words: str = "I do not want strangers to know") -> Dissent:
    return dissent(actor=world.actor(who), record=world.record.pk, purpose="matching", words=words)


class TestCountryPack:
    @pytest.mark.parametrize(
        ("basis", "birth_date", "end"),
        [
            (Basis.GUARDIAN, date(2019, 5, 4), date(2033, 5, 4)),
            (Basis.GUARDIAN, date(2012, 11, 24), date(2026, 11, 24)),  # the 14th birthday is no day of such rights
            (Basis.GUARDIAN, date(2020, 2, 29), date(2034, 3, 1)),
            (Basis.GUARDIAN, None, None),
            (Basis.INCAPACITY, date(2012, 1, 1), date(2028, 11, 24)),  # looked at again after two years
            (Basis.INCAPACITY, date(2009, 1, 1), date(2027, 1, 1)),  # and at majority
            (Basis.INCAPACITY, date(2008, 11, 24), date(2028, 11, 24)),  # of age today: the next look is in two years
            (Basis.INCAPACITY, date(1950, 1, 1), date(2028, 11, 24)),
            (Basis.WISH, date(2000, 1, 1), None),
        ],
    )
    def test_rights_to_act_end_at_the_latest(self, basis: Basis, birth_date: date | None, end: date | None) -> None:
        assert last_day(basis, birth_date, TODAY) == end

    @pytest.mark.parametrize(
        ("birth_date", "speaks"),
        [(date(2012, 11, 25), False), (date(2012, 11, 24), True), (date(1990, 1, 1), True), (None, True)],
    )
    def test_somebody_speaks_for_themself_from_the_14th_birthday(self, birth_date: date | None, speaks: bool) -> None:
        assert is_self(birth_date, TODAY) is speaks

    @pytest.mark.parametrize(("self_from", "guardian_to"), [(0, 14), (19, 14), (14, 19), (14, 0)])
    def test_a_pack_whose_ages_make_no_sense_is_refused(self, self_from: int, guardian_to: int) -> None:
        with pytest.raises(ValueError, match="majority"):
            dataclasses.replace(EXAMPLE, self_from=self_from, guardian_to=guardian_to)


def invite(world: World, **given: object) -> Letter:
    usual: dict[str, object] = {
        "name": "Nora", "email": "n@example.org", "role": Role.PROXY, "relation": "mother", "scopes": ["see"],
    }  # fmt: skip
    return invite_to_record(actor=world.actor("coordinator"), record=world.record.pk, **(usual | given))  # type: ignore[arg-type]


@pytest.mark.django_db
class TestWhoMayAct:
    def test_nobody_acts_for_a_patient_before_the_pack_is_confirmed(self, world: World) -> None:
        ConfirmedPack.objects.all().delete()
        with pytest.raises(RefusedError, match="confirms the ages"):
            invite(world)
        with pytest.raises(NotAllowedError):
            confirm_pack(actor=world.actor("clinician"))
        browser = world.client("administrator")
        assert "nobody can be invited" in browser.get("/clinic/staff/").content.decode()
        browser.post("/clinic/staff/law/")
        assert "Confirmed by" in browser.get("/clinic/staff/").content.decode()
        assert Event.objects.filter(verb="law:confirm", actor=world.administrator).count() == 1
        invite(world)
        with pytest.raises(RefusedError, match="already"):
            confirm_pack(actor=world.actor("administrator"))

    @pytest.mark.parametrize(
        ("age", "given", "field"),
        [
            (14, {"basis": "guardian"}, "basis"),
            (13, {"basis": "wish", "until": date(2099, 1, 1)}, "basis"),
            (16, {"basis": "wish"}, "until"),
            (16, {"basis": "wish", "until": date(2099, 1, 1), "scopes": ["see", "decide"]}, "scopes"),
            (16, {"basis": "incapacity"}, "basis_note"),
            (16, {"basis": "incapacity", "basis_note": "found", "until": date(2099, 1, 1)}, "until"),
            (7, {"basis": "guardian", "until": date(2099, 1, 1)}, "until"),
            (7, {"basis": "other"}, "basis"),
            (13, {"role": Role.PATIENT}, "role"),
        ],
    )
    def test_what_the_pack_does_not_know_is_refused_at_its_field(
        self, world: World, age: int, given: dict[str, object], field: str
    ) -> None:
        world.record.links.filter(role=Role.PATIENT).delete()
        born(world, years_ago(age))
        with pytest.raises(RefusedError) as refused:
            invite(world, **given)
        assert refused.value.field == field

    @pytest.mark.parametrize(
        ("age", "given"),
        [
            (13, {"basis": "guardian"}),
            (14, {"basis": "wish", "until": date(2099, 1, 1)}),
            (16, {"basis": "incapacity", "basis_note": "asked with pictures; does not follow"}),
            (40, {"basis": "incapacity", "basis_note": "asked with pictures; does not follow"}),
            (14, {"role": Role.PATIENT}),
        ],
    )
    def test_what_the_pack_knows_is_taken(self, world: World, age: int, given: dict[str, object]) -> None:
        world.record.links.filter(role=Role.PATIENT).delete()
        born(world, years_ago(age))
        invite(world, **given)

    def test_the_form_offers_what_fits_the_age_and_keeps_what_was_typed(self, world: World) -> None:
        page = f"/clinic/patients/{world.record.pk}/people/"
        assert 'value="guardian" checked' in world.client("coordinator").get(page).content.decode()
        born(world, years_ago(15))
        form = {"name": "Nora", "email": "n@example.org", "role": "proxy", "relation": "aunt", "scopes": ["see"]}
        refused = world.client("coordinator").post(page, form | {"basis": "incapacity"})
        assert refused.status_code == 422
        assert 'value="incapacity" checked' in refused.content.decode()


@pytest.mark.django_db
class TestAnotherDateOfBirth:
    """What the law gives until an age ends with that age, and not on the day that a slip of the keyboard gave."""

    def corrected(self, world: World, age: int) -> datetime:
        """When the rights of the guardian of a child of ten end, once it is known to be so old."""
        link = PatientLink.objects.get(user=world.parent)
        link.basis, link.start = Basis.GUARDIAN.value, timezone.now()
        link.end = timezone.make_aware(datetime(TODAY.year + 4, TODAY.month, TODAY.day))
        link.save()
        born(world, years_ago(10))
        edit_record(
            actor=world.actor("coordinator"),
            record=world.record.pk,
            demographics=Demographics(name=world.record.name, birth_date=str(years_ago(age))),
        )
        link.refresh_from_db()
        assert link.end is not None
        return link.end

    def test_of_a_child_who_is_older_they_end_earlier_and_the_team_is_asked(self, world: World) -> None:
        assert timezone.localdate(self.corrected(world, 12)) == TODAY.replace(year=TODAY.year + 2)
        assert world.record.tasks.filter(kind=Task.Kind.RIGHTS_END, done__isnull=True).count() == 1
        assert world.client("parent").get(f"/my/{world.record.pk}/").status_code == 200

    def test_of_one_who_is_old_enough_already_they_end_now(self, world: World) -> None:
        assert self.corrected(world, 15) == timezone.now()
        assert world.client("parent").get(f"/my/{world.record.pk}/").status_code == 404

    def test_of_a_child_who_is_younger_they_last_no_longer(self, world: World) -> None:
        assert timezone.localdate(self.corrected(world, 8)) == TODAY.replace(year=TODAY.year + 4)
        assert not world.record.tasks.exists()

    def test_a_letter_that_was_written_before_gives_no_more(self, world: World) -> None:
        born(world, years_ago(10))
        letters = [invite(world, email=f"{number}@example.org") for number in range(2)]
        for age, letter in zip((12, 15), letters, strict=True):
            edit_record(
                actor=world.actor("coordinator"),
                record=world.record.pk,
                demographics=Demographics(name=world.record.name, birth_date=str(years_ago(age))),
            )
            if age == 15:
                with pytest.raises(NoSuchLetterError):
                    accept(token=letter.token, user=None, name="Nora", password=PASSWORD)
                continue
            _letter, person = accept(token=letter.token, user=None, name="Nora", password=PASSWORD)
            assert timezone.localdate(person.links.get().end) == TODAY.replace(year=TODAY.year + 2)


@pytest.mark.django_db
class TestNotices:
    def end_on(self, world: World, day: date) -> PatientLink:
        PatientLink.objects.filter(role=Role.PROXY).exclude(user=world.parent).delete()
        link = PatientLink.objects.get(user=world.parent)
        link.end = timezone.make_aware(datetime(day.year, day.month, day.day))
        link.save()
        return link

    def test_they_come_12_6_and_1_months_before_to_the_proxy_and_to_the_team(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.end_on(world, date(2028, 5, 31))
        told = []
        looked_on = (
            date(2027, 5, 30), date(2027, 5, 31), date(2027, 6, 1), date(2027, 11, 29), date(2027, 11, 30),
            date(2028, 4, 29), date(2028, 4, 30), date(2028, 5, 30), date(2028, 5, 31), date(2028, 6, 1),
        )  # fmt: skip
        for day in looked_on:
            now = timezone.make_aware(datetime(day.year, day.month, day.day, 12))
            monkeypatch.setattr(timezone, "now", lambda now=now: now)
            if tell_ending_proxies():
                told.append(day)
            assert tell_ending_proxies() == 0, "once"
        assert told == [date(2027, 5, 31), date(2027, 11, 30), date(2028, 4, 30), date(2028, 5, 31)]
        tasks = Task.objects.filter(kind=Task.Kind.RIGHTS_END)
        assert [one.due for one in tasks] == [date(2028, 5, 31)] * 3
        kinds = [job.args_kwargs["args"][0] for job in DBTaskResult.objects.order_by("enqueued_at")]
        assert kinds == ["proxy_ends_soon"] * 3 + ["proxy_ended"]

    def test_after_a_long_pause_the_last_one_is_told_and_not_all(self, world: World) -> None:
        self.end_on(world, timezone.localdate() + timedelta(days=20))
        assert tell_ending_proxies() == 1
        (event,) = Event.objects.filter(verb="proxy:end_notice")
        assert event.detail["months"] == 1

    def test_who_may_act_for_a_month_only_is_not_told_of_a_year(self, world: World) -> None:
        link = self.end_on(world, timezone.localdate() + timedelta(days=20))
        PatientLink.objects.filter(pk=link.pk).update(start=timezone.now())
        assert tell_ending_proxies() == 0


@pytest.mark.django_db
class TestDissent:
    @pytest.fixture
    def shared(self, world: World) -> World:
        """A child of 15 whose parent agreed to a sharing that works."""
        born(world, years_ago(15))
        set_finding(
            actor=world.actor("clinician"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED
        )
        agree(world)
        assert send(world)
        return world

    def test_a_childs_no_stops_the_sharing_until_a_clinician_documents_the_resolution(self, shared: World) -> None:
        said = no(shared, "patient", "That is mine")
        assert (said.voice, said.words, said.said_by) == ("child", "That is mine", shared.patient)
        with pytest.raises(RefusedError, match="does not want it"):
            send(shared)
        for who in ("counsellor", "coordinator"):
            with pytest.raises(NotAllowedError):
                resolve_dissent(
                    actor=shared.actor(who), record=shared.record.pk, dissent=said.pk, words="x", goes_on=True
                )
        with pytest.raises(RefusedError):
            resolve_dissent(
                actor=shared.actor("clinician"), record=shared.record.pk, dissent=said.pk, words=" ", goes_on=True
            )
        resolve_dissent(
            actor=shared.actor("clinician"), record=shared.record.pk, dissent=said.pk,
            words="Talked with Mira alone; she agrees now", goes_on=True,
        )  # fmt: skip
        assert send(shared)

    def test_a_new_agreement_of_a_parent_does_not_get_round_it(self, shared: World) -> None:
        no(shared, "patient")
        agree(shared)
        with pytest.raises(RefusedError, match="does not want it"):
            send(shared)

    def test_resolved_so_that_it_ends_what_was_agreed_is_withdrawn(self, shared: World) -> None:
        said = no(shared, "patient")
        resolve_dissent(
            actor=shared.actor("clinician"), record=shared.record.pk, dissent=said.pk, words="Ends", goes_on=False
        )
        assert not Consent.objects.filter(withdrawn__isnull=True).exists()
        with pytest.raises(RefusedError):
            send(shared)

    def test_it_makes_a_task_that_only_words_finish(self, shared: World) -> None:
        said = no(shared, "patient")
        task = Task.objects.get(kind=Task.Kind.DISSENT)
        with pytest.raises(RefusedError, match="document"):
            finish_task(actor=shared.actor("clinician"), record=shared.record.pk, task=task.pk)
        take_back_dissent(actor=shared.actor("patient"), record=shared.record.pk, dissent=said.pk)
        task.refresh_from_db()
        assert task.done is not None
        assert send(shared), "taken back by the child"

    def test_nobody_takes_back_the_no_of_another(self, shared: World) -> None:
        said = no(shared, "patient")
        with pytest.raises(RefusedError, match="only who said no"):
            take_back_dissent(actor=shared.actor("parent"), record=shared.record.pk, dissent=said.pk)

    def test_a_small_child_says_it_to_somebody_who_writes_it_down(self, shared: World) -> None:
        born(shared, years_ago(7))
        write_down_dissent(
            actor=shared.actor("counsellor"), record=shared.record.pk, purpose="matching", words="No! My blood!"
        )
        with pytest.raises(RefusedError, match="does not want it"):
            send(shared)
        page = shared.client("clinician").get(f"/clinic/patients/{shared.record.pk}/sharing/").content.decode()
        assert "No! My blood!" in page

    def test_of_age_one_takes_back_instead(self, shared: World) -> None:
        born(shared, years_ago(18))
        with pytest.raises(RefusedError, match="of age"):
            no(shared, "patient")
        with pytest.raises(RefusedError, match="of age"):
            write_down_dissent(
                actor=shared.actor("counsellor"), record=shared.record.pk, purpose="matching", words="no"
            )

    def test_what_the_child_agreed_to_themself_is_not_stopped_by_a_parent(self, shared: World) -> None:
        agree(shared, "patient")
        no(shared, "parent")
        assert send(shared)

    def test_parents_who_disagree_stand_in_two_columns_and_nothing_leaves(self, shared: World) -> None:
        shared.people["father"] = make.proxy(shared.record, "Father Example")
        no(shared, "father", "Not before we have talked")
        with pytest.raises(RefusedError, match="does not want it"):
            send(shared)
        for page in (f"/my/{shared.record.pk}/consents/", f"/clinic/patients/{shared.record.pk}/sharing/"):
            text = shared.client("father" if "/my/" in page else "clinician").get(page).content.decode()
            table = text[text.index("<table") : text.index("</table>")]
            assert table.count("<th ") == 4, "what for, the child, and a column each"
            assert "agreed" in table
            assert "Not before we have talked" in table
        said = Dissent.objects.get()
        take_back_dissent(actor=shared.actor("father"), record=shared.record.pk, dissent=said.pk)
        assert send(shared)

    def test_who_may_only_see_says_neither_yes_nor_no(self, shared: World) -> None:
        with pytest.raises(NotAllowedError):
            no(shared, "reader")

    @pytest.mark.parametrize(("purpose", "words"), [("own copy", "no"), ("x", "no"), ("matching", " ")])
    def test_an_empty_no_is_asked_for_again_at_its_field(self, shared: World, purpose: str, words: str) -> None:
        answer = shared.client("patient").post(
            f"/my/{shared.record.pk}/consents/no/", {"dissent_purpose": purpose, "dissent_words": words}
        )
        assert answer.status_code == 422
        assert not Dissent.objects.exists()

    def test_said_and_resolved_on_the_pages(self, shared: World) -> None:
        answer = shared.client("patient").post(
            f"/my/{shared.record.pk}/consents/no/", {"dissent_purpose": "matching", "dissent_words": "Not me"}
        )
        assert answer.status_code == 302
        page = shared.client("parent").get(f"/my/{shared.record.pk}/consents/").content.decode()
        assert "rests: somebody says no" in page
        said = Dissent.objects.get()
        done = shared.client("clinician").post(
            f"/clinic/patients/{shared.record.pk}/sharing/no/{said.pk}/resolve/",
            {"resolution": "Talked", "outcome": "ends"},
        )
        assert done.status_code == 302
        assert Dissent.objects.get().goes_on is False


@pytest.mark.django_db
class TestMajority:
    def test_the_patient_and_the_team_are_asked_90_days_before_and_once(self, world: World) -> None:
        of_age = TODAY + timedelta(days=91)
        record = born(world, of_age.replace(year=of_age.year - 18))
        agree(world)
        assert ask_those_who_come_of_age() == 0
        record = born(world, record.birth_date - timedelta(days=1) if record.birth_date else TODAY)
        assert ask_those_who_come_of_age() == 1
        assert ask_those_who_come_of_age() == 0
        assert Task.objects.get(kind=Task.Kind.MAJORITY).due == of_age - timedelta(days=1)
        (job,) = DBTaskResult.objects.all()
        assert job.args_kwargs["args"] == ["about_sharing", str(world.patient.pk)]
        assert "you are of age" in world.client("patient").get(f"/my/{world.record.pk}/consents/").content.decode()

    def test_without_an_agreement_of_another_nobody_is_asked(self, world: World) -> None:
        of_age = TODAY + timedelta(days=30)
        born(world, of_age.replace(year=of_age.year - 18))
        agree(world, "patient")
        assert ask_those_who_come_of_age() == 0

    def test_a_sharing_ends_on_the_18th_birthday_unless_the_patient_agreed_again(self, world: World) -> None:
        set_finding(
            actor=world.actor("clinician"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED
        )
        tomorrow = TODAY + timedelta(days=1)
        born(world, tomorrow.replace(year=tomorrow.year - 18))
        given = agree(world)
        assert given.end == tomorrow
        assert send(world), "the day before"
        born(world, years_ago(18))
        with pytest.raises(RefusedError, match="ended"):
            send(world)
        with pytest.raises(RefusedError, match="only the patient"):
            renew_consent(actor=world.actor("parent"), record=world.record.pk, consent=given.pk)
        answer = world.client("patient").post(f"/my/{world.record.pk}/consents/{given.pk}/renew/")
        assert answer.status_code == 302
        assert send(world)
        own = Consent.objects.get(withdrawn__isnull=True)
        assert (own.signer_role, own.signed_by, own.detail) == ("patient", world.patient, given.detail)
        with pytest.raises(RefusedError):
            renew_consent(actor=world.actor("patient"), record=world.record.pk, consent=given.pk)

    def test_renewed_before_the_day_it_goes_on_after_it(self, world: World) -> None:
        born(world, years_ago(17))
        given = agree(world)
        made = renew_consent(actor=world.actor("patient"), record=world.record.pk, consent=given.pk)
        assert made.end > given.end

    def test_a_child_below_14_does_not_agree_alone(self, world: World) -> None:
        born(world, years_ago(14) + timedelta(days=5))
        with pytest.raises(RefusedError, match="until you are 14"):
            agree(world, "patient")
        born(world, years_ago(14))
        agree(world, "patient")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("anna@example.org", "Anna+mira@Example.org", True),
        ("an.na@gmail.com", "anna@googlemail.com", True),
        ("an.na@example.org", "anna@example.org", False),
        ("anna@example.org", "anna@example.com", False),
    ],
)
def test_addresses_that_lead_to_one_mailbox(one: str, other: str, same: bool) -> None:
    assert (mailbox(one) == mailbox(other)) is same


@pytest.mark.django_db
class TestConfidence:
    @pytest.fixture
    def young(self, world: World) -> World:
        born(world, years_ago(16))
        return world

    def tell(self, world: World) -> StoryEntry:
        return tell_story(actor=world.actor("patient"), record=world.record.pk, text=SECRET, confidential=True)

    def pages(self, world: World, browser: Client) -> str:
        names = (
            "",
            "story/",
            "messages/",
            "visits/",
            "documents/",
            "talked/",
            "team/",
            "consents/",
            "left/",
            "looked/",
        )
        return "".join(browser.get(f"/my/{world.record.pk}/{name}").content.decode() for name in names)

    def test_who_acts_for_the_patient_sees_it_nowhere(self, young: World) -> None:
        self.tell(young)
        of = young.actor("patient")
        send_message(actor=of, record=young.record.pk, text=SECRET, confidential=True)
        answer = send_message(
            actor=young.actor("clinician"), record=young.record.pk, text=f"Answer: {SECRET}", confidential=True
        )
        assert SECRET not in self.pages(young, young.client("parent"))
        assert "1 new message" not in self.pages(young, young.client("parent"))
        assert SECRET in self.pages(young, young.client("patient"))
        with pytest.raises(RefusedError):
            mark_read(actor=young.actor("parent"), record=young.record.pk, until=answer.pk)
        told = [job.args_kwargs["args"] for job in DBTaskResult.objects.all()]
        assert told == [["new_message", str(young.patient.pk)]], "no e-mail to who must not see it"
        assert SECRET in young.client("clinician").get(f"/clinic/patients/{young.record.pk}/").content.decode()

    def test_it_is_in_the_copy_that_the_patient_takes_and_in_no_copy_that_staff_print(self, young: World) -> None:
        self.tell(young)

        def copy(who: str) -> str:
            return release(actor=young.actor(who), record=young.record.pk, asked=Asked.own_copy()).data.decode()

        assert SECRET in copy("patient")
        assert SECRET not in copy("clinician")
        assert "in_confidence" in json.loads(copy("clinician"))["left_out"]

    def test_who_acts_for_the_patient_tells_nothing_in_confidence(self, young: World) -> None:
        with pytest.raises(RefusedError, match="only the patient"):
            tell_story(actor=young.actor("parent"), record=young.record.pk, text="x", confidential=True)

    def share(self, world: World) -> None:
        User.objects.filter(pk=world.patient.pk).update(email="anna+mira@example.org")
        User.objects.filter(pk=world.parent.pk).update(email="anna@example.org")

    def test_a_mailbox_that_is_shared_blocks_it_and_asks_the_team(self, young: World) -> None:
        self.tell(young)
        self.share(young)
        with pytest.raises(RefusedError, match="would not stay in confidence"):
            self.tell(young)
        with pytest.raises(RefusedError, match="would not stay in confidence"):
            send_message(actor=young.actor("clinician"), record=young.record.pk, text="x", confidential=True)
        assert SECRET not in self.pages(young, young.client("patient")), "whoever reads the mail could sign in"
        assert look_for_shared_contacts() == 1
        assert look_for_shared_contacts() == 0
        (waits,) = [one for one in inbox_of(young.actor("coordinator"), 0, 50) if one.kind == "task"]
        assert Task.objects.get(pk=waits.pk).kind == Task.Kind.SHARED_CONTACT
        page = young.client("coordinator").get(f"/clinic/patients/{young.record.pk}/people/").content.decode()
        assert young.parent.name in page
        assert "Nothing can be told in confidence" in page

    def test_an_invitation_to_a_shared_mailbox_is_noticed_when_it_is_accepted(self, young: World) -> None:
        User.objects.filter(pk=young.parent.pk).update(email="anna@example.org")
        young.record.links.filter(role=Role.PATIENT).delete()
        letter = invite_to_record(
            actor=young.actor("coordinator"), record=young.record.pk, name="Mira", email="anna+mira@example.org",
            role=Role.PATIENT,
        )  # fmt: skip
        accept(token=letter.token, user=None, name="Mira", password=PASSWORD)
        assert Task.objects.filter(kind=Task.Kind.SHARED_CONTACT).count() == 1
        assert Event.objects.get(verb="people:accept").detail["shared_contact"] is True


def test_the_pack_that_is_shipped_is_an_example_and_says_so() -> None:
    assert "confirm" in EXAMPLE.note
    assert (EXAMPLE.self_from, EXAMPLE.guardian_to, EXAMPLE.majority) == (14, 14, 18)


LEAP_DAY = date(2008, 2, 29)


class TestBornOn29February:
    """Where a year has no 29 February, the birthday is 1 March: the day before it, nobody is older yet."""

    @pytest.mark.parametrize(
        ("day", "years"),
        [
            (date(2012, 2, 28), 3), (date(2012, 2, 29), 4), (date(2022, 2, 28), 13), (date(2022, 3, 1), 14),
            (date(2026, 2, 28), 17), (date(2026, 3, 1), 18), (date(2028, 2, 28), 19), (date(2028, 2, 29), 20),
        ],
    )  # fmt: skip
    def test_the_age_in_years_and_who_speaks_agree(self, day: date, years: int) -> None:
        assert Record(birth_date=LEAP_DAY).age_on(day) == years
        assert is_self(LEAP_DAY, day) is (years >= EXAMPLE.self_from)
        of_age = majority_of(LEAP_DAY)
        assert of_age is not None
        assert (of_age <= day) is (years >= EXAMPLE.majority)

    @pytest.mark.django_db
    def test_what_a_parent_agreed_to_holds_on_28_february_and_ends_on_1_march(self, world: World) -> None:
        born(world, LEAP_DAY)
        with standing_at(noon(date(2026, 2, 20))):
            set_finding(
                actor=world.actor("clinician"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED
            )
            PatientLink.objects.filter(user=world.parent).update(end=noon(date(2026, 3, 1)))
            given = agree(world)
        assert given.end == date(2026, 3, 1)
        with standing_at(noon(date(2026, 2, 28))):
            assert send(world)
        with standing_at(noon(date(2026, 3, 1))), pytest.raises(RefusedError, match="ended"):
            send(world)

    @pytest.mark.django_db
    def test_they_are_asked_90_days_before_1_march(self, world: World) -> None:
        born(world, LEAP_DAY)
        with standing_at(noon(date(2025, 11, 1))):
            agree(world)
        with standing_at(noon(date(2025, 11, 30))):
            assert ask_those_who_come_of_age() == 0
        with standing_at(noon(date(2025, 12, 1))):
            assert ask_those_who_come_of_age() == 1

    @pytest.mark.django_db
    def test_what_is_agreed_on_29_february_holds_for_two_whole_years(self, world: World) -> None:
        born(world, date(1990, 1, 1))
        with standing_at(noon(date(2028, 2, 29))):
            assert agree(world, "patient").end == date(2030, 3, 1)
