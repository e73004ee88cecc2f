"""Two ways to go through the same pages in a real browser: by keyboard alone, and by forms alone with JavaScript off. A
story is told once and gone through in both.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from playwright.sync_api import Locator, Page

MOST_STOPS = 250  # more than any page has: whoever does not come to something in so many is trapped
# Where the focus is: whether it is seen, whether it comes after the stop before, and whether it is what was sought.
_STOP = """(sought) => {
  const one = document.activeElement, before = window.stopBefore;
  if (!one || one === document.body) return {inside: false, gone: !sought.isConnected};
  const box = one.getBoundingClientRect(), look = getComputedStyle(one);
  const shown = box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  const ring = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2;
  const first = one.matches('.skip');  // round once
  const anew = first || !before || !before.isConnected || before === one;
  const later = anew || !!(before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  window.stopBefore = one;
  const group = one.type === 'radio' && sought.type === 'radio' && one.name === sought.name;
  const there = one === sought || group, what = one.outerHTML.slice(0, 140);
  return {inside: true, gone: !sought.isConnected, shown, ring, later, there, what};
}"""


class Hand(ABC):
    """Somebody who reads names on the page and uses what bears them."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @abstractmethod
    def press(self, name: str, role: str = "button", within: str = "main") -> None:
        """Use a button or follow a link, by its name."""

    @abstractmethod
    def write(self, label: str, text: str) -> None:
        """Write into a field, by its label."""

    @abstractmethod
    def tick(self, label: str) -> None:
        """Tick a box or choose one of several, by its label."""

    @abstractmethod
    def choose(self, label: str, option: str) -> None:
        """Choose from a list, by the label of both."""

    @abstractmethod
    def unfold(self, name: str) -> None:
        """Unfold what is folded under a name."""

    def go(self, name: str) -> None:
        """Follow a link."""
        self.press(name, "link", "body")

    def reads(self, words: str) -> None:
        """The page shows these words."""
        self.page.locator("main").get_by_text(re.compile(re.escape(words))).filter(visible=True).first.wait_for()

    def is_told(self, words: str) -> None:
        """After a form was refused: the summary says what is wrong."""
        self.page.locator("#error-summary", has_text=words).wait_for()

    def _named(self, name: str, role: str, within: str) -> Locator:
        place = self.page.locator(within)
        return place.get_by_role(role, name=re.compile(f"^{re.escape(name)}")).filter(visible=True).first  # type: ignore[arg-type]

    def _field(self, label: str) -> Locator:
        return self.page.locator("main").get_by_label(re.compile(rf"^\s*{re.escape(label)}")).filter(visible=True).first

    def _summary(self, name: str) -> Locator:
        return self.page.locator("summary", has_text=name).filter(visible=True).first


class WithoutScripts(Hand):
    """JavaScript is off in the window; pages are read and forms sent."""

    def press(self, name: str, role: str = "button", within: str = "main") -> None:
        """Click."""
        self._named(name, role, within).click()

    def write(self, label: str, text: str) -> None:
        """Fill in."""
        self._field(label).fill(text)

    def tick(self, label: str) -> None:
        """Check."""
        self._field(label).check()

    def choose(self, label: str, option: str) -> None:
        """Select."""
        self._field(label).select_option(label=option)

    def unfold(self, name: str) -> None:
        """Click."""
        self._summary(name).click()


class Keyboard(Hand):
    """Tab, arrow keys, Enter, Space and letters. At each stop the focus is seen, comes after the one before, and goes
    on.
    """

    def press(self, name: str, role: str = "button", within: str = "main") -> None:
        """Tab to it, and Enter."""
        self._come_to(self._named(name, role, within))
        self.page.keyboard.press("Enter")

    def write(self, label: str, text: str) -> None:
        """Tab to it, and type."""
        field = self._field(label)
        kind = field.get_attribute("type")
        self._come_to(field)
        if kind in ("date", "datetime-local"):
            # A browser's own field of a date has parts; in English they are month, day, year, then hour and minute.
            day, _, hour = text.partition("T")
            year, month, date = day.split("-")
            self.page.keyboard.type(f"{month}{date}{year}")
            if hour:
                self.page.keyboard.press("Tab")
                at, minute = hour.split(":")
                self.page.keyboard.type(f"{int(at) % 12 or 12:02}{minute}{'AM' if int(at) < 12 else 'PM'}")
            assert field.input_value() == text
            return
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def tick(self, label: str) -> None:
        """Tab to it, and Space; among several, the arrow keys."""
        box = self._field(label)
        self._come_to(box)
        if box.get_attribute("type") == "radio":
            for _ in range(30):
                if box.is_checked() and box.evaluate("one => one === document.activeElement"):
                    break
                here = box.evaluate("one => one === document.activeElement")
                self.page.keyboard.press("Space" if here else "ArrowDown")
        elif not box.is_checked():
            self.page.keyboard.press("Space")
        assert box.is_checked()

    def choose(self, label: str, option: str) -> None:
        """Tab to it, and type its first letters."""
        field = self._field(label)
        self._come_to(field)
        self.page.keyboard.type(option)
        assert field.locator("option:checked").inner_text() == option

    def unfold(self, name: str) -> None:
        """Tab to it, and Enter."""
        found = self._summary(name)
        self._come_to(found)
        if not found.evaluate("one => one.parentElement.open"):
            self.page.keyboard.press("Enter")

    def is_told(self, words: str) -> None:
        """The summary has the focus, so that it is read first."""
        super().is_told(words)
        self.page.wait_for_function("() => document.activeElement.id === 'error-summary'")

    def _come_to(self, wanted: Locator) -> None:
        wanted.wait_for()
        sought = wanted.element_handle()
        for _ in range(MOST_STOPS):
            stop = self.page.evaluate(_STOP, sought)
            if stop["gone"]:  # the page was swapped in between
                sought = wanted.element_handle()
                continue
            if stop["inside"]:
                read_only = stop["what"].startswith(("<main", '<div class="summary'))  # where a script put the focus
                assert stop["ring"] or read_only, f"no ring: {stop['what']}"
                assert stop["shown"], f"the focus is out of sight: {stop['what']}"
                assert stop["later"], f"the focus went back: {stop['what']}"
                if stop["there"]:
                    return
            else:
                self.page.evaluate("window.stopBefore = null")
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the focus does not come to {wanted}")
