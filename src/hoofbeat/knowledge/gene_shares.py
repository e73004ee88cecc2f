"""Which genes cause each disease, and how likely each of them is the one: by the entries of the release and by solved
cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.columns import IntArray
from hoofbeat.knowledge.diseases import Diseases
from hoofbeat.knowledge.library_blocks import Blocks

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GeneShares:
    """Pairs of a disease and a gene, by disease and then gene: `disease` (pairs,) as `Knowledge` numbers them, `gene`
    (pairs,) a place in `symbols`, `share` (pairs,) in (0, 1], how likely it is this gene, `stated` (pairs,) whether the
    release says so, or solved cases alone. The shares of a disease sum to 1.
    """

    symbols: tuple[str, ...] = field(repr=False)
    disease: IntArray
    gene: IntArray
    share: FloatArray
    stated: NDArray[np.bool_]

    @classmethod
    def of(cls, diseases: Diseases, blocks: Blocks, block_disease: IntArray) -> GeneShares:
        """Each entry of OMIM, ORPHA or DECIPHER that names genes has one vote, shared evenly among them; each
        publication or clinic of the library whose cases name genes has one too, shared as its cases are.

        So an entry of one disease of one gene, merged with a group of sixteen, gives its gene half and more. `blocks`
        are those of the library, `block_disease` (blocks,) their diseases.
        """
        symbols = list(diseases.gene_symbols)
        place = {symbol.upper(): index for index, symbol in enumerate(symbols)}
        votes: dict[tuple[int, int], float] = {}
        for block, (first, end) in enumerate(pairwise(blocks.gene_starts.tolist())):
            blamed = blocks.blamed[first:end]
            for symbol, vote in zip(blocks.gene[first:end], (blamed / max(1, blamed.sum())).tolist(), strict=True):
                if symbol.upper() not in place:
                    place[symbol.upper()] = len(symbols)
                    symbols.append(symbol)
                pair = int(block_disease[block]), place[symbol.upper()]
                votes[pair] = votes.get(pair, 0.0) + vote
        solved = np.array(list(votes), dtype=np.int64).reshape(-1, 2)
        disease = np.concatenate([diseases.genes.owners().astype(np.int64), solved[:, 0]])
        gene = np.concatenate([diseases.genes.values.astype(np.int64), solved[:, 1]])
        vote = np.concatenate([diseases.gene_votes.astype(np.float64), np.array(list(votes.values()))])
        key, first_of = np.unique(disease * len(symbols) + gene, return_index=True)
        of_pair = np.searchsorted(key, disease * len(symbols) + gene)
        together = np.bincount(of_pair, weights=vote, minlength=len(key))
        owner = disease[first_of]
        of_disease = np.bincount(owner, weights=together)
        return cls(
            symbols=tuple(symbols),
            disease=owner.astype(np.int32),
            gene=gene[first_of].astype(np.int32),
            share=together / of_disease[owner],
            stated=first_of < len(diseases.genes.values),
        )

    @cached_property
    def of_symbol(self) -> Mapping[str, tuple[int, ...]]:
        """The pairs of each gene, by its symbol in capitals."""
        found: dict[str, list[int]] = {}
        for pair, gene in enumerate(self.gene.tolist()):
            found.setdefault(self.symbols[gene].upper(), []).append(pair)
        return {symbol: tuple(pairs) for symbol, pairs in found.items()}

    def pairs_of(self, disease: int) -> range:
        """The pairs of a disease."""
        first, end = np.searchsorted(self.disease, [disease, disease + 1]).tolist()
        return range(first, end)

    def genes_of(self, disease: int) -> tuple[str, ...]:
        """The symbols of the genes of a disease: those of the release first."""
        pairs = sorted(self.pairs_of(disease), key=lambda pair: not self.stated[pair])
        return tuple(self.symbols[int(self.gene[pair])] for pair in pairs)
