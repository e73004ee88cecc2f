"""A browser window that shows a screen without a server, and says what is wrong with it."""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Route

from tests.web.screens import HOST, Screen

ORIGIN = f"http://{HOST}"
PHONE = {"width": 320, "height": 640}  # as much as 1280 px shows at 400 %
DESK = {"width": 1440, "height": 900}
FINGER, POINTER = 44, 24  # px that a control is high at least
# WCAG 2.2 A and AA, with its rule for small targets, and what axe calls best practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
# Rules that measure how elements are drawn take most of axe's time and answer alike for like looks.
_COLOUR_RULES = ("color-contrast", "link-in-text-block")
ALL_BUT_COLOURS = EVERYTHING | {
    "rules": {"target-size": {"enabled": True}} | {rule: {"enabled": False} for rule in _COLOUR_RULES}
}
ALL_BUT_LOOKS = EVERYTHING | {"rules": {rule: {"enabled": False} for rule in ("target-size", *_COLOUR_RULES)}}
COLOURS = {"runOnly": {"type": "rule", "values": list(_COLOUR_RULES)}, "resultTypes": ["violations"]}

# What is wider than the window, apart from what lies in a region that scrolls by itself.
_TOO_WIDE = """() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  const wide = [...document.body.querySelectorAll('*')].filter((one) => {
    const box = one.getBoundingClientRect();
    const scrolls = (up) =>
      up && up !== document.body && (getComputedStyle(up).overflowX !== 'visible' || scrolls(up.parentElement));
    return box.width && (box.right > most + 1 || box.left < -1) && !scrolls(one.parentElement) && !one.matches('.skip');
  });
  const said = wide.slice(-3).map((one) => one.outerHTML.slice(0, 160));
  return [`${document.documentElement.scrollWidth} px wide`, ...said];
}"""
# What is too low for a finger or a pointer: controls, and links that stand by themselves. A link in a line of text may
# be as high as its line (WCAG 2.5.8, "inline"); a box to tick counts with its label.
_TOO_SMALL = """(least) => {
  const hidden = '.quiet-words, .skip, [hidden]';
  const seen = (one) => one.checkVisibility({visibilityProperty: true}) && !one.closest(hidden);
  const alone = (one) => one.tagName !== 'A' || getComputedStyle(one).display !== 'inline';
  const found = [];
  for (const one of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (!seen(one) || !alone(one)) continue;
    const ticks = one.matches('[type=checkbox], [type=radio]');
    const boxes = [one, ...(ticks ? one.labels : [])].map((each) => each.getBoundingClientRect());
    const height = Math.max(...boxes.map((box) => box.height)), width = Math.max(...boxes.map((box) => box.width));
    const size = `${Math.round(width)} x ${Math.round(height)} px`;
    if (height + .5 < least || width + .5 < 24) found.push(`${size}: ${one.outerHTML.slice(0, 120)}`);
  }
  return found;
}"""
_SAYS = """() => ({
  h1: [...document.querySelectorAll('h1')].filter((one) => one.checkVisibility()).length,
  title: document.title, lang: document.documentElement.lang, dir: document.documentElement.dir,
  dead: [...document.querySelectorAll('#error-summary a')]
    .map((one) => one.getAttribute('href')).filter((to) => !document.querySelector(to)),
  summary: [...document.querySelectorAll('.summary')].length, focus: document.activeElement.id,
})"""


class Looking:
    """One window. `at` shows a screen and gives what is wrong with it."""

    def __init__(self, browser: Browser) -> None:
        self._context = browser.new_context(viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]
        self._page = self._context.new_page()
        self._complaints: list[str] = []
        self._screen: Screen | None = None
        self._files: dict[str, tuple[bytes, str]] = {}
        self._context.add_init_script(Axe().axe_script)
        self._page.route("**/*", self._answer)
        self._page.on("pageerror", lambda error: self._complaints.append(f"page error: {error}"))
        self._page.on("console", self._note)

    def close(self) -> None:
        """Close the window."""
        self._context.close()

    def show(self, screen: Screen) -> Page:
        """Show a screen; gives its page."""
        self._screen, self._complaints = screen, []
        self._page.goto(ORIGIN + screen.address)
        return self._page

    def too_wide(self) -> list[str]:
        """What is wider than the window."""
        found: list[str] = self._page.evaluate(_TOO_WIDE)
        return found

    def at(self, screen: Screen, *, direction: str = "ltr", colours: bool = True) -> list[str]:
        """What is wrong with a screen: at a desk and on a phone, in light and in dark. Where it has looks that no
        screen before it had, axe measures those too, and colours in light and in dark, which may be left away.
        """
        self._page.set_viewport_size(DESK)  # type: ignore[arg-type]
        self._page.emulate_media(color_scheme="light")
        page = self.show(screen)
        wrong = self._said(direction)
        page.evaluate("document.querySelectorAll('details:not(.who)').forEach((one) => { one.open = true; })")
        wrong += [f"at 1440 px: {one}" for one in self.too_wide()]
        wrong += [f"too small for a pointer: {one}" for one in page.evaluate(_TOO_SMALL, POINTER)]
        rules = ALL_BUT_LOOKS
        if screen.has_new_looks:
            rules = EVERYTHING if colours else ALL_BUT_COLOURS
        wrong += self._violations(rules, "light")
        if rules is EVERYTHING:
            page.emulate_media(color_scheme="dark")
            wrong += self._violations(COLOURS, "dark")
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        # The menu of the account lies over the page, so it opens last.
        page.evaluate("document.querySelectorAll('details.who').forEach((one) => { one.open = true; })")
        wrong += [f"at 320 px: {one}" for one in self.too_wide()]
        wrong += [f"too small for a finger: {one}" for one in page.evaluate(_TOO_SMALL, FINGER)]
        return wrong + self._complaints

    def _note(self, message: ConsoleMessage) -> None:
        # The browser itself says so of a page whose status is an error, which ours are meant to have.
        screen = self._screen
        assert screen is not None
        if screen.answer.status_code < 400 or message.location["url"] != ORIGIN + screen.address:
            self._complaints.append(f"console: {message.text}")

    def _said(self, direction: str) -> list[str]:
        says: dict[str, Any] = self._page.evaluate(_SAYS)
        wrong = []
        if says["h1"] != 1:
            wrong.append(f"{says['h1']} headings of the first level")
        if not says["title"].removesuffix("Hoofbeat").strip(" ·") or not says["title"].endswith("· Hoofbeat"):
            wrong.append(f"the title says {says['title']!r}")
        if not says["lang"] or says["dir"] != direction:
            wrong.append(f"language {says['lang']!r}, direction {says['dir']!r}")
        if says["dead"]:
            wrong.append(f"the error summary leads nowhere: {says['dead']}")
        if says["summary"] and says["focus"] != "error-summary":
            wrong.append(f"the focus is not at the error summary but at {says['focus']!r}")
        return wrong

    def _violations(self, options: dict[str, Any], colours: str) -> list[str]:
        found = self._page.evaluate(f"axe.run({json.dumps(options)})")["violations"]
        return [
            f"axe, {colours}: {one['id']}: {node['html'][:160]} {(node.get('failureSummary') or '')[:160]}"
            for one in found
            for node in one["nodes"][:2]
        ]

    def _answer(self, route: Route) -> None:
        """The screen itself, a static file, or what a script of the page asks for; nothing of another host."""
        request, screen = route.request, self._screen
        assert screen is not None
        to = urlsplit(request.url)
        if f"{to.scheme}://{to.netloc}" != ORIGIN:
            self._complaints.append(f"asked another host: {request.url}")
            route.abort()
        elif request.is_navigation_request():
            route.fulfill(status=screen.answer.status_code, headers=_headers(screen.answer), body=screen.answer.content)
        elif to.path.startswith("/static/"):
            body, kind = self._file(to.path.removeprefix("/static/"))
            route.fulfill(status=200 if kind else 404, body=body, content_type=kind)
        else:
            answer = _asked(screen.client, request.method, request.url.removeprefix(ORIGIN), request.post_data or "")
            route.fulfill(status=answer.status_code, headers=_headers(answer), body=answer.content)

    def _file(self, name: str) -> tuple[bytes, str]:
        if name not in self._files:
            found = finders.find(name)
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            self._files[name] = (Path(found).read_bytes(), kind) if found else (b"", "")
        return self._files[name]


def _asked(client: Client, method: str, to: str, body: str) -> Any:
    with transaction.atomic():
        answer = client.generic(
            method, to, body, content_type="application/x-www-form-urlencoded", headers={"HX-Request": "true"}
        )
        transaction.set_rollback(True)
    return answer


def _headers(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.lower() != "content-length"}
