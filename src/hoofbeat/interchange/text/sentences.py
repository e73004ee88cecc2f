"""A text in sentences, each under the heading it stands under, and a sentence in words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from hoofbeat.interchange.text.line_breaks import LineBreaks
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
    """One sentence: where it stands in the text, what it is, its section, and the line with a colon of whose list it is
    an item, if any ("Negative for:").
    """

    start: int
    text: str
    section: Section
    lead: str = ""

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
_FAMILY, _PAST, _OTHER = (one.replace(" ", r"\s") for one in (_FAMILY, _PAST, _OTHER))  # a wrapped one is one too
_HEADING = re.compile(
    rf"(?:^|(?<=[.;]\s)|(?<=\n))[ \t]*(?:\d+[.)]\s*)?"
    rf"(?P<title>(?P<family>{_FAMILY})|(?P<past>{_PAST})|{_OTHER})(?:[ \t]*:|[ \t]*(?=\n))",
    re.IGNORECASE,
)
# The end of a sentence: a stop before something that can begin one; an empty line; a line that ends with a stop, or
# whose next line begins an item of a list or a heading of its own.
_END = re.compile(
    r"(?<=[.!?])[\"')\]]*[ \t]*(?:\n|(?<=[ \t])(?=[A-Z0-9\"'(\[{•*?-]))"
    r"|(?<=[a-z]{3}[.!?])(?=[A-Z][a-z])"  # "No seizures.Ptosis of the left eye."
    r"|\n[ \t]*(?:\n[ \t]*)+"
    r"|(?<=[:;])[ \t]*\n"
    r"|\n(?=[ \t]*(?:[-*•+>]|\d{1,2}[.)])[ \t])"
    r"|\n(?=[ \t]*[A-Z][A-Za-z /]{1,40}:)"
    r"|(?P<line>\n)(?=[ \t]*\S)",
)
# A row of a table that ends with an answer, beside what was asked: "Ataxia | no"; and a line of a form, "Ataxia: no",
# which may also be prose that was wrapped ("Abdomen: no", and then what there is none of).
_REPLY = r"(?:no|yes|none|absent|present|negative|positive|n|y|[+-])[ \t]*[|;,]?[ \t]*$"
_ROW = re.compile(rf"(?:[|\t][ \t]*|[ ]{{2,}}|\w,|[.…_]{{3,}}[ \t]*){_REPLY}", re.IGNORECASE)
_FORM = re.compile(rf"(?:[:=?][ \t]*|[ \t][-–—][ \t]+){_REPLY}", re.IGNORECASE)
_ANSWERS = re.compile(r"(?:no|yes|none|absent|present)\b", re.IGNORECASE)
_ANSWERED = re.compile(
    r"[ \t]*(?:no|none|yes|absent|present|negative|positive|unknown)[ \t]*(?:[.;]|\n|$)", re.IGNORECASE
)
# In capitals MR, MS, CA and ST are findings and tests: a stop after them ends the sentence.
_SHORTENED = re.compile(
    r"(?:\b(?:dr|mrs|prof|e\.g|i\.e|vs|approx|fig|cf|incl|resp|hx|yrs?|wks?|(?-i:[Mm][rs]|[Mm]o|[Ss]t|[Cc]a))"
    r"|(?<!&)(?<!vitamin )(?<!hepatitis )(?<!type )(?<!grade )(?<!factor )\b[A-Za-z])\.$",
    re.IGNORECASE,
)
_LEADERS = re.compile(r"[.…]{3,}$")  # "Seizures ....... No": the dots lead to the answer
_NUMBER = re.compile(r"\bn[or]\.$", re.IGNORECASE)  # "no. 5", and not the answer "No."
_ITEM = re.compile(r"[-*•+>]|\d{1,2}[.)][ \t]")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_LONGEST_LEAD = 120  # characters of a line that heads a list. Ours.
_LONGEST = 1_500  # characters of a sentence; a text without any stop is cut, so that work stays linear


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text, in order."""
    breaks = LineBreaks(text)
    headings = [
        one for one in _HEADING.finditer(text) if one.group().endswith(":") or _begins_a_line(text, one.start())
    ]
    starts = [found.start("title") for found in headings] + [len(text)]
    yield from _within(text, 0, starts[0], Section(), breaks)
    for number, found in enumerate(headings):
        kind = SectionKind.FAMILY if found["family"] else SectionKind.PAST if found["past"] else SectionKind.OTHER
        title = " ".join(found["title"].split())
        yield from _within(text, found.start("title"), starts[number + 1], Section(title, kind), breaks)


def _begins_a_line(text: str, place: int) -> bool:
    """Whether a word without a colon, that may be a heading, stands alone on its line: it ends one, if it was found."""
    return place == 0 or text[place - 1] == "\n"


def _within(text: str, start: int, end: int, section: Section, breaks: LineBreaks) -> Iterator[Sentence]:
    begun = start
    lead = _Lead()
    for found in _END.finditer(text, start, end):
        if found.lastgroup == "line":
            near = max(begun, found.start() - 20)
            is_reply = _FORM.search(text, near, found.start()) is not None
            if not _ROW.search(text, near, found.start()) and breaks.go_on(found.start(), is_reply=is_reply):
                continue
        elif text[found.start() - 1 : found.start()] == ":" and _ANSWERED.match(text, found.end()):
            continue  # "Seizures:", and below it "no"
        elif "\n" not in found.group() and _is_shortened(text, max(begun, found.start() - 8), found):
            continue
        yield from _cut(text, begun, found.end(), section, lead.of(text[begun : found.end()]))
        begun = found.end()
    yield from _cut(text, begun, end, section, lead.of(text[begun:end]))


def _is_shortened(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether a stop ends a word that is written short, in place of a sentence."""
    if _SHORTENED.search(text, start, stop.start()):
        return True
    if _LEADERS.search(text, start, stop.start()) and _ANSWERS.match(text, stop.end()):
        return True
    return text[stop.end() : stop.end() + 1].isdigit() and _NUMBER.search(text, start, stop.start()) is not None


class _Lead:
    """Follows the lines that stand below a line with a colon at its end, which is said of each of them."""

    def __init__(self) -> None:
        self._text = ""  # the line with the colon
        self._marked: bool | None = None  # whether its items have a mark each; None before the first
        self._is_over = False

    def of(self, piece: str) -> str:
        """What the next piece of a text stands below; empty for most."""
        line = piece.strip()
        if not line:
            return ""
        is_item = _ITEM.match(line) is not None
        if line.endswith(":") and piece.endswith("\n") and len(line) <= _LONGEST_LEAD:
            self._text, self._marked, self._is_over = line, None, False
            return ""
        if self._is_over and not (is_item and self._marked is None):
            self._text = ""
        if self._marked is None:
            self._marked = is_item
        elif self._marked != is_item:
            self._text = ""
        told = self._text
        # After an empty line only a list can follow; after a stop within a line, or in plain lines, nothing.
        if "\n" not in piece or (not is_item and line.endswith((".", "!", "?"))):
            self._text = ""
        self._is_over = _EMPTY_LINE.search(piece) is not None
        return told


def _cut(text: str, start: int, end: int, section: Section, lead: str) -> Iterator[Sentence]:
    while end - start > _LONGEST:
        middle = text.rfind(" ", start + 1, start + _LONGEST)
        middle = start + _LONGEST if middle < 0 else middle
        yield Sentence(start, text[start:middle], section, lead)
        start = middle
    if text[start:end].strip():
        yield Sentence(start, text[start:end], section, lead)


def sentence_at(found: Sequence[Sentence], place: int) -> Sentence:
    """The sentence, of those of a text in order, in which a character stands."""
    return found[bisect_right(found, place, key=lambda one: one.start) - 1]
