"""Fictional solved cases for the small release, and a ranking so simple that its results are known beforehand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoofbeat.cases import Case
from hoofbeat.diagnosis.benchmark.ranker import HeldOut, MakeRanker, Ranker
from hoofbeat.diagnosis.benchmark.truth import disease_key
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.library import Library
from hoofbeat.statistics.places import mid_rank
from tests.packets import packet

ARACHNODACTYLY, ECTOPIA, PALATE = "HP:0001166", "HP:0001083", "HP:0002705"
MARFAN, NAIL, LENS, HEART = "OMIM:154700", "OMIM:161200", "OMIM:129600", "OMIM:600001"
UNANNOTATED = "OMIM:999999"


def solved_packet(
    name: str,
    disease: str | tuple[str, ...],
    *publications: str,
    observed: tuple[str, ...] = (ARACHNODACTYLY,),
    excluded: tuple[str, ...] = (),
) -> dict[str, Any]:
    """A fictional packet with a solved interpretation for each disease."""
    diseases = (disease,) if isinstance(disease, str) else disease
    features: list[dict[str, Any]] = [{"type": {"id": one, "label": one}} for one in observed]
    features += [{"type": {"id": one, "label": one}, "excluded": True} for one in excluded]
    whole = packet(*features, id=name)
    whole["phenotypicFeatures"] = features
    whole["metaData"]["externalReferences"] = [{"id": publication} for publication in publications]
    whole["interpretations"] = [
        {
            "id": f"{name}-{number}",
            "progressStatus": "SOLVED",
            "diagnosis": {"disease": {"id": one, "label": "a disease"}, "genomicInterpretations": []},
        }
        for number, one in enumerate(diseases)
    ]
    return whole


def write_packets(folder: Path, *packets: dict[str, Any]) -> Path:
    """One file per packet, named by its id; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in packets:
        (folder / f"{one['id']}.json").write_text(json.dumps(one), encoding="utf-8")
    return folder


@dataclass(frozen=True)
class CountRanking:
    """Per disease of the release its score; the probabilities are the scores, shared out."""

    ids: tuple[str, ...]
    scores: NDArray[np.float64]
    facts: Facts

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """With one more for none of these."""
        whole = np.append(self.scores, 1.0)
        return whole / float(whole.sum())

    def index_of(self, disease_id: str) -> int | None:
        """Among the ids of the release and the library."""
        key = disease_key(disease_id, self.facts)
        return self.ids.index(key) if key in self.ids else None

    def rank_of(self, disease_id: str) -> float:
        """Mid-rank, NaN for a disease that is not there."""
        index = self.index_of(disease_id)
        return float("nan") if index is None else mid_rank(self.scores, index)

    def id_of(self, index: int) -> str:
        """The id at a place."""
        return self.ids[index]


@dataclass(frozen=True)
class CountRanker:
    """Counts the observed findings that are annotated, and adds 1 for each case of the disease in the library."""

    knowledge_file: Path

    def __call__(self) -> MakeRanker:
        """Called once in each process."""
        return self.make

    def make(self, library: Library) -> Ranker:
        """The ranking with one library."""
        facts = Facts.open(self.knowledge_file)
        extra = sorted({disease_key(one, facts) for one in library.diseases} - set(facts.diseases.ids))
        ids = (*facts.diseases.ids, *extra)
        taught = np.zeros(len(ids))
        for index in range(len(library)):
            block = library.block(index)
            taught[ids.index(disease_key(block.disease, facts))] += block.n

        def rank(case: Case, held_out: HeldOut) -> CountRanking:
            if case.id == "breaks":
                raise RuntimeError("a ranking that breaks")
            table = facts.annotations.findings
            scores = taught.copy()
            for finding in case.observed:
                term = facts.ontology.index(finding)
                scores[np.unique(table.disease[(table.term == term) & ~table.is_absence()])] += 1
            return CountRanking(ids, scores, facts)

        return rank
