"""Pictures of the application for the documentation, taken of the demonstration while it is served.

.venv/bin/hoofbeat demo                                             # in one terminal
.venv/bin/python -m validation.clinic_pictures docs/images          # in another
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

LARGEST = 300_000  # bytes of one picture


@dataclass(frozen=True)
class Picture:
    """Whose page, which links lead to it from their first page, and how much of it is shown."""

    name: str
    who: str
    links: tuple[str, ...]
    width: int
    height: int


PICTURES = (
    Picture("caseload", "Dr Amara Osei", (), 1120, 860),
    Picture("record", "Dr Amara Osei", ("Ida Beispiel",), 1120, 900),
    Picture("portal", "María Ficción", (), 420, 800),
)


def sign_in(page: Page, address: str, who: str) -> None:
    """Be somebody, on the demonstration's own page."""
    page.goto(f"{address}/demo/")
    page.get_by_role("button", name=f"Sign in {who}", exact=True).click()


def take(browser: Browser, address: str, picture: Picture, folder: Path) -> Path:
    """Sign in on the demonstration's own page, follow the links, and take the picture."""
    page = browser.new_page(viewport={"width": picture.width, "height": picture.height}, color_scheme="light")
    sign_in(page, address, picture.who)
    for link in picture.links:
        page.get_by_role("link", name=link, exact=True).click()
    made = folder / f"{picture.name}.png"
    page.screenshot(path=made)
    page.close()
    if made.stat().st_size > LARGEST:
        sys.exit(f"{made} is larger than {LARGEST:,} bytes")
    return made


def main() -> None:
    """Take every picture."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--address", default="http://127.0.0.1:8000", help="where the demonstration is served")
    given = options.parse_args()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for picture in PICTURES:
            made = take(browser, given.address, picture, given.folder)
            print(f"{made}: {made.stat().st_size:,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
