"""What the pages of a genome share: the names of its samples, what was found in it, and how a reading goes on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django_tasks_db.models import DBTaskResult

from hoofbeat.cases.called_variant import CalledVariant
from hoofbeat.cases.reported import AcmgClassification
from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence
from hoofbeat.diagnosis.genotype.models import GeneModel
from hoofbeat.diagnosis.genotype.pathogenicity import CLASS_NAMES
from hoofbeat.web.clinic.genome_words import (
    check_words,
    class_words,
    filter_words,
    frequency_words,
    rule_words,
    value_words,
)
from hoofbeat.web.records.genomes import PATIENT, StoredEvidence
from hoofbeat.web.records.models import Genome, GenomeQuestion, Record

MOST_ROWS = 60  # variants in the table of a genome; any other is found by its position, name or gene


@dataclass(frozen=True, slots=True)
class OtherAllele:
    """The allele that another one counts together with: its name, and its row."""

    name: str
    row: UUID


@dataclass(frozen=True, slots=True)
class VariantRow:
    """One variant that passed the filters, by its best gene and model there, and what it counts together with."""

    row: UUID
    gene: str
    name: str
    consequence: str
    zygosity: str
    frequency: str
    given: str
    rule: str
    others: tuple[OtherAllele, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a genome brought: counts by filter, checks of the family, the first variants."""

    build: str
    kind: str
    alleles: int
    passed: int
    dropped: tuple[tuple[str, int], ...]
    checks: tuple[tuple[str, str, bool], ...]
    rows: tuple[VariantRow, ...]


def found_in(stored: StoredEvidence) -> Found:
    """What the page of a genome shows."""
    evidence = stored.evidence
    summary = stored.summary
    return Found(
        build=summary.build,
        kind=str(Genome.Test(evidence.kind.value).label),
        alleles=summary.alleles,
        passed=summary.passed,
        dropped=tuple((filter_words(name), count) for name, count in summary.dropped),
        checks=tuple((*check_words(one.what, one.found), one.contradicts) for one in evidence.checks),
        rows=tuple(_row(one, stored) for one in stored.ordered[:MOST_ROWS]),
    )


def _row(variant: CalledVariant, stored: StoredEvidence) -> VariantRow:
    model = stored.best.get(variant)
    gene = model.gene if model else next((one.gene for one in variant.effects if one.gene), "")
    return VariantRow(
        row=stored.rows[variant],
        gene=gene,
        name=variant.name(gene),
        consequence=variant.consequence(gene),
        zygosity=value_words(variant.call.zygosity),
        frequency=frequency_of(variant, stored.evidence),
        given=classes_of(variant),
        rule=rule_words(f"{model.model.value}: {model.why}") if model else "",
        others=others_in(model, variant, stored) if model else (),
    )


def others_in(model: GeneModel, variant: CalledVariant, stored: StoredEvidence) -> tuple[OtherAllele, ...]:
    """The alleles that a model counts together with one of its own: the second one of a compound heterozygote."""
    return tuple(OtherAllele(one.name(model.gene), stored.rows[one]) for one in model.variants if one != variant)


def frequency_of(variant: CalledVariant, evidence: GenotypeEvidence) -> str:
    """The highest frequency in any population that the file names; or that it is not known, or seen in none."""
    if variant.frequency is None:
        return frequency_words(evidence.missing_frequency(variant))
    return frequency_words(f"{variant.frequency:f}")


def classes_of(variant: CalledVariant) -> str:
    """The classes as the file gives them: ClinVar's, else the laboratory's; empty where it gives none."""
    if variant.clinvar is not None:
        return class_words(variant.clinvar.value)
    return "" if variant.acmg is AcmgClassification.NOT_PROVIDED else class_words(CLASS_NAMES[variant.acmg])


def variant_keys(stored: StoredEvidence | None) -> dict[tuple[str, str], UUID]:
    """The rows of variants by what an explanation says of them: place and line."""
    if stored is None:
        return {}
    source = stored.evidence.tested.source
    return {(one.position, f"{source} line {one.line}"): row for one, row in stored.rows.items()}


def people_of(genome: Genome, record: Record) -> dict[str, str]:
    """Whose each used sample is, by what they are called here."""
    labels = {str(one.pk): one.label for one in record.family.all()} if len(genome.matched) > 1 else {}
    return {sample: record.called if who == PATIENT else labels.get(who, "?") for sample, who in genome.matched.items()}


def is_stopped(one: Genome | GenomeQuestion, *, is_done: bool) -> bool:
    """Whether nobody reads any more although it is not done: the job failed too often, or is gone."""
    if is_done or one.job is None:
        return not is_done
    return not DBTaskResult.objects.filter(pk=one.job, status__in=("READY", "RUNNING")).exists()


def share_read(one: Genome | GenomeQuestion, size: int) -> int:
    """How far a reading is, in percent."""
    return min(100, one.bytes_read * 100 // size) if size else 0
