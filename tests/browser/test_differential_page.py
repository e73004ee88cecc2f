"""The page of a differential in a real browser: it reads well at any width, by keyboard, in the dark and on paper."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from hoofbeat.cli.presentation.html_page import differential_page
from tests.sample_excerpt import COMPARED, hostile_excerpt

Scheme = Literal["light", "dark"]
# WCAG 2.2, levels A and AA, and what axe calls best practice.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is missing: apt-get install chromium")
    # Chromium's own sandbox does not work for root, as in a container.
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    # A home of its own: chromium leaves settings and caches there.
    home: dict[str, str | float | bool] = {n: value for n, value in os.environ.items() if not n.startswith("XDG_")}
    home["HOME"] = str(tmp_path_factory.mktemp("chromium-home"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments, env=home)
        yield browser
        browser.close()


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(differential_page(COMPARED, made=date(2025, 6, 1)), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Browser, page_file: Path) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(page_file.as_uri())
    yield page
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_to_mend(browser: Browser, page_file: Path, scheme: Scheme, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(page_file.as_uri())
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}}).response
    page.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert len(found["passes"]) > 15


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1920])
def test_nothing_sticks_out_at_any_width(browser: Browser, page_file: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_the_style_applies_under_the_page_s_own_policy_and_nothing_is_requested(
    browser: Browser, page_file: Path
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(page_file.as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.line')).display") == "grid"
    assert asked == [page_file.as_uri()]
    assert said == []
    page.close()


def test_the_page_can_be_walked_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Long-finger lens syndrome"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aortic fragility syndrome 2"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.locator("details").first.get_attribute("open") is not None
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is None
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.querySelector('h3').textContent") == "Aortic fragility syndrome 2"


def test_on_paper_the_first_candidates_are_explained_and_colours_are_those_of_paper(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".why").first.is_visible()
    assert not page.locator(".skip").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_bars_lie_on_the_side_of_their_sign(page: Page) -> None:
    for side, lies in (("for", "right"), ("against", "left")):
        row = page.locator(f"tr.{side}").first
        axis, amount = row.locator(".axis").bounding_box(), row.locator(".amount").bounding_box()
        assert axis is not None
        assert amount is not None
        middle = axis["x"] + axis["width"] / 2
        assert (amount["x"] + amount["width"] / 2 > middle) == (lies == "right")


def test_hostile_text_stays_text(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(differential_page(hostile_excerpt(), made=date(2025, 6, 1)), encoding="utf-8")
    page = browser.new_page(viewport={"width": 360, "height": 800})
    alarms: list[str] = []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    page.goto(path.as_uri())
    assert alarms == []
    assert page.locator("script, img, iframe, object").count() == 0
    assert "<script>alert(1)</script>" in page.inner_text("h1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()
