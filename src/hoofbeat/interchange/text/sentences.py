"""A text in sentences, each under the heading it stands under, and a sentence in words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from hoofbeat.knowledge.word_forms import WORD, telling_form


class SectionKind(Enum):
    """What a heading says of everything below it."""

    OTHER = auto()
    FAMILY = auto()
    PAST = auto()


class Section(NamedTuple):
    """A heading, as written, and its kind; the text before any heading has an empty one."""

    title: str = ""
    kind: SectionKind = SectionKind.OTHER


class Word(NamedTuple):
    """One word: where it stands in the text, in lower case, and its form in names (empty: tells nothing)."""

    start: int
    end: int
    lower: str
    form: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: where it stands in the text, what it is, and its section."""

    start: int
    text: str
    section: Section

    def words(self) -> list[Word]:
        """The words in order; offsets are those of the whole text."""
        at = self.start
        found = []
        for one in WORD.finditer(self.text):
            lower = one.group().lower()
            found.append(Word(at + one.start(), at + one.end(), lower, telling_form(lower)))
        return found


_FAMILY = r"family(?: medical)? history|family hx|fhx?|fam hx|relatives"
_PAST = r"past medical history|past history|previous medical history|previous history|pmhx?|past illnesses"
_OTHER = (
    r"(?:clinical |physical |general |neurological |ophthalmological |dental )?(?:examination|exam)|on examination|o/e"
    r"|history(?: of present(?:ing)? (?:illness|complaint))?|hpi|presenting complaints?|presentation|chief complaint"
    r"|complaints|problems?|problem list|diagnos[ei]s|assessment|impression|plan|recommendations?|findings|development"
    r"|investigations?|results|laborator(?:y|ies)|labs|imaging|mri|mri brain|echo|echocardiogram|ultrasound|medication"
    r"|medications|drugs|allergies|social history|birth history|perinatal history|neonatal history|growth|behaviou?r"
    r"|proband|patient|summary|review of systems|ros|eyes|ears|skin|heart|face|hands|feet|follow[- ]up|genetics"
)
_HEADING = re.compile(
    rf"(?:^|(?<=[.;]\s)|(?<=\n))[ \t]*(?:\d+[.)]\s*)?"
    rf"(?P<title>(?P<family>{_FAMILY})|(?P<past>{_PAST})|{_OTHER})(?:[ \t]*:|[ \t]*(?=\n))",
    re.IGNORECASE,
)
# The end of a sentence: a stop before something that can begin one; an empty line; a line that ends with a stop, or
# whose next line begins an item of a list or a heading of its own.
_END = re.compile(
    r"(?<=[.!?])[\"')\]]*[ \t]*(?:\n|(?<=[ \t])(?=[A-Z0-9\"'(\[{•*?-]))"
    r"|\n[ \t]*(?:\n[ \t]*)+"
    r"|(?<=[:;])[ \t]*\n"
    r"|\n(?=[ \t]*(?:[-*•+>]|\d{1,2}[.)])[ \t])"
    r"|\n(?=[ \t]*[A-Z][A-Za-z /]{1,40}:)"
    r"|(?P<line>\n)(?=[ \t]*\S)",
)
# A row of a table that ends with an answer, beside what was asked: "Ataxia | no".
_ANSWER = re.compile(
    r"(?:[|\t][ \t]*|\w,)(?:no|yes|none|absent|present|negative|positive|n|y|[+-])[ \t]*[|;,]?[ \t]*$", re.IGNORECASE
)
# In capitals MR, MS, CA and ST are findings and tests: a stop after them ends the sentence.
_SHORTENED = re.compile(
    r"(?:\b(?:dr|mrs|prof|e\.g|i\.e|vs|approx|fig|cf|incl|resp|hx|yrs?|wks?|(?-i:[Mm][rs]|[Mm]o|[Ss]t|[Cc]a))|\b[A-Za-z])\.$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\bn[or]\.$", re.IGNORECASE)  # "no. 5", and not the answer "No."
_LONGEST = 1_500  # characters of a sentence; a text without any stop is cut, so that work stays linear


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text, in order."""
    headings = list(_HEADING.finditer(text))
    starts = [found.start("title") for found in headings] + [len(text)]
    yield from _within(text, 0, starts[0], Section())
    for number, found in enumerate(headings):
        kind = SectionKind.FAMILY if found["family"] else SectionKind.PAST if found["past"] else SectionKind.OTHER
        title = " ".join(found["title"].split())
        yield from _within(text, found.start("title"), starts[number + 1], Section(title, kind))


def _within(text: str, start: int, end: int, section: Section) -> Iterator[Sentence]:
    begun = start
    for found in _END.finditer(text, start, end):
        if found.lastgroup == "line" and not _ANSWER.search(text, max(begun, found.start() - 20), found.start()):
            continue
        if "\n" not in found.group() and _is_shortened(text, max(begun, found.start() - 8), found):
            continue
        yield from _cut(text, begun, found.end(), section)
        begun = found.end()
    yield from _cut(text, begun, end, section)


def _is_shortened(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether a stop ends a word that is written short, in place of a sentence."""
    if _SHORTENED.search(text, start, stop.start()):
        return True
    return text[stop.end() : stop.end() + 1].isdigit() and _NUMBER.search(text, start, stop.start()) is not None


def _cut(text: str, start: int, end: int, section: Section) -> Iterator[Sentence]:
    while end - start > _LONGEST:
        middle = text.rfind(" ", start + 1, start + _LONGEST)
        middle = start + _LONGEST if middle < 0 else middle
        yield Sentence(start, text[start:middle], section)
        start = middle
    if text[start:end].strip():
        yield Sentence(start, text[start:end], section)


def sentence_at(found: Sequence[Sentence], place: int) -> Sentence:
    """The sentence, of those of a text in order, in which a character stands."""
    return found[bisect_right(found, place, key=lambda one: one.start) - 1]
