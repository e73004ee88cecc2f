"""Whether stated probabilities come true: the reliability table and the expected calibration error made from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

N_BINS = 15  # as in Guo et al. 2017 (arXiv:1706.04599), so that figures can be compared


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """One row: probabilities above `low` up to `high` (the first also holds 0): how many, their mean, and the share
    that came true; both NaN where there is none.
    """

    low: float
    high: float
    count: int
    mean_probability: float
    share_true: float


def reliability_table(
    probabilities: ArrayLike, came_true: ArrayLike, *, n_bins: int = N_BINS
) -> tuple[ReliabilityBin, ...]:
    """`n_bins` bins of equal width over 0..1; `probabilities` (n,), `came_true` (n,) 0 or 1.

    Raises ValueError for a probability outside 0..1 or NaN, or lists of different lengths.
    """
    stated = np.asarray(probabilities, dtype=np.float64)
    truth = np.asarray(came_true, dtype=np.float64)
    if stated.shape != truth.shape or stated.ndim != 1:
        raise ValueError("one outcome is needed for each probability")
    if not np.all((stated >= 0.0) & (stated <= 1.0)):
        raise ValueError("a probability lies outside 0..1")
    edges = np.arange(n_bins + 1) / n_bins
    place = np.clip(np.searchsorted(edges, stated, side="left") - 1, 0, n_bins - 1)
    counts = np.bincount(place, minlength=n_bins)
    with np.errstate(invalid="ignore"):
        means = np.bincount(place, weights=stated, minlength=n_bins) / counts
        shares = np.bincount(place, weights=truth, minlength=n_bins) / counts
    return tuple(
        ReliabilityBin(float(edges[i]), float(edges[i + 1]), int(counts[i]), float(means[i]), float(shares[i]))
        for i in range(n_bins)
    )


def expected_calibration_error(table: tuple[ReliabilityBin, ...]) -> float:
    """The mean over items of |mean probability - share true| of their bin (Naeini et al. 2015).

    0 is perfect; NaN for an empty table.
    """
    total = sum(row.count for row in table)
    if not total:
        return float("nan")
    return sum(row.count * abs(row.mean_probability - row.share_true) for row in table if row.count) / total
