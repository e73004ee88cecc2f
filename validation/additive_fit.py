"""Learns the second stage's numbers by listwise softmax: the true disease against the most likely others.

Minimised is -Σ w ln softmax(values·weights)[true] + ridge/2·Σ weights², by L-BFGS-B (scipy); no weight falls below 0.
Then, with these fixed, how scores become probabilities.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from hoofbeat.diagnosis.second_stage import SHARPER, softmax

FloatArray = NDArray[np.float64]

RIDGE = 3.0  # on weights per standard deviation of their quantity
LISTWISE = 0.03  # what the whole list's log loss counts beside that of its first (ours; with .1, calibration is worse)
REMOVED = -1e6  # the score of a disease taken away
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
        share = softmax((inputs @ weights).reshape(n_examples, n_candidates))
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
) -> dict[str, object]:
    """The numbers of a `Calibration`, from scores (examples, diseases); the answer where not `known`: "none".

    `offset` (examples, diseases) is ln of how many diseases each one stands for. Minimised is the log loss of "is the
    first one right", which is what a reader asks of a probability, and with a part of LISTWISE that of the answer
    among all, each known case counting NONE_CHANCE once more with its true disease removed.
    """
    k = np.maximum(findings, 1).astype(np.float64)[:, None]
    rows = np.arange(len(scored))
    removed = scored.copy()
    removed[rows[known], truth[known]] = REMOVED
    first = scored.argmax(axis=1)
    right = known & (first == truth)
    offsets = np.concatenate([offset, np.zeros((len(scored), 1))], axis=1)

    def chances(numbers: FloatArray, of: FloatArray) -> FloatArray:
        t0, t1, n0, n1, sharp = numbers
        heated = np.exp(t0 + t1 * np.log(k)) * np.concatenate([of, n0 + n1 * k], axis=1)
        w = 1.0 / (1.0 + np.exp(-sharp))
        return np.asarray(
            np.clip((1 - w) * softmax(heated + offsets) + w * softmax(SHARPER * heated + offsets), 1e-12, 1 - 1e-12)
        )

    def loss(numbers: FloatArray) -> float:
        share = chances(numbers, scored)
        top = share[rows, first]
        answer = np.where(known, share[rows, truth], share[:, -1])
        gone = known * np.log(chances(numbers, removed)[:, -1])
        value = np.where(right, np.log(top), np.log(1 - top)) + LISTWISE * (np.log(answer) + NONE_CHANCE * gone)
        return -float(value.mean())

    # Another valley, of one softmax alone, lies beside this one; it fits what was seen as well, and new diseases worse.
    start = np.array([-0.3, 0.0, 5.0, 0.45, 1.0])
    found = minimize(loss, start, method="L-BFGS-B", options={"maxiter": 40, "maxfun": 400})
    t0, t1, n0, n1, sharp = (float(number) for number in found.x)
    return {
        "temperature": [round(t0, 5), round(t1, 5)],
        "none": [round(n0, 5), round(n1, 5)],
        "sharp": round(1.0 / (1.0 + math.exp(-sharp)), 5),
    }


def weight_per_example(diseases: NDArray[np.str_], power: float) -> FloatArray:
    """(number of examples of its disease)^-power per example, mean 1, so that no cohort decides alone."""
    _, inverse, counts = np.unique(diseases, return_inverse=True, return_counts=True)
    weight = np.asarray(counts[inverse].astype(np.float64) ** -power)
    return np.asarray(weight / weight.mean())
