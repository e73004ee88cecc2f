"""The counts of the case library as one release of knowledge sees them: flat arrays over its diseases and terms, for
whoever computes frequencies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.columns import IntArray
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.library_blocks import Blocks
from hoofbeat.knowledge.ontology import Ontology


@dataclass(frozen=True)
class LibraryRows:
    """One value per row, blocks in the order of the library, terms ascending within a block.

    `disease` is the merged disease's index, or -1 where the release does not know the entry; then `unknown` is an
    index into `unknown_ids`, else -1. `block` is an index into `Library.blocks`, `term` a term index. `observed` of
    `assessed` (observed + excluded) cases have the finding, and the block has `n` cases. The same diseases per block
    are `block_disease` and `block_unknown`. `dropped` counts the rows left out because the release knows no such
    finding, or because two older ones have become one.
    """

    disease: IntArray
    unknown: IntArray
    block: IntArray
    term: IntArray
    observed: IntArray
    assessed: IntArray
    n: IntArray
    block_disease: IntArray
    block_unknown: IntArray
    unknown_ids: tuple[str, ...]
    dropped: int

    @classmethod
    def of(cls, library: Library, facts: Facts) -> LibraryRows:
        """The rows of a library by the diseases and terms of a release."""
        blocks = library.blocks
        disease, unknown, unknown_ids = _diseases(blocks, facts)
        block, term = blocks.owners(), _terms(blocks.term, facts.ontology)
        assessed = blocks.observed + blocks.excluded
        observed = blocks.observed
        kept = _usable(block, term, assessed, facts.ontology)
        if kept is not None:
            block, term, observed, assessed = block[kept], term[kept], observed[kept], assessed[kept]
        return cls(
            disease=disease[block],
            unknown=unknown[block],
            block=block,
            term=term,
            observed=observed,
            assessed=assessed,
            n=blocks.n[block],
            block_disease=disease,
            block_unknown=unknown,
            unknown_ids=unknown_ids,
            dropped=len(blocks.term) - len(block),
        )

    def __len__(self) -> int:
        return len(self.block)

    def disease_of_block(self, n_release: int) -> IntArray:
        """Per block its disease as `Knowledge` numbers them: the release's `n_release` first, then the unknown ids."""
        return _numbered(self.block_disease, self.block_unknown, n_release)


def diseases_of_blocks(library: Library, facts: Facts) -> IntArray:
    """Per block its disease as `Knowledge` numbers them: the release's first, then those of the library alone."""
    disease, unknown, _ = _diseases(library.blocks, facts)
    return _numbered(disease, unknown, len(facts.diseases))


def _numbered(disease: IntArray, unknown: IntArray, n_release: int) -> IntArray:
    return np.where(disease >= 0, disease, n_release + unknown).astype(np.int32)


def cited_blocks(library: Library, facts: Facts) -> NDArray[np.bool_]:
    """Per block, whether the annotated findings of its disease quote the same publication: its people may stand in
    both.
    """
    findings = facts.annotations.findings
    cited = np.zeros(len(library), dtype=np.bool_)
    for identifier, places in library.blocks.of_disease.items():
        disease = facts.diseases.find(identifier)
        for place in places if disease is not None else ():
            rows = facts.annotations.citing(library.blocks.source[place])
            cited[place] = bool((findings.disease[rows] == disease).any())
    return cited


def _diseases(blocks: Blocks, facts: Facts) -> tuple[IntArray, IntArray, tuple[str, ...]]:
    """Per block the merged disease or -1, the index among the unknown ids or -1; and these ids, ascending."""
    disease = np.full(len(blocks), -1, dtype=np.int32)
    unknown = np.full(len(blocks), -1, dtype=np.int32)
    unknown_ids: list[str] = []
    for identifier, places in blocks.of_disease.items():
        found = facts.diseases.find(identifier)
        if found is None:
            unknown[places] = len(unknown_ids)
            unknown_ids.append(identifier)
        else:
            disease[places] = found
    return disease, unknown, tuple(unknown_ids)


def _terms(numbers: IntArray, ontology: Ontology) -> IntArray:
    """Term indices of HPO numbers, older ones followed to their successors; -1 where the release has none."""
    at = np.searchsorted(ontology.numbers, numbers).astype(np.int32)
    at[at == len(ontology)] = 0
    for place in np.flatnonzero(ontology.numbers[at] != numbers).tolist():
        index = ontology.resolve(f"HP:{int(numbers[place]):07d}").index
        at[place] = -1 if index is None else index
    return at


def _usable(block: IntArray, term: IntArray, assessed: IntArray, ontology: Ontology) -> NDArray[np.int64] | None:
    """The rows that count, in order of block and term; None where all do as they stand.

    Where two older terms of a block have become one, the row with more assessed cases stays: adding them up could
    count one person twice.
    """
    is_finding = (term >= 0) & ontology.is_phenotype[term]
    in_order = (block[1:] > block[:-1]) | (term[1:] > term[:-1])
    if bool(is_finding.all()) and bool(in_order.all()):
        return None
    rows = np.flatnonzero(is_finding)
    rows = rows[np.lexsort((rows, -assessed[rows], term[rows], block[rows]))]
    fresh = np.ones(len(rows), dtype=np.bool_)
    fresh[1:] = (block[rows[1:]] != block[rows[:-1]]) | (term[rows[1:]] != term[rows[:-1]])
    kept: NDArray[np.int64] = rows[fresh]
    return kept
