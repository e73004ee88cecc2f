"""The variants that a case reports, as if a test had just called them: zygosity, names, and a laboratory's class.

Only used when somebody asks for it. What the source concluded (causative, candidate, rejected) is left behind, so that
it can never count.
"""

from __future__ import annotations

from collections.abc import Iterable

from hoofbeat.cases.called_variant import Build, Call, CalledVariant, Effect
from hoofbeat.cases.reported import AcmgClassification, Reported, Variant, VcfRecord
from hoofbeat.cases.sample_variants import SampleVariants
from hoofbeat.interchange.hgvs import consequences
from hoofbeat.interchange.vcf.chromosomes import normal_chromosome

SOURCE = "reported in the case"
# https://www.ebi.ac.uk/ols4/ontologies/geno
_STATES = {
    "GENO:0000135": Call(1, 2),  # heterozygous
    "GENO:0000402": Call(1, 2),  # compound heterozygous
    "GENO:0000136": Call(2, 2),  # homozygous
    "GENO:0000134": Call(1, 1),  # hemizygous
    "GENO:0000606": Call(1, 1),  # hemizygous, X-linked
    "GENO:0000602": Call(1, 1),  # homoplasmic
    "GENO:0000603": Call(1, 2),  # heteroplasmic
}
# Kinds of structure, by a word of the term's label, with what they do to a gene that is named with them.
_STRUCTURES = (
    ("deletion", "DEL", "feature_truncation"),
    ("duplication", "DUP", "feature_elongation"),
    ("", "SV", "feature_truncation"),
)
_BUILDS = {"hg38": Build.GRCH38, "grch38": Build.GRCH38, "hg19": Build.GRCH37, "grch37": Build.GRCH37}


def reported_variants(reported: Reported, *, with_classes: bool = True) -> SampleVariants:
    """The variants of all interpretations, each once. `with_classes` keeps a laboratory's ACMG class."""
    given = [
        (one.variant, one.acmg if with_classes else AcmgClassification.NOT_PROVIDED)
        for interpretation in reported.interpretations
        for one in interpretation.genomic_interpretations
        if one.variant is not None
    ]
    called = [_called(variant, acmg) for variant, acmg in given]
    found = _each_once(one for one in called if one is not None)
    builds = {_build(variant.vcf_record) for variant, _ in given if variant.vcf_record is not None} - {None}
    notes = []
    if len(found) < len(called):
        left = len(called) - len(found)
        notes.append((f"{left} variants that the case reports were not used", "they name no gene, or stand twice"))
    return SampleVariants(
        build=next(iter(builds)) if len(builds) == 1 else None,
        samples=("",),
        variants=found,
        source=SOURCE,
        records=0,
        alleles=len(found),
        notes=tuple(notes),
    )


def _each_once(called: Iterable[CalledVariant]) -> tuple[CalledVariant, ...]:
    """Two reports of one allele, under whatever ids, are not its two copies."""
    found: dict[object, CalledVariant] = {}
    for one in called:
        effect = one.effects[0]
        named = (effect.gene, effect.hgvs_c) if effect.hgvs_c else one
        found.setdefault((one.chrom, one.pos, one.ref, one.alt) if one.chrom else named, one)
    return tuple(found.values())


def _called(variant: Variant, acmg: AcmgClassification) -> CalledVariant | None:
    """The variant as a call; None where it names no gene."""
    if variant.gene is None or not variant.gene.symbol:
        return None
    state = variant.allelic_state
    call = _STATES.get(state.id if state is not None else "", Call(1, 2))
    names = {one.syntax.lower(): one.value for one in variant.expressions}
    coding, protein = names.get("hgvs.c", names.get("hgvs.n", "")), names.get("hgvs.p", "")
    kind, damage = _structure(variant)
    terms = (damage,) if kind else consequences(coding, protein)
    effect = Effect(variant.gene.symbol, terms, coding, protein, coding.partition(":")[0])
    record = variant.vcf_record
    chrom = normal_chromosome(record.chrom) if record is not None else None
    placed = record if record is not None and chrom is not None and record.pos else None
    return CalledVariant(
        chrom=chrom if placed is not None and chrom is not None else "",
        pos=placed.pos if placed is not None and placed.pos else 0,
        ref=placed.ref if placed is not None else "",
        alt=placed.alt if placed is not None else "",
        calls=(call,),
        sv_type=kind,
        acmg=acmg,
        effects=(effect,),
        label=variant.label or variant.id,
    )


def _structure(variant: Variant) -> tuple[str, str]:
    """The kind of a structural variant without place, and what it does to its gene; both empty for any other."""
    if variant.structural_type is None or variant.vcf_record is not None:
        return "", ""
    label = variant.structural_type.label.lower()
    return next((kind, damage) for word, kind, damage in _STRUCTURES if word in label)


def _build(record: VcfRecord | None) -> Build | None:
    return _BUILDS.get(record.genome_assembly.lower().partition(".")[0]) if record is not None else None
