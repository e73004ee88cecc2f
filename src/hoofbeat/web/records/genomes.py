"""What a record's genetic test gives the ranking: read from its stored rows, with the family as it is drawn today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from uuid import UUID

from hoofbeat.cases.called_variant import CalledVariant
from hoofbeat.cases.family import AffectedStatus, PedigreePerson
from hoofbeat.cases.subject import Sex
from hoofbeat.diagnosis.differential import GenotypeSummary
from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence, TestKind, genotype_evidence
from hoofbeat.diagnosis.genotype.models import GeneModel
from hoofbeat.diagnosis.genotype.shown import genotype_summary
from hoofbeat.web.records.models import FamilyMember, Genome, GenomeVariant, Record
from hoofbeat.web.records.stored_alleles import allele_in, reading_in

PATIENT = "patient"  # whose a sample is, where it is not a relative's
KEPT_GENOMES = 16  # an exome's are under a megabyte
_AFFECTED = {
    FamilyMember.Affected.YES.value: AffectedStatus.AFFECTED,
    FamilyMember.Affected.NO.value: AffectedStatus.UNAFFECTED,
}


@dataclass(frozen=True, eq=False)
class StoredEvidence:
    """What the ranking gets, and the row of each allele by the allele; what pages show of it is made once."""

    evidence: GenotypeEvidence
    rows: Mapping[CalledVariant, UUID]

    @cached_property
    def summary(self) -> GenotypeSummary:
        """How many alleles each filter dropped."""
        return genotype_summary(self.evidence)

    @cached_property
    def best(self) -> Mapping[CalledVariant, GeneModel]:
        """The model that counts most of each allele that fits any."""
        found: dict[CalledVariant, GeneModel] = {}
        for models in self.evidence.models.values():
            for model in models:
                for one in model.variants:
                    if one not in found or model.log_lr > found[one].log_lr:
                        found[one] = model
        return found

    @cached_property
    def ordered(self) -> tuple[CalledVariant, ...]:
        """The alleles that passed, those first that can count most."""
        least = float("-inf")
        worth = {one: self.best[one].log_lr if one in self.best else least for one in self.evidence.variants}
        return tuple(sorted(self.evidence.variants, key=lambda one: -worth[one]))


def genome_in_use(record: Record) -> Genome | None:
    """The genome that is ranked with: the newest that was read and is on the list."""
    found = record.genomes.filter(ended__isnull=True, state=Genome.State.READ)
    return found.order_by("-created").first()


def evidence_of(record: Record) -> StoredEvidence | None:
    """The evidence of the genome in use; None without one."""
    genome = genome_in_use(record)
    return None if genome is None else evidence_from(genome, record)


def evidence_from(genome: Genome, record: Record) -> StoredEvidence:
    """The evidence of one genome that was read."""
    family = pedigree(genome, record)
    return _kept_evidence(genome.pk, genome.turn, Sex(record.sex), genome.test, family)


@lru_cache(maxsize=KEPT_GENOMES)
def _kept_evidence(genome: UUID, turn: int, sex: Sex, test: str, family: tuple[PedigreePerson, ...]) -> StoredEvidence:
    """Of exactly this matching and this family: another one is another evidence."""
    counts = Genome.objects.values_list("counts", flat=True).get(pk=genome, turn=turn)
    stored = GenomeVariant.objects.filter(genome=genome).order_by("place").values_list("pk", "allele")
    variants = [(allele_in(allele), row) for row, allele in stored]
    evidence = genotype_evidence(
        reading_in(counts, (one for one, _ in variants)), sex=sex, family=family, kind=TestKind(test) if test else None
    )
    return StoredEvidence(evidence, MappingProxyType({one: row for one, row in reversed(variants)}))


def with_asked(evidence: GenotypeEvidence, asked: Iterable[CalledVariant]) -> GenotypeEvidence:
    """The same with alleles that somebody asked about, which the filters may have dropped."""
    return replace(evidence, tested=replace(evidence.tested, asked=tuple(asked)))


def pedigree(genome: Genome, record: Record) -> tuple[PedigreePerson, ...]:
    """The people whose samples are used, named as the file names them, related as the pedigree draws them today."""
    drawn = [] if len(genome.matched) < 2 else list(record.family.filter(ended__isnull=True).order_by("created"))
    return people(genome.matched, record, drawn)


def people(matched: Mapping[str, str], record: Record, drawn: Iterable[FamilyMember]) -> tuple[PedigreePerson, ...]:
    """The same for a matching that is not kept yet."""
    members = {PATIENT if one.is_proband else str(one.pk): one for one in drawn}
    sample_of = {who: sample for sample, who in matched.items()}
    found = []
    for sample, who in matched.items():
        member = members.get(who)
        if member is None and who != PATIENT:
            continue  # taken out of the pedigree since: nobody knows who it is
        found.append(
            PedigreePerson(
                individual_id=sample,
                paternal_id=_sample(member.father_id if member else None, members, sample_of),
                maternal_id=_sample(member.mother_id if member else None, members, sample_of),
                sex=Sex(record.sex if who == PATIENT or member is None else member.sex),
                affected_status=_status(who, member),
            )
        )
    return tuple(found)


def _sample(parent: UUID | None, members: Mapping[str, FamilyMember], sample_of: Mapping[str, str]) -> str:
    return sample_of.get(str(parent), "") if parent is not None and str(parent) in members else ""


def _status(who: str, member: FamilyMember | None) -> AffectedStatus:
    if who == PATIENT or member is None:
        return AffectedStatus.AFFECTED
    return _AFFECTED.get(member.affected, AffectedStatus.MISSING)
