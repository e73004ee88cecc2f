"""The differential: candidate diseases in order, with a probability each and the reasons, as immutable values.

The explanation is the score: the contributions of a candidate add up exactly to its score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ContributionKind(StrEnum):
    """What a row of the explanation speaks of."""

    FINDING = "finding"  # one observed or excluded finding
    ONSET = "onset"  # when it began, or how old the person is
    SEX = "sex"
    PRIOR = "prior"  # how common the disease is, or how often it was diagnosed before
    GENOTYPE = "genotype"
    PICTURE = "picture"  # the findings taken together against the disease's whole picture


class MatchKind(StrEnum):
    """How an observed finding meets what is known of a disease."""

    EXACT = "exact"  # the finding itself is described in the disease
    GENERAL = "general"  # the disease is described with something more specific
    NEAR = "near"  # the disease is described with something more general (`matched` names it)
    NONE = "none"  # nothing near it is described: neutral, the same for every such disease
    EXCLUDED = "excluded"  # the finding was looked for and is absent


@dataclass(frozen=True, slots=True)
class Contribution:
    """One row of the explanation: what it adds to the score (natural log of a likelihood ratio), and why.

    `finding` and `matched` are HPO identifiers; `frequency` is as stated (`124/197`, `very frequent (80-99 %)`),
    `sources` where it is stated. `library_share` in [0, 1] is the part of the evidence that solved cases gave. `weight`
    is 1: related findings are not weighed down (decision record 0005).
    """

    kind: ContributionKind
    log_lr: float
    label: str
    finding: str | None = None
    state: str | None = None
    match: MatchKind | None = None
    matched: str | None = None
    matched_label: str | None = None
    frequency: str | None = None
    sources: tuple[str, ...] = ()
    library_share: float = 0.0
    weight: float = 1.0
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedFinding:
    """A finding that the disease often has and that nobody has looked for yet; `share` in [0, 1]."""

    finding: str
    label: str
    share: float


@dataclass(frozen=True, slots=True)
class FoundVariant:
    """A variant of the person in a gene of the disease: what was found, which rule let it through, and the classes as
    they were given (empty: none was).
    """

    gene: str
    name: str
    position: str
    zygosity: str
    consequence: str
    frequency: str
    clinvar: str
    acmg: str
    rule: str
    source: str


@dataclass(frozen=True, slots=True)
class FilterStep:
    """One filter on one variant: what it looked at, what it asks, and whether the variant passes."""

    filter: str
    value: str
    threshold: str
    passed: bool


@dataclass(frozen=True, slots=True)
class FilterTrace:
    """What became of one variant: every filter in order, and the end of it in words."""

    variant: str
    steps: tuple[FilterStep, ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class GenotypeSummary:
    """What a genetic test brought into a differential: of `alleles`, how many each filter dropped, and how many passed.

    `asked` says what became of the variants that somebody asked about.
    """

    source: str
    build: str
    kind: str
    alleles: int
    passed: int
    dropped: tuple[tuple[str, int], ...]
    asked: tuple[FilterTrace, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """An identifier with its name: of a disease entry, or of an HPO term."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One disease of the differential. `score` is the sum of its contributions' `log_lr` (to 1e-9)."""

    rank: int
    disease: Named
    same_as: tuple[Named, ...]
    genes: tuple[str, ...]
    probability: float
    score: float
    contributions: tuple[Contribution, ...]
    unexplained: tuple[str, ...]
    expected: tuple[ExpectedFinding, ...]
    variants: tuple[FoundVariant, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the reader of the differential should know about its input, and what can be done about it."""

    what: str
    repair: str = ""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One row of the explanation in both diseases; a side without the row contributes 0 and stands as None."""

    kind: ContributionKind
    label: str
    finding: str | None
    a: Contribution | None
    b: Contribution | None
    sentence: str

    @property
    def difference(self) -> float:
        """What the row adds to the lead of the first disease; negative where it speaks for the second."""
        return (self.a.log_lr if self.a else 0.0) - (self.b.log_lr if self.b else 0.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """A finding that nobody has assessed, and what the answer would be."""

    finding: str
    label: str
    present: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Answers that together reverse the order of two diseases; the lead of the first one before and after them."""

    answers: tuple[Answer, ...]
    lead_before: float
    lead_after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two diseases of a differential. The rows come by falling |difference|; their differences add up to `lead`.

    `change` has room for what `what_would_change` finds of the two; `compare` leaves it None.
    """

    a: Candidate
    b: Candidate
    rows: tuple[ComparedRow, ...]
    change: Change | None = None

    @property
    def lead(self) -> float:
        """By how much the first disease's score is above the second one's; negative where it is below."""
        return self.a.score - self.b.score


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The first candidates of a differential, explained: what tables, JSON and pages are made of.

    `release` names the knowledge release, its date and checksum, the library and the model. `n_diseases` is how many
    were compared; `comparison` is of two of them, where it was asked for.
    """

    case: str
    release: Mapping[str, Any]
    n_diseases: int
    observed: tuple[Named, ...]
    excluded: tuple[Named, ...]
    candidates: tuple[Candidate, ...]
    none_of_these: float
    notes: tuple[Note, ...] = ()
    comparison: Comparison | None = None
    genotype: GenotypeSummary | None = None
