"""The case library: what solved cases teach, as counts per disease, source and finding, and never as people.

Because every block keeps its own source, a publication or clinic can be taken out again exactly, and libraries of
several places can be pooled in any order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.columns import IntArray
from hoofbeat.knowledge.disease_ids import normal_disease_id
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.library_blocks import Block, Blocks, Key, without_genes
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.packing import pack, unpack
from hoofbeat.knowledge.solved_case import SolvedCase, SourceKind, count_cases
from hoofbeat.knowledge.store import Store, content_sha256, write_store

__all__ = ["Library", "LibraryInput", "SolvedCase"]

KIND = "case library"
REPAIR = "put a backup in its place, or delete it and add the cases again: `hoofbeat knowledge add-cases PATH`"


@dataclass(frozen=True, slots=True, order=True)
class LibraryInput:
    """What cases were added from: the day (ISO 8601), the SHA-256 of its bytes, and a name that names no person."""

    added: str
    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Blocks that would come into a library, as (disease, source): new ones, fuller ones that replace what is there,
    ones that are there already, and ones that a fuller block there outweighs.
    """

    new: tuple[Key, ...]
    fuller: tuple[Key, ...]
    known: tuple[Key, ...]
    outweighed: tuple[Key, ...]


@dataclass(frozen=True, eq=False)
class Library:
    """Counts of solved cases: the blocks, and the inputs that brought them (`blocks.input` is an index into these)."""

    blocks: Blocks
    inputs: tuple[LibraryInput, ...] = ()

    @classmethod
    def empty(cls) -> Library:
        """A library that holds nothing: using it is the same as using none."""
        return cls(Blocks.of((), hpo_release=""))

    @classmethod
    def of(cls, cases: Iterable[SolvedCase], ontology: Ontology, *, brought_by: LibraryInput | None = None) -> Library:
        """Count solved cases, in whatever order, with the closure of an ontology; `brought_by` names where they are
        from.
        """
        grouped: dict[Key, list[SolvedCase]] = defaultdict(list)
        for case in cases:
            grouped[normal_disease_id(case.disease), case.source].append(case)
        inputs = () if brought_by is None or not grouped else (brought_by,)
        counted = ((key, count_cases(group, ontology)) for key, group in grouped.items())
        return cls(Blocks.of(counted, hpo_release=ontology.release, input=0 if inputs else -1), inputs)

    def __len__(self) -> int:
        return len(self.blocks)

    def __bool__(self) -> bool:
        return len(self) > 0

    @property
    def case_count(self) -> int:
        """How many cases were counted."""
        return int(self.blocks.n.sum())

    @property
    def row_count(self) -> int:
        """How many pairs of block and finding have a count."""
        return len(self.blocks.term)

    @cached_property
    def genes(self) -> frozenset[str]:
        """The symbols of all genes that are called a cause, in capitals."""
        return frozenset(symbol.upper() for symbol in self.blocks.gene)

    @cached_property
    def diseases_with_gene(self) -> frozenset[str]:
        """The ids of the diseases of which a case calls a gene the cause."""
        named = np.flatnonzero(np.diff(self.blocks.gene_starts))
        return frozenset(self.blocks.disease[index] for index in named.tolist())

    @cached_property
    def sources(self) -> frozenset[str]:
        """All publications and clinics."""
        return frozenset(self.blocks.of_source)

    @cached_property
    def diseases(self) -> frozenset[str]:
        """All disease ids, as stored."""
        return frozenset(self.blocks.of_disease)

    def blocks_of(self, disease_ids: Iterable[str]) -> IntArray:
        """The indices of the blocks of diseases (give all ids of a merged disease), ascending."""
        wanted = {normal_disease_id(identifier) for identifier in disease_ids}
        found = sorted(index for identifier in wanted for index in self.blocks.of_disease.get(identifier, ()))
        return np.array(found, dtype=np.int32)

    def block(self, index: int) -> Block:
        """One block as an object."""
        return self.blocks.block(index)

    def without(self, sources: Set[str]) -> Library:
        """The library as if the cases of these sources had never been added; itself where it holds none of them."""
        gone = [index for source in sources for index in self.blocks.of_source.get(source, ())]
        return self._kept(np.delete(np.arange(len(self)), gone)) if gone else self

    def only(self, sources: Set[str]) -> Library:
        """The library as if no cases but those of these sources had been added."""
        return self.without(self.sources - sources)

    def merged(self, other: Library) -> Library:
        """Both together. A disease and source that both hold is taken once: the block with more assessed findings,
        then more cases, more genes named, the later HPO release, and the greater checksum.

        Commutative, associative and idempotent, so that libraries can be pooled in any order and more than once.
        """
        if not other or not self:
            return self if self else other
        inputs = tuple(sorted({*self.inputs, *other.inputs}))
        both = _with_inputs(self, inputs).joined(_with_inputs(other, inputs))
        chosen: dict[Key, int] = {}
        for index, key in enumerate(both.keys):
            present = chosen.setdefault(key, index)
            if present != index:
                chosen[key] = max(present, index, key=lambda block: _weight(both, block))
        return Library(both, inputs)._kept(np.array([chosen[key] for key in sorted(chosen)], dtype=np.int64))

    @cached_property
    def checksum(self) -> str:
        """SHA-256 over all counts (not over the inputs): the same cases give the same, in whatever order."""
        counts = {name: value for name, value in pack("library", self.blocks).items() if name != "library.input"}
        return content_sha256(counts)

    def compared(self, incoming: Library) -> Comparison:
        """What merging another library into this one would do to each block of that other one."""
        mine = {key: index for index, key in enumerate(self.blocks.keys)}
        found: dict[str, list[Key]] = {"new": [], "fuller": [], "known": [], "outweighed": []}
        for index, key in enumerate(incoming.blocks.keys):
            present = mine.get(key)
            if present is None:
                found["new"].append(key)
                continue
            before, after = _weight(self.blocks, present)[:5], _weight(incoming.blocks, index)[:5]
            found["known" if before == after else "fuller" if before < after else "outweighed"].append(key)
        return Comparison(**{name: tuple(keys) for name, keys in found.items()})

    def same_content(self, other: Library) -> bool:
        """Whether both hold the same counts from the same inputs."""
        mine, others = pack("library", self.blocks), pack("library", other.blocks)
        return self.inputs == other.inputs and all(np.array_equal(mine[name], others[name]) for name in mine)

    def save(self, path: Path) -> dict[str, Any]:
        """Write the library file in one step; returns its manifest. The same content gives the same bytes."""
        return write_store(path, pack("library", self.blocks), self.manifest())

    def manifest(self) -> dict[str, Any]:
        """What the file says of itself: counts, HPO releases and inputs."""
        blocks = self.blocks
        publications = sum(1 for source, places in blocks.of_source.items() if _is_publication(blocks, places))
        brought = np.bincount(blocks.input[blocks.input >= 0], minlength=len(self.inputs)).tolist()
        return {
            "kind": KIND,
            "counts": {
                "cases": self.case_count,
                "publications": publications,
                "clinics": len(self.sources) - publications,
                "diseases": len(self.diseases),
                "blocks": len(self),
                "rows": self.row_count,
            },
            "hpo_releases": sorted(set(blocks.hpo_release)),
            "inputs": [
                {"name": one.name, "sha256": one.sha256, "added": one.added, "blocks": number}
                for one, number in zip(self.inputs, brought, strict=True)
            ],
        }

    @classmethod
    def open(cls, path: Path) -> Library:
        """Open a library file. Raises KnowledgeError where it is missing, damaged or something else."""
        try:
            store = Store(path)
            if store.manifest.get("kind") != KIND:
                raise KnowledgeError(f"{path} is no case library")
            library = cls(unpack(Blocks, "library", _columns_of(store)), _inputs(store.manifest))
            library.blocks.check()
            if bool(((library.blocks.input < -1) | (library.blocks.input >= len(library.inputs))).any()):
                raise KnowledgeError(f"{path}: a block names an input that is not listed")
        except KnowledgeError as error:
            raise KnowledgeError(error.what, repair=REPAIR) from error
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise KnowledgeError(f"{path}: not a case library, or a damaged one ({error})", repair=REPAIR) from error
        return library

    def _kept(self, chosen: np.ndarray[Any, Any]) -> Library:
        """The blocks of the given indices, and the inputs that still have one."""
        blocks = self.blocks.taken(chosen)
        used = [index for index in range(len(self.inputs)) if bool((blocks.input == index).any())]
        inputs = tuple(self.inputs[index] for index in used)
        return Library(_with_inputs(Library(blocks, self.inputs), inputs), inputs)


def counts_genes(store: Store) -> bool:
    """Whether a library file was written when genes were counted already."""
    return "library.gene_starts" in store


def _columns_of(store: Store) -> Callable[[str], NDArray[Any]]:
    """The stored columns by name; those of genes are empty in a library that was written before genes were counted."""
    if counts_genes(store):
        return store.array
    empty = without_genes(len(store.array("library.n")))
    return lambda name: empty[name.removeprefix("library.")] if name not in store else store.array(name)


def _weight(blocks: Blocks, index: int) -> tuple[Any, ...]:
    """Which of two blocks of one disease and source counts: the greater. Equal ones differ in nothing but the input,
    and the earlier input stays.
    """
    blamed = int(blocks.blamed[blocks.gene_starts[index] : blocks.gene_starts[index + 1]].sum())
    counts = int(blocks.assessed[index]), int(blocks.n[index]), blamed
    content = *counts, blocks.hpo_release[index], blocks.fingerprint(index)
    brought_by = int(blocks.input[index])
    return *content, brought_by >= 0, -brought_by


def _with_inputs(library: Library, inputs: tuple[LibraryInput, ...]) -> Blocks:
    """The blocks, with `input` counting in another tuple of inputs."""
    if library.inputs == inputs:
        return library.blocks
    place = {one: index for index, one in enumerate(inputs)}
    fresh = np.array([*(place.get(one, -1) for one in library.inputs), -1], dtype=np.int32)
    values = {name: getattr(library.blocks, name) for name in library.blocks.__dataclass_fields__}
    return Blocks(**{**values, "input": fresh[library.blocks.input]})


def _is_publication(blocks: Blocks, places: list[int]) -> bool:
    return int(blocks.kind[places[0]]) == SourceKind.PUBLICATION


def _inputs(manifest: Mapping[str, Any]) -> tuple[LibraryInput, ...]:
    return tuple(LibraryInput(str(one["added"]), str(one["sha256"]), str(one["name"])) for one in manifest["inputs"])
