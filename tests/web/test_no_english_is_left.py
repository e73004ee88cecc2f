"""No words of the application stay English on a page in another language: every page of the table, in a language that
nobody speaks and whose every message is marked. What is left without a mark is a name, or somebody's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.conf.locale import LANG_INFO

from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.web.access.models import User
from tests.web import states
from tests.web.screens import Gathering
from tests.web.states import STORY
from tests.web.url_table import ROWS, names

MARK, MARK_END = "\u2067", "\u2069"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("whole_knowledge"),
    pytest.mark.same_on_any_database("which words pages have"),
]

VOID = ("input", "img", "meta", "link", "br", "hr", "wbr", "path", "rect", "line", "circle", "polyline")
SPOKEN = ("aria-label", "placeholder", "title", "alt", "data-label")
# What people typed into the full record, and what was written for them in the record's own language, English.
TYPED = ("Some words", "as seen", "since the spring", "Room 2", "parent", *STORY.split(". "))
SAID = ("A copy of what is in the record, for the patient.",)
QUOTED = ("floppy", "eyes wobble", "seizures", "tired", "murmur", "short-sighted")
# Names that are the same in every language.
NAMES = ("Hoofbeat", "English", "Pseudo", "p.Cys1Tyr", "GRCh38", "chr15", "own_copy")
# Identifiers, genes and formats of files.
_CODE = re.compile(r"\b[A-Z][A-Z0-9-]{2,}\b(:\d+)?")
_WORD = re.compile(r"[A-Za-z]{3,}")
_MARKED = re.compile(f"{MARK}[^{MARK_END}]*{MARK_END}")


class _Texts(HTMLParser):
    """The texts of a page that are in its own language, attributes that are read out among them.

    What stands between a mark and its end is translated, also where an element in another language stands inside.
    """

    def __init__(self) -> None:
        super().__init__()
        self.around: list[tuple[str, bool]] = []
        self.found: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_own = self.around[-1][1] if self.around else True
        if "lang" in given:
            is_own = given["lang"] not in ("en", "")
        if tag in ("script", "style"):
            is_own = False
        if is_own:
            self.found += [_MARKED.sub("", value) for name in SPOKEN if (value := given.get(name))]
        if tag not in VOID:
            self.around.append((tag, is_own))

    def handle_endtag(self, tag: str) -> None:
        while self.around and self.around.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        is_own = not self.around or self.around[-1][1]
        outside = ""
        for letter in data:
            if letter in (MARK, MARK_END):
                self.depth += 1 if letter == MARK else -1
            elif not self.depth:
                outside += letter
        if is_own and outside.strip():
            self.found.append(" ".join(outside.split()))


def unmarked(text: str, known: list[str]) -> Iterator[str]:
    """The texts in which some words are neither marked as translated nor known."""
    reader = _Texts()
    reader.feed(text)
    for one in reader.found:
        rest = _CODE.sub(" ", one)
        for words in known:
            rest = rest.replace(words, " ")
        if _WORD.search(rest):
            yield one


def test_a_word_without_a_mark_is_found() -> None:
    marked = f"{MARK}Hallo {MARK}du{MARK_END} <b lang='en'>Marfan</b> da{MARK_END}"
    page = f"<p>{marked} left</p><p lang='en'>own</p><i title='spoken'>{marked}</i> OMIM:154700 FBN1"
    assert list(unmarked(page, [])) == ["left", "spoken"]


def test_no_page_has_words_in_english(right_to_left: str, whole_knowledge: Knowledge) -> None:
    state = states.full()
    people = list(User.objects.values_list("name", "email"))
    known = [words for pair in people for words in pair] + [one.called for one in state.world.records]
    known += [one.name for one in state.world.records] + [state.world.clinic.name, *TYPED, *NAMES]
    known = sorted((*known, *SAID, *QUOTED), key=len, reverse=True)
    # Terms of HPO stay English; where one is an attribute, no language can be said of it. A language is called as those
    # call it who speak it, beside a name that is Django's to translate.
    ontology = whole_knowledge.ontology
    spared = {ontology.name(index) for index in range(len(ontology))}
    spared |= {str(info.get("name_local", "")) for info in LANG_INFO.values()}
    left: dict[str, str] = {}
    gathering = Gathering(state, language=right_to_left)
    for screen in gathering.pages(names(ROWS), everybody=False):
        for text in unmarked(screen.text, known):
            if text.rpartition(" – ")[2] not in spared:
                left.setdefault(text, screen.name)
    assert not left, "\n".join(f"{where}: {text}" for text, where in sorted(left.items(), key=lambda one: one[1]))
