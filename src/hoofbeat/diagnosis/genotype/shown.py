"""The genotype's part of an explanation: its row, the variants of each candidate, the notes, and the counts."""

from __future__ import annotations

from hoofbeat.cases.called_variant import CalledVariant
from hoofbeat.cases.reported import AcmgClassification
from hoofbeat.diagnosis.differential import Contribution, ContributionKind, FoundVariant, GenotypeSummary, Note
from hoofbeat.diagnosis.genotype.disease_ratios import UNSTATED, DiseaseRatios, Explanation
from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence, TestKind
from hoofbeat.diagnosis.genotype.filters import dropped_by
from hoofbeat.diagnosis.genotype.models import GeneModel, Model
from hoofbeat.diagnosis.genotype.modes import Mode
from hoofbeat.diagnosis.genotype.pathogenicity import CLASS_NAMES
from hoofbeat.diagnosis.share_words import whole_percent
from hoofbeat.knowledge.knowledge import Knowledge

MOST_OTHERS = 10  # variants that fit no model, of a candidate (ours)
_ANY_FIT = "fits an inheritance that is stated for the disease"
_ANY_INHERITANCE = "no inheritance is described for the disease, so that any fits"
_NO_FIT = "fits no inheritance that is stated for the disease"
_FEW = 0.2  # alleles of a gene in anybody: of so many and fewer, hardly anybody has two (ours)
# How a note on a contradiction of the family begins: it is shown before everything else.
CONTRADICTED = "the genotypes contradict what was said of the samples"


def genotype_rows(ratios: DiseaseRatios, knowledge: Knowledge, disease: int) -> list[Contribution]:
    """The row of what the variants say of a disease; none where they say nothing."""
    best, log_lr = ratios.best.get(disease), float(ratios.log_lr[disease])
    if best is not None:
        model, evidence = best.model, ratios.evidence
        named = " and ".join(
            f"{one.call.zygosity.value} {one.name(model.gene)} ({one.consequence(model.gene) or 'unknown'})"
            for one in model.variants
        )
        parts = (named, _why(best), _of_the_gene(best), _in_anybody(model, evidence), how_usual(model))
        return [
            Contribution(
                kind=ContributionKind.GENOTYPE,
                log_lr=log_lr,
                label=f"{model.gene}: {model.model.value}",
                state="found",
                sources=tuple(dict.fromkeys(_source(one, evidence) for one in model.variants)),
                sentence="; ".join(part for part in parts if part),
            )
        ]
    if not log_lr:
        return []
    genes = knowledge.genes_of(disease)
    unfit = [gene for gene in genes if gene.upper() in ratios.evidence.by_gene]
    said = (
        f"variants in {', '.join(unfit[:3])}, none of which {_ANY_FIT}" if unfit else "the test should have shown one"
    )
    named = ", ".join(genes[:3]) + (f" and {len(genes) - 3} more" if len(genes) > 3 else "")
    return [
        Contribution(
            ContributionKind.GENOTYPE, log_lr, f"no fitting variant in {named}", state="not found", sentence=said
        )
    ]


def found_variants(ratios: DiseaseRatios, knowledge: Knowledge, disease: int) -> tuple[FoundVariant, ...]:
    """The variants that explain a disease; where none does, those in its genes, as fitting no inheritance."""
    best, evidence = ratios.best.get(disease), ratios.evidence
    if best is not None:
        model, rule = best.model, f"{best.model.model.value}: {_why(best)}"
        return tuple(_found(one, model.gene, rule, evidence) for one in model.variants)
    others = [
        _found(one, gene, _NO_FIT, evidence)
        for gene in knowledge.genes_of(disease)
        for one in evidence.by_gene.get(gene.upper(), ())
    ]
    return tuple(others[:MOST_OTHERS])


def _why(best: Explanation) -> str:
    """Why a model was chosen, and what the inheritance that is described for the disease makes of it."""
    if not best.is_stated:
        of_disease = f"the disease is described with another inheritance, so this counts only {UNSTATED:.0%}"
    else:
        of_disease = "" if best.is_any_stated else _ANY_INHERITANCE
    return "; ".join(part for part in (best.model.why, of_disease) if part)


def _of_the_gene(best: Explanation) -> str:
    """How likely the gene is the one of the disease, where it has several, and who names it."""
    said = []
    if best.n_genes > 1:
        share = whole_percent(best.share).replace(" ", "")
        taken = f"this one is taken for the cause in {share} of patients"
        said.append(f"{best.n_genes} genes may cause the disease, and {taken}")
    if not best.in_release:
        said.append("that the gene causes the disease is known from solved cases alone")
    return "; ".join(said)


def _in_anybody(model: GeneModel, evidence: GenotypeEvidence) -> str:
    """How many people have such a variant of the gene by chance, and who says so; as a share of people where few do."""
    is_new = model.model is Model.NEW  # no background of a clinic says how often alleles are new
    said_by = "assumed" if is_new or evidence.background.is_assumed(model.gene) else evidence.background.source
    what = "new damaging" if is_new else "damaging"
    if 0 < model.background <= _FEW:
        return f"1 in {1 / model.background:.0f} people has a {what} variant of this gene anyway ({said_by})"
    return f"{model.background:g} {what} variants of this gene are expected in anybody ({said_by})"


def how_usual(model: GeneModel) -> str:
    """Among whom such alleles are more common, those whom they make ill or anybody, and how much; empty where alike."""
    more = max(model.frequency_ratio, 1 / model.frequency_ratio)
    number = f"{more:.0f}" if more >= 9.95 else f"{more:.1f}".removesuffix(".0")
    if number == "1":
        return ""
    is_rare = model.frequency_ratio > 1.0
    if any(one.is_structural for one in model.variants):
        such = "such a change of structure is" if len(model.variants) == 1 else "such variants are"
    elif len(model.variants) == 1:
        such = "a variant this rare is" if is_rare else "a variant this frequent is"
    else:
        such = "variants this rare are" if is_rare else "variants this frequent are"
    among = "among causes of disease as in anybody" if is_rare else "in anybody as among causes of disease"
    return f"{such} {number} times as common {among}"


def _found(variant: CalledVariant, gene: str, rule: str, evidence: GenotypeEvidence) -> FoundVariant:
    given = "" if variant.acmg is AcmgClassification.NOT_PROVIDED else CLASS_NAMES[variant.acmg]
    frequency = evidence.missing_frequency(variant)
    if variant.frequency is not None:
        frequency = f"{variant.frequency:f} ({variant.frequency_source})"
    return FoundVariant(
        gene=gene,
        name=variant.name(gene),
        position=variant.position,
        zygosity=variant.call.zygosity.value,
        consequence=variant.consequence(gene) or "unknown",
        frequency=frequency,
        clinvar=variant.clinvar.value if variant.clinvar else "",
        acmg=given,
        rule=rule,
        source=_source(variant, evidence),
    )


def _source(variant: CalledVariant, evidence: GenotypeEvidence) -> str:
    return f"{evidence.tested.source} line {variant.line}" if variant.line else evidence.tested.source


def genotype_notes(evidence: GenotypeEvidence) -> tuple[Note, ...]:
    """What the reader should know of the test: contradictions of the family first."""
    notes = [
        Note(
            f"{CONTRADICTED}: {check.what}: {check.found}",
            "until this is cleared, no allele is called new (de novo)",
        )
        for check in evidence.contradictions
    ]
    if evidence.is_kind_assumed:
        said = {
            TestKind.LIST: "a list of some variants, so that a gene without any says nothing",
            TestKind.EXOME: "an exome",
            TestKind.GENOME: "a genome",
        }[evidence.kind]
        records = f"with {evidence.tested.records:,} records " if evidence.tested.records else ""
        notes.append(Note(f"the test {records}is taken for {said}", "say --test exome, genome or list if it is not"))
    if not evidence.background.by_gene:
        each = f"{evidence.background.default:g} damaging alleles per gene"
        notes.append(Note(f"{each} are assumed in anybody", "give the clinic's own counts with --background"))
    if any(one.modes & Mode.MITOCHONDRIAL for models in evidence.models.values() for one in models):
        notes.append(Note("mitochondrial variants differ between tissues; blood without one rules nothing out"))
    notes += [Note(what, repair) for what, repair in evidence.tested.notes]
    return tuple(notes)


def genotype_summary(evidence: GenotypeEvidence) -> GenotypeSummary:
    """How many alleles each filter dropped; with those that passed they are all that the file has."""
    dropped = dict(evidence.tested.dropped)
    for variant in evidence.tested.variants:
        reason = dropped_by(variant)
        if reason is not None:
            dropped[reason] = dropped.get(reason, 0) + 1
    return GenotypeSummary(
        source=evidence.tested.source,
        build=evidence.tested.build.value if evidence.tested.build else "",
        kind=evidence.kind.value,
        alleles=evidence.tested.alleles,
        passed=len(evidence.variants),
        dropped=tuple(sorted(dropped.items())),
        asked=(),
    )
