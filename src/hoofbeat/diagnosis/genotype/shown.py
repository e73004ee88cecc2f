"""The genotype's part of an explanation: its row, the variants of each candidate, the notes, and the counts."""

from __future__ import annotations

from hoofbeat.cases.called_variant import CalledVariant
from hoofbeat.cases.reported import AcmgClassification
from hoofbeat.diagnosis.differential import Contribution, ContributionKind, FoundVariant, GenotypeSummary, Note
from hoofbeat.diagnosis.genotype.disease_ratios import UNSTATED, DiseaseRatios, Explanation
from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence, TestKind
from hoofbeat.diagnosis.genotype.filters import dropped_by
from hoofbeat.diagnosis.genotype.models import Model
from hoofbeat.diagnosis.genotype.modes import Mode
from hoofbeat.diagnosis.genotype.pathogenicity import CLASS_NAMES
from hoofbeat.diagnosis.share_words import whole_percent
from hoofbeat.knowledge.knowledge import Knowledge

MOST_OTHERS = 10  # variants that fit no model, of a candidate (ours)
_ANY_FIT = "fits an inheritance that is stated for the disease"
_NO_FIT = "fits no inheritance that is stated for the disease"
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
        is_new = model.model is Model.NEW  # no background of a clinic says how often alleles are new
        assumed = "assumed" if is_new or evidence.background.is_assumed(model.gene) else evidence.background.source
        new = "new " if is_new else ""
        anybody = f"{model.background:g} {new}damaging alleles in anybody ({assumed})"
        if model.frequency_ratio != 1.0:
            times = f"{model.frequency_ratio:,.0f}" if model.frequency_ratio >= 10 else f"{model.frequency_ratio:.2g}"
            anybody += f"; alleles of this kind and frequency are {times} times as usual among causes"
        return [
            Contribution(
                kind=ContributionKind.GENOTYPE,
                log_lr=log_lr,
                label=f"{model.gene}: {model.model.value}",
                state="found",
                sources=tuple(dict.fromkeys(_source(one, evidence) for one in model.variants)),
                sentence=f"{named}; {_why(best)}; {anybody}",
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
    """Why a model was chosen, and what lessens it: an inheritance that nobody states, other genes, and who says so."""
    chance = whole_percent(best.share).replace(" ", "")
    others = "" if best.n_genes == 1 else f"; one of {best.n_genes} genes, this one with a chance of {chance}"
    solved = "" if best.in_release else "; the gene is known from solved cases alone"
    unstated = "" if best.is_stated else f"; no such inheritance is stated, so it counts {UNSTATED:g}"
    return best.model.why + unstated + others + solved


def _found(variant: CalledVariant, gene: str, rule: str, evidence: GenotypeEvidence) -> FoundVariant:
    given = "" if variant.acmg is AcmgClassification.NOT_PROVIDED else CLASS_NAMES[variant.acmg]
    known = variant.frequency is not None
    return FoundVariant(
        gene=gene,
        name=variant.name(gene),
        position=variant.position,
        zygosity=variant.call.zygosity.value,
        consequence=variant.consequence(gene) or "unknown",
        frequency=f"{variant.frequency:f} ({variant.frequency_source})" if known else "unknown",
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
