"""How much a page weighs on the wire: bytes that the browser says it got, over a real socket. The first view brings
everything along; later ones bring what is new, because static files carry their hash and are kept.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.web import states

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("whole_knowledge"),
    pytest.mark.same_on_any_database("how many bytes pages have"),
]

FIRST_VIEW = 300_000  # bytes: section 12 of the decisions
LATER_VIEW = 60_000
LATER = {
    "clinician": ("caseload", "inbox", "record", "findings", "differential", "diagnosis", "ranking_history", "looked"),
    "parent": ("portal_record", "portal_story", "portal_messages", "portal_consents", "portal_looked"),
}


@pytest.mark.parametrize("who", LATER)
def test_the_first_view_and_those_after_it_are_light(who: str, browser: Browser, live_server: LiveServer) -> None:
    state = states.full()
    session = state.world.client(who).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context()
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    addresses: dict[str, str] = {}
    loaded: dict[str, int] = {}

    def asked(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    def got(event: dict[str, Any]) -> None:
        address = addresses.get(event["requestId"], "")
        loaded[address] = loaded.get(address, 0) + int(event["encodedDataLength"])

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", got)

    def weight(name: str) -> dict[str, int]:
        loaded.clear()
        row_of_record = name not in ("caseload", "inbox")
        page.goto(live_server.url + reverse(name, args=[state.known["record"]] if row_of_record else []))
        page.wait_for_load_state("networkidle")
        return dict(loaded)

    first = weight(LATER[who][0])
    assert any("/static/" in address for address in first), "the first view brings its style and scripts along"
    assert sum(first.values()) <= FIRST_VIEW, first
    for name in LATER[who]:
        later = {address: size for address, size in weight(name).items() if "/static/" not in address}
        assert 0 < sum(later.values()) <= LATER_VIEW, (name, later)
    context.close()
