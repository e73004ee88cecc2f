"""How one test case came out: the place of the true disease, and what was put first."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.benchmark.truth import EntryKind, Stratum, Truth

NOT_PLACED = float("nan")


class Ranking(Protocol):
    """What a benchmark needs of a differential, so that anything that ranks can be measured."""

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """(n_diseases + 1,): per merged disease, and last that of none of these."""

    def rank_of(self, disease_id: str) -> float:
        """The mid-rank of a disease among all, or NaN where it is no candidate."""

    def index_of(self, disease_id: str) -> int | None:
        """Its place in `probabilities`, or None."""

    def id_of(self, index: int) -> str:
        """The primary id at a place of `probabilities`."""


@dataclass(frozen=True, slots=True)
class CaseScore:
    """One row of `ranks.csv`.

    `rank` is NaN where the true disease was not placed, `related_rank` the best of its own and its broader and narrower
    diseases'; `probability` is that of the true disease. `in_library`: whether the library used for this case, which
    holds nothing of its publications, has the true disease. `fold` is None without split.
    """

    case: str
    file: str
    publication: str
    group: str
    disease: str
    key: str
    stratum: Stratum
    entry: EntryKind
    in_library: bool
    fold: int | None
    n_observed: int
    n_excluded: int
    rank: float
    related_rank: float
    probability: float
    first: str
    first_probability: float
    none_of_these: float


@dataclass(frozen=True, slots=True)
class Placing:
    """The part of a score that the ranking decides."""

    rank: float = NOT_PLACED
    related_rank: float = NOT_PLACED
    probability: float = 0.0
    first: str = ""
    first_probability: float = 0.0
    none_of_these: float = 1.0


def placing(ranking: Ranking, truth: Truth) -> Placing:
    """Read off a differential how the true disease fared."""
    probabilities = ranking.probabilities
    index = ranking.index_of(truth.disease)
    first = int(np.argmax(probabilities[:-1])) if len(probabilities) > 1 else None
    rank = ranking.rank_of(truth.disease)
    return Placing(
        rank=rank,
        related_rank=_best((rank, *(ranking.rank_of(other) for other in truth.related))),
        probability=0.0 if index is None else float(probabilities[index]),
        first="" if first is None else ranking.id_of(first),
        first_probability=0.0 if first is None else float(probabilities[first]),
        none_of_these=float(probabilities[-1]),
    )


def _best(ranks: Iterable[float]) -> float:
    return min((rank for rank in ranks if not math.isnan(rank)), default=NOT_PLACED)


def csv_header() -> list[str]:
    """The columns of `ranks.csv`."""
    return [field.name for field in fields(CaseScore)]


def csv_row(score: CaseScore) -> list[Any]:
    """The cells of one row: what is not there is empty, probabilities have eight digits."""
    return [_cell(getattr(score, name)) for name in csv_header()]


def _cell(value: Any) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.8g}" if isinstance(value, float) else value
