"""Knowledge: one release of facts joined with a case library, ready to rank with; and the same with publications taken
out again.

What a ranking needs of a disease is compiled here once: how often it has each finding, when it begins, whom it affects,
how well it is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.columns import IntArray
from hoofbeat.knowledge.disease_ids import normal_disease_id
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.frequencies import Entries, Frequencies, Places, carried_to_ancestors, stated_shares
from hoofbeat.knowledge.gene_shares import GeneShares
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.library_evidence import LibraryEvidence, joined, joined_rows
from hoofbeat.knowledge.library_rows import LibraryRows, diseases_of_blocks
from hoofbeat.knowledge.onset_tables import OnsetTables, onset_tables
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.own_parts import lengths, own_parts, own_row
from hoofbeat.knowledge.releases import locate
from hoofbeat.knowledge.reports import report_counts

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Knowledge:
    """What ranking reads. Diseases 0..n_release-1 are the release's, further ones are known only from the library.

    `frequencies` already holds the library's counts; `taken_out` names the sources that were removed, and `replaced`
    the shares (terms,) of the few diseases that this concerns: everybody else's are those of `frequencies`. `own_parts`
    are those of `frequencies`, `own_parts_replaced` those of `replaced`. `reports` (diseases,) is how many
    publications and clinics describe each.
    """

    facts: Facts
    library: Library
    base: Frequencies = field(repr=False)
    frequencies: Frequencies = field(repr=False)
    own_parts: Frequencies = field(repr=False)
    evidence: LibraryEvidence = field(repr=False)
    onsets: OnsetTables = field(repr=False)
    reports: IntArray = field(repr=False)
    replaced: Mapping[int, NDArray[np.float32]] = field(default_factory=dict, repr=False)
    taken_out: frozenset[str] = frozenset()

    @classmethod
    def open(cls, release: str | Path | None = None, *, library: Library | None = None) -> Knowledge:
        """Open a built release (by name or path; the newest without), joined with a library if one is given.

        Raises KnowledgeError where there is none or it cannot be used.
        """
        return cls.of(Facts.open(locate(release)), library)

    @classmethod
    def of(cls, facts: Facts, library: Library | None = None) -> Knowledge:
        """Join facts with a library (none: the facts alone)."""
        base = facts.frequencies
        empty = Library.empty()
        rows = LibraryRows.of(empty, facts)
        n_release = len(facts.diseases)
        evidence = LibraryEvidence.of(empty, rows, facts)
        onsets = onset_tables(facts, empty, rows, n_release)
        reports = report_counts(facts, empty, rows, n_release)
        alone = cls(facts, empty, base, base, facts.described.parts, evidence, onsets, reports)
        return alone.with_library(library) if library is not None and len(library) else alone

    def with_library(self, library: Library) -> Knowledge:
        """The same facts with this library in place of any other."""
        n_release = len(self.facts.diseases)
        rows = LibraryRows.of(library, self.facts)
        evidence = LibraryEvidence.of(library, rows, self.facts)
        n_diseases = n_release + len(evidence.unknown_ids)
        concerned = evidence.people > 0
        stated = self._stated_closure(concerned[:n_release], frozenset())
        frequencies, parts = self.base, self.facts.described.parts
        if concerned.any():
            entries = joined(stated, evidence, concerned)
            frequencies = frequencies.replaced(concerned, entries)
            parts = parts.replaced(concerned, own_parts(entries, self.ontology))
        return replace(
            self,
            library=library,
            frequencies=frequencies,
            own_parts=parts,
            evidence=evidence,
            onsets=onset_tables(self.facts, library, rows, n_diseases),
            reports=report_counts(self.facts, library, rows, n_diseases),
            replaced={},
            taken_out=frozenset(),
        )

    def without(self, sources: Set[str]) -> Knowledge:
        """The same without what some publications or clinics gave: their library counts, and annotation rows that quote
        them. A disease that only they knew is no disease of this knowledge any more.

        Only the diseases concerned change, and by a little the mean onset that all are compared with; the background of
        all diseases stays, so that scores remain comparable.
        """
        taken_out = self.taken_out | frozenset(sources)
        library = self.library.without(set(sources))
        n_release = len(self.facts.diseases)
        rows = LibraryRows.of(library, self.facts)
        evidence = LibraryEvidence.of(library, rows, self.facts)
        kept = np.ones(self.n_diseases, dtype=np.bool_)
        kept[n_release:] = np.isin(self.evidence.unknown_ids, evidence.unknown_ids)
        table = self.facts.annotations.findings
        affected = np.zeros(self.n_diseases, dtype=np.bool_)
        affected[list(self.replaced)] = True
        for source in sources:
            affected[table.disease[self.facts.annotations.citing(source)]] = True
        affected = affected[kept] | (evidence.publications != self.evidence.publications[kept])
        stated = self._stated_closure(affected[:n_release], taken_out)
        frequencies, parts = self.frequencies, self.own_parts
        if not kept.all():
            frequencies, parts = frequencies.only(kept), parts.only(kept)
        return replace(
            self,
            library=library,
            frequencies=frequencies,
            own_parts=parts,
            evidence=evidence,
            onsets=onset_tables(self.facts, library, rows, len(affected), taken_out),
            reports=report_counts(self.facts, library, rows, len(affected), taken_out),
            replaced=joined_rows(stated, evidence, np.flatnonzero(affected).tolist(), len(self.ontology)),
            taken_out=taken_out,
        )

    def _stated_closure(self, mask: NDArray[np.bool_], taken_out: Set[str]) -> Entries:
        """What the annotations state of some diseases, carried to ancestors, but for rows that quote a source taken
        out.
        """
        table = self.facts.annotations.findings
        chosen = mask[table.disease]
        for source in taken_out:
            chosen[self.facts.annotations.citing(source)] = False
        return carried_to_ancestors(
            stated_shares(table, np.flatnonzero(chosen), self.facts.ontology), self.facts.ontology
        )

    @property
    def ontology(self) -> Ontology:
        """The release's ontology."""
        return self.facts.ontology

    @property
    def n_diseases(self) -> int:
        """How many diseases compete: the release's, and those known only from the library."""
        return len(self.onsets.known)

    @cached_property
    def information_content(self) -> FloatArray:
        """Per term, -ln of its background; 0 outside the phenotypic abnormalities."""
        return np.where(self.facts.ontology.is_phenotype, -np.log(self.base.background), 0.0)

    @cached_property
    def own_parts_replaced(self) -> Mapping[int, NDArray[np.float32]]:
        """The own parts (terms,) of the diseases in `replaced`."""
        return {disease: own_row(row, self.ontology) for disease, row in self.replaced.items()}

    @cached_property
    def description_length(self) -> FloatArray:
        """Per disease the sum of its own parts: how many findings it is described with, each by how often it occurs."""
        return lengths(self.own_parts, self.n_diseases, self.own_parts_replaced)

    def own_parts_of(self, disease: int, terms: NDArray[np.int32], places: Places | None = None) -> FloatArray:
        """What of the share of each term in a disease nothing below the term explains. `places`: those of the terms in
        `own_parts`, where somebody has found them.
        """
        row = self.own_parts_replaced.get(disease)
        if row is not None:
            return row[terms].astype(np.float64)
        own = np.zeros(len(terms))
        at, of = places or self.own_parts.places(terms)
        its = np.flatnonzero(self.own_parts.disease[at] == disease)
        own[of[its]] = self.own_parts.share[at[its]]
        return own

    def in_release(self, index: int) -> bool:
        """Whether the release has a disease; else only the library knows it."""
        return index < len(self.facts.diseases)

    def disease_id(self, index: int) -> str:
        """The primary identifier of a disease."""
        if self.in_release(index):
            return self.facts.diseases.id(index)
        return self.evidence.unknown_ids[index - len(self.facts.diseases)]

    def disease_name(self, index: int) -> str:
        """The name of a disease; for one that only the library knows, its identifier."""
        return self.facts.diseases.name(index) if self.in_release(index) else self.disease_id(index)

    def genes_of(self, index: int) -> tuple[str, ...]:
        """The symbols of the genes that the release or solved cases link to a disease, those of the release first."""
        return self.gene_shares.genes_of(index)

    @cached_property
    def gene_shares(self) -> GeneShares:
        """Which genes cause each disease, and how likely each is the one."""
        blocks = self.library.blocks
        return GeneShares.of(self.facts.diseases, blocks, diseases_of_blocks(self.library, self.facts))

    def find_disease(self, identifier: str) -> int | None:
        """The index of the disease that an identifier means, or None."""
        found = self.facts.diseases.find(identifier)
        normal = normal_disease_id(identifier)
        if found is None and normal in self.evidence.unknown_ids:
            return len(self.facts.diseases) + self.evidence.unknown_ids.index(normal)
        return found

    def share_of(self, term: int, disease: int) -> float:
        """How often a disease has a term, in [0, 1]."""
        row = self.replaced.get(disease)
        return float(row[term]) if row is not None else self.frequencies.share_of(term, disease)

    @cached_property
    def has_gene(self) -> NDArray[np.bool_]:
        """Per disease, whether the release knows a gene; True for those known only from solved cases."""
        known = np.ones(self.n_diseases, dtype=np.bool_)
        known[: len(self.facts.diseases)] = np.diff(self.facts.diseases.genes.offsets) > 0
        return known

    @cached_property
    def log_reports(self) -> FloatArray:
        """Per disease ln of how many reports there are of it, 0 without one."""
        return np.asarray(np.log(np.maximum(self.reports, 1)))

    @cached_property
    def umbrellas(self) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
        """The ORPHA entries that only group narrower diseases, which compete themselves; the narrower ones end to end;
        where each one's begin.
        """
        narrower = self.facts.diseases.narrower
        lengths = np.diff(narrower.offsets)
        grouping = np.flatnonzero(lengths > 0)
        grouping = (
            grouping[[self.facts.diseases.id(index).startswith("ORPHA:") for index in grouping.tolist()]]
            if len(grouping)
            else grouping
        )
        members = [narrower[index] for index in grouping.tolist()]
        starts = np.cumsum(lengths[grouping]) - lengths[grouping]
        return grouping, np.concatenate(members) if members else np.zeros(0, dtype=np.int32), starts

    def release_info(self) -> dict[str, Any]:
        """What results quote: the release, its checksum and date, the library and what was taken out."""
        manifest = self.facts.manifest
        return {
            "knowledge": self.facts.release,
            "content_sha256": manifest.get("content_sha256"),
            "approximate": bool(manifest.get("approximate")),
            "hpo": self.facts.ontology.release,
            "diseases": self.n_diseases,
            "library": {
                "cases": self.library.case_count,
                "sources": len(self.library.sources),
                "checksum": self.library.checksum if len(self.library) else None,
            },
            "taken_out": len(self.taken_out),
        }
