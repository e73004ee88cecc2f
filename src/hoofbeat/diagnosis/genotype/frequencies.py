"""How much more often the causes of diseases are as frequent as an allele than the alleles are that λ_B counts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hoofbeat.cases.called_variant import CalledVariant
from hoofbeat.diagnosis.genotype.pathogenicity import is_known
from hoofbeat.knowledge.gene_background import DEFAULT_ALLELES

# Alleles by how frequent they are: in no population database; below 1 in 10,000; below 1 in 1,000; below 1 in 100.
# Of one person's coding alleles about 1 in 20 is not in gnomAD, and 4 in 10 are below .001 (after Gudmundsson 2022,
# PMC9160216, unverified); the rest is ours.
ANYBODY = (0.05, 0.10, 0.25, 0.60)
# Of alleles that cause a disease, by how many it needs. 97 of 100 that are sure to take a product away are below
# 1 in 10,000 (Kobayashi 2017, 77 genes, doi 10.1186/s13073-017-0403-7), and those of dominant diseases mostly are in no
# database (ours). Carriers of a recessive disease are well, so that some of its alleles came down to many families, and
# the more common an allele is, the more patients have it: of theirs, about 1 in 3 is above (ours).
CAUSES = {1: (0.85, 0.14, 0.009, 0.001), 2: (0.30, 0.35, 0.27, 0.08)}
# Where between the limits a span stands for itself; between these, straight over the order of magnitude (ours).
MIDDLES = (1e-5, 10**-3.5, 10**-2.5)
# Structural alleles are counted apart: in a genome about eight genes of 19,000 are altered by rare ones (Collins 2020,
# gnomAD-SV, PMC7334194), which is .004 of the .1 alleles a gene that λ_B expects. Callers seldom state a frequency,
# and list common ones and artefacts too: without it they count as 25 times as many (ours).
GENES_ALTERED = 8 / 19_000
STRUCTURAL = GENES_ALTERED / DEFAULT_ALLELES
STRUCTURAL_NOT_STATED = 0.1


def frequency_log_ratio(variant: CalledVariant, needed: int, *, are_stated: bool) -> float:
    """ln of how much more often an allele that causes a disease is as frequent as this one than one that anybody has.

    `needed` alleles make the disease, 1 or 2. An allele without a frequency counts as not seen where the file states
    those of others (`are_stated`); where it states none, nobody knows, and the ratio is 1 (ln 0). So it is for
    mitochondrial alleles, of which gnomAD tells otherwise. Structural ones are rare by their kind. What is known to be
    pathogenic is no less so for being frequent.
    """
    if variant.chrom == "MT":
        return 0.0
    if variant.is_structural:
        return -math.log(STRUCTURAL_NOT_STATED if variant.frequency is None else STRUCTURAL)
    if not are_stated:
        return 0.0
    of_spans = _log_ratios(CAUSES[needed])
    if variant.frequency is None:
        found = of_spans[0]
    else:
        place = math.log10(max(float(variant.frequency), MIDDLES[0]))
        found = float(np.interp(place, [math.log10(one) for one in MIDDLES], of_spans[1:]))
    return max(0.0, found) if is_known(variant) else found


def is_not_seen(variant: CalledVariant, *, are_stated: bool) -> bool:
    """Whether an allele counts as in no population database: it has no frequency where the file states those of others.

    Of structural and mitochondrial alleles a missing frequency says nothing.
    """
    return variant.frequency is None and are_stated and not variant.is_structural and variant.chrom != "MT"


def _log_ratios(causes: Sequence[float]) -> list[float]:
    return [math.log(cause / anybody) for cause, anybody in zip(causes, ANYBODY, strict=True)]
