"""The own part of a share: how often a disease is described with a term itself, beyond what is described below it.

A share is at least that of anything more special, so most of it repeats what stands below. The own part is the share
less the largest share among the term's children. The own parts of a disease are its description in words, each counted
once; those of all diseases together say how common a word is (diagnosis specification, section 3, step 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.frequencies import Entries, Frequencies, Shares
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
    above = parents.values[at].astype(np.int64) << 32 | np.repeat(entries.disease, lengths)
    keys = entries.term.astype(np.int64) << 32 | entries.disease
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


@dataclass(frozen=True, eq=False)
class Described:
    """The own parts of all diseases of some `frequencies`, computed when first asked for.

    Where `whole` is given, they are those of its diseases that `kept` (a mask, per disease) keeps.
    """

    frequencies: Frequencies
    ontology: Ontology
    whole: Described | None = None
    kept: NDArray[np.bool_] | None = None

    @cached_property
    def parts(self) -> Frequencies:
        """The own parts by term."""
        if self.whole is not None and self.kept is not None:
            return self.whole.parts.only(self.kept)
        entries = own_parts(self.frequencies.entries(), self.ontology)
        return Frequencies.of(entries, len(self.ontology), self.frequencies.background)

    def only(self, frequencies: Frequencies, kept: NDArray[np.bool_]) -> Described:
        """The same for some diseases, whose `frequencies` are given."""
        return Described(frequencies, self.ontology, self, kept)

    def lengths(self, n_diseases: int, replaced: Mapping[int, Shares]) -> FloatArray:
        """Per disease the sum of its own parts; of some diseases they are given (terms,)."""
        total = np.bincount(self.parts.disease, weights=self.parts.share, minlength=n_diseases)
        for disease, row in replaced.items():
            total[disease] = float(row.sum(dtype=np.float64))
        return total.astype(np.float64, copy=False)

    @cached_property
    def common(self) -> FloatArray:
        """Per term its part of all that is described (with UNDESCRIBED more); 0 at the root and outside the phenotypic
        abnormalities.
        """
        term = np.repeat(np.arange(len(self.ontology)), np.diff(self.parts.starts))
        common = np.bincount(term, weights=self.parts.share, minlength=len(self.ontology)) + UNDESCRIBED
        common[~self.ontology.is_phenotype] = 0.0
        common[self.ontology.index(PHENOTYPIC_ABNORMALITY)] = 0.0
        return np.asarray(common / common.sum())

    @cached_property
    def around(self) -> Around:
        """How common what stands around each term is."""
        ontology, common = self.ontology, self.common
        parents, ancestors = ontology.parents, ontology.ancestors
        n = len(ontology)
        children = _summed(parents.values, common[parents.owners()], n)
        below = _summed(ancestors.values, common[ancestors.owners()], n)
        direct = _summed(parents.owners(), common[parents.values], n)
        above = _summed(ancestors.owners(), common[ancestors.values], n)
        return Around(children, below - children - common, direct, above - direct - common)


@dataclass(frozen=True)
class Around:
    """Per term, how common together (see `Described.common`) are its children, its farther descendants, its parents and
    its farther ancestors. What a term has none of is about 0 there, and not used.
    """

    children: FloatArray
    farther_below: FloatArray
    parents: FloatArray
    farther_above: FloatArray


def _summed(group: NDArray[np.int32], values: FloatArray, n_groups: int) -> FloatArray:
    """The sum of the values of each group."""
    return np.bincount(group, weights=values, minlength=n_groups).astype(np.float64, copy=False)
