"""Ranks all diseases for a case: `rank(case, knowledge) -> Differential`. A pure function; nothing given is changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoofbeat.cases.case import Case
from hoofbeat.diagnosis.columns import Columns
from hoofbeat.diagnosis.differential import Candidate, Excerpt, Named, Note
from hoofbeat.diagnosis.evidence import evidence
from hoofbeat.diagnosis.explain import candidates
from hoofbeat.diagnosis.genotype.disease_ratios import DiseaseRatios, disease_ratios
from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence
from hoofbeat.diagnosis.genotype.shown import genotype_notes, genotype_summary
from hoofbeat.diagnosis.scored import Scored
from hoofbeat.diagnosis.second_stage import ALL_CASES, Weights, probabilities, scores, shipped_weights, umbrella_penalty
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.statistics.places import first_places, mid_rank, place_in_order


class NothingToRankError(ValueError):
    """The case has no observed or excluded finding that the release knows. Ask for findings; a list would mean
    nothing.
    """


class Differential(Scored):
    """Every disease's score and probability for one case, in order.

    `order` gives the diseases from the first to the last candidate; equal scores stand in the order of the diseases.
    """

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """Disease indices, best first."""
        return np.argsort(-self.scores, kind="stable")

    @property
    def none_of_these(self) -> float:
        """The probability that it is no disease of this knowledge."""
        return float(self.probabilities[-1])

    def index_of(self, disease_id: str) -> int | None:
        """The index of a disease by any of its identifiers."""
        return self.knowledge.find_disease(disease_id)

    def id_of(self, index: int) -> str:
        """The primary identifier of a disease."""
        return self.knowledge.disease_id(index)

    def rank_of(self, disease_id: str) -> float:
        """The rank of a disease, ties in the middle; NaN when it is no candidate."""
        index = self.index_of(disease_id)
        return float("nan") if index is None else mid_rank(self.scores, index)

    def first(self, n: int) -> list[int]:
        """The indices of the first n diseases, best first: the beginning of `order`, without sorting all the others."""
        return first_places(self.scores, n)

    def top(self, n: int) -> tuple[Candidate, ...]:
        """The first n candidates, explained."""
        return self._explained({index: place for place, index in enumerate(self.first(n), 1)})

    def explained(self, disease_id: str) -> Candidate | None:
        """One disease, wherever it stands."""
        index = self.index_of(disease_id)
        if index is None:
            return None
        return self._explained({index: place_in_order(self.scores, index)})[0]

    def _explained(self, places: Mapping[int, int]) -> tuple[Candidate, ...]:
        """Explanations of diseases at their places, each made once: pages ask for the same ones again."""
        kept = self._explanations
        missing = {index: place for index, place in places.items() if index not in kept}
        if missing:
            kept.update(zip(missing, candidates(self, missing), strict=True))
        return tuple(kept[index] for index in places)

    @cached_property
    def _explanations(self) -> dict[int, Candidate]:
        return {}

    def excerpt(self, top: int = 10) -> Excerpt:
        """The first candidates with everything that a table, a page or a JSON document shows."""
        ontology = self.knowledge.ontology
        return Excerpt(
            case=self.case.id,
            release=self.release,
            n_diseases=len(self.scores),
            observed=tuple(Named(ontology.id(t), ontology.name(t)) for t in self.evidence.observed),
            excluded=tuple(Named(ontology.id(t), ontology.name(t)) for t in self.evidence.excluded),
            candidates=self.top(top),
            none_of_these=self.none_of_these,
            notes=self.notes,
            genotype=None if self.genotype is None else genotype_summary(self.genotype.evidence),
        )

    @property
    def release(self) -> Mapping[str, Any]:
        """What the result was made with: knowledge release and checksum, library, weights."""
        return {**self.knowledge.release_info(), "weights": self.weights.name}

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the reader should know about the input."""
        notes = () if self.genotype is None else genotype_notes(self.genotype.evidence)
        if self.evidence.observed:
            return notes
        alone = Note("no observed finding: the order rests on what is excluded alone", "give what was observed")
        return (*notes, alone)


def rank(
    case: Case,
    knowledge: Knowledge,
    *,
    genotype: GenotypeEvidence | DiseaseRatios | None = None,
    weights: Weights | None = None,
) -> Differential:
    """Rank every disease for a case.

    Reads the findings, the age and the sex, and the variants of a test where `genotype` has them, or what these say of
    the diseases of this knowledge; never what the case reports of a diagnosis. Raises NothingToRankError when no
    finding is usable.
    """
    chosen = weights if weights is not None else shipped_weights()[ALL_CASES]
    said = evidence(case, columns_of(knowledge))
    if not said.observed and not said.excluded:
        raise NothingToRankError(f"case {case.id} has no finding that HPO {knowledge.ontology.release} knows")
    scored = scores(said, knowledge, chosen)
    found = disease_ratios(genotype, knowledge) if isinstance(genotype, GenotypeEvidence) else genotype
    if found is not None:
        scored = scored + found.log_lr
    penalty = umbrella_penalty(scored, knowledge)
    scored = scored - penalty
    return Differential(
        case=case,
        knowledge=knowledge,
        evidence=said,
        weights=chosen,
        penalty=penalty,
        scores=scored,
        probabilities=probabilities(scored, len(said.observed), chosen.calibration(knowledge)),
        genotype=found,
    )


@lru_cache(maxsize=8)
def columns_of(knowledge: Knowledge) -> Columns:
    """The column cache of a Knowledge; of the last few that were used."""
    return Columns(knowledge)
