"""The filters that an allele passes before it may explain anything, each with its value, threshold and verdict.

Whoever asks why an allele is not in the result gets the same steps that dropped it (`steps`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from hoofbeat.cases.called_variant import CalledVariant, Zygosity
from hoofbeat.cases.reported import AcmgClassification
from hoofbeat.diagnosis.differential import FilterStep
from hoofbeat.diagnosis.genotype.pathogenicity import (
    CLASS_NAMES,
    SHARE,
    by_consequence,
    is_called_benign,
    is_known,
    pathogenicity,
)
from hoofbeat.interchange.vcf.screen import CALLER, CARRIED, CONSEQUENCE, FREQUENCY, Asked, Screen

BENIGN, QUALITY = "benign", "quality"
# What stands in place of a frequency that the file does not state: nobody knows it, or it is in none of the databases
# that the file names.
UNKNOWN, NOT_SEEN = "unknown", "not seen in a database"

# A recessive disease of 1 in 10,000 has alleles of 1 in 100 together (Hardy and Weinberg); none alone is more frequent.
MOST_FREQUENT_RECESSIVE = Decimal("0.01")
# An allele of a dominant disease in 1 of 10,000 people would make that disease common (after Whiffin 2017, ours).
MOST_FREQUENT_DOMINANT = Decimal("0.0001")
MOST_FREQUENT_X = Decimal("0.001")  # hemizygous men show what they carry (ours)
# What ClinVar calls pathogenic may be a founder allele; beyond this it is a risk factor at most (ours).
MOST_FREQUENT_KNOWN = Decimal("0.05")
LEAST_DEPTH = 8  # reads: of fewer, 1 in 128 heterozygous places shows one allele alone (ours)
LEAST_QUALITY = 20  # GQ: 1 wrong genotype in 100
LEAST_SHARE = 0.2  # of the reads of a heterozygous call (ours)
LEAST_HOMOZYGOUS_SHARE = 0.8


Test = Callable[[CalledVariant], FilterStep]


def _carried(variant: CalledVariant) -> FilterStep:
    return FilterStep(CARRIED, variant.call.zygosity.value, "at least one copy", variant.call.copies > 0)


def _caller(variant: CalledVariant) -> FilterStep:
    return FilterStep(CALLER, ";".join(variant.filters) or "PASS", "FILTER is PASS", not variant.filters)


def most_frequent(variant: CalledVariant, threshold: Decimal) -> Decimal:
    """The threshold of a frequency for an allele: higher where it is known to be pathogenic."""
    return max(threshold, MOST_FREQUENT_KNOWN) if is_known(variant) else threshold


def frequency_step(variant: CalledVariant, threshold: Decimal, name: str = FREQUENCY) -> FilterStep:
    """Whether an allele is rare enough; an unknown frequency is."""
    most = most_frequent(variant, threshold)
    found = variant.frequency
    value = UNKNOWN if found is None else f"{found:f} ({variant.frequency_source})"
    known = ", as it is known to be pathogenic" if most != threshold else ""
    return FilterStep(name, value, f"at most {most:f}{known}", found is None or found <= most)


def _frequency(variant: CalledVariant) -> FilterStep:
    return frequency_step(variant, MOST_FREQUENT_RECESSIVE)


def _consequence(variant: CalledVariant) -> FilterStep:
    terms = dict.fromkeys(term for effect in variant.effects for term in effect.consequences[:1])
    genes = ", ".join(dict.fromkeys(effect.gene for effect in variant.effects if effect.gene))
    value = ", ".join(terms) + (f" in {genes}" if genes else "") or "none stated"
    passed = is_known(variant) or any(by_consequence(variant, effect.gene) > 0 for effect in variant.effects)
    return FilterStep(
        CONSEQUENCE, value, "changes a protein, a working RNA or splicing, or is known to be pathogenic", passed
    )


def _benign(variant: CalledVariant) -> FilterStep:
    classes = [f"ClinVar: {variant.clinvar.value}"] if variant.clinvar else []
    if variant.acmg is not AcmgClassification.NOT_PROVIDED:
        classes.append(f"laboratory: {CLASS_NAMES[variant.acmg]}")
    return FilterStep(BENIGN, ", ".join(classes) or "no class", "not called benign", not is_called_benign(variant))


def _quality(variant: CalledVariant) -> FilterStep:
    call = variant.call
    share = call.share
    least = LEAST_HOMOZYGOUS_SHARE if call.zygosity in (Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS) else LEAST_SHARE
    least = 0.0 if variant.chrom == "MT" else least  # heteroplasmy has any share
    stated = [
        "" if call.depth is None else f"{call.depth} reads",
        "" if call.quality is None else f"GQ {call.quality}",
        "" if share is None else f"{share:.0%} of the reads",
    ]
    passed = (
        (call.depth is None or call.depth >= LEAST_DEPTH or variant.is_structural)
        and (call.quality is None or call.quality >= LEAST_QUALITY)
        and (share is None or share >= least or variant.is_structural)
    )
    value = ", ".join(one for one in stated if one) or "not stated"
    return FilterStep(QUALITY, value, f"{LEAST_DEPTH} reads, GQ {LEAST_QUALITY}, {least:.0%} of the reads", passed)


# In this order: an allele is counted under the first that drops it.
FILTERS: tuple[Test, ...] = (_carried, _caller, _frequency, _consequence, _benign, _quality)


def steps(variant: CalledVariant) -> tuple[FilterStep, ...]:
    """Every filter on an allele, also those after the one that drops it."""
    return tuple(test(variant) for test in FILTERS)


def dropped_by(variant: CalledVariant) -> str | None:
    """The first filter that drops an allele; None where it passes all."""
    for test in FILTERS:
        step = test(variant)
        if not step.passed:
            return step.filter
    return None


def genes_damaged(variant: CalledVariant) -> dict[str, float]:
    """The genes that an allele may damage, by symbol, with the share of a damaging allele it counts for."""
    shares = {effect.gene: pathogenicity(variant, effect.gene) for effect in variant.effects if effect.gene}
    return {gene: share for gene, share in shares.items() if share > 0}


def screen(asked: Iterable[Asked] = ()) -> Screen:
    """The same filters for a reader, with what lets it refuse a line at a look."""
    return Screen(
        judge=dropped_by,
        most_frequent=float(MOST_FREQUENT_KNOWN),
        frequent_unless_known=float(MOST_FREQUENT_RECESSIVE),
        words=_WORDS,
        asked=tuple(asked),
    )


# What every annotation of a damaging consequence holds, of VEP, SnpEff and bcftools alike.
_OTHER_WORDS = {b"inframe", b"initiator_codon", b"exon_loss", b"feature_ablation", b"gene_fusion", b"rare_amino"}
# What the symbols of genes begin with whose product is an RNA (`pathogenicity.RNA_GENES`): few enough to look for each.
_RNA_WORDS = {b"MIR", b"MT-T", b"RMRP", b"RNU", b"SNOR", b"TERC", b"TRU-TCA"}
_ENDING = "_(5th_base_|region_|polypyrimidine_tract_)?variant$"
_EVERY_WORD = {re.sub(_ENDING, "", term).encode() for term in SHARE} | _OTHER_WORDS | _RNA_WORDS
_WORDS = tuple(sorted(one for one in _EVERY_WORD if not any(other in one for other in _EVERY_WORD - {one})))
