"""One finding that a text speaks of: which words, which HPO term, and what the text says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Assertion(StrEnum):
    """What a text says of a finding. Only what is present or negated can become a finding of the case."""

    PRESENT = "present"
    NEGATED = "negated"
    UNCERTAIN = "uncertain"
    FAMILY = "family"  # of a relative, whatever is said of it
    PAST = "past"  # was there, and the text says it is over
    PLANNED = "planned"  # is looked for or guarded against; nothing is known yet


class How(StrEnum):
    """How the words of a text were recognised, from the surest way to the least sure."""

    LABEL = "label"
    SYNONYM = "synonym"
    PLAIN = "plain words"
    WORD_ORDER = "other word order"
    SHARED = "shared word"  # "atrial" in "atrial and ventricular septal defect"
    ABBREVIATION = "abbreviation"
    NORMAL = "said to be normal"  # "normal hearing" denies hearing impairment
    LOOSE = "loose synonym"
    REPAIRED = "typing error repaired"


_UNSURE = (How.REPAIRED, How.LOOSE, How.ABBREVIATION)


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention. `text` is exactly what stands from `start` to before `end` (characters from 0).

    `who` is the relative that it is said of ("mother", "family" where nobody is named), and `of_relative` what is said:
    both only with the assertion `family`. `section` is the heading that it stands under.
    """

    start: int
    end: int
    text: str
    hpo: str
    label: str
    assertion: Assertion
    how: How = How.LABEL
    who: str = ""
    of_relative: Assertion | None = None
    section: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or len(self.text) != self.end - self.start:
            raise ValueError(f"a mention from {self.start} to {self.end} does not fit its text of {len(self.text)}")
        if (self.assertion is Assertion.FAMILY) != bool(self.who):
            raise ValueError("a mention is of the family exactly where it says of whom")

    @property
    def is_unsure(self) -> bool:
        """Whether the words may mean something else: one looks twice."""
        return self.how in _UNSURE


def pieces(text: str, mentions: tuple[Mention, ...]) -> Iterator[tuple[str, Mention | None]]:
    """The text in order, cut at the mentions: each piece with its mention, or None for what stands between."""
    at = 0
    for mention in mentions:
        if mention.start > at:
            yield text[at : mention.start], None
        yield text[mention.start : mention.end], mention
        at = mention.end
    if at < len(text):
        yield text[at:], None
