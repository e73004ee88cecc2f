"""The blocks of the case library in columns: what was counted for one disease in one source, a row per assessed term.

A block has an index 0..n-1 in order of disease and source. Terms are stored as HPO numbers, so that the file does not
depend on any release's order of terms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.columns import IntArray, Texts, starts_of
from hoofbeat.knowledge.disease_ids import normal_disease_id
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.onset import BAND_COUNT
from hoofbeat.knowledge.solved_case import SEXES, CountedCases, SourceKind, source_kind

SmallArray = NDArray[np.int8]
Offsets = NDArray[np.int64]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class BlockFinding:
    """In how many cases of a block a finding was observed and excluded; the others did not assess it."""

    hpo: str
    observed: int
    excluded: int


@dataclass(frozen=True, slots=True)
class BlamedGene:
    """In how many cases of a block a gene is called the cause."""

    symbol: str
    cases: int


@dataclass(frozen=True, slots=True)
class Block:
    """One block as an object, for people and for exchange. `onset` has eight bands, and last the unknown."""

    disease: str
    source: str
    kind: SourceKind
    n: int
    first_month: int
    last_month: int
    hpo_release: str
    sex: tuple[int, ...]
    onset: tuple[int, ...]
    findings: tuple[BlockFinding, ...]
    genes: tuple[BlamedGene, ...] = ()


@dataclass(frozen=True)
class Blocks:
    """Per block: `disease` (one spelling per id), `source`, `kind` (SourceKind), `n` cases, the months of the first and
    last dated case (yyyymm, 0 for none), `hpo_release` it was counted with, `sex` (blocks, 4) in the order of SEXES,
    `onset` (blocks, 9) per band and unknown last, `input` (index of the input that brought it, -1 for none).

    Per row: `term` (HPO number, ascending within a block), in how many cases `observed`, in how many `excluded`.
    `starts` (blocks + 1) gives each block's rows. Per gene that is called a cause: its symbol `gene`, ascending within
    a block, and in how many cases it is `blamed`; `gene_starts` (blocks + 1) gives each block's genes.
    """

    disease: Texts
    source: Texts
    kind: SmallArray
    n: IntArray
    first_month: IntArray
    last_month: IntArray
    hpo_release: Texts
    sex: IntArray
    onset: IntArray
    input: IntArray
    starts: Offsets
    term: IntArray
    observed: IntArray
    excluded: IntArray
    gene_starts: Offsets
    gene: Texts
    blamed: IntArray

    @classmethod
    def of(cls, counted: Iterable[tuple[Key, CountedCases]], *, hpo_release: str, input: int = -1) -> Blocks:
        """Put counted cases in columns, by (disease, source), each pair at most once."""
        ordered = sorted(((normal_disease_id(d), s), counts) for (d, s), counts in counted)
        parts = [counts for _, counts in ordered]
        return cls(
            disease=Texts.of(disease for (disease, _), _ in ordered),
            source=Texts.of(source for (_, source), _ in ordered),
            kind=np.array([source_kind(source) for (_, source), _ in ordered], dtype=np.int8),
            n=np.array([part.n for part in parts], dtype=np.int32),
            first_month=np.array([part.first_month for part in parts], dtype=np.int32),
            last_month=np.array([part.last_month for part in parts], dtype=np.int32),
            hpo_release=Texts.of(hpo_release for _ in parts),
            sex=np.array([part.sex for part in parts], dtype=np.int32).reshape(-1, len(SEXES)),
            onset=np.array([part.onset for part in parts], dtype=np.int32).reshape(-1, BAND_COUNT + 1),
            input=np.full(len(parts), input, dtype=np.int32),
            starts=starts_of([len(part.term) for part in parts]),
            term=_end_to_end([part.term for part in parts]),
            observed=_end_to_end([part.observed for part in parts]),
            excluded=_end_to_end([part.excluded for part in parts]),
            gene_starts=starts_of([len(part.gene) for part in parts]),
            gene=Texts.of(symbol for part in parts for symbol in part.gene),
            blamed=_end_to_end([part.blamed for part in parts]),
        )

    def __len__(self) -> int:
        return len(self.n)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """(disease, source) per block, ascending."""
        return tuple(zip(self.disease, self.source, strict=True))

    @cached_property
    def of_source(self) -> dict[str, list[int]]:
        """Per source its block indices, ascending."""
        return _places(self.source)

    @cached_property
    def of_disease(self) -> dict[str, list[int]]:
        """Per disease id its block indices, ascending."""
        return _places(self.disease)

    @cached_property
    def assessed(self) -> NDArray[np.int64]:
        """Per block, how many findings of cases were assessed in all: the sum of observed and excluded."""
        sums = starts_of(self.observed + self.excluded)
        totals: NDArray[np.int64] = sums[self.starts[1:]] - sums[self.starts[:-1]]
        return totals

    def owners(self) -> IntArray:
        """Per row its block index."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))

    def block(self, index: int) -> Block:
        """One block as an object."""
        rows, genes = (slice(int(of[index]), int(of[index + 1])) for of in (self.starts, self.gene_starts))
        columns = (self.term[rows].tolist(), self.observed[rows].tolist(), self.excluded[rows].tolist())
        return Block(
            disease=self.disease[index],
            source=self.source[index],
            kind=SourceKind(int(self.kind[index])),
            n=int(self.n[index]),
            first_month=int(self.first_month[index]),
            last_month=int(self.last_month[index]),
            hpo_release=self.hpo_release[index],
            sex=tuple(self.sex[index].tolist()),
            onset=tuple(self.onset[index].tolist()),
            findings=tuple(BlockFinding(f"HP:{number:07d}", n, m) for number, n, m in zip(*columns, strict=True)),
            genes=tuple(
                BlamedGene(symbol, cases)
                for symbol, cases in zip(self.gene[genes], self.blamed[genes].tolist(), strict=True)
            ),
        )

    def taken(self, chosen: Sequence[int] | NDArray[Any]) -> Blocks:
        """The blocks of the given indices, in the given order."""
        at = np.asarray(chosen, dtype=np.int64)
        starts, rows = _spans(self.starts, at)
        gene_starts, genes = _spans(self.gene_starts, at)
        values: dict[str, Any] = {}
        for name, value in self._columns():
            here = rows if name in _PER_ROW else genes if name in _PER_GENE else at
            if isinstance(value, Texts):
                offsets, places = _spans(value.offsets, here)
                values[name] = Texts(value.data[places], offsets)
            else:
                values[name] = value[here]
        return Blocks(**values, starts=starts, gene_starts=gene_starts)

    def joined(self, other: Blocks) -> Blocks:
        """The blocks of both, one after the other."""
        values: dict[str, Any] = {}
        for (name, one), (_, two) in zip(self._columns(), other._columns(), strict=True):
            if isinstance(one, Texts):
                offsets = np.concatenate([one.offsets, two.offsets[1:] + one.offsets[-1]])
                values[name] = Texts(np.concatenate([one.data, two.data]), offsets)
            else:
                values[name] = np.concatenate([one, two])
        for name in _STARTS:
            one, two = getattr(self, name), getattr(other, name)
            values[name] = np.concatenate([one, two[1:] + one[-1]])
        return Blocks(**values)

    def fingerprint(self, index: int) -> str:
        """A checksum over everything that a block states, without the input that brought it."""
        rows, genes = (slice(int(of[index]), int(of[index + 1])) for of in (self.starts, self.gene_starts))
        whole = hashlib.sha256()
        for name, value in self._columns():
            if name == "input":
                continue
            here = rows if name in _PER_ROW else genes if name in _PER_GENE else index
            if isinstance(value, Texts):
                content = (value[here] if isinstance(here, int) else "\n".join(value[here])).encode()
            else:
                content = np.ascontiguousarray(value[here]).tobytes()
            whole.update(f"{name} {len(content)}\n".encode())
            whole.update(content)
        return whole.hexdigest()

    def check(self) -> None:
        """Raises KnowledgeError where the columns cannot belong together: kinds of values, lengths, texts that cannot
        be read, order, or more assessed than there are cases.
        """
        numbers = [value for _, value in self._columns() if not isinstance(value, Texts)]
        if any(not np.issubdtype(value.dtype, np.integer) for value in (*numbers, self.starts, self.gene_starts)):
            raise KnowledgeError("a column of the library is not of whole numbers")
        if not all(value.is_readable() for _, value in self._columns() if isinstance(value, Texts)):
            raise KnowledgeError("a column of the library holds no text where some should be")
        b, rows, genes = len(self), len(self.term), len(self.gene)
        expected = {**dict.fromkeys(_PER_ROW, rows), **dict.fromkeys(_PER_GENE, genes)}
        whole = all(len(value) == expected.get(name, b) for name, value in self._columns())
        whole = whole and _are_starts(self.starts, b, rows) and _are_starts(self.gene_starts, b, genes)
        if not whole or self.sex.shape != (b, len(SEXES)) or self.onset.shape != (b, BAND_COUNT + 1):
            raise KnowledgeError("the columns of the library do not belong together")
        if any(one >= two for one, two in pairwise(self.keys)):
            raise KnowledgeError("the blocks of the library are not in order")
        symbols = list(zip(np.repeat(np.arange(b), np.diff(self.gene_starts)).tolist(), self.gene, strict=True))
        if any(one >= two for one, two in pairwise(symbols)) or not all(symbol for _, symbol in symbols):
            raise KnowledgeError("the genes of the library are not in order")
        if not bool(np.isin(self.kind, list(SourceKind)).all()):
            raise KnowledgeError("a source of the library is of no known kind")
        n = np.repeat(self.n, np.diff(self.starts))
        blamed_of = np.repeat(self.n, np.diff(self.gene_starts))
        cannot_be = (self.observed < 0) | (self.excluded < 0) | (self.observed + self.excluded > n)
        if bool(cannot_be.any()) or bool(((self.blamed < 1) | (self.blamed > blamed_of)).any()):
            raise KnowledgeError("the library has counts that cannot be")

    def _columns(self) -> list[tuple[str, Any]]:
        return [(field.name, getattr(self, field.name)) for field in fields(self) if field.name not in _STARTS]


_PER_ROW = frozenset({"term", "observed", "excluded"})
_PER_GENE = frozenset({"gene", "blamed"})
_STARTS = ("starts", "gene_starts")


def without_genes(blocks: int) -> dict[str, NDArray[Any]]:
    """The columns of genes, by their names in a library file, of one that was written before genes were counted."""
    return {
        "gene_starts": np.zeros(blocks + 1, dtype=np.int64),
        "gene.data": np.zeros(0, dtype=np.uint8),
        "gene.offsets": np.zeros(1, dtype=np.int64),
        "blamed": np.zeros(0, dtype=np.int32),
    }


def _are_starts(starts: Offsets, lists: int, values: int) -> bool:
    """Whether these are the starts of so many lists of so many values together."""
    fits = starts.shape == (lists + 1,) and starts[0] == 0 and starts[-1] == values
    return fits and not bool((np.diff(starts) < 0).any())


def _spans(starts: Offsets, chosen: NDArray[np.int64]) -> tuple[Offsets, NDArray[np.int64]]:
    """The new starts, and the old places of all values, of the chosen spans."""
    lengths = np.diff(starts)[chosen]
    fresh = starts_of(lengths)
    return fresh, np.arange(fresh[-1]) + np.repeat(starts[chosen] - fresh[:-1], lengths)


def _places(texts: Iterable[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        places.setdefault(text, []).append(index)
    return places


def _end_to_end(parts: Sequence[IntArray]) -> IntArray:
    return np.concatenate(parts).astype(np.int32, copy=False) if parts else np.zeros(0, dtype=np.int32)
