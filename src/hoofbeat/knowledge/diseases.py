"""The diseases: entries of OMIM, ORPHA and DECIPHER merged into one table, each with its names, genes, and broader and
narrower diseases.

A merged disease has an index 0..n-1 in order of its primary identifier; every array elsewhere that is said to be "per
disease" uses it. An entry that went into one (a member) has a member index.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.columns import IntArray, Lists, Texts
from hoofbeat.knowledge.crossreferences import Link, Relation
from hoofbeat.knowledge.disease_ids import disease_order, disease_source, normal_disease_id
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.genes import Association, Gene
from hoofbeat.knowledge.twins import Twins


@dataclass(frozen=True, slots=True)
class Member:
    """An entry that is part of a merged disease, with its own name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class DiseaseGene:
    """A gene of a disease, and how it belongs to it."""

    ncbi_id: int
    symbol: str
    association: Association


@dataclass(frozen=True, slots=True)
class Disease:
    """One merged disease, for people and for output. `index` is its place in the table."""

    index: int
    id: str
    name: str
    members: tuple[Member, ...]
    genes: tuple[DiseaseGene, ...]

    @property
    def same_as(self) -> tuple[str, ...]:
        """The identifiers of the other entries merged into it."""
        return tuple(member.id for member in self.members if member.id != self.id)


@dataclass(frozen=True)
class Diseases:
    """The merged diseases in columns.

    Per disease: `members` (member indices, the first one is primary), `genes` (gene indices) with `associations` and
    `gene_votes` beside them (end to end: of how many members it is the gene, a member of several genes counting in
    parts), `broader` and `narrower` (disease indices), `inheritance` (term indices). Per member: `member_ids`,
    `member_names`, `member_disease`. Per gene: `gene_ids` (NCBI), `gene_symbols`. Per outside entry, which has no
    annotation of its own but is cross-referenced: `outside_ids`, `outside_same` (the one disease that it is exactly, or
    -1), `outside_broader` and `outside_narrower` (disease indices).
    """

    members: Lists
    member_ids: Texts
    member_names: Texts
    member_disease: IntArray
    genes: Lists
    associations: Lists
    gene_votes: NDArray[np.float32]
    gene_ids: NDArray[np.int64]
    gene_symbols: Texts
    broader: Lists
    narrower: Lists
    inheritance: Lists
    outside_ids: Texts
    outside_same: IntArray
    outside_broader: Lists
    outside_narrower: Lists

    @classmethod
    def of(
        cls,
        twins: Twins,
        names: Mapping[str, str],
        *,
        genes: Mapping[tuple[str, Gene], Association] | None = None,
        links: Iterable[Link] = (),
        inheritance: Mapping[str, Iterable[int]] | None = None,
    ) -> Diseases:
        """Build the table from merged groups; the mappings are by entry id (`names` for every entry, the others where
        known).
        """
        member_ids = [entry for group in twins.groups for entry in group]
        disease_of = {entry: index for index, group in enumerate(twins.groups) for entry in group}
        members, start = [], 0
        for group in twins.groups:
            members.append(range(start, start + len(group)))
            start += len(group)
        table, gene_lists, associations, votes = _gene_columns(genes or {}, disease_of, len(twins.groups))
        outside = _Outside.of(links, disease_of, twins.groups)
        inherited: dict[int, set[int]] = defaultdict(set)
        for entry, terms in (inheritance or {}).items():
            inherited[disease_of[entry]].update(terms)
        nested = {(disease_of[broad], disease_of[narrow]) for broad, narrow in twins.nested}
        return cls(
            members=Lists.of(members),
            member_ids=Texts.of(member_ids),
            member_names=Texts.of(names[entry] for entry in member_ids),
            member_disease=np.array([disease_of[entry] for entry in member_ids], dtype=np.int32),
            genes=Lists.of(gene_lists),
            associations=Lists.of(associations),
            gene_votes=np.array(votes, dtype=np.float32),
            gene_ids=np.array([gene.ncbi_id for gene in table], dtype=np.int64),
            gene_symbols=Texts.of(gene.symbol for gene in table),
            broader=_neighbours([(narrow, broad) for broad, narrow in nested], len(twins.groups)),
            narrower=_neighbours(nested, len(twins.groups)),
            inheritance=Lists.of(sorted(inherited[index]) for index in range(len(twins.groups))),
            outside_ids=Texts.of(outside.ids),
            outside_same=np.array(outside.same, dtype=np.int32),
            outside_broader=Lists.of(outside.broader),
            outside_narrower=Lists.of(outside.narrower),
        )

    def __len__(self) -> int:
        return len(self.members)

    def votes_fault(self) -> str:
        """What would make the votes on genes mislead; empty where nothing does."""
        votes = self.gene_votes
        if votes.shape != self.genes.values.shape:
            return "its lengths disagree"
        is_vote = votes.dtype.kind == "f" and bool((np.isfinite(votes) & (votes > 0)).all())
        return "" if is_vote else "it holds something that is no vote"

    def id(self, index: int) -> str:
        """The primary identifier of a disease."""
        return self.member_ids[int(self.members[index][0])]

    def name(self, index: int) -> str:
        """The name of the primary entry of a disease."""
        return self.member_names[int(self.members[index][0])]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Primary identifiers, per disease."""
        entries = list(self.member_ids)
        return tuple(entries[first] for first in self.members.values[self.members.offsets[:-1]].tolist())

    def same_as(self, index: int) -> tuple[str, ...]:
        """The identifiers of the other entries merged into a disease."""
        return tuple(self.member_ids[int(member)] for member in self.members[index][1:])

    def disease(self, index: int) -> Disease:
        """Everything about one disease as an object."""
        members = tuple(Member(self.member_ids[int(m)], self.member_names[int(m)]) for m in self.members[index])
        genes = tuple(
            DiseaseGene(int(self.gene_ids[gene]), self.gene_symbols[int(gene)], Association(int(association)))
            for gene, association in zip(self.genes[index], self.associations[index], strict=True)
        )
        return Disease(index, members[0].id, members[0].name, members, genes)

    @cached_property
    def _member_index(self) -> dict[str, int]:
        return {identifier: index for index, identifier in enumerate(self.member_ids)}

    @cached_property
    def _outside_index(self) -> dict[str, int]:
        return {identifier: index for index, identifier in enumerate(self.outside_ids)}

    def find(self, identifier: str) -> int | None:
        """The disease that an id means: a member's, or an unannotated entry's that is exactly one disease. None for any
        other.
        """
        normal = normal_disease_id(identifier)
        member = self._member_index.get(normal)
        if member is not None:
            return int(self.member_disease[member])
        outside = self._outside_index.get(normal)
        same = -1 if outside is None else int(self.outside_same[outside])
        return same if same >= 0 else None

    def index(self, identifier: str) -> int:
        """As `find`. Raises KnowledgeError for an id that means no disease of this release."""
        found = self.find(identifier)
        if found is None:
            raise KnowledgeError(
                f"{identifier} is no disease of this release",
                repair="use an OMIM, ORPHA or DECIPHER id, e.g. OMIM:154700",
            )
        return found

    def member(self, identifier: str) -> int | None:
        """The member index of an entry, or None."""
        return self._member_index.get(normal_disease_id(identifier))

    def related(self, identifier: str) -> tuple[IntArray, IntArray]:
        """The (broader, narrower) disease indices of any known id, annotated or only cross-referenced; both empty when
        unknown.
        """
        found = self.find(identifier)
        if found is not None:
            return self.broader[found], self.narrower[found]
        outside = self._outside_index.get(normal_disease_id(identifier))
        if outside is None:
            nothing = np.zeros(0, dtype=np.int32)
            return nothing, nothing
        return self.outside_broader[outside], self.outside_narrower[outside]

    @cached_property
    def _diseases_of_gene(self) -> Lists:
        return self.genes.turned(len(self.gene_ids))

    def gene(self, symbol_or_id: str | int) -> int | None:
        """The gene index of a symbol (case ignored) or an NCBI number, or None."""
        text = str(symbol_or_id).rpartition(":")[2].strip().upper()
        return self._gene_index.get(text)

    @cached_property
    def _gene_index(self) -> dict[str, int]:
        by_symbol = {symbol.upper(): index for index, symbol in enumerate(self.gene_symbols)}
        return {**by_symbol, **{str(number): index for index, number in enumerate(self.gene_ids.tolist())}}

    def of_gene(self, symbol_or_id: str | int) -> IntArray:
        """The disease indices of a gene, ascending; empty for an unknown gene."""
        gene = self.gene(symbol_or_id)
        return np.zeros(0, dtype=np.int32) if gene is None else self._diseases_of_gene[gene]


@dataclass(frozen=True, slots=True)
class _Outside:
    """Entries that are only cross-referenced, ascending by id."""

    ids: list[str]
    same: list[int]
    broader: list[list[int]]
    narrower: list[list[int]]

    @classmethod
    def of(cls, links: Iterable[Link], disease_of: Mapping[str, int], groups: Sequence[Sequence[str]]) -> _Outside:
        exact: dict[str, set[int]] = defaultdict(set)
        broader: dict[str, set[int]] = defaultdict(set)
        narrower: dict[str, set[int]] = defaultdict(set)
        for link in links:
            if link.orpha in disease_of and link.omim not in disease_of:
                outside, disease = link.omim, disease_of[link.orpha]
                upward = link.relation is Relation.BROADER
            elif link.omim in disease_of and link.orpha not in disease_of:
                outside, disease = link.orpha, disease_of[link.omim]
                upward = link.relation is Relation.NARROWER
            else:
                continue
            chosen = exact if link.relation is Relation.EXACT else broader if upward else narrower
            chosen[outside].add(disease)
        same = _unambiguous(exact, groups)
        ids = sorted({*exact, *broader, *narrower}, key=disease_order)
        return cls(
            ids, [same.get(i, -1) for i in ids], [sorted(broader[i]) for i in ids], [sorted(narrower[i]) for i in ids]
        )


def _unambiguous(exact: Mapping[str, set[int]], groups: Sequence[Sequence[str]]) -> dict[str, int]:
    """Outside entry -> the disease it is: linked exactly to one disease, which has no entry of that source, inside or
    outside, but this.
    """
    claims: dict[tuple[int, str], list[str]] = defaultdict(list)
    for entry, diseases in exact.items():
        for disease in diseases:
            claims[disease, disease_source(entry)].append(entry)
    same = {}
    for (disease, source), entries in claims.items():
        taken = any(disease_source(member) == source for member in groups[disease])
        if not taken and len(entries) == 1 and len(exact[entries[0]]) == 1:
            same[entries[0]] = disease
    return same


def _gene_columns(
    pairs: Mapping[tuple[str, Gene], Association], disease_of: Mapping[str, int], size: int
) -> tuple[list[Gene], list[list[int]], list[list[int]], list[float]]:
    """The genes in use in order of NCBI number, per disease gene indices and associations (the stated one before
    UNSTATED), and end to end the votes of the entries.
    """
    named = Counter(entry for entry, _ in pairs)
    used: dict[tuple[int, Gene], Association] = {}
    votes: dict[tuple[int, Gene], float] = defaultdict(float)
    for (entry, gene), association in sorted(pairs.items(), key=lambda item: (item[0][0], item[0][1].ncbi_id)):
        if entry in disease_of:
            key = disease_of[entry], gene
            votes[key] += 1.0 / named[entry]
            used[key] = min((a for a in (association, used.get(key, association)) if a), default=Association.UNSTATED)
    table = sorted({gene for _, gene in used}, key=lambda gene: (gene.ncbi_id, gene.symbol))
    place = {gene: index for index, gene in enumerate(table)}
    genes: list[list[int]] = [[] for _ in range(size)]
    associations: list[list[int]] = [[] for _ in range(size)]
    in_order = sorted(used.items(), key=lambda item: (item[0][0], place[item[0][1]]))
    for (disease, gene), association in in_order:
        genes[disease].append(place[gene])
        associations[disease].append(int(association))
    return table, genes, associations, [votes[pair] for pair, _ in in_order]


def _neighbours(pairs: Iterable[tuple[int, int]], size: int) -> Lists:
    """Per first of a pair the seconds, ascending."""
    lists: list[list[int]] = [[] for _ in range(size)]
    for first, second in sorted(pairs):
        lists[first].append(second)
    return Lists.of(lists)
