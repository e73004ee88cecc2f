"""What the application answers, gathered as screens to look at: every page of the table in url_table.py as everybody
who sees it, and what its forms answer, wrongly and rightly filled in. A screen that holds nothing but what another
of the same page held already, with other words in it, is left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from html.parser import HTMLParser

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from hoofbeat.web.access.models import User
from tests.web import world as build
from tests.web.addresses import address
from tests.web.forms import Form, forms_in
from tests.web.states import OF_DIAGNOSIS, State, reopen
from tests.web.url_table import ROWS, SIGN_IN_PAGES

RUBBISH = "x" * 3000
HOST = "localhost"
_NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
SEE_MOST = frozenset({"clinician", "patient"})
Shape = frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class Screen:
    """One answer that is a whole page, and the browser that got it."""

    name: str
    who: str
    address: str
    answer: HttpResponse
    client: Client
    # Whether it shows anything in a look, or on a ground, that no screen before it had.
    has_new_looks: bool

    def __str__(self) -> str:
        return f"{self.name} as {self.who} ({self.answer.status_code})"

    @property
    def text(self) -> str:
        """The page."""
        return self.answer.content.decode()


class Gathering:
    """The screens of a state. Those who may most come first, and others only with what those do not see.

    `looked_at` are looks that are no longer new, as another gathering had them.
    """

    def __init__(self, state: State, *, language: str = "", looked_at: Set[tuple[str, ...]] = frozenset()) -> None:
        self.state = state
        self.seen: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        self.looks = set(looked_at)
        # Links within a page to a place that is not on it, of every answer, those that are left out too.
        self.lead_nowhere: list[str] = []
        self.forms_sent: set[str] = set()
        self.clients: dict[str, Client] = {}
        elsewhere = build.staff(build.clinic())
        for who in (*state.world.people, "elsewhere", "anonymous"):
            user = elsewhere if who == "elsewhere" else state.world.people.get(who)
            client = Client(SERVER_NAME=HOST)
            if user is not None:
                client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            if language:
                client.cookies["django_language"] = language
                if user is not None:
                    User.objects.filter(pk=user.pk).update(language=language)
            self.clients[who] = client

    def pages(self, names: Iterable[str], *, everybody: bool = True) -> Iterator[Screen]:
        """Every page of these names that answers GET with a whole page, for everybody who sees it; or only for those
        who see most of it, where the question is how words fit and not who sees what.
        """
        wanted = set(names)
        for row in ROWS:
            if row.name in wanted and row.get is not None:
                most = row.get & SEE_MOST or row.get
                for who in sorted(row.get if everybody else most):
                    yield from self.page(row.name, who)

    def reopened(self, names: Iterable[str], *, everybody: bool = True) -> Iterator[Screen]:
        """What the pages of these names hold once the last diagnosis was withdrawn, and held with none before."""
        reopen(self.state.world)
        yield from self.pages(OF_DIAGNOSIS.intersection(names), everybody=everybody)

    def page(self, name: str, who: str, to: str = "") -> Iterator[Screen]:
        """One page as somebody."""
        client = self.clients[who]
        to = to or address(name, self.state.known | {"provider_id": "none", "uidb36": "0", "key": "x-y"})
        with transaction.atomic():
            answer = client.get(to)
            transaction.set_rollback(True)
        yield from self._new(name, name, who, to, answer)  # type: ignore[arg-type]

    def answers(self, screens: Iterable[Screen]) -> Iterator[Screen]:
        """What the forms of these screens answer when they are sent full of rubbish, empty, and rightly filled in, each
        by the first who sees it; the later two where they hold what the one before did not. What leads on to another
        page is left out: that page is a screen of its own.
        """
        for screen in screens:
            for form in forms_in(screen.text):
                fields = sorted(form.values | dict.fromkeys(form.typed, ""))
                key = _NUMBER.sub("", f"{form.method} {form.action} {fields}")
                if form.method == "POST" and key not in self.forms_sent:
                    self.forms_sent.add(key)
                    for how, given in _fillings(form):
                        yield from self._sent(screen, form, how, given)

    def _sent(self, screen: Screen, form: Form, how: str, given: dict[str, str]) -> Iterator[Screen]:
        to = form.action or screen.address
        cookies = screen.client.cookies.output()
        with transaction.atomic():
            answer = screen.client.post(to, given)
            transaction.set_rollback(True)
        screen.client.cookies.load(cookies.replace("Set-Cookie: ", ""))  # one of the forms signs out
        sent = f"{screen.name}, {_NUMBER.sub('…', to)} sent"
        yield from self._new(sent, f"{sent} {how}", screen.who, to, answer)  # type: ignore[arg-type]

    def _new(self, of: str, name: str, who: str, to: str, answer: HttpResponse) -> Iterator[Screen]:
        if not is_page(answer):
            return
        seen = self.seen[of if answer.status_code in (200, 422) else str(answer.status_code)]
        shape, leads = shape_of(answer.content.decode())
        self.lead_nowhere += [f"{name} as {who}: nothing is called {one}" for one in leads]
        if not shape <= seen:
            seen |= shape
            looks = {one[:3] for one in shape} - self.looks
            self.looks |= looks
            yield Screen(name, who, to, answer, self.clients[who], bool(looks))


class _Shape(HTMLParser):
    """Each element by its tag, classes, kind and place in the element around it, whatever it says."""

    def __init__(self) -> None:
        super().__init__()
        self.around: list[str] = []
        self.found: set[tuple[str, ...]] = set()
        self.called: set[str] = set()
        self.leads: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.called.add(given.get("id") or "")
        if tag == "a" and (given.get("href") or "").startswith("#"):
            self.leads.add((given["href"] or "")[1:])
        looks = " ".join(str(given.get(name, "")) for name in ("class", "type", "role", "aria-current"))
        self.found.add((self.around[-1] if self.around else "", tag, looks, *sorted(given)))
        if tag not in ("input", "img", "meta", "link", "br", "hr"):
            self.around.append(f"{tag} {given.get('class', '')}")

    def handle_endtag(self, tag: str) -> None:
        if self.around and self.around[-1].split(" ")[0] == tag:
            self.around.pop()


def shape_of(text: str) -> tuple[Shape, list[str]]:
    """What a page is made of, and the places that its links name within it and that are not there."""
    reader = _Shape()
    reader.feed(text)
    return frozenset(reader.found), sorted(reader.leads - reader.called)


def is_page(answer: HttpResponse) -> bool:
    """Whether an answer is a whole page, neither a file nor a part of one."""
    html = answer.headers.get("Content-Type", "").startswith("text/html")
    return html and not answer.streaming and b"<!doctype html>" in answer.content.lower()


def _fillings(form: Form) -> Iterator[tuple[str, dict[str, str]]]:
    hidden = {name: value for name, value in form.values.items() if name == "csrfmiddlewaretoken"}
    yield "with rubbish", hidden | dict.fromkeys([*form.typed, *form.values], RUBBISH)
    yield "empty", hidden | dict.fromkeys(form.typed, "")
    yield "rightly", form.filled("long fingers")


def sign_in_pages(gathering: Gathering) -> Iterator[Screen]:
    """The pages that come with allauth, for nobody, for staff and for a parent."""
    for name in sorted(SIGN_IN_PAGES):
        for who in ("anonymous", "clinician", "parent"):
            yield from gathering.page(name, who)
