"""How rare an allele is among the alleles that λ_B counts: what hardly anybody has is less expected in anybody."""

from __future__ import annotations

import math

import numpy as np

from hoofbeat.cases.called_variant import CalledVariant
from hoofbeat.knowledge.gene_background import DEFAULT_ALLELES

# Of the coding alleles of one person that are at most as frequent as 1 in 100, the share that is at most so frequent:
# about 1 in 20 is not in gnomAD, and 4 in 10 are below .001 (after Gudmundsson 2022, PMC9160216, unverified); between
# these, straight over the order of magnitude (ours).
FREQUENCIES = (1e-6, 1e-4, 1e-3, 1e-2)
SHARES = (0.05, 0.15, 0.40, 1.0)
NOT_SEEN = SHARES[0]
# Structural alleles are counted apart: in a genome about eight genes of 19,000 are altered by rare ones (Collins 2020,
# gnomAD-SV, PMC7334194), which is .004 of the .1 alleles a gene that λ_B expects. Callers seldom state a frequency,
# and list common ones and artefacts too: without it they count as 25 times as many (ours).
GENES_ALTERED = 8 / 19_000
STRUCTURAL = GENES_ALTERED / DEFAULT_ALLELES
STRUCTURAL_NOT_STATED = 0.1


def rarity(variant: CalledVariant, *, are_stated: bool) -> float:
    """The share, in (0, 1], of anybody's rare alleles that are as rare as this one.

    An allele without a frequency counts as not seen where the file states those of others (`are_stated`); where it
    states none, nobody knows, and the share is 1. So it is for mitochondrial alleles, of which gnomAD tells otherwise.
    Structural ones are rare by their kind.
    """
    if variant.chrom == "MT":
        return 1.0
    if variant.is_structural:
        return STRUCTURAL_NOT_STATED if variant.frequency is None else STRUCTURAL
    if not are_stated:
        return 1.0
    if variant.frequency is None:
        return NOT_SEEN
    frequency = min(max(float(variant.frequency), FREQUENCIES[0]), FREQUENCIES[-1])
    return float(np.interp(math.log10(frequency), [math.log10(one) for one in FREQUENCIES], SHARES))
