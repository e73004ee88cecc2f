"""What a family's own words may mean: for each thing they say several possible signs, each with a plain definition.

The words stay as they are; a person chooses, or says that none fits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hoofbeat.interchange.text.find import find_terms
from hoofbeat.interchange.text.mention import Mention
from hoofbeat.knowledge.lexicon import Lexicon
from hoofbeat.knowledge.plain_terms import MAX_TYPED, PlainTerm, PlainTerms

MOST = 4  # signs to choose from: more is a list that nobody reads. Ours.
_CLAUSE = re.compile(r"[^.!?;\n]+")
_PARTED = re.compile(
    r",\s*(?:and|but|also)?\s+|\s+(?:but|also)\s+|\s+and\s+(?=(?:he|she|they|my|her|his|i)\b)", re.IGNORECASE
)
# How a family begins to say it; what follows is the sign.
_OPENING = re.compile(
    r"^(?:and |but |also |then )?(?:my (?:son|daughter|child|baby|boy|girl)|he|she|they|i|it)(?:'s| is| has"
    r"| had| was| gets| keeps)?"
    r"(?: got| having| always| often| very| really| a bit)*\s+",
    re.IGNORECASE,
)
_FEWEST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Some words of a text, what they were recognised as (None: as nothing), and the signs that may be meant, likeliest
    first; none where nothing is alike: then the words go to the clinic as they are.
    """

    start: int
    end: int
    text: str
    mention: Mention | None
    terms: tuple[PlainTerm, ...]


def suggestions(text: str, lexicon: Lexicon, plain: PlainTerms, *, most: int | None = None) -> tuple[Suggestion, ...]:
    """For each mention, and for each part of a sentence without one, what may be meant, in the order of the text.

    With `most` at most so many: mentions first, for a look at everything that a long story may mean takes its time.
    """
    mentions = find_terms(text, lexicon)[:most]
    found = [
        Suggestion(one.start, one.end, one.text, one, _choices(one.text, plain, plain.meaning(one.hpo)))
        for one in mentions
    ]
    for start, end in _clauses(text):
        if most is not None and len(found) >= most:
            break
        if any(one.start < end and start < one.end for one in mentions):
            continue
        said = text[start:end]
        if sum(letter.isalpha() for letter in said) >= _FEWEST_LETTERS:
            found.append(Suggestion(start, end, said, None, _choices(said, plain, None)))
    return tuple(sorted(found, key=lambda one: one.start))


def _choices(said: str, plain: PlainTerms, first: PlainTerm | None) -> tuple[PlainTerm, ...]:
    others = plain.search(" ".join(said.split())[:MAX_TYPED], limit=MOST)
    both = (*([first] if first else []), *others)
    return tuple({one.hpo: one for one in both}.values())[:MOST]


def _clauses(text: str) -> list[tuple[int, int]]:
    """Parts of sentences, each saying one thing, without how they begin and the blanks around them."""
    parts = []
    for sentence in _CLAUSE.finditer(text):
        at = sentence.start()
        for joint in [*_PARTED.finditer(sentence.group()), None]:
            end = sentence.end() if joint is None else sentence.start() + joint.start()
            piece = text[at:end]
            begun = at + len(piece) - len(piece.lstrip())
            opening = _OPENING.match(text[begun:end])
            begun += opening.end() if opening else 0
            stripped = text[begun:end].rstrip()
            if stripped:
                parts.append((begun, begun + len(stripped)))
            at = end if joint is None else sentence.start() + joint.end()
    return parts
