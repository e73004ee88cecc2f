"""One allele that a test called in a person, with what the file says of it: copies, quality, frequency, consequences.

It is what the laboratory saw, and holds nothing of what anybody concluded about the diagnosis.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from hoofbeat.cases.errors import CaseError
from hoofbeat.cases.reported import AcmgClassification


class Build(StrEnum):
    """The assembly that positions count in."""

    GRCH37 = "GRCh37"
    GRCH38 = "GRCh38"


class Zygosity(StrEnum):
    """In how many copies a person has an allele."""

    ABSENT = "absent"
    HETEROZYGOUS = "heterozygous"
    HOMOZYGOUS = "homozygous"
    HEMIZYGOUS = "hemizygous"
    UNKNOWN = "not called"


class ClinVar(StrEnum):
    """What ClinVar holds of an allele, in the classes that count here."""

    PATHOGENIC = "pathogenic"
    LIKELY_PATHOGENIC = "likely pathogenic"
    UNCERTAIN = "uncertain significance"
    CONFLICTING = "conflicting"
    LIKELY_BENIGN = "likely benign"
    BENIGN = "benign"
    OTHER = "other"

    @property
    def is_pathogenic(self) -> bool:
        """Pathogenic or likely so, without conflict."""
        return self in (ClinVar.PATHOGENIC, ClinVar.LIKELY_PATHOGENIC)

    @property
    def is_benign(self) -> bool:
        """Benign or likely so, without conflict."""
        return self in (ClinVar.BENIGN, ClinVar.LIKELY_BENIGN)


@dataclass(frozen=True, slots=True)
class Call:
    """What one person has of one allele: `copies` of `ploidy` called chromosomes; ploidy 0 is not called.

    `haplotype` (0 or 1) is the chromosome it lies on where the call is phased, within `phase_set`. Depths count reads;
    None is not stated.
    """

    copies: int = 0
    ploidy: int = 0
    haplotype: int | None = None
    phase_set: str = ""
    depth: int | None = None
    alt_depth: int | None = None
    quality: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.copies <= self.ploidy:
            raise CaseError("a call has more copies than chromosomes", repair="check the genotype")

    @property
    def is_called(self) -> bool:
        """Whether anything was called."""
        return self.ploidy > 0

    @property
    def zygosity(self) -> Zygosity:
        """The copies in a word."""
        if not self.ploidy:
            return Zygosity.UNKNOWN
        if not self.copies:
            return Zygosity.ABSENT
        if self.ploidy == 1:
            return Zygosity.HEMIZYGOUS
        return Zygosity.HOMOZYGOUS if self.copies == self.ploidy else Zygosity.HETEROZYGOUS

    @property
    def share(self) -> float | None:
        """The share of the reads that show the allele; None where it is not stated."""
        return self.alt_depth / self.depth if self.depth and self.alt_depth is not None else None


NOT_CALLED = Call()


@dataclass(frozen=True, slots=True)
class Effect:
    """What an allele does to one gene: terms of the Sequence Ontology, worst transcript, and its names."""

    gene: str
    consequences: tuple[str, ...]
    hgvs_c: str = ""
    hgvs_p: str = ""
    transcript: str = ""


@dataclass(frozen=True, slots=True)
class CalledVariant:
    """One allele. `calls` are those of the samples that were read, the proband's first.

    `chrom` is without `chr` and `MT` for the mitochondrial genome; it and `pos` are empty and 0 where only the gene is
    known. `frequency` is the highest of the populations that the file names (None: unknown, which is not 0). `scores`
    are predictions that the user's own file holds, in [0, 1]. `acmg` is a laboratory's class, where it was given.
    """

    chrom: str
    pos: int
    ref: str
    alt: str
    calls: tuple[Call, ...]
    end: int = 0
    sv_type: str = ""
    filters: tuple[str, ...] = ()
    frequency: Decimal | None = None
    frequency_source: str = ""
    clinvar: ClinVar | None = None
    acmg: AcmgClassification = AcmgClassification.NOT_PROVIDED
    effects: tuple[Effect, ...] = ()
    scores: tuple[tuple[str, float], ...] = ()
    label: str = ""
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if not self.calls:
            raise CaseError("a variant has no call", repair="give the proband's")
        if self.chrom and self.pos < 1:
            raise CaseError("a variant's position is below 1", repair="give the 1-based position of VCF")

    @property
    def call(self) -> Call:
        """The proband's call."""
        return self.calls[0]

    @property
    def is_structural(self) -> bool:
        """Whether it is a symbolic allele or a breakend, or known only as a change of structure."""
        return bool(self.sv_type)

    @property
    def position(self) -> str:
        """`7-117559590-G-A`, shortened where the alleles are long; empty without a place."""
        if not self.chrom:
            return ""
        return "-".join((self.chrom, str(self.pos), *(_short(bases) for bases in (self.ref, self.alt))))

    def effect_on(self, gene: str) -> Effect | None:
        """What it does to a gene, by symbol; None where it does nothing."""
        return next((effect for effect in self.effects if effect.gene.upper() == gene.upper()), None)

    def consequence(self, gene: str) -> str:
        """The worst consequence in a gene in the words of the Sequence Ontology, else the kind of a structural variant;
        empty where neither is stated.
        """
        effect = self.effect_on(gene)
        terms = effect.consequences[:1] if effect is not None else ()
        return ", ".join(term.removesuffix("_variant").replace("_", " ") for term in terms) or self.sv_type

    def name(self, gene: str = "") -> str:
        """What people call it: its name in the coding sequence and protein, else its place."""
        effect = self.effect_on(gene) or next(iter(self.effects), None)
        names = () if effect is None else (effect.hgvs_c, effect.hgvs_p.rpartition(":")[2])
        return " ".join(one for one in names if one) or self.label or self.position or self.sv_type


def _short(bases: str) -> str:
    return bases if len(bases) <= 20 else f"{bases[:8]}..{len(bases)}"
