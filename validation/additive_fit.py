"""Learns the second stage's numbers by listwise softmax: the true disease against the most likely others.

Minimised is -Σ w ln softmax(values·weights)[true] + ridge/2·Σ weights², by L-BFGS-B (scipy); no weight falls below 0.
Then, with these fixed, the temperature and the score of "none of these", by the same likelihood.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

FloatArray = NDArray[np.float64]

RIDGE = 3.0  # on weights per standard deviation of their quantity
NONE_CHANCE = 0.1  # each case counts this much once more with its true disease removed, the answer being "none" (ours)


def fit_weights(
    values: NDArray[np.float32], truth: NDArray[np.int32], weight: FloatArray, most: FloatArray
) -> FloatArray:
    """Weights (quantities,) from `values` (examples, candidates, quantities), `truth` (examples,) and a `weight` each;
    none exceeds its `most`.
    """
    n_examples, n_candidates, n_quantities = values.shape
    inputs = values.reshape(-1, n_quantities).astype(np.float64)
    scale = inputs.std(axis=0) + 1e-9
    inputs /= scale
    rows = np.arange(n_examples)

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        share = _softmax((inputs @ weights).reshape(n_examples, n_candidates))
        value = -float((weight * np.log(share[rows, truth] + 1e-30)).sum())
        share *= weight[:, None]
        share[rows, truth] -= weight
        gradient = inputs.T @ share.ravel() + RIDGE * weights
        return value + 0.5 * RIDGE * float((weights**2).sum()), gradient

    found = minimize(
        loss, np.zeros(n_quantities), jac=True, method="L-BFGS-B", bounds=[(0.0, limit) for limit in most * scale]
    )
    fitted: FloatArray = found.x / scale
    return fitted


def fit_calibration(
    scored: FloatArray,
    offset: FloatArray,
    truth: NDArray[np.int32],
    known: NDArray[np.bool_],
    findings: NDArray[np.int32],
) -> tuple[tuple[float, float], tuple[float, float]]:
    """(t0, t1) and (n0, n1) of `Weights`, from scores (examples, diseases); the answer where not `known`: "none".

    `offset` (examples, diseases) is ln of how many diseases each one stands for. Each known case counts NONE_CHANCE
    once more with its true disease removed.
    """
    k = np.maximum(findings, 1).astype(np.float64)
    rows = np.arange(len(scored))
    removed = scored.copy()
    removed[rows[known], truth[known]] = -np.inf
    offsets = np.concatenate([offset, np.zeros((len(scored), 1))], axis=1)

    def loss(numbers: FloatArray) -> float:
        t0, t1, n0, n1 = numbers
        heat = np.exp(t0 + t1 * np.log(k))[:, None]
        none = (n0 + n1 * k)[:, None]
        share = _softmax(heat * np.concatenate([scored, none], axis=1) + offsets)
        right = np.where(known, share[rows, truth], share[:, -1])
        none_right = _softmax(heat * np.concatenate([removed, none], axis=1) + offsets)[:, -1]
        value = -np.log(right + 1e-30).sum() - NONE_CHANCE * (known * np.log(none_right + 1e-30)).sum()
        return float(value / len(scored))

    start = np.array([0.3, 0.0, float(np.median(scored.max(axis=1))), 0.0])
    found = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 600, "maxfev": 600, "adaptive": True})
    t0, t1, n0, n1 = (float(number) for number in found.x)
    return (t0, t1), (n0, n1)


def weight_per_example(diseases: NDArray[np.str_], power: float) -> FloatArray:
    """(number of examples of its disease)^-power per example, mean 1, so that no cohort decides alone."""
    _, inverse, counts = np.unique(diseases, return_inverse=True, return_counts=True)
    weight = np.asarray(counts[inverse].astype(np.float64) ** -power)
    return np.asarray(weight / weight.mean())


def _softmax(scored: FloatArray) -> FloatArray:
    share = np.exp(scored - scored.max(axis=1, keepdims=True))
    return np.asarray(share / share.sum(axis=1, keepdims=True))
