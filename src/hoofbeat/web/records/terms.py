"""HPO terms for people who enter findings: search that forgives typing errors, browsing by body system, and the words
for onset and severity.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process, utils
from rapidfuzz.distance import OSA

from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.ontology import PHENOTYPIC_ABNORMALITY, Ontology
from hoofbeat.knowledge.term_names import own_term_names, term_names
from hoofbeat.web.records.ranking import knowledge

MATCHES = 12  # so many terms are shown (ours)
# A word of the search may differ from a word of a name by about a letter in four; less alike is another word. Ours.
MIN_WORD_LIKENESS = 0.72
SHORTEST_FORGIVEN = 4  # shorter words must be typed as they are, or be the beginning of a word
PREFIX_LIKENESS = 0.94
RESCORED = 300  # names compared as a whole, after the words alone chose them
LAYPERSON_BONUS = 0.04  # plain words should find what is named in plain words. Ours.
MIN_SCORE = 0.45  # below this a match is noise rather than help. Ours.

ONSET_CLASSES = (
    "HP:0030674", "HP:0003577", "HP:0003623", "HP:0003593", "HP:0011463", "HP:0003621", "HP:0003581", "HP:0011462",
    "HP:0003596", "HP:0003584",
)  # fmt: skip
SEVERITY = "HP:0012824"
SEVERITIES = ("HP:0012827", "HP:0012825", "HP:0012826", "HP:0012828", "HP:0012829")

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"(?:HP[:_\s]*)?(\d{7})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Match:
    """A term that may be meant. `synonym` is the name that matched where it is not the label."""

    id: str
    label: str
    synonym: str
    plain: bool
    definition: str
    score: float


@dataclass(frozen=True, slots=True)
class Branch:
    """A term in the tree of body systems: whether anything lies below it."""

    id: str
    label: str
    definition: str
    deeper: bool


class TermIndex:
    """The names of all phenotypic abnormalities, by word. Made once per process and then only read."""

    def __init__(self, source: Knowledge) -> None:
        self.ontology = source.ontology
        self._rareness = source.information_content
        self._names: list[str] = []
        self._shown: list[str] = []
        self._terms: list[int] = []
        self._is_layperson: list[bool] = []
        places: dict[str, set[int]] = {}
        for name in chain(term_names(self.ontology), own_term_names(self.ontology)):
            processed = utils.default_process(name.text)
            for word in _WORD.findall(processed):
                places.setdefault(word, set()).add(len(self._names))
            self._names.append(processed)
            self._shown.append(name.text)
            self._terms.append(name.term)
            self._is_layperson.append(name.is_plain)
        # Without spaces, to find words run together or torn apart ("arachno dactyly").
        self._squeezed = [name.replace(" ", "") for name in self._names]
        self._words = sorted(places)
        self._postings = [np.array(sorted(places[word]), dtype=np.int64) for word in self._words]
        # A word that is in many names tells little: "of", "abnormal".
        self._weights = np.log(len(self._names) / np.array([len(found) for found in self._postings]))
        self._children: dict[int, list[int]] = {}
        for term, parents in enumerate(self.ontology.parents):
            for parent in parents:
                self._children.setdefault(int(parent), []).append(term)

    def search(self, given: str, limit: int = MATCHES) -> tuple[Match, ...]:
        """The terms most like what was typed, best first: by identifier, by label and by every synonym."""
        number = _NUMBER.fullmatch(given.strip())
        if number:
            found = self.ontology.resolve(f"HP:{number.group(1)}").index
            known = found is not None and bool(self.ontology.is_phenotype[found])
            return (self._match(found, self.ontology.name(found), False, 1.0),) if found is not None and known else ()
        typed = utils.default_process(given)
        scored = self._scored(typed, _WORD.findall(typed)) if typed else []
        best: dict[int, tuple[float, int]] = {}
        for score, place in scored:
            term = self._terms[place]
            if term not in best or score > best[term][0]:
                best[term] = (score, place)
        ordered = sorted(best.items(), key=lambda one: (-round(one[1][0], 3), self._rareness[one[0]], one[0]))
        return tuple(
            self._match(term, self._shown[place], self._is_layperson[place], score)
            for term, (score, place) in ordered[:limit]
            if score >= MIN_SCORE
        )

    def _scored(self, typed: str, words: list[str]) -> list[tuple[float, int]]:
        coverage = self._coverage(words)
        chosen = np.argsort(-coverage, kind="stable")[:RESCORED]
        chosen = chosen[coverage[chosen] > 0]
        squeezed = typed.replace(" ", "")
        whole = process.extract(squeezed, self._squeezed, scorer=fuzz.ratio, score_cutoff=80, limit=20)
        scored = {int(place): self._score(typed, int(place), float(coverage[place])) for place in chosen}
        for _, likeness, place in whole:
            alike = likeness / 100 + self._bonus(place)
            scored[place] = max(scored.get(place, 0.0), alike)
        return [(score, place) for place, score in scored.items()]

    def _coverage(self, words: list[str]) -> NDArray[np.float64]:
        """Per name, the share of the typed words that it has, each weighed by how much it tells."""
        total = np.zeros(len(self._names))
        weights = 0.0
        for word in dict.fromkeys(words):
            like = self._like(word)
            if not like:
                weights += float(np.log(len(self._names)))
                continue
            weight = max(float(self._weights[at]) for at, _ in like)
            weights += weight
            part = np.zeros(len(self._names))
            for at, likeness in sorted(like, key=lambda one: one[1]):
                part[self._postings[at]] = likeness
            total += weight * part
        return total / weights if weights else total

    def _like(self, word: str) -> list[tuple[int, float]]:
        """The words of names that a typed word may be, with how alike they are."""
        found: dict[int, float] = {}
        start = bisect_left(self._words, word)
        for at in range(start, len(self._words)):
            if not self._words[at].startswith(word):
                break
            found[at] = 1.0 if self._words[at] == word else PREFIX_LIKENESS
        if len(word) >= SHORTEST_FORGIVEN:
            near = process.extract(
                word, self._words, scorer=OSA.normalized_similarity, score_cutoff=MIN_WORD_LIKENESS, limit=40
            )
            for _, likeness, at in near:
                found[at] = max(found.get(at, 0.0), float(likeness))
        return list(found.items())

    def _score(self, typed: str, place: int, coverage: float) -> float:
        whole = fuzz.token_sort_ratio(typed, self._names[place]) / 100
        return 0.7 * coverage + 0.3 * whole + self._bonus(place)

    def _bonus(self, place: int) -> float:
        return LAYPERSON_BONUS if self._is_layperson[place] else 0.0

    def _match(self, term: int, name: str, plain: bool, score: float) -> Match:
        label = self.ontology.name(term)
        synonym = "" if name.casefold() == label.casefold() else name
        return Match(self.ontology.id(term), label, synonym, plain, self.ontology.term(term).definition, score)

    def below(self, identifier: str) -> tuple[Branch, ...]:
        """The terms one level below another, by name."""
        resolved = self.ontology.resolve(identifier).index
        if resolved is None or not self.ontology.is_phenotype[resolved]:
            return ()
        branches = [self._branch(child) for child in self._children.get(resolved, ())]
        return tuple(sorted(branches, key=lambda branch: branch.label.casefold()))

    def _branch(self, term: int) -> Branch:
        stated = self.ontology.term(term)
        return Branch(stated.id, stated.name, stated.definition, term in self._children)

    def way_to(self, identifier: str) -> tuple[Branch, ...]:
        """One way from the body systems down to a term, the term last; empty for the root."""
        resolved = self.ontology.resolve(identifier).index
        root = self.ontology.index(PHENOTYPIC_ABNORMALITY)
        way: list[Branch] = []
        while resolved is not None and resolved != root and self.ontology.is_phenotype[resolved]:
            way.append(self._branch(resolved))
            above = [int(parent) for parent in self.ontology.parents[resolved] if self.ontology.is_phenotype[parent]]
            resolved = min(above, default=None)
        return tuple(reversed(way))


def term_index() -> TermIndex:
    """The index over the release that the application works with. Raises KnowledgeError where none is built."""
    return _index_of(knowledge())


@lru_cache(maxsize=2)
def _index_of(source: Knowledge) -> TermIndex:
    return TermIndex(source)


def is_below(ontology: Ontology, identifier: str, top: str) -> bool:
    """Whether an identifier is a term in use below another: whether it is a time of onset, or a severity."""
    index, above = ontology.resolve(identifier).index, ontology.resolve(top).index
    return index is not None and above is not None and index != above and ontology.is_a(index, above)


def label_of(identifier: str) -> str:
    """The release's name of a term; the identifier where the release has none, or is not there."""
    try:
        ontology = knowledge().ontology
    except KnowledgeError:
        return identifier
    index = ontology.resolve(identifier).index
    return identifier if index is None else ontology.name(index)
