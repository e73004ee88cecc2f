"""Signs in plain words: a search over the names that HPO gives for laypeople, forgiving typing errors.

Only terms with such a name are offered, and by that name: the clinician sees the term, the family never has to.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from rapidfuzz import fuzz, process, utils

from hoofbeat.knowledge.family_names import UNDERSTOOD, best_first
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.term_names import OWN, names_of, own_term_names, term_names

MATCHES = 8
MIN_LIKENESS = 70.0  # of 100; below this a match is noise rather than help. Ours.
MAX_TYPED = 120


@dataclass(frozen=True)
class PlainTerm:
    """A sign as a family would say it, and what it means; `hpo` is what is stored."""

    hpo: str
    name: str
    also: tuple[str, ...]
    meaning: str


class PlainTerms:
    """All signs that have a layperson's name. Made once per process and then only read."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._names: list[str] = []
        self._terms: list[int] = []
        for hpo, understood in UNDERSTOOD.items():
            if (index := ontology.resolve(hpo).index) is not None:
                self._names.append(utils.default_process(understood))
                self._terms.append(index)
        named: set[int] = set()  # only these are offered, whatever we call a term ourselves
        for name in chain(term_names(ontology), own_term_names(ontology)):
            if name.is_plain and (name.scope != OWN or name.term in named):
                named.add(name.term)
                self._names.append(utils.default_process(name.text))
                self._terms.append(name.term)

    def search(self, typed: str, limit: int = MATCHES) -> tuple[PlainTerm, ...]:
        """The signs most like what was typed, best first."""
        asked = utils.default_process(typed[:MAX_TYPED])
        if len(asked) < 2:
            return ()
        found = process.extract(
            asked, self._names, scorer=_likeness, processor=None, score_cutoff=MIN_LIKENESS, limit=limit * 4
        )
        found.sort(key=lambda one: (-one[1], len(one[0]), one[0]))
        chosen = dict.fromkeys(self._terms[place] for _, _, place in found)
        return tuple(self._plain(index) for index in list(chosen)[:limit])

    def of(self, hpo: str) -> PlainTerm | None:
        """The sign of a term; None where it has no plain name."""
        index = self._ontology.resolve(hpo).index
        return self._plain(index) if index is not None and _plain_names(self._ontology, index) else None

    def meaning(self, hpo: str) -> PlainTerm | None:
        """A term with its definition; by its own label where it has no plain name. None where it is no term in use."""
        index = self._ontology.resolve(hpo).index
        return None if index is None else self._plain(index)

    def _plain(self, index: int) -> PlainTerm:
        names = _plain_names(self._ontology, index) or (self._ontology.name(index),)
        return PlainTerm(
            self._ontology.id(index), _sentence_case(names[0]), names[1:4], self._ontology.term(index).definition
        )


def plain_name(ontology: Ontology, hpo: str) -> str | None:
    """What a family would call a term, without an index of all of them; None where HPO has no such name for it."""
    index = ontology.resolve(hpo).index
    names = () if index is None else _plain_names(ontology, index)
    return _sentence_case(names[0]) if names else None


def _plain_names(ontology: Ontology, index: int) -> tuple[str, ...]:
    plain = (name.text for name in names_of(ontology, index) if name.is_plain)
    return best_first(ontology.id(index), plain)


def _likeness(asked: str, name: str, *, score_cutoff: float | None = None, **_: object) -> float:
    """Words in any order count as alike; a long name that merely holds the word comes after a short one."""
    whole = fuzz.token_sort_ratio(asked, name)
    part = 0.92 * fuzz.token_set_ratio(asked, name) if len(asked) > 3 else 0.0
    begun = 90.0 if any(word.startswith(asked) for word in name.split()) else 0.0
    best = max(whole, part, begun)
    return best if best >= (score_cutoff or 0) else 0.0


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
