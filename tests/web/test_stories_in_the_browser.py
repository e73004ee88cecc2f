"""What people come for, from the sign-in on, in a real browser: once by keyboard alone and once with JavaScript off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from time import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from hoofbeat.cases.finding import FindingState
from hoofbeat.web.access.models import Invitation, User
from hoofbeat.web.records.actions.findings import set_finding, tell_finding
from hoofbeat.web.records.actions.messages import send_message
from hoofbeat.web.records.actions.next_step import ask_family, release_plan
from hoofbeat.web.records.models import (
    AskedQuestion,
    Confirmation,
    Consent,
    Message,
    RecordedFinding,
    SharedDifferential,
    SharedPlan,
    StepMark,
    Visit,
)
from tests.web.hands import Hand, Keyboard, WithoutScripts
from tests.web.sent_forms import plan_seen
from tests.web.world import PASSWORD, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("whole_knowledge")]
KINDS: dict[str, type[Hand]] = {"keyboard": Keyboard, "without scripts": WithoutScripts}


@pytest.fixture(params=KINDS)
def hand(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Hand]:
    """Somebody at the first page, who is nobody yet; whatever the console says is a failure."""
    kind = KINDS[request.param]
    context = browser.new_context(java_script_enabled=kind is Keyboard, locale="en-US")
    context.set_default_timeout(60_000)
    page = context.new_page()
    complaints: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda one: complaints.append(one.text) if "status of 4" not in one.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda one: hosts.add(one.url.split("/")[2]))
    page.goto(live_server.url)
    yield kind(page)
    context.close()
    assert complaints == []
    assert hosts == {live_server.url.removeprefix("http://")}


@pytest.fixture
def sign_in(hand: Hand) -> Callable[[User], None]:
    """Sign in with the password, and with the second step where somebody works in the clinic."""

    def do(user: User) -> None:
        user.set_password(PASSWORD)
        user.save()
        secret = ""
        if Authenticator.objects.filter(user=user).delete()[0]:
            secret = generate_totp_secret()
            TOTP.activate(user, secret)
        hand.write("Email", user.email)
        hand.write("Password", PASSWORD)
        hand.press("Sign in")
        if secret:
            hand.reads("The second step")
            hand.write("Code", format_hotp_value(hotp_value(secret, int(time()) // 30)))
            hand.press("Sign in")

    return do


def test_a_clinician_finds_the_patient_enters_findings_compares_confirms_and_releases(
    hand: Hand, sign_in: Callable[[User], None], world: World
) -> None:
    sign_in(world.people["clinician"])
    hand.write("Name or number", "Mira")
    hand.press("Show")
    hand.reads("1 patient")
    hand.press("Mira Example", "link")
    hand.go("Findings")
    for words, state in (("arachnodactyly", "Observed"), ("ectopia lentis", "Observed"), ("seizure", "Excluded")):
        hand.write("Add a finding", words)
        hand.press("Search")
        hand.press(state, within="#matches")
        hand.page.locator(".finding").filter(has_text=words.capitalize()).first.wait_for()
    hand.press("Take back", within=".finding--excluded")
    hand.reads("taken back")
    hand.press("Undo")
    hand.page.locator(".finding--excluded").wait_for()
    stated = RecordedFinding.objects.filter(record=world.record, ended__isnull=True)
    assert sorted(stated.values_list("state", flat=True)) == ["excluded", "observed", "observed"]

    hand.go("Differential")
    hand.press("Compare")
    hand.reads("What would turn the order round")
    hand.press("Back to the differential", "link")
    hand.press("Diagnosis and release to the family", "link")
    hand.write("Why", "FBN1 variant, and what was seen")
    hand.press("Confirm the diagnosis")
    hand.is_told("disease")
    first = hand.page.locator("#disease label").first.inner_text().split(" OMIM")[0].split(" ORPHA")[0]
    hand.tick(first)
    hand.press("Confirm the diagnosis")
    hand.reads("confirmed by")
    assert Confirmation.objects.get(record=world.record).confirmed_by == world.people["clinician"]
    hand.unfold("Release to the family")
    hand.page.locator("#candidates").wait_for()
    hand.tick(first)
    hand.write("What you told them", "We spoke about one thought that explains most.")
    hand.write("Day of the talk", timezone.localdate().isoformat())
    hand.press("Release it")
    hand.reads("We spoke about one thought")
    assert SharedDifferential.objects.get(record=world.record).words.startswith("We spoke")


def test_a_clinician_asks_what_tells_most_answers_decides_and_shares_the_plan(
    hand: Hand, sign_in: Callable[[User], None], world: World
) -> None:
    for hpo in ("HP:0001382", "HP:0000978", "HP:0000974"):
        set_finding(actor=world.actor("clinician"), record=world.record.pk, hpo=hpo, state=FindingState.OBSERVED)
    stated = RecordedFinding.objects.filter(record=world.record, ended__isnull=True)
    sign_in(world.people["clinician"])
    hand.go("Mira Example")
    hand.go("Next step")
    first = hand.page.locator("#question1").inner_text()
    hand.press("Excluded", within="[aria-labelledby=question1]")
    hand.page.locator("#question1").filter(has_not_text=first.removeprefix("1").strip()).wait_for()
    assert stated.filter(state="excluded").count() == 1
    assert hand.page.url.endswith("/next/"), "one stays where one asks"
    hand.press("Ask the family")
    hand.reads("The family is asked on their pages")
    hand.reads("the family is asked")
    assert AskedQuestion.objects.get(record=world.record).ended is None
    hand.unfold("What becomes of it")
    hand.tick("It is not possible here")
    hand.press("Note it")
    hand.is_told("say why, in a few words")
    hand.write("Why", "no slot before the summer")
    hand.press("Note it")
    hand.reads("no slot before the summer")
    assert StepMark.objects.get(record=world.record).what == "not_possible"
    hand.choose("Kind", "genetic test")
    hand.press("Show")
    hand.page.locator("#questions-title").wait_for(state="detached")
    hand.press("The whole work-up", "link")
    hand.reads("What first, and what then")
    hand.unfold("Release to the family")
    hand.write("A word of yours to it", "As we said on Monday")
    hand.press("Release the plan")
    hand.reads("The family sees the plan now")
    assert SharedPlan.objects.get(record=world.record).words == "As we said on Monday"


def test_a_parent_answers_what_the_team_asks_and_reads_the_plan(
    hand: Hand, sign_in: Callable[[User], None], world: World
) -> None:
    doctor, record = world.actor("clinician"), world.record.pk
    for hpo in ("HP:0001382", "HP:0000978", "HP:0000974"):
        set_finding(actor=doctor, record=record, hpo=hpo, state=FindingState.OBSERVED)
    ask_family(actor=doctor, record=record, hpo="HP:0002321")
    release_plan(actor=doctor, record=record, words="As we said on Monday", previewed=plan_seen(world))
    sign_in(world.people["parent"])
    hand.press("Your team asks you about 1 sign", "link")
    hand.reads("Dizziness")
    hand.press("Yes", within=".asked")
    hand.reads("waits for your team")
    assert RecordedFinding.objects.get(record=record, standing="told").hpo == "HP:0002321"
    assert AskedQuestion.objects.get(record=record).answered
    hand.go("Our plan")
    hand.reads("As we said on Monday")
    hand.reads("You may say no to any step")


def test_a_nurse_plans_a_visit_answers_a_message_and_decides_on_a_told_sign(
    hand: Hand, sign_in: Callable[[User], None], world: World
) -> None:
    parent, record = world.actor("parent"), world.record.pk
    send_message(actor=parent, record=record, text="She cannot sleep")
    tell_finding(actor=parent, record=record, hpo="HP:0001166", state=FindingState.OBSERVED, words="like a spider")
    sign_in(world.people["counsellor"])
    hand.go("Inbox")
    hand.press("Read and answer", "link")
    hand.write("Write to the family", "Please call us tomorrow")
    hand.press("Send, and mark as read")
    hand.reads("Please call us tomorrow")
    assert Message.objects.filter(record=record, from_team=True).count() == 1
    assert not Message.objects.filter(record=record, read_at__isnull=True, from_team=False).exists()
    hand.go("Visits")
    hand.press("Plan it")
    hand.is_told("day")
    soon = timezone.localdate() + timedelta(days=9)
    hand.write("Day and time", f"{soon.isoformat()}T10:30")
    hand.choose("How", "by video")
    hand.write("What for", "How the nights are")
    hand.press("Plan it")
    hand.reads("How the nights are")
    assert Visit.objects.get(record=record).kind == "video"
    hand.go("Inbox")
    hand.press("Decide", "link")
    hand.press("Take over")
    hand.page.locator(".finding--observed").wait_for()
    assert RecordedFinding.objects.get(record=record, ended__isnull=True).standing == "confirmed"


def test_a_parent_tells_writes_agrees_takes_it_back_and_reads_who_looked(
    hand: Hand, sign_in: Callable[[User], None], world: World
) -> None:
    record = world.record.pk
    sign_in(world.people["parent"])
    hand.go("My story")
    hand.write("What do you want your team to know", "Since the spring she trips")
    hand.press("Tell it")
    hand.reads("Since the spring she trips")
    hand.write("Search for a sign", "long fingers")
    hand.press("Search")
    hand.press("Yes", within="#found")
    hand.reads("waits for your team")
    assert RecordedFinding.objects.get(record=record).standing == "told"
    hand.go("Messages")
    hand.write("Write to your team", "When is the next visit?")
    hand.press("Send")
    hand.reads("When is the next visit?")
    hand.go("What I agreed to")
    hand.unfold("Agree to something")
    hand.press("I agree")
    hand.is_told("")
    for group in ("purpose", "recipient", "detail"):
        hand.tick(hand.page.locator(f"#{group} label").first.locator("strong").inner_text())
    hand.write("The name of that one place", "Clinic at the Lake")
    hand.press("I agree")
    hand.reads("Receipt of an agreement")
    hand.press("Back", "link")
    hand.unfold("Take back")
    hand.press("Take it back now")
    hand.reads("Taken back on")
    assert Consent.objects.get(record=record).withdrawn_by == world.people["parent"]
    hand.go("Who looked")
    hand.reads("Parent Example")


def test_a_young_adult_reads_the_talk_adds_nothing_by_mistake_and_takes_the_own_copy(
    hand: Hand, sign_in: Callable[[User], None], world: World
) -> None:
    SharedDifferential.objects.create(
        record=world.record, words="It may be in the family", talked_on=date(2026, 1, 2), candidates=[],
        released_by=world.people["clinician"],
    )  # fmt: skip
    sign_in(world.people["patient"])
    hand.reads("What is new")
    hand.go("What we talked about")
    hand.reads("It may be in the family")
    hand.go("My team")
    hand.reads("These people can open the record")
    hand.go("What left the clinic")
    with hand.page.expect_download() as started:
        hand.press("Download my copy")
    assert b"Mira Example" in started.value.path().read_bytes()


def test_an_administrator_invites_a_colleague(hand: Hand, sign_in: Callable[[User], None], world: World) -> None:
    sign_in(world.people["administrator"])
    hand.write("Name", "New Colleague")
    hand.press("Write the letter")
    hand.is_told("")
    hand.write("E-mail address", "new.colleague@example.org")
    hand.choose("Works as", "coordinator")
    hand.press("Write the letter")
    hand.reads("It is shown only this once")
    assert Invitation.objects.get(email="new.colleague@example.org").role == "coordinator"


def test_the_first_stop_leads_past_the_menu(hand: Hand, sign_in: Callable[[User], None], world: World) -> None:
    sign_in(world.people["clinician"])
    hand.reads("Patients")
    if isinstance(hand, Keyboard):
        hand.page.keyboard.press("Tab")
        hand.page.keyboard.press("Enter")
        assert hand.page.evaluate("document.activeElement.id") == "main"
        hand.page.keyboard.press("Tab")
        assert hand.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    else:
        assert hand.page.locator("a.skip").get_attribute("href") == "#main"
