"""One form for each word of a medical name, whichever way it is written: British or American, singular or plural, with
or without accents, as noun or as adjective.

Both the names of the ontology and the words of a text are brought to this form, so it need not be a word of English; it
must only be the same for what means the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
AND = "&"  # the form of "and" and "or": a name that holds one is not found without it

# Words between the words of a name that tell nothing: "dilatation of the aortic root".
_SILENT = frozenset(
    "of the a an in on to his her hers their its my our your is are was were has have".split()  # noqa: SIM905
)
_IRREGULAR = {
    "feet": "foot", "teeth": "tooth", "vertebrae": "vertebra", "tibiae": "tibia", "sclerae": "sclera", "and": AND,
    "or": AND, "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "nevi": "nevus",
    "naevi": "nevus", "testes": "testis", "corpora": "corpus", "dilation": "dilat", "dilatation": "dilat",
    "dilated": "dilat", "short-sighted": "shortsight", "motor": "motor", "pes": "pes",
}  # fmt: skip
_SHORTEST_STEM = 4
# Ends that tell singular from plural, tried in order on words that are long enough.
_PLURALS = (("sses", "ss"), ("oses", "osis"), ("yses", "ysis"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"))
# Ends by which adjective, noun and participle of one root differ ("ataxic" and "ataxia", "weak" and "weakness").
_ENDS = (
    ("plastic", "plas"), ("plasia", "plas"), ("istic", "ism"), ("icity", ""), ("ness", ""), ("ic", ""), ("ia", ""),
    ("ing", ""), ("ed", ""), ("y", ""),
)  # fmt: skip
_VOWEL = re.compile("[aeiouy]")


def is_silent(word: str) -> bool:
    """Whether a word in lower case tells nothing within a name."""
    return word in _SILENT


def forms_of(text: str) -> tuple[str, ...]:
    """The telling words of a name, each in its one form."""
    return tuple([form for word in WORD.findall(text.casefold()) if (form := telling_form(word))])


@lru_cache(maxsize=100_000)
def telling_form(word: str) -> str:
    """The form of a word in lower case; empty where it tells nothing within a name."""
    return "" if word in _SILENT else word_form(word)


@lru_cache(maxsize=100_000)
def word_form(word: str) -> str:
    """The form of one word, given in lower case."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not word.isascii():
        word = "".join(one for one in unicodedata.normalize("NFKD", word) if not unicodedata.combining(one))
        word = word.replace("’", "'")
        if word in _IRREGULAR:
            return _IRREGULAR[word]
    word = word.removesuffix("'s")
    if len(word) < _SHORTEST_STEM:
        return word
    return _root(_singular(_american(word)))


def _american(word: str) -> str:
    """Spellings of both sides of the Atlantic as one."""
    word = word.replace("ae", "e").replace("oe", "e").replace("leuco", "leuko")
    if len(word) >= 6:
        word = word.replace("our", "or")
        word = re.sub(r"(i|y)s(e|ed|es|ing|ation|ations)$", r"\1z\2", word)
        word = re.sub(r"([bt])re(s?)$", r"\1er\2", word)
    return word


def _singular(word: str) -> str:
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    for many, one in _PLURALS:
        if word.endswith(many) and len(word) > len(many) + 2:
            return word[: -len(many)] + one
    return word[:-1] if word.endswith("s") else word


def _root(word: str) -> str:
    for end, kept in _ENDS:
        if word.endswith(end):
            stem = word[: -len(end)] + kept
            if len(stem) < _SHORTEST_STEM or not _VOWEL.search(stem):
                return word
            return stem.removesuffix("e") if len(stem) > _SHORTEST_STEM else stem
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM else word
