"""Micro and macro averages, and how sure they are: intervals by resampling whole clusters.

Micro: every item weighs the same. Macro: every group weighs the same, so that one group with many items does not speak
for the others.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

REPLICATES = 1_000  # ours: the ends of a 95 % interval then move by about 0.1 of its width between seeds
COVERAGE = 0.95
_BLOCK = 2_000_000  # weights held at a time, so that memory does not grow with the replicates


@dataclass(frozen=True, slots=True)
class Interval:
    """An average with the ends of its interval; NaN where nothing was averaged."""

    mean: float
    low: float
    high: float


def micro_mean(values: ArrayLike) -> float:
    """The mean of `values` (n,); NaN for none."""
    array = np.asarray(values, dtype=np.float64)
    return float(array.mean()) if array.size else float("nan")


def macro_mean(values: ArrayLike, groups: Sequence[Hashable]) -> float:
    """The mean over groups of the mean of their `values` (n,); `groups` names the group of each. NaN for none."""
    array = np.asarray(values, dtype=np.float64)
    if not array.size:
        return float("nan")
    index = numbered(groups)
    sums = np.bincount(index, weights=array)
    return float((sums / np.bincount(index)).mean())


def numbered(labels: Sequence[Hashable]) -> NDArray[np.int64]:
    """A number 0, 1, ... for each label, the same for equal labels, in order of first appearance."""
    place: dict[Hashable, int] = {}
    return np.array([place.setdefault(label, len(place)) for label in labels], dtype=np.int64)


def bootstrap(
    values: ArrayLike,
    clusters: Sequence[Hashable],
    groups: Sequence[Hashable],
    *,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> tuple[Interval, Interval]:
    """Micro and macro mean of `values` (n,), each with an interval from resampling clusters.

    Items of one cluster come and go together: they are not independent. A replicate draws as many clusters as there
    are, with replacement, and the interval is between percentiles of the replicates (Efron and Tibshirani 1993, chapter
    13). A macro replicate leaves out groups of which no cluster was drawn, mostly those with a single one, and so is
    off by their difference: the replicates are moved until their mean is the mean of `values`, and cut at its range.
    """
    array = np.asarray(values, dtype=np.float64)
    if not array.size:
        nothing = Interval(float("nan"), float("nan"), float("nan"))
        return nothing, nothing
    cells = _Cells.of(array, numbered(clusters), numbered(groups))
    micro, macro = np.empty(replicates), np.empty(replicates)
    generator = np.random.default_rng(seed)
    step = max(1, _BLOCK // len(cells.sums))
    for start in range(0, replicates, step):
        size = min(step, replicates - start)
        drawn = generator.multinomial(cells.n_clusters, np.full(cells.n_clusters, 1.0 / cells.n_clusters), size=size)
        micro[start : start + size], macro[start : start + size] = cells.means(drawn.astype(np.float64))
    limits = float(array.min()), float(array.max())
    return _interval(micro_mean(array), micro, limits), _interval(macro_mean(array, groups), macro, limits)


def _interval(mean: float, replicates: FloatArray, limits: tuple[float, float]) -> Interval:
    centred = np.clip(replicates - replicates.mean() + mean, *limits)
    low, high = np.percentile(centred, (50 * (1 - COVERAGE), 50 * (1 + COVERAGE)))
    return Interval(mean, float(low), float(high))


@dataclass(frozen=True, slots=True)
class _Cells:
    """Sums and numbers of items per (group, cluster), ordered by group; `starts` is the first cell of each group."""

    n_clusters: int
    cluster: NDArray[np.int64]
    sums: FloatArray
    counts: FloatArray
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, values: FloatArray, clusters: NDArray[np.int64], groups: NDArray[np.int64]) -> _Cells:
        n_clusters = int(clusters.max()) + 1
        keys, place = np.unique(groups * n_clusters + clusters, return_inverse=True)
        starts = np.searchsorted(keys // n_clusters, np.arange(int(groups.max()) + 1))
        counts = np.bincount(place).astype(np.float64)
        sums = np.bincount(place, weights=values).astype(np.float64)
        return cls(n_clusters, keys % n_clusters, sums, counts, starts.astype(np.int64))

    def means(self, drawn: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Micro and macro means (replicates,), given how often each cluster was drawn (replicates, n_clusters)."""
        weights = drawn[:, self.cluster]
        sums = np.add.reduceat(weights * self.sums, self.starts, axis=1)
        counts = np.add.reduceat(weights * self.counts, self.starts, axis=1)
        present = counts > 0
        means = np.divide(sums, counts, out=np.zeros_like(sums), where=present)
        return sums.sum(axis=1) / counts.sum(axis=1), means.sum(axis=1) / present.sum(axis=1)
