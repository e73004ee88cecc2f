"""The likelihood ratio of each finding in each disease (diagnosis specification, section 3, steps 3 and 4).

Observed: how likely the finding is as a translation of what the disease is described with, over how common it is
([decision 0012](../docs/decisions/0012-a-finding-as-a-translation.md)); a finding that meets nothing is worth 1.
Excluded: softened, never impossible.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.frequencies import Places
from hoofbeat.knowledge.knowledge import Knowledge

# A patient of a disease that is described with a term is given by a clinician: the very term in this part, each of its
# children and of its farther descendants together in that, each of its parents and of its farther ancestors together in
# that; the rest is anything else. Averaged over what cross-fitting found, and rounded by hand (decision 0012).
SAME = 0.54
MORE_SPECIAL = 0.05
MORE_GENERAL = 0.1
LENGTH_POWER = 0.5  # of the length of a description: 0 favours long ones, 1 short ones (tried on the published cases)
LEAST_LENGTH = 1.0  # a shorter description counts as one certain finding (ours)
SOFTENING = 0.3  # lambda: an exclusion counts this much of what it would if it were certain (spec: best tried)
MOST_EXCLUSION = 1.5  # |ln LR| of one exclusion never exceeds this (ours, from the specification)
# People err: a finding that is not there is reported, one that is there is missed or not recognised (both ours).
MISTAKEN = 0.01
MISSED = 0.05
# Lambda of what was asked for or looked for in this very person: "no" is then worth what its chance says, 1 less that
# of "yes", which is MISTAKEN + (1 - MISTAKEN - MISSED)·F (decision 0028).
SOFTENING_ASKED = (1.0 - MISTAKEN - MISSED) / (1.0 - MISTAKEN)

Ratios = NDArray[np.float64]


def related_terms(term: int, knowledge: Knowledge) -> tuple[NDArray[np.int32], Ratios]:
    """The terms whose description could be given as `term` (itself, its ancestors and descendants), and for each
    T(q|t)/p(q): what its own part is multiplied with.

    Within the children, the farther descendants, the parents and the farther ancestors of t, T is spread by p: so
    p(q) cancels, and what stays is the p of all of them together.
    """
    ontology, described = knowledge.ontology, knowledge.facts.described
    common, around = described.common, described.around
    if common[term] == 0.0:
        return np.zeros(0, dtype=np.int32), np.zeros(0)
    above, below = ontology.ancestors[term], ontology.descendants[term]
    parent, child = _among(above, ontology.parents[term]), _among(below, ontology.children[term])
    counted, others = (above != term) & (common[above] > 0), below != term
    above, parent, below, child = above[counted], parent[counted], below[others], child[others]
    worth = (
        [SAME / common[term]],
        MORE_SPECIAL / np.where(parent, around.children[above], around.farther_below[above]),
        MORE_GENERAL / np.where(child, around.parents[below], around.farther_above[below]),
    )
    return np.concatenate([[term], above, below]).astype(np.int32), np.concatenate(worth)


def _among(terms: NDArray[np.int32], some: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which of the terms (ascending) are among `some` of them."""
    found = np.zeros(len(terms), dtype=np.bool_)
    found[np.searchsorted(terms, some)] = True
    return found


def observed_ratios(term: int, knowledge: Knowledge) -> Ratios:
    """ln LR of an observed finding, per disease: ln (1 + Σ w(t)·T(q|t)/p(q) / length^LENGTH_POWER), w(t) being the own
    parts.
    """
    terms, worth = related_terms(term, knowledge)
    parts = knowledge.own_parts
    at, of = parts.places(terms)
    met = np.bincount(parts.disease[at], weights=parts.share[at] * worth[of], minlength=knowledge.n_diseases)
    for disease, row in knowledge.own_parts_replaced.items():
        met[disease] = float(row[terms] @ worth)
    related = np.flatnonzero(met)  # few: the logarithm takes longer than all before it
    length = np.maximum(knowledge.description_length[related], LEAST_LENGTH)
    met[related] = np.log1p(met[related] / length**LENGTH_POWER)
    return met.astype(np.float64, copy=False)


def excluded_ratios(term: int, knowledge: Knowledge, softening: float = SOFTENING) -> Ratios:
    """ln LR of an excluded finding, per disease: (1 - λF)/(1 - λb), between -MOST_EXCLUSION and MOST_EXCLUSION."""
    background = float(knowledge.base.background[term])
    ratios = np.full(knowledge.n_diseases, excluded_log_ratio(np.zeros(1), background, softening)[0])
    diseases, shares = knowledge.frequencies.column(term)
    ratios[diseases] = excluded_log_ratio(shares.astype(np.float64), background, softening)
    for disease, row in knowledge.replaced.items():
        ratios[disease] = excluded_log_ratio(row[term : term + 1].astype(np.float64), background, softening)[0]
    return ratios


def excluded_log_ratio(share: Ratios, background: float, softening: float = SOFTENING) -> Ratios:
    """ln (1 - λF)/(1 - λb), capped; an unlimited one for a finding that is always there would end every doubt."""
    ratios = np.log1p(-softening * share) - math.log1p(-softening * background)
    return np.asarray(np.clip(ratios, -MOST_EXCLUSION, MOST_EXCLUSION))


@dataclass(frozen=True, eq=False, slots=True)
class Related:
    """What `related_terms` says of a term and where their own parts stand: found once, for as many diseases as one
    likes.
    """

    knowledge: Knowledge
    terms: NDArray[np.int32]
    worth: Ratios
    places: Places

    @classmethod
    def to(cls, term: int, knowledge: Knowledge) -> Related:
        """Those related to a term."""
        terms, worth = related_terms(term, knowledge)
        return cls(knowledge, terms, worth, knowledge.own_parts.places(terms))

    def best_match(self, disease: int) -> int | None:
        """The described term with the largest part of the sum in `observed_ratios`; None: none related is described."""
        met = self.knowledge.own_parts_of(disease, self.terms, self.places) * self.worth
        return int(self.terms[met.argmax()]) if met.any() else None
