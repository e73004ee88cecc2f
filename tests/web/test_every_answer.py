"""Every page in every state, and every form sent full of rubbish, empty and rightly filled in, without a browser: on
both databases, as what a column takes and how rows are found differ between them. How the answers look is in
test_every_page.py.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web import states
from tests.web.screens import Gathering
from tests.web.states import State
from tests.web.url_table import names

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_knowledge")]


@pytest.mark.parametrize("state", [states.empty, states.full, states.long])
def test_every_page_answers_those_who_may_read_it(state: Callable[[], State]) -> None:
    screens = list(Gathering(state()).pages(names(), everybody=False))
    assert len({screen.name for screen in screens if screen.answer.status_code == 200}) > 30
    # What a state does not hold (a letter that nobody wrote) is not there.
    assert [str(screen) for screen in screens if screen.answer.status_code not in (200, 404)] == []


def test_every_form_is_answered_whatever_is_sent() -> None:
    gathering = Gathering(states.full())
    answers = list(gathering.answers(list(gathering.pages(names(), everybody=False))))
    answers += gathering.answers(list(gathering.reopened(names(), everybody=False)))
    assert {screen.answer.status_code for screen in answers} >= {200, 422}
    assert [str(screen) for screen in answers if screen.answer.status_code >= 500] == []
