"""What the second stage learns from: for each solved case the most likely diseases and the true one, with their named
quantities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoofbeat.batch.benchmark import KnownCases
from hoofbeat.diagnosis.benchmark.blind_case import Terms
from hoofbeat.diagnosis.benchmark.plan import Plan
from hoofbeat.diagnosis.columns import Columns
from hoofbeat.diagnosis.evidence import evidence
from hoofbeat.diagnosis.second_stage import QUANTITIES, quantities
from hoofbeat.knowledge.knowledge import Knowledge

CANDIDATES = 150  # so many of the most likely diseases are kept per case
SAMPLED = 100  # and so many of all others, which together stand for them where the whole posterior counts

FloatArray = NDArray[np.float32]


@dataclass(frozen=True)
class Examples:
    """Per example (one case in one setting): `values` (examples, CANDIDATES + SAMPLED, QUANTITIES), the most likely
    first; `truth` the place of the true disease among these; `others` how many diseases the sample stands for.

    Where the true disease is no candidate at all, `known` is False; where it was not among the most likely, it stands
    last and `reached` is False. `case` is the index of the case, `findings` how many it has, `setting` 0 without and 1
    with a library.
    """

    values: FloatArray
    truth: NDArray[np.int32]
    others: NDArray[np.int32]
    known: NDArray[np.bool_]
    reached: NDArray[np.bool_]
    case: NDArray[np.int32]
    findings: NDArray[np.int32]
    setting: NDArray[np.int8]

    @classmethod
    def joined(cls, several: Sequence[Examples]) -> Examples:
        """All examples of several settings."""
        return cls(*(np.concatenate([getattr(one, name) for one in several]) for name in cls.__dataclass_fields__))


def examples(test: KnownCases, plan: Plan, knowledge: Knowledge, *, setting: int) -> Examples:
    """The examples of one setting; each case is seen with the library of its arm and with observed findings only."""
    rows = []
    random = np.random.default_rng(20250116)
    for arm, left_out in enumerate(plan.left_out):
        numbers = [number for number, of in enumerate(plan.arm) if of == arm]
        library = plan.library.without(set(left_out)) if len(plan.library) else plan.library
        columns = Columns(knowledge.with_library(library) if len(library) else knowledge)
        competing = np.ones(columns.knowledge.n_diseases, dtype=np.bool_)
        competing[columns.knowledge.umbrellas[0]] = False
        for number in numbers:
            said = evidence(test.cases[number].seen(Terms.OBSERVED), columns)
            if not said.observed:
                continue
            first_look = np.where(competing, said.found + said.fit, -np.inf)
            order = np.argpartition(-first_look, CANDIDATES).astype(np.int32)
            chosen, rest = order[:CANDIDATES].copy(), order[CANDIDATES:]
            true = columns.knowledge.find_disease(test.truths[number].disease)
            place = np.flatnonzero(chosen == true)
            if true is not None and len(place) == 0:
                chosen[-1] = true
            named = quantities(said, columns.knowledge)
            chosen = np.concatenate([chosen, random.choice(rest, SAMPLED, replace=False)])
            values = np.stack([named[name][chosen] for name in QUANTITIES], axis=1).astype(np.float32)
            at = int(place[0]) if len(place) else CANDIDATES - 1
            rows.append((values, at, len(rest), true is not None, len(place) > 0, number, len(said.observed), setting))
    columns_of_rows = list(zip(*rows, strict=True))
    kinds = (np.float32, np.int32, np.int32, np.bool_, np.bool_, np.int32, np.int32, np.int8)
    return Examples(*(np.array(column, dtype=kind) for column, kind in zip(columns_of_rows, kinds, strict=True)))
