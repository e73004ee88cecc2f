"""The likelihood ratio of a gene: how much more expected its alleles are if it causes the disease than in anybody.

LR = Poisson(C; λ_D)/Poisson(C; λ_B), with C the damaging alleles found, λ_D the alleles that the disease needs, and λ_B
those that anybody has (Robinson 2020, LIRICAL). The factorials cancel, so that C may be a fraction. How frequent each
allele is multiplies this by a ratio of its own (`frequencies`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from hoofbeat.cases.reported import AcmgClassification
from hoofbeat.diagnosis.genotype.pathogenicity import CLASS_ODDS

MOST_RATIO = 1_000.0  # no gene speaks for or against a disease more than so many times (ours)
MOST_LOG_RATIO = math.log(MOST_RATIO)
# Of the causes in known genes, an exome or a genome misses about so many: beyond the exons, of a class
# that it does not show, or filtered away (ours).
MISSED = 0.1


@dataclass(frozen=True, slots=True)
class Allele:
    """What one copy of an allele brings: its `share` of a damaging allele, its given class, and ln of how much more
    often causes are as frequent as it than what anybody has (`frequencies`).
    """

    share: float
    given: AcmgClassification = AcmgClassification.NOT_PROVIDED
    frequency_log_ratio: float = 0.0


def log_ratio(count: float, needed: float, background: float) -> float:
    """ln of the ratio. What exceeds the needed alleles adds nothing. `needed` is λ_D, `background` λ_B."""
    return min(count, needed) * math.log(needed / background) - (needed - background)


def alleles_log_ratio(alleles: Iterable[Allele], needed: int, background: float) -> float:
    """ln of the ratio of the alleles that explain a disease together, at most MOST_LOG_RATIO from 0.

    An allele with a given class counts by the odds of that class, takes one of the places of needed alleles, and is
    not counted again in C. Alleles of different frequency are counts of Poisson variables of their own, each with its
    part of λ_D and of λ_B, so that the ln ratios of the parts add up.
    """
    every = tuple(alleles)
    classed = [one for one in every if one.given is not AcmgClassification.NOT_PROVIDED]
    others = [one for one in every if one.given is AcmgClassification.NOT_PROVIDED]
    total = math.fsum(math.log(CLASS_ODDS[one.given]) for one in classed[:needed])
    open_places = needed - len(classed)
    if open_places > 0:
        count = math.fsum(one.share for one in others)
        total += log_ratio(count, open_places, background)
        fitting = min(1.0, open_places / count) if count else 0.0
        total += fitting * math.fsum(one.share * one.frequency_log_ratio for one in others)
    return capped(total)


def clean_log_ratio(background: float) -> float:
    """ln of the ratio of a gene that the test would have shown and in which nothing was found: missed if it is the
    cause, and otherwise nothing to find.
    """
    return math.log(MISSED) + background


def capped(log_lr: float) -> float:
    """A ln ratio within the cap."""
    return max(-MOST_LOG_RATIO, min(MOST_LOG_RATIO, log_lr))


def mixed(first: float, second: float) -> float:
    """ln of the mean of two ratios: what a thing is worth that is one or the other with the same probability."""
    high, low = max(first, second), min(first, second)
    return high + math.log1p(math.exp(low - high)) - math.log(2.0)
