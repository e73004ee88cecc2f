"""Twins: entries of OMIM, ORPHA and DECIPHER that are one disease. Left apart they compete in a ranking and both lose.

The rule (docs/reference/knowledge.md says it with examples):

1. An ORPHA and an OMIM entry linked as exact (E), both annotated, are one.
2. So are two entries of different sources with the same normalised name and any link or a shared gene, when neither is
linked as exact to
   another annotated entry.
3. Without any cross-reference table the links are not known. Then an ORPHA and an OMIM entry with the same normalised
name are one unless
   each has known genes and they share none.
4. A group with two entries of one source is contradictory: its entries stay apart, and the group is listed.
5. A link "broader" or "narrower" between entries that were not merged nests them; it never merges.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from hoofbeat.knowledge.crossreferences import Link, Relation
from hoofbeat.knowledge.disease_ids import disease_order, disease_source

# The two sources whose names alone may join when there is no table of links; DECIPHER names regions that contain other
# diseases.
_NAMED_ALIKE = frozenset({"OMIM", "ORPHA"})
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_EMPTY_WORDS = frozenset({"and", "of", "the", "type", "due", "to"})
_WORD = re.compile(r"[a-z0-9]+")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """An annotated entry as far as merging needs it: its id, all its names, and its genes (NCBI numbers)."""

    id: str
    names: tuple[str, ...]
    genes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Twins:
    """The merged diseases, and why.

    `groups` holds every entry once, members in order of `disease_order`, groups by their first member. `exact` and
    `named` are the pairs that rules 1 and 2 (or 3) joined; `contradictory` the groups of rule 4; `nested` the pairs
    (broader entry, narrower entry) of rule 5.
    """

    groups: tuple[tuple[str, ...], ...]
    exact: tuple[Pair, ...]
    named: tuple[Pair, ...]
    contradictory: tuple[tuple[str, ...], ...]
    nested: tuple[Pair, ...]


def normal_name(name: str) -> str:
    """A name without case, accents, punctuation, order of words, Roman numerals and filling words: what two catalogues
    write alike.

    >>> normal_name("Usher syndrome, type I") == normal_name("Usher syndrome type 1")
    True
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return " ".join(sorted(_ROMAN.get(word, word) for word in _WORD.findall(plain) if word not in _EMPTY_WORDS))


def merge_twins(entries: Iterable[Entry], links: Sequence[Link]) -> Twins:
    """Apply the rule of this module. The result does not depend on the order of entries or links. Empty `links` means
    none are known.
    """
    by_id = {entry.id: entry for entry in entries}
    relations = {(link.orpha, link.omim): link.relation for link in links if link.orpha in by_id and link.omim in by_id}
    exact = {pair for pair, relation in relations.items() if relation is Relation.EXACT}
    named = _named(by_id, relations, links_known=bool(links))
    components = _components(by_id, [*exact, *named])
    contradictory = {component for component in components if _contradicts_itself(component)}
    groups = [component for component in components if component not in contradictory]
    groups += [(entry,) for component in contradictory for entry in component]
    home = {entry: group for group in groups for entry in group}
    return Twins(
        groups=tuple(sorted(groups, key=lambda group: disease_order(group[0]))),
        exact=_joined(exact, home),
        named=_joined(named, home),
        contradictory=tuple(sorted(contradictory, key=lambda group: disease_order(group[0]))),
        nested=_nested(relations, home),
    )


def _named(by_id: Mapping[str, Entry], relations: Mapping[Pair, Relation], *, links_known: bool) -> set[Pair]:
    """Pairs that rule 2, or rule 3 when no links are known, joins: each as (later, earlier) in `disease_order`."""
    alike: dict[str, set[str]] = defaultdict(set)
    for entry in by_id.values():
        for name in entry.names:
            alike[normal_name(name)].add(entry.id)
    alike.pop("", None)
    linked_exactly = {entry for pair, relation in relations.items() if relation is Relation.EXACT for entry in pair}
    pairs = set()
    for group in alike.values():
        for first, second in combinations(sorted(group, key=disease_order), 2):
            if first in linked_exactly or second in linked_exactly or disease_source(first) == disease_source(second):
                continue
            one, other = by_id[first], by_id[second]
            linked = (second, first) in relations
            may_name = not links_known and {disease_source(first), disease_source(second)} == _NAMED_ALIKE
            if linked or one.genes & other.genes or (may_name and not (one.genes and other.genes)):
                pairs.add((second, first))
    return pairs


def _components(ids: Collection[str], pairs: Iterable[Pair]) -> list[tuple[str, ...]]:
    """Connected groups, members in `disease_order`."""
    leader = {identifier: identifier for identifier in ids}

    def find(identifier: str) -> str:
        while leader[identifier] != identifier:
            leader[identifier] = leader[leader[identifier]]
            identifier = leader[identifier]
        return identifier

    for first, second in pairs:
        leader[find(first)] = find(second)
    members: dict[str, list[str]] = defaultdict(list)
    for identifier in ids:
        members[find(identifier)].append(identifier)
    return [tuple(sorted(group, key=disease_order)) for group in members.values()]


def _contradicts_itself(group: Sequence[str]) -> bool:
    sources = [disease_source(entry) for entry in group]
    return len(set(sources)) < len(sources)


def _joined(pairs: Iterable[Pair], home: Mapping[str, tuple[str, ...]]) -> tuple[Pair, ...]:
    return tuple(sorted(pair for pair in pairs if home[pair[0]] is home[pair[1]]))


def _nested(relations: Mapping[Pair, Relation], home: Mapping[str, tuple[str, ...]]) -> tuple[Pair, ...]:
    """Pairs (broader entry, narrower entry) in different groups."""
    nested = set()
    for (orpha, omim), relation in relations.items():
        if home[orpha] is home[omim] or relation is Relation.EXACT:
            continue
        nested.add((orpha, omim) if relation is Relation.BROADER else (omim, orpha))
    return tuple(sorted(nested))
