"""What a source says the diagnosis is, and the variants it blames. Ranking never reads this.

A reported diagnosis is "reported as solved by <source>"; it is a diagnosis only after a clinician confirms it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from hoofbeat.cases.errors import CaseError
from hoofbeat.cases.ontology_class import OntologyClass
from hoofbeat.cases.time_element import TimeElement


class ProgressStatus(StrEnum):
    """How far the search for this diagnosis has come."""

    UNKNOWN = "UNKNOWN_PROGRESS"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    SOLVED = "SOLVED"
    UNSOLVED = "UNSOLVED"


class InterpretationStatus(StrEnum):
    """What the source holds of one gene or variant."""

    UNKNOWN = "UNKNOWN_STATUS"
    REJECTED = "REJECTED"
    CANDIDATE = "CANDIDATE"
    CONTRIBUTORY = "CONTRIBUTORY"
    CAUSATIVE = "CAUSATIVE"


class AcmgClassification(StrEnum):
    """Pathogenicity in the five classes of ACMG and AMP."""

    NOT_PROVIDED = "NOT_PROVIDED"
    BENIGN = "BENIGN"
    LIKELY_BENIGN = "LIKELY_BENIGN"
    UNCERTAIN_SIGNIFICANCE = "UNCERTAIN_SIGNIFICANCE"
    LIKELY_PATHOGENIC = "LIKELY_PATHOGENIC"
    PATHOGENIC = "PATHOGENIC"


# The classes that a clinician acts on, and those of what explains nothing.
PATHOGENIC_CLASSES = frozenset((AcmgClassification.PATHOGENIC, AcmgClassification.LIKELY_PATHOGENIC))
BENIGN_CLASSES = frozenset((AcmgClassification.BENIGN, AcmgClassification.LIKELY_BENIGN))


class TherapeuticActionability(StrEnum):
    """Whether the source says that something can be done about the variant."""

    UNKNOWN = "UNKNOWN_ACTIONABILITY"
    NOT_ACTIONABLE = "NOT_ACTIONABLE"
    ACTIONABLE = "ACTIONABLE"


@dataclass(frozen=True, slots=True)
class Gene:
    """A gene as named by the source: identifier (mostly HGNC) and symbol."""

    id: str = ""
    symbol: str = ""
    description: str = ""
    alternate_ids: tuple[str, ...] = ()
    alternate_symbols: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VcfRecord:
    """A variant as a line of VCF: 1-based position (None if not given), reference and alternative bases."""

    genome_assembly: str = ""
    chrom: str = ""
    pos: int | None = None
    ref: str = ""
    alt: str = ""
    id: str = ""
    qual: str = ""
    filter: str = ""
    info: str = ""

    def __post_init__(self) -> None:
        if self.pos is not None and self.pos < 0:
            raise CaseError("a variant's position is negative", repair="give the 1-based position of VCF")


@dataclass(frozen=True, slots=True)
class Expression:
    """A variant in a named notation, mostly HGVS."""

    syntax: str = ""
    value: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant as the source describes it."""

    id: str = ""
    label: str = ""
    description: str = ""
    gene: Gene | None = None
    vcf_record: VcfRecord | None = None
    expressions: tuple[Expression, ...] = ()
    allelic_state: OntologyClass | None = None
    structural_type: OntologyClass | None = None
    molecule_context: str = ""


@dataclass(frozen=True, slots=True)
class GenomicInterpretation:
    """What the source says of one gene or one variant for one diagnosis."""

    subject_id: str = field(default="", repr=False)
    status: InterpretationStatus = InterpretationStatus.UNKNOWN
    gene: Gene | None = None
    variant: Variant | None = None
    acmg: AcmgClassification = AcmgClassification.NOT_PROVIDED
    actionability: TherapeuticActionability = TherapeuticActionability.UNKNOWN

    def __post_init__(self) -> None:
        if self.gene is not None and self.variant is not None:
            raise CaseError(
                "an interpretation names both a gene and a variant", repair="make two interpretations of it"
            )


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One diagnosis under consideration, with its genes and variants and how far it has come."""

    id: str = ""
    progress: ProgressStatus = ProgressStatus.UNKNOWN
    disease: OntologyClass | None = None
    genomic_interpretations: tuple[GenomicInterpretation, ...] = ()
    summary: str = ""
    path: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ReportedDisease:
    """A disease that the source states or excludes."""

    term: OntologyClass
    excluded: bool = False
    onset: TimeElement | None = None
    resolution: TimeElement | None = None
    laterality: OntologyClass | None = None
    path: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reported:
    """Everything the source says about diagnoses: kept apart from the findings, so that ranking cannot see it."""

    diseases: tuple[ReportedDisease, ...] = ()
    interpretations: tuple[Interpretation, ...] = ()

    @property
    def solved_ids(self) -> tuple[str, ...]:
        """Identifiers of diseases that an interpretation reports as solved, in order, each once."""
        return _unique(
            one.disease.id
            for one in self.interpretations
            if one.progress is ProgressStatus.SOLVED and one.disease is not None
        )

    @property
    def is_unfinished(self) -> bool:
        """Whether the search for some diagnosis is marked as going on, or as ended without one."""
        open_ended = (ProgressStatus.IN_PROGRESS, ProgressStatus.UNSOLVED)
        return any(one.progress in open_ended for one in self.interpretations)

    @property
    def disease_ids(self) -> tuple[str, ...]:
        """Identifiers of all diseases stated and not excluded, solved ones first, each once."""
        stated = (disease.term.id for disease in self.diseases if not disease.excluded)
        return _unique((*self.solved_ids, *stated))


def _unique(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(identifier for identifier in ids if identifier))
