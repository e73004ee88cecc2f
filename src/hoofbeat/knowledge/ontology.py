"""The Human Phenotype Ontology as a frozen graph: identifiers, names, synonyms, and who is an ancestor of whom.

Terms in use have an index 0..n-1 in order of identifier; every array elsewhere in the project that is said to be "per
term" uses that index.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.columns import IntArray, Lists, Texts
from hoofbeat.knowledge.errors import KnowledgeError

PHENOTYPIC_ABNORMALITY = "HP:0000118"
INHERITANCE = "HP:0000005"
ONSET = "HP:0003674"
CLINICAL_MODIFIER = "HP:0012823"
CLINICAL_COURSE = "HP:0031797"
FREQUENCY = "HP:0040279"
PAST_HISTORY = "HP:0032443"

_ID = re.compile(r"HP:(\d{7})")


@dataclass(frozen=True, slots=True)
class Synonym:
    """Another name of a term: its scope (EXACT, BROAD, NARROW, RELATED) and kind (`layperson`, `plural_form`, ... or
    empty).
    """

    text: str
    scope: str
    kind: str


@dataclass(frozen=True, slots=True)
class Term:
    """One ontology term as its release states it."""

    id: str
    name: str
    definition: str = ""
    synonyms: tuple[Synonym, ...] = ()
    parents: tuple[str, ...] = ()
    alternative_ids: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    is_obsolete: bool = False
    replaced_by: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()


class IdStatus(StrEnum):
    """What an identifier means in this release."""

    CURRENT = "current"
    ALTERNATIVE = "alternative"  # an older id of a term that is in use
    REPLACED = "replaced"  # obsolete, and the release names its successor
    OBSOLETE = "obsolete"  # obsolete without a successor; `consider` may hold suggestions
    UNKNOWN = "unknown"  # well formed, not in this release
    MALFORMED = "malformed"  # not an HPO identifier


@dataclass(frozen=True, slots=True)
class ResolvedId:
    """The answer to "which term is meant": `id` and `index` are None unless a term in use is."""

    given: str
    status: IdStatus
    id: str | None = None
    index: int | None = None
    consider: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ontology:
    """The terms in use and their graph, plus where older identifiers lead.

    `numbers` (n,) int32, ascending: 1166 stands for HP:0001166. `ancestors[i]` holds the indices of term i and all its
    ancestors, ascending. `old_numbers` are alternative and obsolete identifiers; `old_targets` the index that each
    leads to, or -1.
    """

    release: str
    numbers: IntArray
    names: Texts
    parents: Lists
    ancestors: Lists
    old_numbers: IntArray
    old_targets: IntArray
    old_is_obsolete: NDArray[np.bool_]
    old_consider: Lists
    details: Texts = field(repr=False)

    @classmethod
    def of(cls, terms: Iterable[Term], *, release: str) -> Ontology:
        """Build the graph from terms. Raises KnowledgeError on an unknown parent, a cycle or a repeated id."""
        used: dict[str, Term] = {}
        retired: list[Term] = []
        for term in terms:
            if _ID.fullmatch(term.id) is None:
                continue
            if term.is_obsolete:
                retired.append(term)
            elif term.id in used:
                raise KnowledgeError(f"{term.id} is defined twice", repair="use an unaltered release file")
            else:
                used[term.id] = term
        ordered = sorted(used.values(), key=lambda term: term.id)
        index = {term.id: i for i, term in enumerate(ordered)}
        parents: list[list[int]] = []
        for term in ordered:
            for parent in term.parents:
                if parent not in index:
                    raise KnowledgeError(
                        f"{term.id} is_a {parent}, which is not a term in use", repair="use an unaltered release file"
                    )
            parents.append(sorted(index[parent] for parent in term.parents))
        old = _old_identifiers(ordered, retired, index)
        return cls(
            release=release,
            numbers=np.array([int(term.id[3:]) for term in ordered], dtype=np.int32),
            names=Texts.of(term.name for term in ordered),
            parents=Lists.of(parents),
            ancestors=Lists.of(_closures(parents, [term.id for term in ordered])),
            old_numbers=np.array([int(identifier[3:]) for identifier in old], dtype=np.int32),
            old_targets=np.array([target for target, _, _ in old.values()], dtype=np.int32),
            old_is_obsolete=np.array([obsolete for _, obsolete, _ in old.values()], dtype=np.bool_),
            old_consider=Lists.of([int(c[3:]) for c in consider] for _, _, consider in old.values()),
            details=Texts.of(_detail_text(term) for term in ordered),
        )

    def __len__(self) -> int:
        return len(self.numbers)

    def id(self, index: int) -> str:
        """The identifier of a term index."""
        return f"HP:{int(self.numbers[index]):07d}"

    def name(self, index: int) -> str:
        """The release's name of a term index."""
        return self.names[index]

    def index(self, identifier: str) -> int:
        """The index of a term in use. Raises KnowledgeError when the identifier is not one."""
        resolved = self.resolve(identifier)
        if resolved.index is None:
            raise KnowledgeError(f"{identifier} is not a term in use of HPO {self.release}")
        return resolved.index

    def resolve(self, identifier: str) -> ResolvedId:
        """Which term an identifier means in this release: itself, its successor, or none."""
        current = self._indices.get(identifier)
        if current is not None:
            return ResolvedId(identifier, IdStatus.CURRENT, identifier, current)
        found = _ID.fullmatch(identifier)
        if found is None:
            return ResolvedId(identifier, IdStatus.MALFORMED)
        old = _position(self.old_numbers, int(found.group(1)))
        if old is None:
            return ResolvedId(identifier, IdStatus.UNKNOWN)
        target = int(self.old_targets[old])
        obsolete = bool(self.old_is_obsolete[old])
        if target < 0:
            consider = tuple(f"HP:{int(c):07d}" for c in self.old_consider[old])
            return ResolvedId(identifier, IdStatus.OBSOLETE, consider=consider)
        status = IdStatus.REPLACED if obsolete else IdStatus.ALTERNATIVE
        return ResolvedId(identifier, status, self.id(target), target)

    def term(self, index: int) -> Term:
        """Everything the release states of a term in use."""
        detail = json.loads(self.details[index])
        return Term(
            id=self.id(index),
            name=self.name(index),
            definition=detail["def"],
            synonyms=tuple(Synonym(*synonym) for synonym in detail["syn"]),
            parents=tuple(self.id(int(parent)) for parent in self.parents[index]),
            alternative_ids=tuple(detail["alt"]),
            xrefs=tuple(detail["xref"]),
        )

    def is_a(self, index: int, ancestor: int) -> bool:
        """Whether `ancestor` is the term itself or one of its ancestors."""
        return _position(self.ancestors[index], ancestor) is not None

    @cached_property
    def _indices(self) -> dict[str, int]:
        """The index of each term in use by its identifier: every finding of every case is looked up here."""
        return {f"HP:{number:07d}": index for index, number in enumerate(self.numbers.tolist())}

    @cached_property
    def descendants(self) -> Lists:
        """Per term the indices of itself and all its descendants, ascending."""
        return self.ancestors.turned(len(self))

    @cached_property
    def children(self) -> Lists:
        """Per term the indices of the terms right below it, ascending."""
        return self.parents.turned(len(self))

    def below(self, identifier: str) -> NDArray[np.bool_]:
        """Per term, whether it is the given term or below it; all False when the release has no such term."""
        mask = np.zeros(len(self), dtype=np.bool_)
        resolved = self.resolve(identifier)
        if resolved.index is not None:
            mask[self.descendants[resolved.index]] = True
        return mask

    @cached_property
    def is_phenotype(self) -> NDArray[np.bool_]:
        """Per term, whether it is a phenotypic abnormality: only these can be findings."""
        return self.below(PHENOTYPIC_ABNORMALITY)

    def branch(self, index: int) -> str:
        """Which top branch a term is in: one of the constants of this module, or '' for another."""
        own = set(self.ancestors[index].tolist())
        for top in (
            PHENOTYPIC_ABNORMALITY,
            INHERITANCE,
            ONSET,
            CLINICAL_COURSE,
            CLINICAL_MODIFIER,
            FREQUENCY,
            PAST_HISTORY,
        ):
            resolved = self.resolve(top)
            if resolved.index is not None and resolved.index in own:
                return top
        return ""


def _position(ascending: IntArray, number: int) -> int | None:
    at = int(np.searchsorted(ascending, number))
    return at if at < len(ascending) and int(ascending[at]) == number else None


def _old_identifiers(
    ordered: list[Term], retired: list[Term], index: Mapping[str, int]
) -> dict[str, tuple[int, bool, tuple[str, ...]]]:
    """Older identifier -> (index it leads to or -1, whether obsolete, what to consider), ascending by identifier.

    A successor may itself have been retired: the chain is followed, and a chain that loops leads nowhere.
    """
    alternatives = {other: term.id for term in ordered for other in term.alternative_ids if _ID.fullmatch(other)}
    successor = {term.id: term.replaced_by[0] for term in retired if len(term.replaced_by) == 1}

    def target(identifier: str) -> int:
        seen: set[str] = set()
        while identifier not in index:
            if identifier in seen:
                return -1
            seen.add(identifier)
            following = successor.get(identifier) or alternatives.get(identifier)
            if following is None:
                return -1
            identifier = following
        return index[identifier]

    old: dict[str, tuple[int, bool, tuple[str, ...]]] = {}
    for other in alternatives:
        if other not in index:
            old[other] = (target(other), False, ())
    for term in retired:
        consider = tuple(c for c in (*term.consider, *term.replaced_by) if _ID.fullmatch(c))
        old[term.id] = (target(term.id), True, consider)
    return dict(sorted(old.items()))


def _closures(parents: list[list[int]], ids: list[str]) -> list[list[int]]:
    """Each term's indices of itself and its ancestors, ascending. Raises KnowledgeError on a cycle."""
    closures: list[frozenset[int] | None] = [None] * len(parents)
    for start in range(len(parents)):
        stack = [start]
        opened: set[int] = set()
        while stack:
            node = stack[-1]
            if closures[node] is not None:
                stack.pop()
                continue
            waiting = [parent for parent in parents[node] if closures[parent] is None]
            if waiting:
                if node in opened:
                    raise KnowledgeError(f"{ids[node]} is its own ancestor", repair="use an unaltered release file")
                opened.add(node)
                stack.extend(waiting)
                continue
            closures[node] = frozenset({node}).union(*(closures[parent] or frozenset() for parent in parents[node]))
            stack.pop()
    return [sorted(closure or ()) for closure in closures]


def _detail_text(term: Term) -> str:
    synonyms = [(synonym.text, synonym.scope, synonym.kind) for synonym in term.synonyms]
    detail = {"def": term.definition, "syn": synonyms, "alt": term.alternative_ids, "xref": term.xrefs}
    return json.dumps(detail, ensure_ascii=False, separators=(",", ":"))
