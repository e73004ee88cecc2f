"""The family's pages: who may do what there by scope, what is shown and what never is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from hoofbeat.cases.finding import FindingState
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import BreakGlass, PatientLink
from hoofbeat.web.access.roles import Scope
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.audit.looks import Look, by_month
from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.actions import story as story_actions
from hoofbeat.web.records.actions.change import NotAllowedError, RefusedError
from hoofbeat.web.records.actions.consent import give_consent
from hoofbeat.web.records.actions.findings import decide_told, set_finding, tell_finding
from hoofbeat.web.records.actions.messages import send_message
from hoofbeat.web.records.actions.story import mark_story_read, take_back_told, tell_story
from hoofbeat.web.records.measured_rates import measured_rates
from hoofbeat.web.records.models import Document, Message, RecordedFinding, SharedDifferential, StoryEntry, Visit
from tests.web import world as make
from tests.web.world import ARACHNODACTYLY, ECTOPIA_LENTIS, World

pytestmark = pytest.mark.django_db
PAGES = ["", "story/", "messages/", "visits/", "documents/", "talked/", "team/", "consents/", "left/", "looked/"]


def address(world: World, page: str = "") -> str:
    return f"/my/{world.record.pk}/{page}"


def text_of(world: World, page: str, who: str = "parent") -> str:
    answer = world.client(who).get(address(world, page))
    assert answer.status_code == 200
    return answer.content.decode()


class TestEveryPage:
    @pytest.mark.parametrize("page", PAGES)
    def test_it_opens_for_the_family_and_leaves_exactly_one_event(self, world: World, page: str) -> None:
        for who in ("patient", "parent", "reader"):
            before = Event.objects.count()
            text = text_of(world, page, who)
            assert Event.objects.count() == before + 1
            assert text.count("<h1>") == 1
            assert not re.search(r"\sstyle=|\son\w+=", text)

    @pytest.mark.parametrize("page", PAGES)
    def test_it_is_not_there_for_anybody_else(self, world: World, page: str) -> None:
        other = make.record(world.clinic, "Another Child")
        stranger = make.proxy(other)
        for who in (stranger, "stranger", "former", "clinician", "outsider", "administrator", "researcher"):
            answer = world.client(who).get(address(world, page))
            assert answer.status_code == 404
            assert world.record.name not in answer.content.decode()

    @pytest.mark.parametrize("page", PAGES)
    def test_it_asks_to_sign_in(self, world: World, page: str) -> None:
        assert Client().get(address(world, page))["Location"].startswith("/sign-in/login/")

    def test_an_unknown_record_is_not_there(self, world: World) -> None:
        assert world.client("parent").get(f"/my/{uuid4()}/").status_code == 404


Act = Callable[[Actor, UUID], object]
ACTIONS: dict[str, tuple[Scope, Act]] = {
    "tell the story": (Scope.ANSWER, lambda actor, pk: tell_story(actor=actor, record=pk, text="x")),
    "tell a sign": (
        Scope.ANSWER,
        lambda actor, pk: tell_finding(actor=actor, record=pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED),
    ),
    "write": (Scope.MESSAGE, lambda actor, pk: send_message(actor=actor, record=pk, text="x")),
    "agree": (
        Scope.DECIDE,
        lambda actor, pk: give_consent(
            actor=actor, record=pk, purpose="matching", recipient="agreement:network", detail="4"
        ),
    ),
}


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("scope", [Scope.ANSWER, Scope.MESSAGE, Scope.DECIDE])
def test_a_proxy_does_what_the_scope_allows_and_nothing_else(world: World, name: str, scope: Scope) -> None:
    needed, act = ACTIONS[name]
    PatientLink.objects.filter(user=world.parent).update(scopes=["see", scope.value])
    before = Event.objects.count()
    if scope is needed:
        act(world.actor("parent"), world.record.pk)
        assert Event.objects.count() == before + 1
    else:
        with pytest.raises(NotAllowedError):
            act(world.actor("parent"), world.record.pk)
        assert Event.objects.count() == before


def test_who_may_only_see_finds_no_form_to_fill_in(world: World) -> None:
    for page in ("story/", "messages/", "consents/"):
        text = text_of(world, page, "reader")
        main = text.split("<main")[1].split("</main>")[0]
        assert "<textarea" not in main
        assert "<form" not in main


class TestStory:
    def test_it_is_told_shown_newest_first_and_says_when_it_was_read(self, world: World) -> None:
        browser = world.client("parent")
        for words in ("First we saw it in May.", "Now <b>she</b> walks."):
            assert browser.post(address(world, "story/"), {"text": words}).status_code == 302
        page = text_of(world, "story/")
        assert page.index("Now &lt;b&gt;she") < page.index("First we saw")
        assert "Not read by the team yet" in page
        newest = StoryEntry.objects.order_by("-created")[0]
        mark_story_read(actor=world.actor("clinician"), record=world.record.pk, until=newest.pk)
        assert f"Read by {world.clinician.name}" in text_of(world, "story/")

    def test_nobody_edits_it(self) -> None:
        assert {name for name in vars(story_actions) if "story" in name} == {"tell_story", "mark_story_read"}

    def test_what_is_too_long_is_refused_and_kept_for_the_teller(self, world: World) -> None:
        long = "long story " * 2_000
        answer = world.client("parent").post(address(world, "story/"), {"text": long})
        assert answer.status_code == 422
        assert "long story long story" in answer.content.decode()
        assert not StoryEntry.objects.exists()

    def test_a_sign_is_found_by_its_plain_name_told_and_waits(self, world: World, whole_knowledge: object) -> None:
        browser = world.client("parent")
        found = browser.post(address(world, "story/search/"), {"typed": "long fingrs"}).content.decode()
        assert "Long slender fingers" in found or "Long, slender fingers" in found
        assert "Arachnodactyly" not in found
        part = browser.post(address(world, "story/search/"), {"typed": "seizures"}, headers={"HX-Request": "true"})
        assert "<html" not in part.content.decode()
        for answer, state in (("yes", "observed"), ("no", "excluded"), ("unsure", "uncertain")):
            browser.post(address(world, "story/sign/"), {"hpo": ARACHNODACTYLY, "answer": answer, "typed": "fingrs"})
            told = RecordedFinding.objects.get(ended__isnull=True)
            assert (told.state, told.standing, told.words) == (state, "told", "fingrs")
        assert "waits for your team" in text_of(world, "story/")
        assert not world.record.snapshots.exists(), "what is told moves no ranking"

    def test_what_the_team_decided_is_shown(self, world: World) -> None:
        for hpo, take_over in ((ARACHNODACTYLY, True), (ECTOPIA_LENTIS, False)):
            told = tell_finding(
                actor=world.actor("parent"), record=world.record.pk, hpo=hpo, state=FindingState.OBSERVED
            )
            decide_told(actor=world.actor("clinician"), record=world.record.pk, finding=told.pk, take_over=take_over)
        page = text_of(world, "story/")
        assert "taken over" in page
        assert "read, put aside" in page

    def test_one_takes_back_ones_own_sign_only_while_it_waits(self, world: World) -> None:
        told = tell_finding(
            actor=world.actor("parent"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED
        )
        with pytest.raises(RefusedError):
            take_back_told(actor=world.actor("patient"), record=world.record.pk, finding=told.pk)
        take_back_told(actor=world.actor("parent"), record=world.record.pk, finding=told.pk)
        again = tell_finding(
            actor=world.actor("parent"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED
        )
        decide_told(actor=world.actor("clinician"), record=world.record.pk, finding=again.pk, take_over=True)
        with pytest.raises(RefusedError):
            take_back_told(actor=world.actor("parent"), record=world.record.pk, finding=again.pk)

    def test_what_is_typed_stands_in_no_address(self, world: World) -> None:
        assert world.client("parent").get(address(world, "story/search/?typed=seizures")).status_code == 405


class TestOnlyWhatWasReleased:
    def test_findings_rankings_and_notes_of_the_clinic_are_on_no_page(self, world: World) -> None:
        set_finding(
            actor=world.actor("clinician"), record=world.record.pk, hpo=ARACHNODACTYLY, state=FindingState.OBSERVED,
            note="canary note",
        )  # fmt: skip
        assert world.record.snapshots.exists()
        everything = "".join(text_of(world, page) for page in PAGES)
        assert "canary note" not in everything
        assert "Arachnodactyly" not in everything
        names = {one["name"] for one in world.record.snapshots.latest("created").first}
        assert names
        assert not [name for name in names if name in everything]

    def test_what_was_talked_about_comes_in_the_clinicians_words_and_never_as_a_number(self, world: World) -> None:
        shared = SharedDifferential.objects.create(
            record=world.record,
            candidates=[{"id": "OMIM:154700", "name": "Example disease"}],
            words="We think of it.",
            talked_on=timezone.localdate(), released_by=world.clinician,
        )  # fmt: skip
        page = text_of(world, "talked/")
        assert "We think of it." in page
        assert "Example disease" in page
        assert not re.search(r"\d\.\d|%", page.split("<main")[1].split("</main>")[0].replace("&#", ""))
        SharedDifferential.objects.filter(pk=shared.pk).update(ended=timezone.now())
        assert "Example disease" not in text_of(world, "talked/")

    def test_only_shared_documents_and_ones_own_are_listed(self, world: World) -> None:
        for title, shared, by in (
            ("Letter shared", True, world.clinician),
            ("Letter kept", False, world.clinician),
            ("Our photo", False, world.parent),
        ):
            Document.objects.create(
                record=world.record, title=title, file=title, kind="pdf", size=1, sha256="0" * 64, added_by=by,
                shared=shared,
            )  # fmt: skip
        page = text_of(world, "documents/")
        assert "Letter shared" in page
        assert "Our photo" in page
        assert "Letter kept" not in page


class TestDocuments:
    def test_what_the_family_adds_is_kept_and_comes_back_as_it_was(self, world: World) -> None:
        picture = BytesIO()
        Image.new("RGB", (8, 8), "red").save(picture, "PNG")
        file = SimpleUploadedFile("../mira.png", picture.getvalue(), "image/png")
        browser = world.client("parent")
        assert browser.post(address(world, "documents/"), {"file": file, "title": "Her hand"}).status_code == 302
        kept = Document.objects.get()
        page = text_of(world, "documents/")
        assert "Her hand" in page
        answer = browser.get(address(world, f"documents/{kept.pk}/"))
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer.content.startswith(b"\x89PNG")

    def test_what_is_no_document_is_refused_in_words(self, world: World) -> None:
        file = SimpleUploadedFile("letter.pdf", b"<html><script>alert(1)</script>", "application/pdf")
        answer = world.client("parent").post(address(world, "documents/"), {"file": file})
        assert answer.status_code == 422
        assert not Document.objects.exists()

    def test_what_the_clinic_keeps_to_itself_is_not_there(self, world: World) -> None:
        kept = Document.objects.create(
            record=world.record, title="x", file="x", kind="pdf", size=1, sha256="0" * 64, added_by=world.clinician
        )
        assert world.client("parent").get(address(world, f"documents/{kept.pk}/")).status_code == 404

    def test_without_the_scope_nothing_is_added(self, world: World) -> None:
        file = SimpleUploadedFile("x.pdf", b"%PDF-1.4", "application/pdf")
        assert world.client("reader").post(address(world, "documents/"), {"file": file}).status_code == 403


class TestMessages:
    def test_reading_the_page_marks_nothing_a_click_does(self, world: World) -> None:
        sent = send_message(actor=world.actor("clinician"), record=world.record.pk, text="Please bring the letter.")
        assert "1 new message" in text_of(world, "")
        assert "Please bring" in text_of(world, "messages/")
        assert Message.objects.get().read_at is None
        world.client("parent").post(address(world, "messages/read/"), {"until": str(sent.pk)})
        read = Message.objects.get()
        assert read.read_by == world.parent
        assert read.read_at is not None

    def test_what_the_family_writes_goes_to_the_team(self, world: World) -> None:
        world.client("parent").post(address(world, "messages/"), {"text": "She has a fever."})
        assert (Message.objects.get().from_team, Message.objects.get().author) == (False, world.parent)


class TestWhoLooked:
    def test_it_names_who_what_and_why(self, world: World) -> None:
        now = timezone.now()
        BreakGlass.objects.create(
            record=world.record, user=world.outsider, reason="Night shift, seizure", start=now,
            end=now + timedelta(hours=1),
        )  # fmt: skip
        for _ in range(3):
            add_event("record:read", actor=world.actor("clinician"), record=world.record)
        add_event("record:break_glass", actor=world.actor("outsider"), record=world.record, why="Night shift, seizure")
        page = text_of(world, "looked/")
        assert "Outsider Example" in page
        assert "Night shift, seizure" in page
        assert world.clinician.name in page
        assert "3 times" in page
        assert "opened the record without being in the team" in text_of(world, "")

    def test_it_is_folded_by_month_with_the_newest_open(self, world: World) -> None:
        add_event("record:read", actor=world.actor("clinician"), record=world.record)
        page = text_of(world, "looked/")
        assert page.count('<details class="card months" open>') == page.count("months") == 1
        days = [datetime(2026, *day, 12, tzinfo=UTC) for day in ((3, 2), (3, 1), (1, 31), (1, 1))]
        found = by_month(Look(day, "Somebody", "doctor", "looked", "", 1, False) for day in days)
        assert [(at.month, [one.at.day for one in said]) for at, said in found] == [(3, [2, 1]), (1, [31, 1])]

    def test_nothing_of_another_record_is_in_it(self, world: World) -> None:
        other = make.record(world.clinic, team=[world.outsider])
        add_event("record:read", actor=world.actor("outsider"), record=other)
        assert "Outsider Example" not in text_of(world, "looked/")


class TestConsents:
    @pytest.mark.parametrize(
        ("place", "said"), [(" ", "name the place that may have it"), ("x" * 101, "has at most 100 letters here")]
    )
    def test_a_place_without_a_name_and_one_with_too_long_a_name_are_told_apart(
        self, place: str, said: str, world: World
    ) -> None:
        given = {"purpose": "matching", "recipient": "named", "place": place, "detail": "4"}
        answer = world.client("parent").post(address(world, "consents/"), given)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)

    def test_agreed_on_the_page_with_a_receipt_and_taken_back_there(self, world: World) -> None:
        browser = world.client("parent")
        given = {"purpose": "matching", "recipient": "named", "place": "Node B", "detail": "4"}
        receipt = browser.post(address(world, "consents/"), given)
        page = browser.get(receipt["Location"]).content.decode()
        for words in ("Finding another patient", "Node B", "All signs", world.parent.name, "2026-11"):
            assert words in page
        browser.post(f"{receipt['Location']}withdraw/")
        assert "Taken back on" in text_of(world, "consents/")
        assert "nothing leaves" in text_of(world, "consents/")

    def test_an_incomplete_form_keeps_what_was_chosen(self, world: World) -> None:
        answer = world.client("parent").post(address(world, "consents/"), {"purpose": "matching", "detail": "4"})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#recipient"' in text
        assert re.search(r'value="matching" checked', text)

    def test_the_receipt_of_another_record_is_not_there(self, world: World) -> None:
        other = make.record(world.clinic, born=date(2001, 2, 3))
        consent = give_consent(
            actor=world.actor(make.patient(other)), record=other.pk, purpose="matching",
            recipient="agreement:network", detail="4",
        )  # fmt: skip
        assert world.client("parent").get(address(world, f"consents/{consent.pk}/")).status_code == 404


def test_visits_to_come_and_those_that_were(world: World) -> None:
    for days, place in ((3, "Room 4"), (-3, "Room 2")):
        Visit.objects.create(
            record=world.record, at=timezone.now() + timedelta(days=days), place=place, planned_by=world.coordinator
        )
    page = text_of(world, "visits/")
    assert page.index("Room 4") < page.index("Past") < page.index("Room 2")
    assert "Next visit" in text_of(world, "")


def test_who_is_asked_to_agree_reads_how_much_signs_point_to_one_person(world: World) -> None:
    text = world.client("parent").get(f"/my/{world.record.pk}/consents/").content.decode()
    rates = [(one.alone, one.few) for one in measured_rates()]
    assert rates == [(66, 83), (55, 78), (43, 67), (31, 55), (30, 55), (11, 28)]
    row = r'<th scope="row">([^<]+)</th><td[^>]*>(\d+) of 100</td><td[^>]*>(\d+) of 100</td>'
    shown = re.findall(row, text)
    assert [(int(alone), int(few)) for _words, alone, few in shown] == rates
    assert "5,608 patients" in text
    assert "anonymous" not in text
