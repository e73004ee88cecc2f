"""Findings in a real browser: entered by keyboard alone, the differential moves beside them, and nothing is refused by
the content security policy.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route
from pytest_django.live_server_helper import LiveServer

from hoofbeat.cases.finding import FindingState
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.actions.findings import set_finding
from tests.web.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said."""
    return []


@pytest.fixture
def page(
    browser: Browser,
    live_server: LiveServer,
    world: World,
    whole_knowledge: Knowledge,
    complaints: list[str],
) -> Iterator[Page]:
    """The findings of a record without any, opened by its clinician."""
    session = world.client("clinician").cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    opened = context.new_page()
    opened.on("console", lambda one: complaints.append(one.text) if one.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(live_server.url + reverse("findings", args=[world.record.pk]))
    yield opened
    context.close()


def test_findings_are_entered_by_keyboard_alone_and_the_differential_moves(
    page: Page, world: World, complaints: list[str]
) -> None:
    page.focus("#q")
    page.keyboard.type("spder fingrs")
    page.wait_for_selector("#matches .match")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("o")
    page.wait_for_selector("#differential .candidate")
    page.wait_for_function("() => document.activeElement.id === 'q' && document.activeElement.value === ''")
    first = page.inner_text("#differential .candidate >> nth=0")
    page.keyboard.type("ectopia lentsi")
    page.wait_for_selector("#matches .match")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("o")
    page.wait_for_function("text => !document.querySelector('#differential').innerText.includes(text)", arg=first)
    page.focus("#list-HP0001166-o")
    page.keyboard.press("x")
    page.wait_for_selector(".finding--excluded")
    assert page.evaluate("document.activeElement.id") == "list-HP0001166-o"
    stated = dict(world.record.findings.filter(ended__isnull=True).values_list("hpo", "state"))
    assert stated == {"HP:0001166": "excluded", "HP:0001083": "observed"}
    assert complaints == []


def test_a_search_that_is_answered_late_does_not_take_away_what_is_being_stated(
    page: Page, world: World, complaints: list[str]
) -> None:
    page.focus("#q")
    page.keyboard.type("arachnodactyly")
    page.wait_for_selector("#matches .match")
    held: dict[str, Route] = {}
    page.route("**" + reverse("terms"), lambda route: held.update(search=route))
    page.route("**" + reverse("finding_set", args=[world.record.pk]), lambda route: held.update(statement=route))
    with page.expect_request("**" + reverse("terms")):
        page.keyboard.type(" ")
    with page.expect_request("**" + reverse("finding_set", args=[world.record.pk])):
        page.click("#matches [data-key=o] >> nth=0")
    with page.expect_response("**" + reverse("terms")):
        held["search"].continue_()
    page.wait_for_function("() => !document.querySelector('form.search.htmx-request')")
    held["statement"].continue_()
    page.wait_for_selector("#findings .finding")
    page.wait_for_function("() => document.querySelector('#q').value === ''")
    assert complaints == []


def test_what_is_unfolded_stays_unfolded_when_an_expected_finding_is_answered(page: Page, world: World) -> None:
    page.focus("#q")
    page.keyboard.type("arachnodactyly")
    page.wait_for_selector("#matches .match")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("o")
    page.wait_for_selector("#differential details.candidate")
    page.click("#differential details.candidate:has(.expected) >> nth=0")
    page.click("#differential details[open] .expected [data-key=n] >> nth=0")
    page.wait_for_selector("#differential details[open] .expected [aria-pressed=true]")
    assert world.record.findings.filter(state="not_assessed").count() == 1


def test_axe_finds_nothing_to_mend_with_everything_unfolded(page: Page) -> None:
    page.focus("#q")
    page.keyboard.type("arachnodactyly")
    page.wait_for_selector("#matches .match")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("o")
    page.wait_for_selector("#differential .candidate")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []


def test_one_key_answers_a_question_and_the_next_one_has_the_focus(
    page: Page, live_server: LiveServer, world: World, complaints: list[str]
) -> None:
    """The differential beside the questions moves, and what was answered is not asked again."""
    for hpo in ("HP:0001382", "HP:0000978", "HP:0000974"):
        set_finding(actor=world.actor("clinician"), record=world.record.pk, hpo=hpo, state=FindingState.OBSERVED)
    page.goto(live_server.url + reverse("next_step", args=[world.record.pk]))
    asked: list[str] = []
    for key in ("x", "o", "n"):
        first = page.locator("[aria-labelledby=question1] input[name=hpo]").first.input_value()
        shares = page.locator("#now-title ~ .candidates").inner_text()
        asked.append(first)
        if len(asked) == 1:
            page.focus("#next1-o")
        page.keyboard.press(key)
        gone = f"() => document.querySelector('[aria-labelledby=question1] input[name=hpo]').value !== '{first}'"
        page.wait_for_function(gone)
        page.wait_for_function("() => document.activeElement.id.startsWith('next1-')")
        if key != "n":
            assert page.locator("#now-title ~ .candidates").inner_text() != shares
    assert len(set(asked)) == 3
    stated = dict(world.record.findings.filter(ended__isnull=True, hpo__in=asked).values_list("hpo", "state"))
    assert [stated[hpo] for hpo in asked] == ["excluded", "observed", "not_assessed"]
    assert Event.objects.filter(verb="finding:set").count() == 6
    assert complaints == []


def test_an_invitation_asks_what_a_proxy_may_do_only_where_it_is_for_one(
    page: Page, live_server: LiveServer, world: World
) -> None:
    world.record.links.all().delete()
    page.goto(live_server.url + reverse("people", args=[world.record.pk]))
    page.check("input[name=role][value=proxy]")
    assert page.is_visible("#basis")
    page.check("input[name=role][value=patient]")
    assert not page.is_visible("#basis")
    assert not page.is_visible("#scopes")
    assert page.is_visible("#email")


def test_on_a_phone_the_drawing_of_the_ranks_begins_with_the_newest_and_its_names(
    page: Page, live_server: LiveServer, world: World
) -> None:
    for hpo in ("HP:0001166", "HP:0001083", "HP:0002616", "HP:0001250", "HP:0000545", "HP:0002650"):
        set_finding(actor=world.actor("clinician"), record=world.record.pk, hpo=hpo, state=FindingState.OBSERVED)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(live_server.url + reverse("ranking_history", args=[world.record.pk]))
    region = page.get_by_role("region", name="Drawing of the ranks")
    hidden = region.evaluate("one => one.scrollWidth - one.clientWidth")
    assert hidden > 0, "the drawing is wider than the phone"
    edge = "one => one.querySelector('svg').getBoundingClientRect().right - one.getBoundingClientRect().right"
    assert region.evaluate(edge) < 1


def test_a_list_that_is_found_anew_keeps_the_focus_on_the_patient(
    page: Page, live_server: LiveServer, world: World
) -> None:
    page.goto(live_server.url + reverse("caseload"))
    link = page.get_by_role("link", name="Mira Example")
    link.focus()
    link.evaluate("one => { one.dataset.old = '1'; }")
    page.evaluate("document.querySelector('#wishes').requestSubmit()")
    page.wait_for_selector("#list a:not([data-old])", state="attached")
    assert page.evaluate("document.activeElement.id") == f"record-{world.record.pk}"
