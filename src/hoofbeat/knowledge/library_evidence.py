"""Joins the case library's counts with what the annotations state: one share per disease and term out of both.

Counts of one publication saturate (a hundred people of one cohort are not a hundred independent ones), and a finding
that a report does not mention counts a little as absent, because most reports list only what is there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.columns import summed
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.frequencies import Entries, pair_keys
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.library_rows import LibraryRows
from hoofbeat.knowledge.ontology import PHENOTYPIC_ABNORMALITY

SATURATION = 10.0  # people: a publication weighs at most as much as ten (ours)
UNMENTIONED = 0.2  # of those in whom a report does not mention a finding, this part is counted as not having it (ours)
STATED_WEIGHT = 4.0  # people: what the annotations state of a finding weighs as much as four (ours)
UNSTATED_WEIGHT = 1.0  # people: that the annotations do not state it weighs as much as one (ours)


@dataclass(frozen=True)
class LibraryEvidence:
    """The weighted counts of a library, by disease (indices beyond the release's diseases are `unknown_ids`) and term.

    `term`, `disease`, `observed`, `assessed`: one value per pair, sorted by term then disease. `people` (diseases,) is
    the weighted number of cases; `publications` (diseases,) how many sources.
    """

    unknown_ids: tuple[str, ...]
    term: NDArray[np.int32]
    disease: NDArray[np.int32]
    observed: NDArray[np.float64]
    assessed: NDArray[np.float64]
    people: NDArray[np.float64]
    publications: NDArray[np.int32]

    @classmethod
    def of(cls, library: Library, rows: LibraryRows, facts: Facts) -> LibraryEvidence:
        """Weigh a library's rows, but for the root, which says nothing: that there is any abnormality."""
        n_release, root = len(facts.diseases), facts.ontology.index(PHENOTYPIC_ABNORMALITY)
        block_disease = rows.disease_of_block(n_release)
        people = library.blocks.n.astype(np.float64)
        weight = np.minimum(1.0, SATURATION / np.maximum(people, 1.0))
        n_diseases = n_release + len(rows.unknown_ids)
        telling = rows.term != root
        block = rows.block[telling]
        key = pair_keys(rows.term[telling], block_disease[block])
        unique, inverse = np.unique(key, return_inverse=True)
        row_weight = weight[block]
        return cls(
            unknown_ids=rows.unknown_ids,
            term=(unique >> 32).astype(np.int32),
            disease=(unique & 0xFFFFFFFF).astype(np.int32),
            observed=summed(inverse, row_weight * rows.observed[telling], len(unique)),
            assessed=summed(inverse, row_weight * rows.assessed[telling], len(unique)),
            people=summed(block_disease, weight * people, n_diseases),
            publications=np.bincount(block_disease, minlength=n_diseases).astype(np.int32),
        )

    def counts(self, term: int, disease: int) -> tuple[float, float] | None:
        """Weighted observed and weighted assessed of one term in one disease; None where no report assessed it."""
        first, end = np.searchsorted(self.term, [term, term + 1])
        at = int(first) + int(np.searchsorted(self.disease[first:end], disease))
        if at == end or int(self.disease[at]) != disease:
            return None
        return float(self.observed[at]), float(self.assessed[at])

    def share_of_evidence(self, disease: int) -> float:
        """What part in [0, 1) of a disease's evidence on a stated finding comes from the library."""
        people = float(self.people[disease]) * UNMENTIONED
        return people / (people + STATED_WEIGHT)


def joined(stated: Entries, evidence: LibraryEvidence, diseases: NDArray[np.bool_]) -> Entries:
    """The shares of some diseases (a mask) from what is stated (`stated`, of these diseases only, carried to ancestors)
    and the library.

    share = (observed + w·stated)/(assessed' + w), assessed' = assessed + UNMENTIONED·(people - assessed), w =
    STATED_WEIGHT or UNSTATED_WEIGHT.
    """
    chosen = diseases[evidence.disease]
    library_key, stated_key = pair_keys(evidence.term[chosen], evidence.disease[chosen]), stated.keys
    key = np.sort(np.concatenate([library_key, stated_key]), kind="stable")  # two sorted runs: quick to merge
    key = key[np.concatenate([[True], np.diff(key) != 0])] if len(key) else key
    share, observed, assessed = np.zeros(len(key)), np.zeros(len(key)), np.zeros(len(key))
    share[np.searchsorted(key, stated_key)] = stated.share
    at = np.searchsorted(key, library_key)
    observed[at], assessed[at] = evidence.observed[chosen], evidence.assessed[chosen]
    disease = (key & 0xFFFFFFFF).astype(np.int32)
    people = evidence.people[disease]
    weight = np.where(share > 0, STATED_WEIGHT, UNSTATED_WEIGHT)
    looked = assessed + UNMENTIONED * np.maximum(people - assessed, 0.0)
    together = np.where(people > 0, (observed + weight * share) / (looked + weight), share)
    kept = together > 0
    return Entries((key[kept] >> 32).astype(np.int32), disease[kept], together[kept].astype(np.float32))


def joined_rows(
    stated: Entries, evidence: LibraryEvidence, diseases: Collection[int], n_terms: int
) -> dict[int, NDArray[np.float32]]:
    """`joined` for a few diseases, as the shares (terms,) of each; `stated` is of these diseases only."""
    mask = np.zeros(len(evidence.people), dtype=np.bool_)
    mask[list(diseases)] = True
    entries = joined(stated, evidence, mask)
    shares = {disease: np.zeros(n_terms, dtype=np.float32) for disease in diseases}
    for disease, row in shares.items():
        of_disease = entries.disease == disease
        row[entries.term[of_disease]] = entries.share[of_disease]
    return shares
