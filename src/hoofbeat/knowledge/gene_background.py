"""How many rare damaging alleles a gene carries in people at large: what a person's own alleles are compared with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

# Expected alleles per gene and person where nobody counted: LIRICAL's value (PMC7477017, unverified).
DEFAULT_ALLELES = 0.1
LEAST_ALLELES = 1e-5  # of a gene of which the controls had none: they were not endless (ours)


@dataclass(frozen=True, slots=True)
class GeneBackground:
    """Expected alleles by gene symbol in capitals; `default` for all others. `source` says who counted."""

    by_gene: Mapping[str, float] = field(default_factory=dict)
    default: float = DEFAULT_ALLELES
    source: str = "assumed"

    def __post_init__(self) -> None:
        for number in (self.default, *self.by_gene.values()):
            if not (math.isfinite(number) and 0 < number <= 10):
                raise ValueError("expected alleles are not above 0 and at most 10")

    def of(self, gene: str) -> float:
        """What is expected in a gene."""
        return self.by_gene.get(gene.upper(), self.default)

    def is_assumed(self, gene: str) -> bool:
        """Whether nobody counted the gene."""
        return gene.upper() not in self.by_gene


ASSUMED = GeneBackground()
