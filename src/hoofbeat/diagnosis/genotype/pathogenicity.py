"""How likely an allele damages a gene, as a share of a damaging allele: by what ClinVar holds, else by its consequence
and the predictions of the user's own file.
"""

from __future__ import annotations

from hoofbeat.cases.called_variant import CalledVariant
from hoofbeat.cases.reported import BENIGN_CLASSES, PATHOGENIC_CLASSES, AcmgClassification

# Share of a damaging allele per consequence (ours). Loss of function counts whole; of a rare missense allele nobody
# knows without a prediction; what only lies near a splice site rarely matters.
SHARE = {
    "transcript_ablation": 1.0,
    "splice_acceptor_variant": 1.0,
    "splice_donor_variant": 1.0,
    "stop_gained": 1.0,
    "frameshift_variant": 1.0,
    "feature_truncation": 1.0,
    "start_lost": 0.8,
    "stop_lost": 0.7,
    "missense_variant": 0.8,
    "protein_altering_variant": 0.8,
    "inframe_deletion": 0.8,
    "inframe_insertion": 0.8,
    "disruptive_inframe_deletion": 0.8,
    "disruptive_inframe_insertion": 0.8,
    "conservative_inframe_deletion": 0.8,
    "conservative_inframe_insertion": 0.8,
    "coding_sequence_variant": 0.6,  # of changed coding bases: nearly all of the 3 in 4 that change the protein
    "feature_elongation": 0.5,
    "splice_donor_5th_base_variant": 0.5,
    "transcript_amplification": 0.2,
    "splice_donor_region_variant": 0.2,
    "splice_region_variant": 0.1,
    "splice_polypyrimidine_tract_variant": 0.1,
}
# Genes of diseases whose product is an RNA: a change of its exon changes the product. From textbooks and the genes of
# HPO's release, for a geneticist to extend (ours). Elsewhere the term only tells of a transcript that makes nothing.
RNA_GENES = frozenset(
    (
        *("RMRP", "RNU2-2", "RNU4-2", "RNU4ATAC", "RNU5B-1", "RNU7-1", "RNU12", "SNORA31", "SNORD118", "TERC"),
        *("MIR96", "MIR140", "MIR184", "MIR204", "TRU-TCA1-1"),
    )
)
MITOCHONDRIAL_TRANSFER = "MT-T"  # their symbols begin so
RNA_SHARE = {
    "mature_miRNA_variant": 0.8,
    "non_coding_transcript_exon_variant": 0.6,  # as a changed coding base (ours)
}
_SHARE_WHERE_RNA = {**SHARE, **RNA_SHARE}
KNOWN = 1.0  # ClinVar calls it pathogenic or likely so, without conflict
SPLICE_SCORE = 0.5  # SpliceAI from which on splicing is likely changed (its authors' middle threshold, unverified)
_MISSENSE_SCORES = ("AlphaMissense", "REVEL")  # the first that the file has counts

# Odds of a given class at a prior of .10 (Tavtigian 2018, PMC6336098, unverified): P at .99, LP at .90, each the least
# that the class claims; LB at .01, B at .001; an uncertain class says nothing.
PRIOR_ODDS = 0.10 / 0.90


def _odds(posterior: float) -> float:
    return posterior / (1.0 - posterior) / PRIOR_ODDS


CLASS_ODDS = {
    AcmgClassification.PATHOGENIC: _odds(0.99),
    AcmgClassification.LIKELY_PATHOGENIC: _odds(0.90),
    AcmgClassification.UNCERTAIN_SIGNIFICANCE: 1.0,
    AcmgClassification.LIKELY_BENIGN: _odds(0.01),
    AcmgClassification.BENIGN: _odds(0.001),
}
CLASS_NAMES = {
    AcmgClassification.PATHOGENIC: "pathogenic",
    AcmgClassification.LIKELY_PATHOGENIC: "likely pathogenic",
    AcmgClassification.UNCERTAIN_SIGNIFICANCE: "uncertain significance",
    AcmgClassification.LIKELY_BENIGN: "likely benign",
    AcmgClassification.BENIGN: "benign",
}


def is_known(variant: CalledVariant) -> bool:
    """Whether ClinVar or a laboratory calls it pathogenic or likely so."""
    return variant.acmg in PATHOGENIC_CLASSES or (variant.clinvar is not None and variant.clinvar.is_pathogenic)


def is_called_benign(variant: CalledVariant) -> bool:
    """Whether a laboratory, or without one ClinVar, calls it benign or likely so."""
    if variant.acmg is not AcmgClassification.NOT_PROVIDED:
        return variant.acmg in BENIGN_CLASSES
    return variant.clinvar is not None and variant.clinvar.is_benign


def makes_rna(gene: str) -> bool:
    """Whether a gene of a disease makes an RNA that works as such."""
    symbol = gene.upper()
    return symbol in RNA_GENES or symbol.startswith(MITOCHONDRIAL_TRANSFER)


def by_consequence(variant: CalledVariant, gene: str) -> float:
    """The share by what the allele does to a gene, and by predictions; 0 where nothing says that it does anything."""
    effect = variant.effect_on(gene)
    if effect is None:
        return 0.0
    scores = dict(variant.scores)
    shares = _SHARE_WHERE_RNA if makes_rna(gene) else SHARE
    share = max((shares.get(term, 0.0) for term in effect.consequences), default=0.0)
    if "missense_variant" in effect.consequences and share <= SHARE["missense_variant"]:
        share = next((scores[name] for name in _MISSENSE_SCORES if name in scores), share)
    splice = scores.get("SpliceAI", 0.0)
    return max(share, splice) if splice >= SPLICE_SCORE else share


def pathogenicity(variant: CalledVariant, gene: str) -> float:
    """The share of a damaging allele that an allele counts for in a gene, in [0, 1]."""
    if is_called_benign(variant):
        return 0.0
    return KNOWN if is_known(variant) and variant.effect_on(gene) is not None else by_consequence(variant, gene)
