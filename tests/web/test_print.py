"""What goes on paper: the pages that people print, as A4, whole, with nothing on them that only a screen can do."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.web import states
from tests.web.looking import Looking
from tests.web.screens import Gathering

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("whole_knowledge"),
    pytest.mark.same_on_any_database("how pages are printed"),
]

# Page, for whom, and words that the paper must hold.
PRINTED = (
    ("record", "clinician", ("Arachnodactyly", "Not a diagnosis until a clinician", "None of these")),
    ("findings", "clinician", ("Arachnodactyly", "excluded", "as seen")),
    ("differential", "clinician", ("Marfan syndrome", "PMID:", "Made on", "None of these known diseases")),
    ("next_step", "clinician", ("What to ask or do next", "If yes", "Examine or test", "Not a diagnosis until")),
    (
        "work_up",
        "clinician",
        ("The whole work-up", "If no, or if nobody can say", "Look at the whole picture", "Made on"),
    ),
    ("ranking_history", "clinician", ("How the ranking moved", "Because of")),
    ("diagnosis", "clinician", ("Some words",)),
    ("family", "clinician", ("Pedigree", "The same in words")),
    ("tests", "clinician", ("Some words",)),
    ("visits", "clinician", ("Some words", "30 minutes")),
    ("messages", "clinician", ("Some words",)),
    ("portal_visits", "patient", ("Some words",)),
    ("portal_talked", "patient", ("Some words",)),
    ("portal_plan", "patient", ("Our plan", "Some words", "Written by")),
    ("portal_left", "patient", ("What left the clinic",)),
    ("portal_consent", "patient", ("Receipt of an agreement", "Agreed by", "From, until", "Version of the words")),
)
A4 = (595, 842)  # points
BETWEEN_MARGINS = {"width": 680, "height": 1000}  # CSS pixels: 210 mm less 15 mm on either side
# What is cut at its own edge: text that goes on where nothing can scroll any more.
_CUT = """() => [...document.querySelectorAll('main *')].filter((one) =>
  one.checkVisibility() && !one.closest('.quiet-words') && getComputedStyle(one).overflowX !== 'visible'
  && one.scrollWidth > one.clientWidth + 1 && one.tagName !== 'svg'
).map((one) => one.outerHTML.slice(0, 160))"""
_FOR_SCREENS = """() =>
  [...document.querySelectorAll('nav, form, button, input, select, textarea, .button, .who, .skip')]
  .filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 160))"""
_LOST = """() => [...document.querySelectorAll('main a[href^=http]')]
  .filter((one) => one.checkVisibility() && !one.href.includes(one.textContent.replace('PMID:', '').trim()))
  .map((one) => one.outerHTML)"""
_PALE = """() => [...document.querySelectorAll('.tag, .chip__sign, .bar')].some((one) =>
  one.checkVisibility() && getComputedStyle(one).printColorAdjust !== 'exact')"""


@pytest.fixture
def looking(browser: Browser) -> Iterator[Looking]:
    """A window of Chromium."""
    made = Looking(browser)
    yield made
    made.close()


def test_what_is_printed_is_whole_and_holds_nothing_to_press(looking: Looking) -> None:
    gathering = Gathering(states.full())
    wrong: list[str] = []
    for name, who, words in PRINTED:
        (screen,) = gathering.page(name, who)
        page = looking.show(screen)
        page.set_viewport_size(BETWEEN_MARGINS)  # type: ignore[arg-type]
        page.emulate_media(media="print", color_scheme="dark")  # a dark screen prints on white paper all the same
        found = looking.too_wide() + page.evaluate(_CUT) + page.evaluate(_FOR_SCREENS) + page.evaluate(_LOST)
        if page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)":
            found.append("the paper is not white")
        if page.evaluate(_PALE):
            found.append("a colour that means something may be left away")
        paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
        text = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
        found += [f"{one!r} is not on the paper" for one in words if one not in text]
        sizes = {(round(float(one.mediabox.width)), round(float(one.mediabox.height))) for one in paper.pages}
        if sizes != {A4}:
            found.append(f"pages of {sizes} points")
        if len(paper.pages) > 1 and not paper.pages[-1].extract_text().strip():
            found.append("the last page is empty")
        wrong += [f"{name}: {one}" for one in found]
    assert not wrong, "\n".join(wrong)
