"""A note gone through in a real browser: by keyboard alone, by touch, and with JavaScript off; looked at by axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.web.looking import PHONE
from tests.web.test_clinic_findings import standing, state
from tests.web.world import ARACHNODACTYLY, ECTOPIA_LENTIS, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("whole_knowledge")]

SCOLIOSIS, PTOSIS, HYPOTONIA, SEIZURE = "HP:0002650", "HP:0000508", "HP:0001252", "HP:0001250"
NOTE = (
    "She has arachnodactyly. There is no ectopia lentis, and scolisis was seen. Possible ptosis of the left eye.\n"
    "Her mother has myopia. She had hypotonia as an infant. Seizures: no."
)
Open = Callable[..., Page]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said, and addresses that hold words of the note."""
    return []


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer, world: World, complaints: list[str]) -> Iterator[Open]:
    """Opens the form for a note as the record's clinician, in a window of some kind."""
    contexts = []

    def do(**kind: object) -> Page:
        session = world.client("clinician").cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(**kind)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda one: complaints.append(one.text) if "status of 422" not in one.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda one: complaints.append(one.url) if "arachno" in one.url else None)
        page.goto(live_server.url + reverse("findings", args=[world.record.pk]))
        page.get_by_role("link", name="Read a note").click()
        return page

    yield do
    for one in contexts:
        one.close()
    assert complaints == []


def key(hpo: str, said: str) -> str:
    """The name of a suggestion in the form."""
    return f"{hpo.replace(':', '')}-{said}"


def is_at(page: Page, row: str) -> None:
    """The focus is in the row of a suggestion."""
    page.wait_for_function("row => document.activeElement.closest('[data-row]')?.dataset.row === row", arg=row)


def paste(page: Page) -> None:
    """Paste the note and send it, by keyboard."""
    page.focus("#text")
    page.keyboard.insert_text(NOTE)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    is_at(page, key(ARACHNODACTYLY, "present"))


def test_each_is_accepted_corrected_or_refused_with_one_key(opened: Open, world: World) -> None:
    page = opened(viewport={"width": 1280, "height": 900})
    paste(page)
    page.keyboard.press("Enter")  # as the note says: there
    is_at(page, key(ECTOPIA_LENTIS, "negated"))
    page.keyboard.press("Enter")  # as the note says: denied
    is_at(page, key(SCOLIOSIS, "present"))
    page.keyboard.press("c")
    page.keyboard.type("ptos")
    page.wait_for_selector(f"#picks-{key(SCOLIOSIS, 'present')} [data-pick]")
    page.keyboard.press("Escape")  # out of the field again, with nothing of it left, and the keys count again
    is_at(page, key(SCOLIOSIS, "present"))
    assert page.input_value(f"#other-{key(SCOLIOSIS, 'present')}") == ""
    page.keyboard.press("c")
    page.keyboard.type("kyphoscoliosis")
    page.wait_for_selector(f"#picks-{key(SCOLIOSIS, 'present')} [data-pick]")
    page.keyboard.press("Enter")
    page.keyboard.press("o")
    is_at(page, key(PTOSIS, "uncertain"))
    page.keyboard.press("x")
    is_at(page, key(HYPOTONIA, "past"))
    page.keyboard.press("Enter")  # says nothing: somebody must
    assert page.inner_text("[data-progress]") == "4 of 6 decided"
    page.keyboard.press("n")
    is_at(page, key(SEIZURE, "negated"))
    page.keyboard.press("ArrowUp")
    is_at(page, key(HYPOTONIA, "past"))
    page.keyboard.press("k")
    is_at(page, key(PTOSIS, "uncertain"))
    assert page.get_attribute(f"mark[data-of={key(PTOSIS, 'uncertain')}]", "class") == "found found--uncertain is-here"
    page.keyboard.press("u")
    page.keyboard.press("z")  # undone: excluded again
    assert page.input_value(f"#row-{key(PTOSIS, 'uncertain')} input:checked") == "excluded"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    is_at(page, key(SEIZURE, "negated"))
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'take'")
    assert standing(world) == {}  # nothing enters before it is taken over
    page.keyboard.press("Enter")
    page.get_by_text("5 findings are in the record now.").wait_for()
    assert standing(world) == {
        ARACHNODACTYLY: "observed", ECTOPIA_LENTIS: "excluded", "HP:0002751": "observed", PTOSIS: "excluded",
        SEIZURE: "excluded",
    }  # fmt: skip
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("5 findings of the note were taken back.").wait_for()
    assert standing(world) == {}


def test_the_clear_ones_are_marked_with_one_key_and_one_can_still_think_again(opened: Open, world: World) -> None:
    state(world, SEIZURE)
    page = opened(viewport={"width": 1280, "height": 900})
    paste(page)
    page.keyboard.press("a")
    checked = page.eval_on_selector_all("[data-row] input:checked", "all => all.map((one) => one.name)")
    assert checked == [f"say-{key(ARACHNODACTYLY, 'present')}", f"say-{key(ECTOPIA_LENTIS, 'negated')}"]
    page.keyboard.press("z")
    assert page.locator("[data-row] input:checked").count() == 0
    assert page.get_by_text("The record says: observed.").is_visible()
    page.keyboard.press("a")
    page.click("#take")
    page.get_by_text("2 findings are in the record now.").wait_for()
    assert standing(world) == {ARACHNODACTYLY: "observed", ECTOPIA_LENTIS: "excluded", SEIZURE: "observed"}


def test_on_a_phone_it_goes_by_touch(opened: Open, world: World) -> None:
    page = opened(viewport=PHONE, has_touch=True)
    page.fill("#text", NOTE)
    page.tap("main form button")
    page.locator(f"#row-{key(PTOSIS, 'uncertain')} .choice--observed").tap()
    page.locator(f"mark[data-of={key(HYPOTONIA, 'past')}]").tap()
    is_at(page, key(HYPOTONIA, "past"))
    page.locator(f"#row-{key(HYPOTONIA, 'past')} .choice--leave").tap()
    assert page.inner_text("[data-progress]") == "2 of 6 decided"
    page.tap("#take")
    page.get_by_text("1 finding is in the record now.").wait_for()
    assert standing(world) == {PTOSIS: "observed"}


def test_without_scripts_what_is_ticked_is_taken(opened: Open, world: World) -> None:
    page = opened(java_script_enabled=False)
    page.fill("#text", NOTE)
    page.click("text=Read it")
    assert not page.get_by_text("as the note says", exact=True).is_visible()
    page.check(f"#row-{key(PTOSIS, 'uncertain')} [value=observed]")
    page.get_by_text("Another term: Scoliosis").click()
    page.fill(f"#other-{key(SCOLIOSIS, 'present')}", "kyphoscol")
    page.check(f"#row-{key(SCOLIOSIS, 'present')} [value=observed]")
    page.click("#take")
    page.locator("#error-summary", has_text="Near to it: Kyphoscoliosis").wait_for()
    page.fill(f"#other-{key(SCOLIOSIS, 'present')}", "Kyphoscoliosis")
    page.click("text=Take over the 3 clear findings")
    page.get_by_text("5 findings are in the record now.").wait_for()
    assert standing(world) == {
        ARACHNODACTYLY: "observed", ECTOPIA_LENTIS: "excluded", SEIZURE: "excluded", PTOSIS: "observed",
        "HP:0002751": "observed",
    }  # fmt: skip
    page.click("text=Undo")
    assert standing(world) == {}


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_to_mend_in_a_note_half_gone_through(opened: Open, world: World, colours: str) -> None:
    state(world, ARACHNODACTYLY)
    state(world, ECTOPIA_LENTIS)
    page = opened(viewport={"width": 1280, "height": 900}, color_scheme=colours, reduced_motion="reduce")
    page.fill("#text", NOTE + " ASD on echo. MRI to rule out hydrocephalus.")
    page.click("text=Read it")
    for row, pressed in ((SCOLIOSIS, "o"), (PTOSIS, "u"), (HYPOTONIA, "n")):
        page.locator(f"[data-row^={row.replace(':', '')}] input").first.focus()
        page.keyboard.press(pressed)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []
