"""Precision and recall of what the reader of free text finds in labelled sentences.

A mention counts as found where the term is the same and the words overlap; for an assertion to count, it must be the
same too. A labelled mention and a found one are paired once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hoofbeat.interchange.text.find import find_terms
from hoofbeat.interchange.text.mention import Assertion, Mention
from hoofbeat.knowledge.lexicon import Lexicon
from validation.labelled_sentences import Labelled, LabelledText


@dataclass(slots=True)
class Tally:
    """Right, too many, missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 1 where nothing was found."""
        found = self.right + self.extra
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """The share of what was to be found that was; 1 where there was nothing."""
        wanted = self.right + self.missed
        return self.right / wanted if wanted else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def to_json(self) -> dict[str, Any]:
        """As it is frozen."""
        counts = {"right": self.right, "extra": self.extra, "missed": self.missed}
        return {
            **counts,
            "precision": round(self.precision, 3),
            "recall": round(self.recall, 3),
            "f1": round(self.f1, 3),
        }


@dataclass(slots=True)
class Scores:
    """The tallies of a set of sentences: of mentions whatever is said of them, in all and by kind of sentence; of each
    assertion; and of mentions whose words are exactly those labelled.
    """

    sentences: int = 0
    mentions: Tally = field(default_factory=Tally)
    exact: Tally = field(default_factory=Tally)
    kinds: dict[str, Tally] = field(default_factory=dict)
    assertions: dict[str, Tally] = field(default_factory=dict)
    relatives: Tally = field(default_factory=Tally)
    wrong: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As it is frozen."""
        return {
            "sentences": self.sentences,
            "mentions": self.mentions.to_json(),
            "mentions, same words": self.exact.to_json(),
            "relative named": self.relatives.to_json(),
            "by assertion": {name: one.to_json() for name, one in self.assertions.items()},
            "mentions by kind of sentence": {name: one.to_json() for name, one in self.kinds.items()},
        }


def scores(labelled: Iterable[LabelledText], lexicon: Lexicon) -> Scores:
    """Read every sentence and count."""
    total = Scores(assertions={one.value: Tally() for one in Assertion})
    for sentence in labelled:
        total.sentences += 1
        found = find_terms(sentence.text, lexicon)
        pairs = _pairs(sentence.mentions, found)
        for tally in (total.mentions, total.kinds.setdefault(sentence.kind, Tally())):
            tally.right += len(pairs)
            tally.extra += len(found) - len(pairs)
            tally.missed += len(sentence.mentions) - len(pairs)
        same_words = sum((a.start, a.end) == (b.start, b.end) for a, b in pairs)
        total.exact.right += same_words
        total.exact.extra += len(found) - same_words
        total.exact.missed += len(sentence.mentions) - same_words
        _count_assertions(total, sentence, found, pairs)
    return total


def _pairs(wanted: Sequence[Labelled], found: Sequence[Mention]) -> list[tuple[Labelled, Mention]]:
    left = list(found)
    pairs = []
    for one in wanted:
        for other in left:
            if one.hpo == other.hpo and one.start < other.end and other.start < one.end:
                pairs.append((one, other))
                left.remove(other)
                break
    return pairs


def _count_assertions(
    total: Scores, sentence: LabelledText, found: Sequence[Mention], pairs: Sequence[tuple[Labelled, Mention]]
) -> None:
    """A mention with another assertion is one missed of the right one, and one too many of the wrong one."""
    for a, b in pairs:
        if a.assertion is b.assertion:
            total.assertions[a.assertion].right += 1
        else:
            total.assertions[a.assertion].missed += 1
            total.assertions[b.assertion].extra += 1
            total.wrong.append(f"{sentence.line}: {b.text!r} {a.assertion}, read as {b.assertion}: {sentence.text!r}")
        if a.who or b.who:
            total.relatives.right += a.who == b.who
            total.relatives.missed += bool(a.who) and a.who != b.who
            total.relatives.extra += bool(b.who) and a.who != b.who
            if a.who != b.who:
                total.wrong.append(f"{sentence.line}: {b.text!r} of {a.who!r}, read as {b.who!r}: {sentence.text!r}")
    for wanted in sentence.mentions:
        if all(a is not wanted for a, _ in pairs):
            total.assertions[wanted.assertion].missed += 1
            words = sentence.text[wanted.start : wanted.end]
            total.wrong.append(f"{sentence.line}: missed {words!r} ({wanted.hpo}): {sentence.text!r}")
    for extra in found:
        if all(b is not extra for _, b in pairs):
            total.assertions[extra.assertion].extra += 1
            total.wrong.append(f"{sentence.line}: extra {extra.text!r} ({extra.hpo} {extra.label}): {sentence.text!r}")
