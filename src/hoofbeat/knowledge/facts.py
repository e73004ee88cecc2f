"""Facts: one release of public knowledge, opened from its file: the ontology, the diseases, the annotations, the
frequencies compiled from them, and where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hoofbeat.knowledge.actions import Actions
from hoofbeat.knowledge.annotations import Annotation, Annotations
from hoofbeat.knowledge.diseases import Diseases
from hoofbeat.knowledge.errors import KnowledgeError, OtherVersionError
from hoofbeat.knowledge.frequencies import Frequencies
from hoofbeat.knowledge.hpoa import Aspect
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.own_parts import Described
from hoofbeat.knowledge.packing import pack, unpack
from hoofbeat.knowledge.store import Store, write_store

KNOWLEDGE_FILE = "knowledge.npz"
BUILD_ANEW = (
    "build it anew: `hoofbeat knowledge build` makes the release that came with Hoofbeat, `hoofbeat knowledge update` "
    "the newest; or delete its folder to use another one"
)
_ADDED = ("described.common", "diseases.gene_votes")  # what an earlier version did not write


def knowledge_store(path: Path) -> Store:
    """The file of a release, opened but not read. Raises KnowledgeError where it cannot be used.

    An earlier version is told by what its file lacks, not by the format: the case library has the same, and stays good.
    """
    store = Store(path)
    if any(name not in store for name in _ADDED):
        raise OtherVersionError(f"{path}: written by an earlier version of Hoofbeat", repair=BUILD_ANEW)
    return store


@dataclass(frozen=True, eq=False)
class Facts:
    """What one release states. `manifest` says what it was built from; status and results both show it."""

    ontology: Ontology
    diseases: Diseases
    annotations: Annotations
    frequencies: Frequencies
    described: Described
    manifest: Mapping[str, Any]
    actions: Actions = field(default_factory=Actions.empty)

    @classmethod
    def open(cls, path: Path) -> Facts:
        """Open a knowledge file, or the folder of a release. Raises KnowledgeError where it cannot be used."""
        store = knowledge_store(path / KNOWLEDGE_FILE if path.is_dir() else path)
        facts = cls(
            ontology=unpack(Ontology, "ontology", store.array),
            diseases=unpack(Diseases, "diseases", store.array),
            annotations=unpack(Annotations, "annotations", store.array),
            frequencies=unpack(Frequencies, "frequencies", store.array),
            described=unpack(Described, "described", store.array),
            manifest=store.manifest,
            actions=unpack(Actions, "actions", store.array) if "actions.release" in store else Actions.empty(),
        )
        fault = facts._fault()
        if fault:
            raise KnowledgeError(f"{store.path}: damaged: {fault}", repair=BUILD_ANEW)
        return facts

    def _fault(self) -> str:
        """What in the compiled tables would make a ranking wrong without a word; empty where nothing does."""
        n_terms, n_diseases = len(self.ontology), len(self.diseases)
        for name, table in (("frequencies", self.frequencies), ("described.parts", self.described.parts)):
            if fault := table.fault(n_terms, n_diseases):
                return f"{name}: {fault}"
        if fault := self.described.fault(n_terms):
            return f"described: {fault}"
        fault = self.diseases.votes_fault()
        return f"diseases.gene_votes: {fault}" if fault else ""

    def save(self, path: Path) -> Facts:
        """Write the knowledge file in one step; returns the facts with the manifest as written."""
        arrays = {
            **pack("ontology", self.ontology),
            **pack("diseases", self.diseases),
            **pack("annotations", self.annotations),
            **pack("frequencies", self.frequencies),
            **pack("described", self.described),
            **(pack("actions", self.actions) if len(self.actions) else {}),
        }
        manifest = write_store(path, arrays, self.manifest)
        return replace(self, manifest=manifest)

    @property
    def release(self) -> str:
        """The name of the release, e.g. `2025-01-16`."""
        return str(self.manifest["release"])

    def stated(self, disease: int, term: int, aspect: Aspect = Aspect.FINDING) -> tuple[Annotation, ...]:
        """What is stated of a term (index) in a disease (index): its rows, in order of entry and line."""
        rows = self.annotations.table(aspect).rows(disease, term)
        return tuple(self.annotations.row(row, self.diseases, aspect) for row in rows)
