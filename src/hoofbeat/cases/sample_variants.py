"""What a genetic test found in one person and the relatives tested beside them: alleles, and counts of what was left
out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hoofbeat.cases.called_variant import Build, CalledVariant


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Sites at which two samples were called and at least one has an allele: how many, how many alike, how many where
    they share none (one homozygous for either allele).
    """

    first: int
    second: int
    sites: int
    alike: int
    opposite: int


@dataclass(frozen=True, slots=True)
class TrioCounts:
    """Sites called in child, father and mother, and how many the parents cannot have given (indices of samples)."""

    child: int
    father: int
    mother: int
    sites: int
    errors: int


@dataclass(frozen=True, slots=True)
class SiteCounts:
    """What is counted over the file to check that samples are who they should be, apart from any variant of interest.

    `x` holds per sample its heterozygous calls and all its calls with an allele, on X outside the pseudoautosomal
    regions.
    """

    pairs: tuple[PairCounts, ...] = ()
    trios: tuple[TrioCounts, ...] = ()
    x: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class SampleVariants:
    """The alleles of a person that were kept, and how many were dropped by which filter; nothing else vanishes.

    `samples` names those whose calls each variant holds, the proband first. `asked` are alleles that somebody asked
    about, whatever became of them. `records` and `alleles` count the whole file. `notes` are (what, repair).
    """

    build: Build | None
    samples: tuple[str, ...] = field(repr=False)
    variants: tuple[CalledVariant, ...] = field(repr=False)
    source: str = "VCF"
    asked: tuple[CalledVariant, ...] = field(default=(), repr=False)
    records: int = 0
    alleles: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    sites: SiteCounts = field(default_factory=SiteCounts)
    notes: tuple[tuple[str, str], ...] = ()
