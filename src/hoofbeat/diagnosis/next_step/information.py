"""How much an answer is expected to tell: bits of uncertainty over the diseases that it takes away on average.

The information of a question is H(p) - E[H(p | answer)], which is the same as H(answer) - Σ p_d H(answer | d): the
doubt about the answer, less the doubt that would be left if the disease were known. The second form needs no posterior.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_LEAST = 1e-300  # keeps log2 of what is impossible finite; it is multiplied with 0


def entropy(probabilities: FloatArray) -> FloatArray:
    """H = -Σ p log2 p along the last axis, in bits; p sums to 1 along it."""
    return np.asarray(-(probabilities * np.log2(np.maximum(probabilities, _LEAST))).sum(axis=-1))


def entropy_of_logs(logs: FloatArray) -> FloatArray:
    """`entropy` along the last axis of what has these natural logarithms, up to a factor.

    With w = e^x and S = Σ w it is ln S - Σ w x / S, so that only one exponential is taken of each.
    """
    shifted = logs - logs.max(axis=-1, keepdims=True)
    weights = np.exp(shifted)
    total = weights.sum(axis=-1)
    return np.asarray((np.log(total) - np.einsum("...i,...i->...", weights, shifted) / total) / np.log(2.0))


def doubt(yes: FloatArray) -> FloatArray:
    """The entropy of a yes-or-no answer whose chance of yes is given, in bits."""
    no = 1.0 - yes
    return np.asarray(-(yes * np.log2(np.maximum(yes, _LEAST)) + no * np.log2(np.maximum(no, _LEAST))))


def answer_information(probabilities: FloatArray, yes: FloatArray) -> FloatArray:
    """Bits that the answer to each question is expected to tell: `probabilities` (diseases,), `yes` (..., diseases)."""
    expected = yes @ probabilities
    return np.asarray(np.maximum(doubt(expected) - doubt(yes) @ probabilities, 0.0))
