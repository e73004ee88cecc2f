"""The own part of a share: how often a disease is described with a term itself, beyond what is described below it.

A share is at least that of anything more special, so most of it repeats what stands below. The own part is the share
less the largest share among the term's children. The own parts of a disease are its description in words, each counted
once; those of all diseases together say how common a word is (diagnosis specification, section 3, step 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.columns import summed
from hoofbeat.knowledge.frequencies import Entries, Frequencies, Shares, pair_keys
from hoofbeat.knowledge.ontology import PHENOTYPIC_ABNORMALITY, Ontology

LEAST_PART = 0.004  # a smaller own part is a difference between pooled counts and no description: it counts as 0 (ours)
UNDESCRIBED = 0.02  # every finding counts as described this much beside what is described, so that none is at 0 (ours)

FloatArray = NDArray[np.float64]


def own_parts(entries: Entries, ontology: Ontology) -> Entries:
    """The own part of each share that is above LEAST_PART; `entries` hold all shares of the diseases that they are of,
    carried to ancestors.
    """
    parents = ontology.parents
    lengths = np.diff(parents.offsets)[entries.term]
    at = np.repeat(parents.offsets[entries.term] - (np.cumsum(lengths) - lengths), lengths) + np.arange(lengths.sum())
    above = pair_keys(parents.values[at], np.repeat(entries.disease, lengths))
    keys = entries.keys
    place = np.minimum(np.searchsorted(keys, above), max(len(keys) - 1, 0))
    held = keys[place] == above
    largest = np.zeros(len(keys), dtype=np.float32)
    np.maximum.at(largest, place[held], np.repeat(entries.share, lengths)[held])
    own = entries.share - largest
    kept = own >= LEAST_PART
    return Entries(entries.term[kept], entries.disease[kept], own[kept])


def own_row(shares: Shares, ontology: Ontology) -> Shares:
    """`own_parts` of one disease, whose shares (terms,) are all given."""
    largest = np.zeros(len(shares), dtype=np.float32)
    np.maximum.at(largest, ontology.parents.values, shares[ontology.parents.owners()])
    own = shares - largest
    return np.where(own >= LEAST_PART, own, np.float32(0.0))


def lengths(parts: Frequencies, n_diseases: int, replaced: Mapping[int, Shares]) -> FloatArray:
    """Per disease the sum of its own parts; of some diseases they are given (terms,)."""
    total = np.bincount(parts.disease, weights=parts.share, minlength=n_diseases)
    for disease, row in replaced.items():
        total[disease] = float(row.sum(dtype=np.float64))
    return total.astype(np.float64, copy=False)


@dataclass(frozen=True)
class Around:
    """Per term, how common together (see `Described.common`) are its children, its farther descendants, its parents and
    its farther ancestors. What a term has none of is about 0 there, and not used.
    """

    children: FloatArray
    farther_below: FloatArray
    parents: FloatArray
    farther_above: FloatArray

    @classmethod
    def of(cls, common: FloatArray, ontology: Ontology) -> Around:
        """Sum how common the terms around each one are."""
        parents, ancestors = ontology.parents, ontology.ancestors
        n = len(ontology)
        children = summed(parents.values, common[parents.owners()], n)
        below = summed(ancestors.values, common[ancestors.owners()], n)
        direct = summed(parents.owners(), common[parents.values], n)
        above = summed(ancestors.owners(), common[ancestors.values], n)
        return cls(children, below - children - common, direct, above - direct - common)


@dataclass(frozen=True)
class Described:
    """The own parts of all diseases of a release by term (`parts`), and what follows from them (compiled once, when the
    release is built).

    `common` (terms,): a term's part of all that is described (with UNDESCRIBED more); 0 at the root and outside the
    phenotypic abnormalities.
    """

    parts: Frequencies
    common: FloatArray
    around: Around

    @classmethod
    def of(cls, frequencies: Frequencies, ontology: Ontology) -> Described:
        """Take the shares of a release apart."""
        entries = own_parts(frequencies.entries(), ontology)
        common = summed(entries.term, entries.share.astype(np.float64), len(ontology)) + UNDESCRIBED
        common[~ontology.is_phenotype] = 0.0
        common[ontology.index(PHENOTYPIC_ABNORMALITY)] = 0.0
        common = common / common.sum()
        parts = Frequencies.of(entries, len(ontology), frequencies.background)
        return cls(parts, common, Around.of(common, ontology))

    def fault(self, n_terms: int) -> str:
        """What makes this no description with so many terms, beside its parts; empty where nothing does."""
        around = self.around
        columns = (self.common, around.children, around.farther_below, around.parents, around.farther_above)
        if any(column.shape != (n_terms,) for column in columns):
            return "its lengths disagree"
        if not all(column.dtype.kind == "f" and np.isfinite(column).all() for column in columns):
            return "it holds something that is no number"
        return "" if (self.common >= 0).all() else "something is described less than not at all"
