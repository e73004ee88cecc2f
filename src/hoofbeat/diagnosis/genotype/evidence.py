"""What a genetic test gives the ranking: the alleles that passed the filters, the family, what the test could show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from hoofbeat.cases.called_variant import CalledVariant
from hoofbeat.cases.family import PedigreePerson
from hoofbeat.cases.sample_variants import SampleVariants
from hoofbeat.cases.subject import Sex
from hoofbeat.diagnosis.genotype.checks import Check, family_checks, sex_by_genotype
from hoofbeat.diagnosis.genotype.filters import NOT_SEEN, UNKNOWN, dropped_by, genes_damaged
from hoofbeat.diagnosis.genotype.frequencies import is_not_seen
from hoofbeat.diagnosis.genotype.models import GeneModel, Person, gene_models
from hoofbeat.diagnosis.genotype.relatives import Relatives
from hoofbeat.diagnosis.repeat_expansions import REPEAT_GENES
from hoofbeat.knowledge.gene_background import ASSUMED, GeneBackground


class TestKind(StrEnum):
    """What was sequenced, and so what a gene without any allele means."""

    __test__ = False  # for pytest, which takes the name for a test

    EXOME = "exome"
    GENOME = "genome"
    LIST = "list"  # some variants of some genes: a gene without any says nothing


# Records of a file without a stated kind of test (ours): an exome has 25,000 and more, a genome about 4 million.
LEAST_EXOME_RECORDS = 15_000
LEAST_GENOME_RECORDS = 2_500_000

# Genes whose diseases are mostly expansions or contractions of repeats, faults of imprinting, or losses of one of twin
# genes, which short reads do not show. From textbooks, for a geneticist to extend (ours).
IMPRINTED_GENES = frozenset(("H19", "KCNQ1OT1", "MEG3", "SNRPN", "UBE3A"))
NOT_SHOWN = REPEAT_GENES | IMPRINTED_GENES | {"DUX4", "SMN1"}


@dataclass(frozen=True, eq=False)
class GenotypeEvidence:
    """`variants` passed every filter; `tested` holds all that were read, with the counts of those dropped.

    `covered` are the genes that the test covered, None: all that its kind covers. `checks` stand with contradictions
    first; with any, no new allele is claimed.
    """

    tested: SampleVariants = field(repr=False)
    variants: tuple[CalledVariant, ...] = field(repr=False)
    person: Person
    kind: TestKind
    is_kind_assumed: bool
    background: GeneBackground
    covered: frozenset[str] | None
    checks: tuple[Check, ...]

    @cached_property
    def by_gene(self) -> dict[str, tuple[CalledVariant, ...]]:
        """The alleles that may damage each gene, by symbol in capitals."""
        found: dict[str, list[CalledVariant]] = defaultdict(list)
        for variant in self.variants:
            for gene in genes_damaged(variant):
                found[gene.upper()].append(variant)
        return {gene: tuple(own) for gene, own in sorted(found.items())}

    @cached_property
    def models(self) -> dict[str, tuple[GeneModel, ...]]:
        """Every model of each gene that has an allele, by symbol in capitals."""
        return {
            gene: gene_models(gene, own, self.background.of(gene), self.person, could_show=self.could_show(gene))
            for gene, own in self.by_gene.items()
        }

    def could_show(self, gene: str) -> bool:
        """Whether the test would have shown an allele of a gene, so that finding none says something."""
        symbol = gene.upper()
        if symbol in NOT_SHOWN or symbol.startswith("MT-"):
            return False
        if self.covered is not None:
            return symbol in self.covered
        return self.kind is not TestKind.LIST

    def missing_frequency(self, variant: CalledVariant) -> str:
        """What stands in place of the frequency of an allele without one, as it counts: NOT_SEEN or UNKNOWN."""
        return NOT_SEEN if is_not_seen(variant, are_stated=self.person.are_frequencies_stated) else UNKNOWN

    @property
    def contradictions(self) -> tuple[Check, ...]:
        """Where the genotypes contradict the pedigree or the stated sex."""
        return tuple(check for check in self.checks if check.contradicts)


def genotype_evidence(
    tested: SampleVariants,
    *,
    sex: Sex = Sex.UNKNOWN,
    family: Sequence[PedigreePerson] = (),
    kind: TestKind | None = None,
    covered: frozenset[str] | None = None,
    background: GeneBackground = ASSUMED,
) -> GenotypeEvidence:
    """What a test says, ready for `rank(case, knowledge, genotype=...)`.

    `sex` is the case's; where it is unknown, the pedigree's or that of the genotypes counts. Without `kind` it is told
    from the number of records.
    """
    checks = family_checks(tested, family, sex)
    kept = tuple(variant for variant in tested.variants if dropped_by(variant) is None)
    return GenotypeEvidence(
        tested=tested,
        variants=kept,
        person=Person(
            sex=_sex(tested, family, sex),
            relatives=Relatives.of(tested.samples, family),
            build=tested.build,
            may_claim_new=not any(check.contradicts for check in checks),
            are_frequencies_stated=any(variant.frequency is not None for variant in tested.variants),
        ),
        kind=kind or _kind(tested),
        is_kind_assumed=kind is None,
        background=background,
        covered=covered,
        checks=checks,
    )


def _kind(tested: SampleVariants) -> TestKind:
    if tested.records >= LEAST_GENOME_RECORDS:
        return TestKind.GENOME
    return TestKind.EXOME if tested.records >= LEAST_EXOME_RECORDS else TestKind.LIST


def _sex(tested: SampleVariants, family: Sequence[PedigreePerson], stated: Sex) -> Sex:
    if stated in (Sex.MALE, Sex.FEMALE):
        return stated
    in_pedigree = next((person.sex for person in family if person.individual_id == tested.samples[0]), Sex.UNKNOWN)
    return in_pedigree if in_pedigree is not Sex.UNKNOWN else sex_by_genotype(tested)
