"""How rare an allele is among the alleles that λ_B counts: what hardly anybody has is less expected in anybody."""

from __future__ import annotations

import math

import numpy as np

from hoofbeat.cases.called_variant import CalledVariant

# Of the coding alleles of one person that are at most as frequent as 1 in 100, the share that is at most so frequent:
# about 1 in 20 is not in gnomAD, and 4 in 10 are below .001 (after Gudmundsson 2022, PMC9160216, unverified); between
# these, straight over the order of magnitude (ours).
FREQUENCIES = (1e-6, 1e-4, 1e-3, 1e-2)
SHARES = (0.05, 0.15, 0.40, 1.0)
NOT_SEEN = SHARES[0]


def rarity(variant: CalledVariant, *, are_stated: bool) -> float:
    """The share, in (0, 1], of anybody's rare alleles that are as rare as this one.

    An allele without a frequency counts as not seen where the file states those of others (`are_stated`); where it
    states none, nobody knows, and the share is 1. So it is for mitochondrial alleles, of which gnomAD tells otherwise,
    and for structural ones, whose frequencies depend on how they were called.
    """
    if not are_stated or variant.chrom == "MT" or variant.is_structural:
        return 1.0
    if variant.frequency is None:
        return NOT_SEEN
    frequency = min(max(float(variant.frequency), FREQUENCIES[0]), FREQUENCIES[-1])
    return float(np.interp(math.log10(frequency), [math.log10(one) for one in FREQUENCIES], SHARES))
