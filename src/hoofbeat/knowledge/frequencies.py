"""How often each finding is seen in each disease, as one number per disease and term, pooled from all that is stated.

`diagnosis-specification, section 3, step 1`: counts are pooled and shrunk, (n + M0·PI)/(m + M0); bands and percentages
stand in where nothing was counted; what nobody stated is UNSTATED. A disease has a term at least as often as anything
below it, so each value is carried to all ancestors and the largest stays.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.annotations import AnnotationTable
from hoofbeat.knowledge.columns import IntArray
from hoofbeat.knowledge.ontology import PHENOTYPIC_ABNORMALITY, Ontology
from hoofbeat.knowledge.stated_frequency import FrequencyKind

PRIOR_CASES = 2.0  # M0: what is known beforehand weighs as much as two patients (diagnosis specification, "best tried")
PRIOR_SHARE = 0.3  # PI: the share expected of a stated finding before anybody is counted (same source)
UNSTATED_SHARE = 0.5  # a finding stated without any frequency (same source)
PERCENT_CASES = 5.0  # a percentage without its denominator weighs as much as five patients (same source)
MIN_BACKGROUND = 1e-4  # no finding is rarer than this among diseases (same source)

FloatArray = NDArray[np.float64]
Shares = NDArray[np.float32]
Places = tuple[NDArray[np.int64], NDArray[np.int64]]  # of the shares of several terms, and which term each one is of
Offsets = NDArray[np.int64]


@dataclass(frozen=True)
class Entries:
    """Shares in (0, 1] of terms in diseases: sorted by term, then disease, each pair once."""

    term: IntArray
    disease: IntArray
    share: Shares

    def __len__(self) -> int:
        return len(self.term)

    @property
    def keys(self) -> NDArray[np.int64]:
        """One number per pair, ascending."""
        return pair_keys(self.term, self.disease)


@dataclass(frozen=True)
class Frequencies:
    """All shares by term: those of term t are `share[starts[t]:starts[t + 1]]`, of the diseases beside them
    (ascending).

    `background` (terms,): the mean share over all diseases, at least MIN_BACKGROUND.
    """

    starts: Offsets
    disease: IntArray
    share: Shares
    background: FloatArray

    @classmethod
    def of(cls, entries: Entries, n_terms: int, background: FloatArray) -> Frequencies:
        """Put entries in columns by term."""
        starts = np.searchsorted(entries.term, np.arange(n_terms + 1)).astype(np.int64)
        return cls(starts, entries.disease, entries.share, background)

    def fault(self, n_terms: int, n_diseases: int) -> str:
        """What makes this no table of shares of so many terms and diseases; empty where nothing does."""
        lengths = (self.starts.shape, self.disease.shape, self.background.shape)
        if lengths != ((n_terms + 1,), self.share.shape, (n_terms,)) or self.share.ndim != 1:
            return "its lengths disagree"
        if self.starts.dtype.kind != "i" or self.disease.dtype.kind != "i":
            return "it has no whole numbers where they are needed"
        if self.starts[0] != 0 or self.starts[-1] != len(self.share) or (np.diff(self.starts) < 0).any():
            return "its columns do not follow one another"
        if len(self.share) and not 0 <= self.disease.min() <= self.disease.max() < n_diseases:
            return "it names a disease that is not there"
        if not ((self.share > 0) & (self.share <= 1)).all() or not (self.background > 0).all():
            return "a share is not between 0 and 1"
        first = np.zeros(len(self.share) + 1, dtype=np.bool_)
        first[self.starts] = True
        return "" if (first[1:-1] | (np.diff(self.disease) > 0)).all() else "its diseases are not in order"

    def entries(self) -> Entries:
        """All shares, as `of` takes them."""
        term = np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))
        return Entries(term, self.disease, self.share)

    def column(self, term: int) -> tuple[IntArray, Shares]:
        """The diseases that have a term, ascending, and how often."""
        rows = slice(int(self.starts[term]), int(self.starts[term + 1]))
        return self.disease[rows], self.share[rows]

    def places(self, terms: IntArray) -> Places:
        """Where the shares of several terms stand, end to end, and which of the terms (0, 1, ...) each one is of."""
        lengths = self.starts[terms + 1] - self.starts[terms]
        of = np.repeat(np.arange(len(terms)), lengths)
        first = self.starts[terms] - (np.cumsum(lengths) - lengths)
        return first[of] + np.arange(len(of)), of

    def share_of(self, term: int, disease: int) -> float:
        """The share of one term in one disease; 0 where nothing is known."""
        start, end = int(self.starts[term]), int(self.starts[term + 1])
        at = bisect_left(self.disease, disease, start, end)  # quicker for one than what numpy does for many
        return float(self.share[at]) if at < end and int(self.disease[at]) == disease else 0.0

    def replaced(self, diseases: NDArray[np.bool_], entries: Entries) -> Frequencies:
        """The same with all shares of some diseases (a mask, per disease) taken from `entries` instead."""
        own = self.entries()
        kept = ~diseases[own.disease]
        others = Entries(own.term[kept], own.disease[kept], own.share[kept])
        at = np.searchsorted(others.keys, entries.keys)  # both are sorted
        merged = Entries(
            np.insert(others.term, at, entries.term),
            np.insert(others.disease, at, entries.disease),
            np.insert(others.share, at, entries.share),
        )
        return Frequencies.of(merged, len(self.starts) - 1, self.background)

    def only(self, diseases: NDArray[np.bool_]) -> Frequencies:
        """The same for some diseases (a mask, per disease), numbered anew in the same order; the background stays."""
        kept = diseases[self.disease]
        number = (np.cumsum(diseases) - 1).astype(np.int32)
        starts = np.concatenate([[0], np.cumsum(kept)])[self.starts]
        return Frequencies(starts, number[self.disease[kept]], self.share[kept], self.background)


def pair_keys(term: IntArray, disease: IntArray) -> NDArray[np.int64]:
    """One number per pair of a term and a disease: they ascend as `Entries` are sorted."""
    return np.asarray(term.astype(np.int64) << 32 | disease)


def frequencies_of(table: AnnotationTable, ontology: Ontology, n_diseases: int) -> Frequencies:
    """The shares that a release's annotations of aspect P give (computed once, when the release is built)."""
    entries = carried_to_ancestors(stated_shares(table, np.arange(len(table)), ontology), ontology)
    return Frequencies.of(entries, len(ontology), background(entries, len(ontology), n_diseases))


def stated_shares(table: AnnotationTable, rows: NDArray[np.int64], ontology: Ontology) -> Entries:
    """The pooled share of each term stated in some rows of aspect P (row numbers, ascending), without its ancestors."""
    rows = rows[ontology.is_phenotype[table.term[rows]] & ~table.negated[rows]]
    if len(rows) == 0:
        return _none()
    disease, term, kind = table.disease[rows], table.term[rows], table.frequency_kind[rows]
    first = np.flatnonzero(np.concatenate([[True], (np.diff(disease) != 0) | (np.diff(term) != 0)]))
    counted, percent, band = (kind == k for k in (FrequencyKind.COUNTS, FrequencyKind.PERCENT, FrequencyKind.BAND))
    middle = (table.low[rows] + table.high[rows]) / 2
    n = np.add.reduceat(np.where(counted, table.n[rows], np.where(percent, PERCENT_CASES * middle, 0.0)), first)
    m = np.add.reduceat(np.where(counted, table.m[rows], np.where(percent, PERCENT_CASES, 0.0)), first)
    bands = np.add.reduceat(band.astype(np.float64), first)
    band_sum = np.add.reduceat(np.where(band, middle, 0.0), first)
    share = np.where(
        m > 0,
        np.where(n > 0, (n + PRIOR_CASES * PRIOR_SHARE) / (m + PRIOR_CASES), 0.0),
        np.where(bands > 0, band_sum / np.maximum(bands, 1), UNSTATED_SHARE),
    )
    present = share > 0  # "0 of m" and "excluded" are absences: nothing is described
    return Entries(term[first][present], disease[first][present], share[present].astype(np.float32))


def carried_to_ancestors(stated: Entries, ontology: Ontology) -> Entries:
    """Each share carried to all ancestors within the phenotypic abnormalities; the largest stays."""
    if len(stated) == 0:
        return stated
    lengths = np.diff(ontology.ancestors.offsets)[stated.term]
    total = int(lengths.sum())
    offset_in = np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    term = ontology.ancestors.values[np.repeat(ontology.ancestors.offsets[stated.term], lengths) + offset_in]
    disease, share = np.repeat(stated.disease, lengths), np.repeat(stated.share, lengths)
    inside = ontology.is_phenotype[term] & (term != ontology.index(PHENOTYPIC_ABNORMALITY))
    merged = _sorted(term[inside], disease[inside], share[inside])
    if len(merged) == 0:
        return merged
    first = np.flatnonzero(np.concatenate([[True], (np.diff(merged.term) != 0) | (np.diff(merged.disease) != 0)]))
    return Entries(merged.term[first], merged.disease[first], np.maximum.reduceat(merged.share, first))


def background(entries: Entries, n_terms: int, n_diseases: int) -> FloatArray:
    """Per term the mean share over all diseases, at least MIN_BACKGROUND (step 2)."""
    total = np.bincount(entries.term, weights=entries.share, minlength=n_terms)
    return np.maximum(total / max(n_diseases, 1), MIN_BACKGROUND)


def _sorted(term: IntArray, disease: IntArray, share: Shares) -> Entries:
    order = np.argsort(pair_keys(term, disease), kind="stable")
    return Entries(term[order], disease[order], share[order])


def _none() -> Entries:
    return Entries(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32))
