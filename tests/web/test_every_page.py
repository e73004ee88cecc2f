"""Every page, as everybody who sees it, in every state, in a real browser: nothing that axe finds, no console message,
no request to another host, nothing wider than a phone, nothing too small to hit. A new address is looked at without
being named here.

Chromium gets each answer of Django's test client through a route, with its headers, so that the content security policy
holds; the same over a socket, with what happens after a press, is in test_clinic_in_the_browser.py and
test_stories_in_the_browser.py. Not covered: other browsers, real screen readers, the pages of the demonstration, the
second step at sign-in (a story goes through it), and what a provider of sign-ins shows. How an answer looks does not
depend on the database; that the same pages are answered on both is in test_every_answer.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Browser

from tests.web import states
from tests.web.looking import Looking
from tests.web.screens import Gathering, Screen, is_page, sign_in_pages
from tests.web.url_table import ROWS, names

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("whole_knowledge"),
    pytest.mark.same_on_any_database("how pages look; test_every_answer.py gathers the same pages on each"),
]

PORTAL = [name for name in names() if name.startswith("portal")]
CLINIC = [name for name in names() if name not in PORTAL]
# Answer GET, and with no page of their own: they lead on, or are a file or a part of a page.
NO_PAGE = {"home", "document_file", "document_picture", "portal_document", "differential_panel"} | {
    "genome_progress", "genome_answer_progress",
}  # fmt: skip


@pytest.fixture
def looking(browser: Browser) -> Iterator[Looking]:
    """A browser window that looks at screens and writes down what is wrong with them."""
    made = Looking(browser)
    yield made
    made.close()


@pytest.mark.parametrize("places", [CLINIC, PORTAL], ids=["clinic", "portal"])
def test_every_page_full_or_empty_is_for_everybody(places: list[str], looking: Looking) -> None:
    full = Gathering(states.full())
    screens = [*full.pages(places), *full.reopened(places)]
    assert_nothing_wrong(full, screens, looking.at)
    assert {row.name for row in ROWS if row.get and row.name in places} - NO_PAGE == {one.name for one in screens}
    DBTaskResult.objects.all().delete()  # jobs belong to no record
    empty = Gathering(states.empty(), looked_at=full.looks)
    assert_nothing_wrong(empty, empty.pages(places), looking.at)


@pytest.mark.parametrize("places", [CLINIC, PORTAL], ids=["clinic", "portal"])
def test_every_page_holds_long_words_and_many_rows(places: list[str], looking: Looking) -> None:
    gathering = Gathering(states.long())
    screens = [*gathering.pages(places, everybody=False), *gathering.reopened(places, everybody=False)]
    assert_nothing_wrong(gathering, screens, partial(looking.at, colours=False))


@pytest.mark.parametrize("places", [CLINIC, PORTAL], ids=["clinic", "portal"])
def test_what_a_form_answers_is_for_everybody(places: list[str], looking: Looking) -> None:
    gathering = Gathering(states.full())
    answers = list(gathering.answers(list(gathering.pages(places, everybody=False))))
    answers += gathering.answers(list(gathering.reopened(places, everybody=False)))
    assert any(screen.answer.status_code == 422 for screen in answers)
    assert_nothing_wrong(gathering, answers, looking.at)


@pytest.mark.parametrize("places", [CLINIC, PORTAL], ids=["clinic", "portal"])
def test_every_page_holds_longer_words_from_right_to_left(
    places: list[str], looking: Looking, right_to_left: str
) -> None:
    gathering = Gathering(states.full(), language=right_to_left)
    screens = [*gathering.pages(places, everybody=False), *gathering.reopened(places, everybody=False)]
    assert_nothing_wrong(gathering, screens, partial(looking.at, direction="rtl", colours=False))


def test_every_sign_in_page_is_for_everybody(looking: Looking) -> None:
    state = states.empty()
    Authenticator.objects.all().delete()
    TOTP.activate(state.world.people["clinician"], generate_totp_secret())
    gathering = Gathering(state)
    screens = list(sign_in_pages(gathering))
    assert len(screens) > 10
    assert_nothing_wrong(gathering, [*screens, *gathering.answers(screens)], looking.at)


def assert_nothing_wrong(gathering: Gathering, screens: Iterable[Screen], look: Callable[[Screen], list[str]]) -> None:
    """Look at some screens of a gathering, and name for each thing that is wrong the first screen that has it."""
    looked = list(screens)
    assert gathering.lead_nowhere == []
    assert looked
    assert all(is_page(screen.answer) for screen in looked)
    wrong: dict[str, list[Screen]] = {}
    for screen in looked:
        for one in look(screen):
            wrong.setdefault(one, []).append(screen)
    said = [f"{on[0]}{f' and {len(on) - 1} more' if on[1:] else ''}: {one}" for one, on in wrong.items()]
    assert not said, f"{len(looked)} screens\n" + "\n".join(said)
