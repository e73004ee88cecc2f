"""Nothing leaves but by the gate: withdrawn consents, failing audits, changed previews, other families, other words."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hoofbeat.cases.finding import FindingState
from hoofbeat.network.gate import Detail, Purpose
from hoofbeat.web.access.models import PatientLink
from hoofbeat.web.audit.chain import faults
from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.actions import release as room
from hoofbeat.web.records.actions.change import NoSuchRecordError, NotAllowedError, RefusedError
from hoofbeat.web.records.actions.consent import give_consent, withdraw_consent
from hoofbeat.web.records.actions.findings import set_finding
from hoofbeat.web.records.actions.release import Asked, preview, release
from hoofbeat.web.records.actions.story import tell_story
from hoofbeat.web.records.models import Consent, Disclosure, RecordedFinding
from hoofbeat.web.records.store import case_of
from tests.web import world as make
from tests.web.world import ARACHNODACTYLY, ECTOPIA_LENTIS, World

pytestmark = pytest.mark.django_db
NETWORK = "agreement:network"
MATCHING = Asked(Purpose.MATCHING, NETWORK, Detail.BACKGROUND)


@pytest.fixture
def described(world: World) -> World:
    for hpo, state in ((ARACHNODACTYLY, FindingState.OBSERVED), (ECTOPIA_LENTIS, FindingState.EXCLUDED)):
        set_finding(
            actor=world.actor("clinician"), record=world.record.pk, hpo=hpo, state=state, onset="P3Y2M",
            note="canary note", words="canary words",
        )  # fmt: skip
    return world


def agree(world: World, detail: int = 6, who: str = "parent") -> Consent:
    return give_consent(
        actor=world.actor(who), record=world.record.pk, purpose="matching", recipient=NETWORK, detail=str(detail)
    )


def grown_up_enough(world: World) -> None:
    """The patient is old enough to agree themself."""
    world.record.birth_date = timezone.localdate() - timedelta(days=16 * 366)
    world.record.save()


def send(world: World, asked: Asked = MATCHING, who: str = "clinician") -> room.Prepared:
    return release(actor=world.actor(who), record=world.record.pk, asked=asked)


def test_without_consent_nothing_leaves_and_nothing_is_written(described: World) -> None:
    with pytest.raises(RefusedError, match="has not agreed"):
        send(described)
    assert not Disclosure.objects.exists()
    assert not Event.objects.filter(verb="record:release").exists()


def test_what_leaves_is_recorded_with_its_hash_its_fields_and_its_consent(described: World) -> None:
    consent = agree(described)
    made = send(described)
    told = Disclosure.objects.get()
    assert told.sha256 == hashlib.sha256(made.data).hexdigest()
    assert told.consent == consent
    (event,) = Event.objects.filter(verb="record:release")
    assert event.detail["sha256"] == told.sha256
    assert "phenotypicFeatures.type.id" in event.detail["fields"]
    assert ARACHNODACTYLY not in json.dumps(event.detail), "names of fields, never what they say"
    assert not list(faults())


def test_name_birthday_identifiers_and_words_never_leave_by_a_network_path(described: World) -> None:
    agree(described)
    tell_story(actor=described.actor("parent"), record=described.record.pk, text="canary story")
    text = send(described).data.decode()
    record = described.record
    for secret in (record.name, "2019", str(record.pk), str(described.parent.pk), "canary", "P3Y2M"):
        assert secret not in text
    assert '"P3Y"' in text, "an onset in whole years"
    assert '"ageRange"' in text


def test_a_withdrawal_blocks_the_next_release_at_once(described: World) -> None:
    consent = agree(described)
    send(described)
    withdraw_consent(actor=described.actor("parent"), record=described.record.pk, consent=consent.pk)
    with pytest.raises(RefusedError, match="withdrawn"):
        send(described)
    assert Disclosure.objects.count() == 1


def test_more_than_was_agreed_is_reduced(described: World) -> None:
    agree(described, detail=4)
    made = send(described)
    assert made.reduced
    assert made.detail is Detail.FINDINGS
    assert "ageRange" not in made.data.decode()
    assert "FEMALE" not in made.data.decode()


def test_if_the_event_cannot_be_written_nothing_leaves(described: World, monkeypatch: pytest.MonkeyPatch) -> None:
    agree(described)

    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("hoofbeat.web.records.actions.change.add_event", broken)
    with pytest.raises(OSError, match="disk full"):
        send(described)
    assert not Disclosure.objects.exists()


def test_the_preview_is_byte_for_byte_what_leaves(described: World) -> None:
    agree(described)
    shown = preview(actor=described.actor("clinician"), record=described.record.pk, asked=MATCHING)
    given = release(
        actor=described.actor("clinician"), record=described.record.pk, asked=MATCHING, previewed=shown.sha256
    )
    assert given.data == shown.data


def test_what_changed_after_the_preview_does_not_leave(described: World) -> None:
    agree(described)
    shown = preview(actor=described.actor("clinician"), record=described.record.pk, asked=MATCHING)
    set_finding(
        actor=described.actor("clinician"), record=described.record.pk, hpo=ECTOPIA_LENTIS, state=FindingState.OBSERVED
    )
    with pytest.raises(RefusedError, match="changed"):
        release(actor=described.actor("clinician"), record=described.record.pk, asked=MATCHING, previewed=shown.sha256)


def test_with_another_hash_than_that_of_what_was_looked_at_nothing_leaves(described: World) -> None:
    agree(described)
    client, to = described.client("clinician"), reverse("export", args=[described.record.pk])
    told = {"agreed": f"{MATCHING.purpose}|{MATCHING.recipient}", "detail": "4"}
    seen = re.search(r'name="sha256" value="([0-9a-f]{64})"', client.post(to, told).content.decode())
    assert seen is not None
    for given in ({}, {"sha256": ""}, {"sha256": "0" * 64}):
        assert client.post(to, {**told, **given, "send": "1"})["Content-Type"].startswith("text/html")
    assert not Disclosure.objects.exists()
    assert "attachment" in client.post(to, {**told, "sha256": seen[1], "send": "1"})["Content-Disposition"]


def test_a_term_that_the_release_no_longer_knows_is_not_sent_and_stops_nothing(described: World) -> None:
    agree(described)
    RecordedFinding.objects.create(
        record=described.record, hpo="HP:9999999", label="Something of before", state="observed",
        said_by=described.people["clinician"],
    )  # fmt: skip
    assert "HP:9999999" not in send(described).data.decode()


def test_two_recipients_get_different_pseudonyms_and_one_always_the_same(described: World) -> None:
    for recipient in (NETWORK, "public"):
        give_consent(
            actor=described.actor("parent"), record=described.record.pk, purpose="matching", recipient=recipient,
            detail="4",
        )  # fmt: skip
    ids = [
        json.loads(send(described, Asked(Purpose.MATCHING, recipient, Detail.FINDINGS)).data)["id"]
        for recipient in (NETWORK, NETWORK, "public")
    ]
    assert ids[0] == ids[1] != ids[2]


def test_consent_for_one_purpose_opens_no_other(described: World) -> None:
    agree(described)
    with pytest.raises(RefusedError):
        send(described, Asked(Purpose.RESEARCH, NETWORK, Detail.FINDINGS))
    with pytest.raises(RefusedError):
        send(described, Asked(Purpose.MATCHING, "public", Detail.FINDINGS))


@pytest.mark.parametrize("who", ["counsellor", "coordinator", "parent", "reader"])
def test_only_who_may_export_releases(described: World, who: str) -> None:
    agree(described)
    with pytest.raises(NotAllowedError):
        send(described, who=who)


@pytest.mark.parametrize("who", ["outsider", "stranger", "former", "administrator"])
def test_for_everybody_else_there_is_no_such_record(described: World, who: str) -> None:
    agree(described)
    with pytest.raises(NoSuchRecordError):
        send(described, who=who)


def test_the_patient_takes_their_own_copy_without_anybodys_consent(described: World) -> None:
    tell_story(actor=described.actor("patient"), record=described.record.pk, text="I am tired since spring.")
    answer = described.client("patient").post(f"/my/{described.record.pk}/left/own-copy/")
    copy = json.loads(answer.content)
    assert copy["record"]["name"] == "Mira Example"
    assert copy["story"][0]["text"] == "I am tired since spring."
    assert {one["hpo"] for one in copy["findings"]} == {ARACHNODACTYLY, ECTOPIA_LENTIS}
    assert copy["phenopacket"]["phenotypicFeatures"]
    assert Disclosure.objects.get().sha256 == hashlib.sha256(answer.content).hexdigest()


def test_the_own_copy_holds_no_ranking_that_nobody_talked_about(described: World) -> None:
    described.record.refresh_from_db()
    answer = described.client("patient").post(f"/my/{described.record.pk}/left/own-copy/")
    assert "probability" not in answer.content.decode()
    assert "none_of_these" not in answer.content.decode()


class TestConsents:
    def test_a_consent_lasts_two_years_and_a_proxys_ends_when_the_patient_is_of_age(self, world: World) -> None:
        grown_up_enough(world)
        own = agree(world, who="patient")
        assert (own.end.year - own.start.year, own.signer_role) == (2, "patient")
        world.record.birth_date = timezone.localdate().replace(day=1) - timedelta(days=365 * 17 + 100)
        world.record.save()
        by_proxy = agree(world, who="parent")
        assert by_proxy.signer_role == "proxy"
        assert by_proxy.end.year == world.record.birth_date.year + 18

    def test_what_a_proxy_agreed_to_does_not_hold_after_the_18th_birthday(self, described: World) -> None:
        agree(described, who="parent")
        record = described.record
        record.birth_date = timezone.localdate() - timedelta(days=366 * 18)
        record.save()
        with pytest.raises(RefusedError):
            send(described)

    def test_agreeing_again_replaces_what_was_agreed(self, described: World) -> None:
        agree(described, detail=6)
        agree(described, detail=4)
        assert Consent.objects.filter(withdrawn__isnull=True).count() == 1
        assert send(described).detail is Detail.FINDINGS

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"purpose": "own copy"}, "purpose"), ({"purpose": "x"}, "purpose"), ({"recipient": "x"}, "recipient"),
            ({"detail": "7"}, "detail"), ({"detail": ""}, "detail"), ({"recipient": "named", "place": " "}, "place"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_agreed_to_is_refused(self, world: World, wrong: dict[str, str], field: str) -> None:
        given = {"purpose": "matching", "recipient": NETWORK, "detail": "4"} | wrong
        with pytest.raises(RefusedError) as refused:
            give_consent(actor=world.actor("patient"), record=world.record.pk, **given)
        assert refused.value.field == field

    def test_without_the_scope_to_decide_a_proxy_neither_gives_nor_withdraws(self, world: World) -> None:
        grown_up_enough(world)
        consent = agree(world, who="patient")
        PatientLink.objects.filter(user=world.parent).update(scopes=["see", "answer", "message"])
        with pytest.raises(NotAllowedError):
            agree(world)
        with pytest.raises(NotAllowedError):
            withdraw_consent(actor=world.actor("parent"), record=world.record.pk, consent=consent.pk)


class TestTheExportPage:
    def test_it_shows_the_exact_file_and_then_gives_it(self, described: World) -> None:
        agree(described)
        browser, address = described.client("clinician"), f"/clinic/patients/{described.record.pk}/export/"
        assert "Clinics of our network" in browser.get(address).content.decode()
        asked = {"agreed": f"matching|{NETWORK}", "detail": "4"}
        before = Event.objects.count()
        page = browser.post(address, asked)
        assert Event.objects.count() == before + 1, "one page, one event"
        assert "phenotypicFeatures" in page.content.decode()
        assert "Clinics of our network will learn" in page.content.decode()
        sha256 = page.content.decode().split('name="sha256" value="')[1][:64]
        given = browser.post(address, asked | {"send": "1", "sha256": sha256})
        assert given["Content-Disposition"].startswith("attachment")
        assert hashlib.sha256(given.content).hexdigest() == sha256
        assert "Example" not in given["Content-Disposition"]

    def test_what_is_unticked_does_not_leave_and_the_sentence_says_so(self, described: World) -> None:
        agree(described)
        browser, address = described.client("clinician"), f"/clinic/patients/{described.record.pk}/export/"
        asked = {"agreed": f"matching|{NETWORK}", "detail": "5"}
        text = browser.post(address, asked).content.decode()
        offered = re.findall(r'name="offered" value="([^"]+)"', text)
        assert {"sex", "age", ARACHNODACTYLY} <= set(offered)
        told = [one for one in offered if one not in ("sex", "age", ARACHNODACTYLY)]
        less = browser.post(address, asked | {"offered": offered, "part": told}).content.decode()
        assert "FEMALE" in text
        assert "FEMALE" not in less
        assert f'value="{ARACHNODACTYLY}" checked' not in less
        old, new = (one.split('name="sha256" value="')[1][:64] for one in (text, less))
        send = asked | {"offered": offered, "part": told, "send": "1"}
        refused = browser.post(address, send | {"sha256": old})
        assert refused.status_code == 422, "what was looked at was something else"
        given = json.loads(browser.post(address, send | {"sha256": new}).content)
        assert ARACHNODACTYLY not in str(given)
        assert given["subject"].get("sex") in (None, "UNKNOWN_SEX")
        sentence = Disclosure.objects.get().sentence
        assert "sex" in sentence.split("Not: ")[1]
        assert "age in steps of ten years" in sentence.split("Not: ")[1]

    def test_in_broader_words_the_file_holds_what_many_share_and_the_meter_has_its_figure(
        self, described: World
    ) -> None:
        agree(described)
        browser, address = described.client("clinician"), f"/clinic/patients/{described.record.pk}/export/"
        asked = {"agreed": f"matching|{NETWORK}", "detail": "4", "words": "20"}
        refused = browser.post(address, asked)
        assert refused.status_code == 422
        assert "there are no broader words for these signs that 20 patients" in refused.content.decode()
        for number in range(19):
            alike = make.record(described.clinic, f"Alike {number}", team=[described.people["outsider"]])
            for one in case_of(described.record).observed:
                RecordedFinding.objects.create(
                    record=alike, hpo=one, label=one, state="observed", standing="confirmed",
                    said_by=described.people["outsider"],
                )  # fmt: skip
        page = browser.post(address, asked).content.decode()
        assert "in broader words that at least 20 patients of the clinic share" in page
        sha256 = page.split('name="sha256" value="')[1][:64]
        given = browser.post(address, asked | {"send": "1", "sha256": sha256})
        assert hashlib.sha256(given.content).hexdigest() == sha256
        assert "in broader words" in Disclosure.objects.get().sentence

    def test_with_every_finding_unticked_there_is_nothing_to_send(self, described: World) -> None:
        agree(described)
        every = frozenset(one.id for one in case_of(described.record).findings)
        asked = Asked(Purpose.MATCHING, NETWORK, Detail.FINDINGS, every)
        with pytest.raises(RefusedError, match="no finding is left"):
            preview(actor=described.actor("clinician"), record=described.record.pk, asked=asked)

    def test_the_meter_counts_over_the_clinic_and_over_no_other_one_and_is_not_sent(self, described: World) -> None:
        agree(described)
        browser, address = described.client("clinician"), f"/clinic/patients/{described.record.pk}/export/"
        asked = {"agreed": f"matching|{NETWORK}", "detail": "4"}
        World.small()
        assert "1 of 1:" in browser.post(address, asked).content.decode()
        twin = make.record(described.clinic, "Twin Example", team=[described.people["outsider"]])
        for one in case_of(described.record).findings:
            set_finding(actor=described.actor("outsider"), record=twin.pk, hpo=one.id, state=one.state)
        make.record(described.clinic, "Other Example")
        page = browser.post(address, asked).content.decode()
        assert "2 of 3:" in page
        assert "Twin Example" not in page
        file = page.split("<pre")[1].split("</pre>")[0]
        assert "2 of 3" not in file
        assert "anonym" not in page.lower()

    def test_what_was_not_agreed_to_is_refused_on_the_page(self, described: World) -> None:
        address = f"/clinic/patients/{described.record.pk}/export/"
        page = described.client("clinician").post(address, {"agreed": "research|public", "detail": "4", "send": "1"})
        assert page.status_code == 422
        assert "has not agreed" in page.content.decode()

    def test_another_clinics_record_is_not_there(self, described: World) -> None:
        other = make.staff(make.clinic())
        for method in ("get", "post"):
            browser = described.client(other)
            answer = getattr(browser, method)(f"/clinic/patients/{described.record.pk}/export/")
            assert answer.status_code == 404
