"""The findings that a text mentions: where, which HPO term, and what is said of it and of whom."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hoofbeat.interchange.text.assertion import assertions
from hoofbeat.interchange.text.mention import Assertion, Mention
from hoofbeat.interchange.text.names import found_names
from hoofbeat.interchange.text.relatives import Speaker
from hoofbeat.interchange.text.sentences import SectionKind, sentences
from hoofbeat.knowledge.lexicon import Lexicon

_BLANKS = re.compile(r"\s{2,}|[^\S ]")


def find_terms(text: str, lexicon: Lexicon) -> tuple[Mention, ...]:
    """The mentions of a text in the order in which they stand; none overlaps another.

    They are proposals: nothing of them is known of the patient before somebody confirms it.
    """
    ontology = lexicon.ontology
    mentions: list[Mention] = []
    speaker = Speaker()
    # Line ends of all systems, and hyphens and blanks of all kinds, as one, without moving anything.
    even = text.replace("\r\n", " \n").replace("\r", "\n").replace("\u2010", "-").replace("\u2011", "-")
    even = even.replace("\u2019", "'").replace("\u00a0", " ").replace("\u202f", " ")
    for sentence in sentences(even):
        words = sentence.words()
        found = found_names(even, words, lexicon)
        spans = [(words[one.first].start, words[one.last].end) for one in found]
        inside = [(start - sentence.start, end - sentence.start) for start, end in spans]
        if not found and sentence.section.kind is not SectionKind.FAMILY:
            continue  # says nothing, and cannot end a family history
        told, inside = _evened(sentence.text.rstrip(), inside)
        if sentence.lead:
            before = " ".join(sentence.lead.split()) + " "
            told, inside = before + told, [(start + len(before), end + len(before)) for start, end in inside]
        whose = speaker.of(told, sentence.section, inside)
        said = assertions(told, inside)
        for one, (start, end), who, says in zip(found, spans, whose, said, strict=True):
            if one.is_denied:
                says = Assertion.NEGATED
            elif says is Assertion.PRESENT and sentence.section.kind is SectionKind.PAST:
                says = Assertion.PAST
            mentions.append(
                Mention(
                    start,
                    end,
                    text[start:end],
                    ontology.id(one.term),
                    ontology.name(one.term),
                    Assertion.FAMILY if who else says,
                    one.how,
                    who,
                    says if who else None,
                    sentence.section.title,
                )
            )
    return tuple(mentions)


def _evened(sentence: str, spans: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """A sentence with one blank between words, however it is set or wrapped, and where its mentions then are."""
    extra = [(blank.end(), len(blank.group()) - 1) for blank in _BLANKS.finditer(sentence)]
    if not extra:
        return sentence, list(spans)

    def moved(place: int) -> int:
        return place - sum(more for end, more in extra if end <= place)

    return " ".join(re.split(r"\s+", sentence)), [(moved(start), moved(end)) for start, end in spans]
