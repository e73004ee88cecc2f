"""Counts over the sites of a file that show whether samples are who they should be: kinship, sex, one person twice.

Only counting is done here; `diagnosis.genotype.checks` judges.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from hoofbeat.cases.called_variant import Build
from hoofbeat.cases.sample_variants import PairCounts, SiteCounts, TrioCounts
from hoofbeat.interchange.vcf.chromosomes import is_pseudoautosomal

MOST_PER_CHROMOSOME = 2_000  # sites: 44,000 of the autosomes tell kinship with certainty (ours)

# Copies of the alternative allele by genotype; anything else (missing, another allele) is not counted.
_COPIES = {
    b"0/0": 0, b"0|0": 0, b"0/1": 1, b"1/0": 1, b"0|1": 1, b"1|0": 1, b"1/1": 2, b"1|1": 2,
}  # fmt: skip
_ON_X = {**_COPIES, b"1": 2, b"0": 0}


class SiteCounter:
    """Counts as the lines come; `trios` are (child, father, mother) by place among the samples."""

    def __init__(self, n_samples: int, trios: Sequence[tuple[int, int, int]], build: Build | None) -> None:
        self._n, self._trios, self._build = n_samples, tuple(trios), build
        self._pairs = tuple(combinations(range(n_samples), 2))
        self._pair_counts = [[0, 0, 0] for _ in self._pairs]
        self._trio_counts = [[0, 0] for _ in self._trios]
        self._x = [[0, 0] for _ in range(n_samples)]
        self._seen: Counter[str] = Counter()

    def wants(self, chrom: str) -> bool:
        """Whether further sites of a chromosome are of use; cheap, as it is asked for each line."""
        return (self._n > 1 or chrom == "X") and self._seen[chrom] < MOST_PER_CHROMOSOME and chrom not in ("Y", "MT")

    def add(self, chrom: str, pos: int, genotypes: Sequence[bytes]) -> None:
        """Count a site with one alternative allele of one base."""
        if chrom == "X":
            self._add_on_x(pos, genotypes)
            return
        copies = [_COPIES.get(genotype, -1) for genotype in genotypes]
        if max(copies) <= 0:
            return
        self._seen[chrom] += 1
        for (first, second), counts in zip(self._pairs, self._pair_counts, strict=True):
            a, b = copies[first], copies[second]
            if a >= 0 and b >= 0 and a + b > 0:
                counts[0] += 1
                counts[1] += a == b
                counts[2] += abs(a - b) == 2
        for (child, father, mother), errors in zip(self._trios, self._trio_counts, strict=True):
            c, f, m = copies[child], copies[father], copies[mother]
            if min(c, f, m) >= 0 and c + f + m > 0:
                errors[0] += 1
                # A parent gives 0 where it has at most one copy, and 1 where it has at least one.
                errors[1] += not (f // 2 + m // 2 <= c <= (f + 1) // 2 + (m + 1) // 2)

    def _add_on_x(self, pos: int, genotypes: Sequence[bytes]) -> None:
        if is_pseudoautosomal(self._build, pos):
            return
        self._seen["X"] += 1
        for counts, genotype in zip(self._x, genotypes, strict=True):
            copies = _ON_X.get(genotype, -1)
            counts[0] += copies == 1
            counts[1] += copies > 0

    def counts(self) -> SiteCounts:
        """What was counted."""
        pairs = (PairCounts(*pair, *counts) for pair, counts in zip(self._pairs, self._pair_counts, strict=True))
        trios = (TrioCounts(*trio, *counts) for trio, counts in zip(self._trios, self._trio_counts, strict=True))
        return SiteCounts(tuple(pairs), tuple(trios), tuple((het, called) for het, called in self._x))
