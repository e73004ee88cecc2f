"""The lexicon: every way of writing a finding, as a table from word forms to terms, for finding it in running text.

It is made in memory from the release's names and a few of our own, in about half a second, and only when a text is
read; see decision 0018 for why it is no full-text index on disk.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.own_names import ABBREVIATIONS, NORMAL
from hoofbeat.knowledge.term_names import LABEL, own_term_names, term_names
from hoofbeat.knowledge.word_forms import forms_of, word_form

MAX_WORDS = 9  # telling words of a name; 99 of 100 names have fewer, and longer ones nobody writes out
# Typing errors: only in words that are long enough for the error to leave them recognisable. Ours.
SHORTEST_REPAIRED = 7
SHORTEST_TWICE = 11  # from here on, two errors in a word
MAX_REPAIRS = 100_000  # words of which one remembers what they may be. Ours.
EXACT, OWN = 1, 2
_RANKS = {LABEL: 0, "EXACT": EXACT, "NARROW": 3, "RELATED": 4, "BROAD": 5}
_ABNORMAL, _ABNORMALITY, _MORPHOLOGY = map(word_form, ("abnormal", "abnormality", "morphology"))
_CAPITALS = re.compile(r"[A-Z][A-Za-z0-9-]{0,6}")
_IN_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")


class Name(NamedTuple):
    """One name of a term: `rank` tells label, exact and looser synonyms apart (0 is the label), `words` its forms."""

    rank: int
    term: int
    words: str
    plain: bool


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Names by their word forms in alphabetical order (`names`), and all word forms that occur in names (`words`)."""

    ontology: Ontology = field(repr=False)
    names: dict[str, list[Name]] = field(repr=False)
    words: frozenset[str] = field(repr=False)
    capitals: dict[str, int] = field(repr=False)
    labels: dict[str, int] = field(repr=False)

    @classmethod
    def of(cls, ontology: Ontology) -> Lexicon:
        """The lexicon of one release."""
        # The collector would look through half a million new objects again and again, to find that all are in use.
        collecting = gc.isenabled()
        gc.disable()
        try:
            return cls._of(ontology)
        finally:
            if collecting:
                gc.enable()

    @classmethod
    def _of(cls, ontology: Ontology) -> Lexicon:
        names: dict[str, list[Name]] = {}
        capitals: dict[str, int] = {}
        labels: dict[str, int] = {}
        for one in term_names(ontology):
            if one.scope == LABEL:
                labels[one.text.casefold()] = one.term
            if _is_abbreviation(one.text):
                capitals.setdefault(one.text, one.term)
                continue
            rank = _RANKS[one.scope]
            _add(names, one.text, one.term, rank, one.is_plain)
            if "(" in one.text:  # nobody writes "(within the age range of ...)"
                _add(names, _IN_BRACKETS.sub("", one.text), one.term, rank, one.is_plain)
        for one in own_term_names(ontology):
            _add(names, one.text, one.term, OWN, one.is_plain)
        words = frozenset(" ".join(names).split(" "))
        return cls(ontology, names, words, capitals, labels)

    def find(self, forms: Sequence[str], *, any_order: bool = True) -> Name | None:
        """The best name with these word forms: one in this order, or (where allowed) in another."""
        found = self.names.get(" ".join(sorted(forms)))
        if found is None:
            return None
        ordered = " ".join(forms)
        best = min((name for name in found if name.words == ordered), default=None)
        return best or (min(found) if any_order and len(forms) > 1 else None)

    def partners(self, form: str) -> frozenset[str]:
        """The word forms that stand beside this one in some name."""
        known = self._partners.get(form)
        if known is None:
            beside: set[str] = set()
            for words in self._with_word.get(form, ()):
                forms = words.split(" ")
                forms.remove(form)  # once: "face to face" has it twice
                beside.update(forms)
            known = self._partners[form] = frozenset(beside)
        return known

    @cached_property
    def _partners(self) -> dict[str, frozenset[str]]:
        """Partners that were looked up already; there are never more than words of names."""
        return {}

    @cached_property
    def _with_word(self) -> dict[str, list[str]]:
        """The names of several words, by each of their words."""
        table: dict[str, list[str]] = {}
        for words in self.names:
            if " " in words:
                for form in set(words.split(" ")):
                    table.setdefault(form, []).append(words)
        return table

    def of_text(self, text: str) -> Name | None:
        """The best name that a phrase is, as a whole."""
        return self.find(forms_of(text))

    def abbreviated(self, word: str, beside: Iterable[str]) -> int | None:
        """The term that capital letters stand for, given the lower-case words of the same sentence; None if unsure."""
        meanings = ABBREVIATIONS.get(word.upper() if word.isupper() else word.removesuffix("s"))
        if meanings is None:
            return self.capitals.get(word)
        around = set(beside)
        for meaning, cues in meanings:
            if not cues or around.intersection(cues):
                return self.labels.get(meaning.casefold())
        return None

    def normal(self, forms: Sequence[str]) -> int | None:
        """The term of which something normal is the opposite: "hearing" leads to hearing impairment."""
        key = " ".join(forms)
        if key in self._normal:
            return self._normal[key]
        for wanted in ((_ABNORMAL, *forms), (_ABNORMALITY, *forms), (_ABNORMAL, *forms, _MORPHOLOGY)):
            name = self.find(wanted)
            if name is not None and name.rank <= EXACT:
                return name.term
        return None

    @cached_property
    def _normal(self) -> dict[str, int]:
        table = {}
        for text, label in NORMAL.items():
            term = self.labels.get(label.casefold())
            if term is not None:
                table[" ".join(forms_of(text))] = term
        return table

    def repaired(self, form: str) -> str | None:
        """The word form that a mistyped one most likely is: one error in it, two in a long one, never in a short one.

        The first letter is taken as right. Where several words are equally near, none is meant.
        """
        known = self._repairs.get(form, "")
        if known == "":
            if len(self._repairs) >= MAX_REPAIRS:  # a server reads for weeks
                self._repairs.clear()
            known = self._repairs[form] = self._nearest(form)
        return known

    def _nearest(self, form: str) -> str | None:
        if len(form) < SHORTEST_REPAIRED - 1 or not form.isalpha():
            return None
        allowed = 2 if len(form) >= SHORTEST_TWICE - 1 else 1
        near = [word for key in _alike_keys(form) for word in self._alike.get(key, ())]
        best = process.extract(form, near, scorer=OSA.distance, score_cutoff=allowed, limit=6)
        if not best:
            return None
        least = min(distance for _, distance, _ in best)
        nearest = {word for word, distance, _ in best if distance == least}
        return nearest.pop() if len(nearest) == 1 else None

    @cached_property
    def _repairs(self) -> dict[str, str | None]:
        """Words that were looked up already: letters use the same words again and again."""
        return {}

    @cached_property
    def _alike(self) -> dict[str, list[str]]:
        """The words of names by what a typing error leaves as it was."""
        table: dict[str, list[str]] = {}
        for word in self.words:
            if len(word) >= SHORTEST_REPAIRED - 2 and word.isalpha():
                for key in _alike_keys(word):
                    table.setdefault(key, []).append(word)
        return table


def _alike_keys(word: str) -> tuple[str, ...]:
    """The beginning, the ends, and the letters in alphabetical order, which exchanged letters do not change."""
    return word[:3], f"{word[0]}-{word[-3:]}", word[0] + "".join(sorted(word))


def _is_abbreviation(text: str) -> bool:
    """Whether a name is capitals, as in "VSD" and "CWPs", that are a word of English in small letters perhaps."""
    return _CAPITALS.fullmatch(text) is not None and sum(one.isupper() or one.isdigit() for one in text) >= 2


def _add(names: dict[str, list[Name]], text: str, term: int, rank: int, plain: bool) -> None:
    forms = forms_of(text)
    if not forms or len(forms) > MAX_WORDS:
        return
    key, words = (forms[0], forms[0]) if len(forms) == 1 else (" ".join(sorted(forms)), " ".join(forms))
    others = names.get(key)
    if others is None:
        names[key] = [Name(rank, term, words, plain)]
    elif all(other.term != term or other.words != words for other in others):
        others.append(Name(rank, term, words, plain))
