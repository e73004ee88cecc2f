"""What a note mentions, beside what the record says: the suggestions that a person goes through, and the text with its
words marked. Nothing here is known of the patient before somebody says so; of relatives nothing is offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoofbeat.cases.finding import FindingState
from hoofbeat.interchange.report import Message
from hoofbeat.interchange.text.mention import Assertion, How, Mention, pieces
from hoofbeat.interchange.text.reader import ReadText
from hoofbeat.interchange.text.sentences import Sentence, sentence_at, sentences
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.web.clinic.because_words import state_words
from hoofbeat.web.pages.english import around_english, english

MOST = 200  # suggestions on a page; a form of two fields each stays below what the application takes
LONGEST_QUOTE = 300  # characters of the sentence that is shown and kept with a finding
PROPOSED = {
    Assertion.PRESENT: FindingState.OBSERVED,
    Assertion.NEGATED: FindingState.EXCLUDED,
    Assertion.UNCERTAIN: FindingState.UNCERTAIN,
}
# What is said of a finding: the words, and the sign that stands in the text.
SAID: Mapping[Assertion, tuple[str | Promise, str]] = {
    Assertion.PRESENT: (gettext_lazy("there"), "+"),
    Assertion.NEGATED: (gettext_lazy("denied"), "−"),
    Assertion.UNCERTAIN: (gettext_lazy("uncertain"), "~"),
    Assertion.FAMILY: (gettext_lazy("of a relative"), "◇"),
    Assertion.PAST: (gettext_lazy("past"), "↶"),
    Assertion.PLANNED: (gettext_lazy("looked for"), "?"),
}
LOOK_TWICE: Mapping[How, str | Promise] = {
    How.ABBREVIATION: gettext_lazy("abbreviation: look twice"),
    How.LOOSE: gettext_lazy("loose synonym: look twice"),
    How.REPAIRED: gettext_lazy("typing error repaired: look twice"),
}


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the note, in the parts before, in and after the words that were found."""

    before: str
    words: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}{self.words}{self.after}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One term with what the note says of it. `proposed` is what that would be as a finding; None where a person must
    say it. `there`: the state in which the record has it already, if any.
    """

    number: int
    mention: Mention
    times: int
    quote: Quote
    proposed: FindingState | None
    there: str
    doubts: tuple[str, ...]

    @property
    def key(self) -> str:
        """The name that its fields bear in the form."""
        return f"{self.mention.hpo.replace(':', '')}-{self.mention.assertion.value}"

    @property
    def look_twice(self) -> str | Promise:
        """Why the words may mean something else; empty where they hardly do."""
        return LOOK_TWICE.get(self.mention.how, "") if self.mention.is_unsure else ""

    @property
    def is_stated(self) -> bool:
        """Whether the record says the very same already; then it is not offered."""
        return bool(self.there) and self.there == self.proposed

    @property
    def is_certain(self) -> bool:
        """Whether it can be taken over together with others, at one press."""
        clear = self.mention.assertion in (Assertion.PRESENT, Assertion.NEGATED)
        return clear and not (self.doubts or self.is_stated or self.mention.is_unsure)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text, with the suggestion that it belongs to (its number is 0 for a relative's), or None."""

    text: str
    said: str = ""
    sign: str = ""
    words: str | Promise = ""
    label: str = ""
    number: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A note that was read, ready to be gone through."""

    text: str
    pieces: tuple[Piece, ...]
    suggestions: tuple[Suggestion, ...]
    relatives: tuple[tuple[str, str, Quote], ...]
    legend: tuple[tuple[str, str | Promise, str], ...]
    messages: tuple[Message, ...]
    left_out: int

    @property
    def offered(self) -> list[Suggestion]:
        """What can be decided on."""
        return [one for one in self.suggestions if not one.is_stated]

    @property
    def certain(self) -> list[Suggestion]:
        """What can be taken over together."""
        return [one for one in self.suggestions if one.is_certain]


def review_of(read: ReadText, stated: Mapping[str, str], ontology: Ontology) -> Review:
    """The review of a note for a record with these findings (state by term)."""
    parts = list(sentences(read.text))
    groups: dict[tuple[str, Assertion], list[Mention]] = {}
    for one in read.mentions:
        groups.setdefault((one.hpo, one.assertion), []).append(one)
    own = [mentions for (_hpo, said), mentions in groups.items() if said is not Assertion.FAMILY]
    observed = {one.hpo for one in read.mentions if one.assertion is Assertion.PRESENT}
    observed |= {hpo for hpo, state in stated.items() if state == FindingState.OBSERVED}
    excluded = {hpo for hpo, state in stated.items() if state == FindingState.EXCLUDED}
    special = _general_forms(observed, ontology)
    doubts = _Doubts(stated, frozenset(groups), special, frozenset(excluded & special.keys()), ontology)
    found = [
        Suggestion(
            number,
            mentions[0],
            len(mentions),
            _quote(mentions[0], parts),
            PROPOSED.get(mentions[0].assertion),
            stated.get(mentions[0].hpo, ""),
            doubts.of(mentions[0]),
        )
        for number, mentions in enumerate(own[:MOST], start=1)
    ]
    by_key = {one.key: one for one in found}
    relatives = {(one.label, one.who): _quote(one, parts) for one in read.mentions if one.assertion is Assertion.FAMILY}
    said = {one.assertion for one in read.mentions}
    return Review(
        text=read.text,
        pieces=tuple(_pieces(read, by_key)),
        suggestions=tuple(found),
        relatives=tuple((label, who, quote) for (label, who), quote in list(relatives.items())[:MOST]),
        legend=tuple((one.value, *SAID[one]) for one in SAID if one in said),
        messages=read.messages,
        left_out=max(0, len(own) - MOST),
    )


@dataclass(frozen=True, slots=True)
class _Doubts:
    """What speaks against taking a mention as it stands: the record, or the note itself, says something else."""

    stated: Mapping[str, str]
    said: frozenset[tuple[str, Assertion]]
    special: Mapping[str, str]
    excluded: frozenset[str]
    ontology: Ontology

    def of(self, mention: Mention) -> tuple[str, ...]:
        return tuple(self._of(mention))

    def _of(self, mention: Mention) -> Iterable[str]:
        proposed, there = PROPOSED.get(mention.assertion), self.stated.get(mention.hpo, "")
        if there and there not in (proposed, FindingState.NOT_ASSESSED):
            yield _("The record says: %(state)s.") % {"state": state_words(FindingState(there))}
        opposite = {Assertion.PRESENT: Assertion.NEGATED, Assertion.NEGATED: Assertion.PRESENT}.get(mention.assertion)
        if opposite and (mention.hpo, opposite) in self.said:
            yield _("The note also says the opposite.")
        if mention.assertion is Assertion.NEGATED:
            special = self.special.get(mention.hpo)
            if special:
                said = _("Denied in general, but a form of it is observed: %(form)s.")
                yield around_english(said, form=english(special))
        if mention.assertion is Assertion.PRESENT and self.excluded:
            for general in sorted(_general_forms({mention.hpo}, self.ontology).keys() & self.excluded):
                said = _("The record excludes the general form: %(form)s.")
                yield around_english(said, form=english(self.ontology.name(self.ontology.index(general))))


def _general_forms(terms: Iterable[str], ontology: Ontology) -> dict[str, str]:
    """Each term above some terms, with the name of one of those below it."""
    found: dict[str, str] = {}
    for hpo in sorted(terms):
        index = ontology.resolve(hpo).index
        if index is not None:
            above = (int(one) for one in ontology.ancestors[index] if one != index)
            found.update(dict.fromkeys((ontology.id(one) for one in above), ontology.name(index)))
    return found


def _pieces(read: ReadText, by_key: Mapping[str, Suggestion]) -> Iterable[Piece]:
    for text, mention in pieces(read.text, read.mentions):
        if mention is None:
            yield Piece(text)
            continue
        words, sign = SAID[mention.assertion]
        one = by_key.get(f"{mention.hpo.replace(':', '')}-{mention.assertion.value}")
        number, key = (one.number, one.key) if one else (0, "")
        yield Piece(text, mention.assertion.value, sign, words, mention.label, number, key)


def _quote(mention: Mention, parts: Sequence[Sentence]) -> Quote:
    """The sentence around some words, cut where it is long, with one blank between words."""
    sentence = sentence_at(parts, mention.start)
    first, last = mention.start - sentence.start, mention.end - sentence.start
    room = max(0, (LONGEST_QUOTE - (last - first)) // 2)
    before, after = sentence.text[:first], sentence.text[last:]
    if len(before) > room:
        before = f"… {before[-room:].partition(' ')[2]}"
    if len(after) > room:
        after = f"{after[:room].rpartition(' ')[0]} …"
    return Quote(_even(before).lstrip(), _even(mention.text)[:LONGEST_QUOTE], _even(after).rstrip())


def _even(text: str) -> str:
    blank = " " if text[:1].isspace() else ""
    end = " " if text[-1:].isspace() and text.strip() else ""
    return f"{blank}{' '.join(text.split())}{end}" if text.strip() else blank
