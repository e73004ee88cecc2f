"""The likelihood ratio of each finding in each disease (diagnosis specification, section 3, steps 3 and 4).

Observed: the best match among the finding and its ancestors, near misses earning by information content; a finding that
meets nothing in a disease is worth the same small constant everywhere, so it changes no order among such diseases.
Excluded: softened, never impossible.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.knowledge import Knowledge

DECAY = 3.0  # g: a match one unit of information content away is worth exp(-3) of an exact one (spec: best tried)
UNMATCHED = 0.1  # epsilon: the ratio of a finding that meets nothing (same source)
SOFTENING = 0.3  # lambda: an exclusion counts this much of what it would if it were certain (same source)
MOST_EXCLUSION = 1.5  # |ln LR| of one exclusion never exceeds this (ours, from the specification)

LN_UNMATCHED = math.log(UNMATCHED)
Ratios = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Match:
    """How one observed finding meets one disease: the matched term (None: nothing near), its share there, and the log
    ratio.
    """

    log_lr: float
    term: int | None
    share: float


def near_terms(term: int, knowledge: Knowledge) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The term and those ancestors that could beat UNMATCHED, and for each exp(-g·distance)/background: what a share is
    multiplied with.
    """
    ontology = knowledge.facts.ontology
    ancestors = ontology.ancestors[term]
    ancestors = ancestors[ontology.is_phenotype[ancestors]]
    content = knowledge.information_content
    worth = np.exp(-DECAY * (content[term] - content[ancestors])) / knowledge.base.background[ancestors]
    useful = worth > UNMATCHED
    return ancestors[useful], worth[useful]


def observed_ratios(term: int, knowledge: Knowledge) -> Ratios:
    """ln LR of an observed finding, per disease: ln max(eps, max over near terms a of
    F(a)/b(a)·exp(-g(IC(q)-IC(a)))).
    """
    ratios = np.full(knowledge.n_diseases, UNMATCHED)
    terms, worth = near_terms(term, knowledge)
    for near, factor in zip(terms.tolist(), worth.tolist(), strict=True):
        diseases, shares = knowledge.frequencies.column(near)
        ratios[diseases] = np.maximum(ratios[diseases], shares * factor)
    for disease, row in knowledge.replaced.items():
        ratios[disease] = max(UNMATCHED, float((row[terms] * worth).max())) if len(terms) else UNMATCHED
    return np.asarray(np.log(ratios))


def excluded_ratios(term: int, knowledge: Knowledge) -> Ratios:
    """ln LR of an excluded finding, per disease: (1 - λF)/(1 - λb), between -MOST_EXCLUSION and MOST_EXCLUSION."""
    shares = np.zeros(knowledge.n_diseases)
    diseases, known = knowledge.frequencies.column(term)
    shares[diseases] = known
    for disease, row in knowledge.replaced.items():
        shares[disease] = row[term]
    return excluded_log_ratio(shares, float(knowledge.base.background[term]))


def excluded_log_ratio(share: Ratios, background: float) -> Ratios:
    """ln (1 - λF)/(1 - λb), capped; an unlimited one for a finding that is always there would end every doubt."""
    ratios = np.log1p(-SOFTENING * share) - math.log1p(-SOFTENING * background)
    return np.asarray(np.clip(ratios, -MOST_EXCLUSION, MOST_EXCLUSION))


def match(term: int, disease: int, knowledge: Knowledge) -> Match:
    """How one observed finding meets one disease: the winning term of `observed_ratios`."""
    terms, worth = near_terms(term, knowledge)
    shares = np.array([knowledge.share_of(int(near), disease) for near in terms])
    if len(terms) == 0 or float((shares * worth).max()) <= UNMATCHED:
        return Match(LN_UNMATCHED, None, 0.0)
    # Of equally good ones the nearest is named: where one term alone below an ancestor is described, both are equal.
    equal = np.flatnonzero(shares * worth >= (shares * worth).max() * (1 - 1e-9))
    content = knowledge.information_content[terms[equal]]
    best = int(equal[np.lexsort((-content, terms[equal] != term))[0]])
    return Match(math.log(float(shares[best] * worth[best])), int(terms[best]), float(shares[best]))
