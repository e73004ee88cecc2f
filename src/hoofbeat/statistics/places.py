"""Places in an order by score, with ties shared fairly, and what is made of them: top-k shares and reciprocal places.

A place is 1 for the best. Equal scores share the mean of the places they take together (mid-rank), so that a method
gains nothing by giving many the same score. NaN means "not placed at all" and counts as a failure everywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def mid_rank(scores: ArrayLike, index: int) -> float:
    """The place of `scores[index]` among `scores` (n,), higher is better: 1 + how many are above + half of those equal.

    NaN where that score is NaN; other NaN scores take no place.
    """
    values = np.asarray(scores, dtype=np.float64)
    own = values[index]
    if np.isnan(own):
        return float("nan")
    return 1.0 + float(np.count_nonzero(values > own)) + (float(np.count_nonzero(values == own)) - 1.0) / 2.0


def first_places(scores: FloatArray, n: int) -> list[int]:
    """The indices of the best `n` of `scores` (m,), best first, equal ones in their order: the beginning of a stable
    sort, without sorting all the others. No score may be NaN.
    """
    if n < 1:
        return []
    if len(scores) > n:
        near = np.flatnonzero(scores >= np.partition(scores, len(scores) - n)[len(scores) - n])
    else:
        near = np.arange(len(scores))
    return [int(index) for index in near[np.argsort(-scores[near], kind="stable")][:n]]


def place_in_order(scores: FloatArray, index: int) -> int:
    """The place of one of `scores` (m,) in the same order, from 1."""
    own = scores[index]
    return int(np.count_nonzero(scores > own) + np.count_nonzero(scores[:index] == own)) + 1


def within(places: ArrayLike, k: int) -> FloatArray:
    """1.0 for each place (n,) not beyond `k`, else 0.0; not placed is 0.0."""
    hits: FloatArray = (np.asarray(places, dtype=np.float64) <= k).astype(np.float64)
    return hits


def reciprocal(places: ArrayLike) -> FloatArray:
    """1/place for each place (n,); not placed is 0.0. Their mean is the mean reciprocal rank (MRR)."""
    values = np.asarray(places, dtype=np.float64)
    inverse: FloatArray = np.where(np.isnan(values), 0.0, 1.0 / np.where(np.isnan(values), 1.0, values))
    return inverse
