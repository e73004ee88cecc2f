"""Hoofbeat's own ranking as a benchmark calls it: with weights that were not learned from the case, and where asked for
with annotations that do not count the patient.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoofbeat.cases import Case
from hoofbeat.diagnosis.benchmark.blind_case import fold
from hoofbeat.diagnosis.benchmark.case_score import Ranking
from hoofbeat.diagnosis.benchmark.leave_case_out import without_patient
from hoofbeat.diagnosis.benchmark.truth import quotes
from hoofbeat.diagnosis.rank import NothingToRankError, rank
from hoofbeat.diagnosis.second_stage import ALL_CASES, Weights, plain_weights, shipped_weights, weights_checksum
from hoofbeat.knowledge.frequencies import carried_to_ancestors, stated_shares
from hoofbeat.knowledge.hpoa import Aspect
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.library_evidence import joined_rows


class Protocol(StrEnum):
    """Which annotations are used (diagnosis specification, section 9)."""

    AS_IS = "as-is"
    LEAVE_CASE_OUT = "leave-case-out"


class WeightChoice(StrEnum):
    """Which weights of the second stage are used."""

    CROSS_FITTED = "cross-fitted"  # learned without the publication of the case and without its disease
    ALL = "all"  # those that new cases get; for cases that they were learned from, this flatters
    PLAIN = "plain"  # none: the first stage alone


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What the ranking of one case must not have learned from: its group of publications, these, and its disease."""

    group: str
    publications: tuple[str, ...]
    disease: str


# The aspects whose rows speak of patients who were counted.
OF_PATIENTS = (Aspect.FINDING, Aspect.COURSE)

Ranker = Callable[[Case, HeldOut], Ranking | None]
MakeRanker = Callable[[Library], Ranker]


@dataclass(frozen=True, slots=True)
class RankerOptions:
    """How to rank."""

    protocol: Protocol = Protocol.AS_IS
    weights: WeightChoice = WeightChoice.CROSS_FITTED

    def model(self) -> dict[str, Any]:
        """The version of what ranks, for the results: the choice, and the checksum of the file of weights."""
        if self.weights is WeightChoice.PLAIN:
            return {"weights": self.weights.value}
        return {"weights": self.weights.value, "weights_sha256": weights_checksum()}


def ranker_of(knowledge_file: Path, options: RankerOptions) -> MakeRanker:
    """What makes a ranking out of a library; to be called once in each process."""
    return partial(_with_library, Knowledge.open(knowledge_file), options)


def _with_library(knowledge: Knowledge, options: RankerOptions, library: Library) -> Ranker:
    return partial(_ranked, knowledge.with_library(library) if library else knowledge, options)


def _ranked(knowledge: Knowledge, options: RankerOptions, case: Case, held_out: HeldOut) -> Ranking | None:
    if options.protocol is Protocol.LEAVE_CASE_OUT:
        knowledge = without_the_case(knowledge, case, held_out)
    try:
        return rank(case, knowledge, weights=weights_for(options.weights, held_out))
    except NothingToRankError:
        return None


def without_the_case(knowledge: Knowledge, case: Case, held_out: HeldOut) -> Knowledge:
    """The same knowledge, with the annotations of the true disease as if the patient had not been counted: one less in
    its counts of findings, and nothing of the case's publications in its onset and number of reports, since these do
    not tell their patients apart.

    All other diseases stay. The library is left as it is: it holds nothing of the case's publications.
    """
    disease = knowledge.facts.diseases.find(held_out.disease)
    if disease is None or not quotes(knowledge.facts, disease, held_out.publications, OF_PATIENTS):
        return knowledge
    others = _without(knowledge, frozenset(held_out.publications))
    onset, known, reports = knowledge.onsets.onset.copy(), knowledge.onsets.known.copy(), knowledge.reports.copy()
    onset[disease], known[disease] = others.onsets.onset[disease], others.onsets.known[disease]
    reports[disease] = others.reports[disease]
    return replace(
        knowledge,
        replaced={**knowledge.replaced, **_shares_without(knowledge, disease, case, held_out)},
        onsets=replace(knowledge.onsets, onset=onset, known=known),
        reports=reports,
    )


@lru_cache(maxsize=1)  # the cases of a publication come one after the other
def _without(knowledge: Knowledge, publications: frozenset[str]) -> Knowledge:
    return knowledge.without(publications)


def _shares_without(
    knowledge: Knowledge, disease: int, case: Case, held_out: HeldOut
) -> dict[int, NDArray[np.float32]]:
    """How often the disease has each finding, without the patient; empty where no row counts the patient."""
    changes = without_patient(knowledge.facts, disease, held_out.publications, case)
    if not changes:
        return {}
    table = knowledge.facts.annotations.findings
    n, m = table.n.copy(), table.m.copy()
    for change in changes:
        n[change.row], m[change.row] = change.n, change.m
    dropped = {change.row for change in changes if change.m == 0}
    kept = np.array([row for row in table.rows(disease) if row not in dropped], dtype=np.int64)
    stated = carried_to_ancestors(stated_shares(replace(table, n=n, m=m), kept, knowledge.ontology), knowledge.ontology)
    return joined_rows(stated, knowledge.evidence, [disease], len(knowledge.ontology))


def weights_for(choice: WeightChoice, held_out: HeldOut) -> Weights:
    """The weights to rank a case with."""
    if choice is WeightChoice.PLAIN:
        return _plain()
    if choice is WeightChoice.ALL:
        return shipped_weights()[ALL_CASES]
    return cross_fitted_weights(held_out)


@lru_cache
def _plain() -> Weights:
    return plain_weights()


def cross_fitted_weights(held_out: HeldOut) -> Weights:
    """The set that was learned from neither the publications nor the disease of a case.

    There is a set per fold of diseases; it was learned without the cases of these and whatever shares a publication
    with one of them.
    """
    sets = shipped_weights()
    folds = sorted(name for name in sets if name != ALL_CASES)
    return sets[folds[fold(held_out.disease, len(folds))]]
