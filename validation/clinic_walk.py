"""Walks through every screen of the demonstration while it is served, as everybody who works in it or is looked after,
and takes its picture: three widths, light and dark, and printed. Whoever changes how pages look opens the sheets.

.venv/bin/hoofbeat demo                                             # in one terminal
.venv/bin/python -m validation.clinic_walk /tmp/walk                # in another; a folder outside the repository
"""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from validation.clinic_pictures import sign_in

PEOPLE = {
    "clinician": "Dr Amara Osei",
    "nurse": "Jonas Imago",
    "coordinator": "Carla Modell",
    "administrator": "Petra Sample",
    "parent": "María Ficción",
    "patient": "Ida Beispiel",
}
WIDTHS = {"phone": 360, "tablet": 768, "desk": 1440}
A4 = (794, 1123)  # CSS pixels
ON_A_SHEET = {"phone": (5, 340), "tablet": (3, 620), "desk": (2, 1000), "print": (3, 620)}  # columns, width of one
LONGEST = 1700  # pixels of one picture on a sheet; what is longer is in its own file
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
_ELSEWHERE = ("/sign-in/logout", "/static/", "/demo/", "/file/", "/picture/", "/download/")


@dataclass(frozen=True)
class Found:
    """One screen, and where it is."""

    name: str
    address: str


def screens(page: Page, origin: str) -> Iterator[Found]:
    """Every kind of page that links lead to from where somebody is, each once."""
    seen: set[str] = set()
    waiting = [page.url.removeprefix(origin)]
    while waiting:
        address = waiting.pop(0)
        kind = _UUID.sub("one", address.split("?")[0])
        if kind in seen or kind.startswith(_ELSEWHERE) or any(part in kind for part in _ELSEWHERE):
            continue
        seen.add(kind)
        try:
            page.goto(origin + address)
        except PlaywrightError as error:
            if "Download is starting" in error.message:  # a file, no screen
                continue
            raise
        yield Found(re.sub(r"\W+", "-", kind).strip("-") or "first", address)
        links = page.locator("a[href^='/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        waiting += [link for link in links if _UUID.sub("one", link.split("?")[0]) not in seen]


def pictures(page: Page, origin: str, found: Found, folder: Path, who: str) -> None:
    """One screen in every way of showing it."""
    for size, width in WIDTHS.items():
        for colours in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=colours, media="screen")
            page.goto(origin + found.address)
            page.screenshot(path=folder / f"{who}-{size}-{colours}-{found.name}.png", full_page=True)
    page.set_viewport_size({"width": A4[0], "height": A4[1]})
    page.emulate_media(color_scheme="light", media="print")
    page.screenshot(path=folder / f"{who}-print-light-{found.name}.png", full_page=True)
    page.pdf(path=folder / f"{who}-{found.name}.pdf", prefer_css_page_size=True)


def sheets(folder: Path) -> None:
    """Sheets of small pictures, by person, size and colours."""
    for who in PEOPLE:
        for size, (columns, width) in ON_A_SHEET.items():
            for colours in ("light", "dark"):
                taken = sorted(folder.glob(f"{who}-{size}-{colours}-*.png"))
                for number in range(0, len(taken), columns):
                    part = taken[number : number + columns]
                    _sheet(part, width).save(folder / f"sheet-{who}-{size}-{colours}-{number // columns + 1:02}.png")


def _sheet(taken: list[Path], width: int) -> Image.Image:
    small = []
    for path in taken:
        whole = Image.open(path).convert("RGB")
        part = whole.crop((0, 0, whole.width, min(whole.height, LONGEST * whole.width // width)))
        small.append(part.resize((width, max(1, part.height * width // part.width))))
    sheet = Image.new("RGB", (len(small) * (width + 12), max(one.height for one in small) + 26), "#888888")
    for column, (path, one) in enumerate(zip(taken, small, strict=True)):
        sheet.paste(one, (column * (width + 12), 26))
        ImageDraw.Draw(sheet).text((column * (width + 12) + 4, 6), path.stem, fill="#ffffff")
    return sheet


def walk(browser: Browser, origin: str, folder: Path, who: str) -> int:
    """All screens of one person; says how many."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    sign_in(page, origin, PEOPLE[who])
    everything = list(screens(page, origin))
    for number, found in enumerate(everything, 1):
        print(f"\r{who}: {number} of {len(everything)}", end="", flush=True)
        pictures(page, origin, found, folder, who)
    print()
    page.close()
    return len(everything)


def main() -> None:
    """Walk as everybody, or as some."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("who", nargs="*", help=f"some of: {', '.join(PEOPLE)}; all of them when left away")
    options.add_argument("--address", default="http://127.0.0.1:8000", help="where the demonstration is served")
    given = options.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for who in given.who or PEOPLE:
            walk(browser, given.address, given.folder, who)
        browser.close()
    sheets(given.folder)


if __name__ == "__main__":
    main()
