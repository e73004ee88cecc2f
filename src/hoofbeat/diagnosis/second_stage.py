"""The second stage: weighs what the case says of a disease by six learned numbers, and adds everything up.

score = a·Σ ln LR(observed) + Σ ln LR(excluded) + d·fit + e·onset + f·sex + g·gene + h·reported. The numbers are in
`second_stage.json`, with how they were learned: no disease is named in them, and none was learned from an excluded
finding.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.evidence import Evidence
from hoofbeat.knowledge.knowledge import Knowledge

WEIGHTS_FILE = "second_stage.json"
ALL_CASES = "all"  # the set of weights learned from every case: the one for new cases
QUANTITIES = ("found", "fit", "onset", "sex", "gene", "reported")
# Blocks (a disease in a source) from which on a library counts whole for how sure scores are; the one that the numbers
# were learned with had some 920. Ours.
WHOLE_LIBRARY = 500
SHARPER = math.e  # how much hotter the second of the two softmaxes is (ours)
UMBRELLA_MARGIN = 0.01  # an entry that only groups diseases stays this far behind the best of them (ours)

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """From scores to probabilities. With k observed findings, "none of these" has the score n0 + n1·k, and the
    probability is (1 - sharp)·softmax(h·score) + sharp·softmax(SHARPER·h·score), h = exp(t0 + t1·ln k).

    One softmax cannot serve both: where many diseases are alike it gives the first too little, else too much.
    """

    temperature: tuple[float, float]
    none: tuple[float, float]
    sharp: float

    @classmethod
    def from_json(cls, numbers: Mapping[str, Any]) -> Calibration:
        """The numbers of one calibration in the file."""
        (t0, t1), (n0, n1) = numbers["temperature"], numbers["none"]
        return cls((t0, t1), (n0, n1), numbers["sharp"])

    def towards(self, other: Calibration, share: float) -> Calibration:
        """The calibration that lies between this one (share 0) and another (share 1): each number in proportion."""
        own = 1.0 - share
        (t0, t1), (n0, n1) = (
            (own * mine[0] + share * theirs[0], own * mine[1] + share * theirs[1])
            for mine, theirs in ((self.temperature, other.temperature), (self.none, other.none))
        )
        return Calibration((t0, t1), (n0, n1), own * self.sharp + share * other.sharp)


@dataclass(frozen=True, eq=False)
class Weights:
    """The learned numbers: one per quantity, and how scores become probabilities without and with a case library."""

    name: str
    linear: Mapping[str, float]
    alone: Calibration
    with_library: Calibration

    @classmethod
    def from_json(cls, name: str, numbers: Mapping[str, Any]) -> Weights:
        """The weights of one set in the file."""
        alone, with_library = (Calibration.from_json(numbers[setting]) for setting in ("alone", "with_library"))
        return cls(name, dict(numbers["linear"]), alone, with_library)

    def calibration(self, knowledge: Knowledge) -> Calibration:
        """How scores made with this knowledge become probabilities.

        A library of a few cases changes next to nothing: the calibration goes over to that of a library as it grows.
        """
        return self.alone.towards(self.with_library, library_share(len(knowledge.library)))


def library_share(blocks: int) -> float:
    """How far a library of so many blocks is the large one that the calibration was learned with: from 0 to 1."""
    return min(1.0, blocks / WHOLE_LIBRARY)


@lru_cache
def shipped_weights() -> Mapping[str, Weights]:
    """All sets of the shipped file: ALL_CASES, and one per cross-fitting fold (`validation/fit_second_stage.py`)."""
    text = files("hoofbeat.diagnosis").joinpath(WEIGHTS_FILE).read_text(encoding="utf-8")
    return {name: Weights.from_json(name, numbers) for name, numbers in json.loads(text)["sets"].items()}


@lru_cache
def weights_checksum() -> str:
    """The SHA-256 of the shipped file, in hexadecimal."""
    return hashlib.sha256(files("hoofbeat.diagnosis").joinpath(WEIGHTS_FILE).read_bytes()).hexdigest()


def plain_weights() -> Weights:
    """Weights that leave the sum of ln ratios as it is."""
    ones = {"found": 1.0, "onset": 1.0, "sex": 1.0}
    as_it_is = Calibration((0.0, 0.0), (0.0, 0.0), 0.0)
    return Weights("plain", {name: ones.get(name, 0.0) for name in QUANTITIES}, as_it_is, as_it_is)


def quantities(evidence: Evidence, knowledge: Knowledge) -> dict[str, FloatArray]:
    """The named quantities, each with one value per disease."""
    return {
        "found": evidence.found,
        "fit": evidence.fit,
        "onset": evidence.onset,
        "sex": evidence.sex,
        "gene": knowledge.has_gene.astype(np.float64),
        "reported": knowledge.log_reports,
    }


def scores(evidence: Evidence, knowledge: Knowledge, weights: Weights) -> FloatArray:
    """The score of each disease, before `umbrella_penalty`."""
    total = evidence.excluded_ratios.sum(axis=0, dtype=np.float64)
    for name, quantity in quantities(evidence, knowledge).items():
        total += weights.linear[name] * quantity
    return np.asarray(total)


def umbrella_penalty(scored: FloatArray, knowledge: Knowledge) -> FloatArray:
    """What is taken from each entry that only groups diseases, so that it stays behind the best of them; else 0."""
    penalty = np.zeros(len(scored))
    umbrellas, members, starts = knowledge.umbrellas
    if len(umbrellas):
        best = np.maximum.reduceat(scored[members], starts)
        penalty[umbrellas] = np.maximum(0.0, scored[umbrellas] - best + UMBRELLA_MARGIN)
    return penalty


def probabilities(scored: FloatArray, n_findings: int, calibration: Calibration) -> FloatArray:
    """The probability of each disease and, last, of "none of these" (see Calibration); they sum to 1."""
    k = max(n_findings, 1)
    (t0, t1), (n0, n1) = calibration.temperature, calibration.none
    heated = math.exp(t0 + t1 * math.log(k)) * np.append(scored, n0 + n1 * k)
    return (1.0 - calibration.sharp) * softmax(heated) + calibration.sharp * softmax(SHARPER * heated)


def softmax(scored: FloatArray) -> FloatArray:
    """exp(score)/Σ exp(score), along the last axis."""
    share = np.exp(scored - scored.max(axis=-1, keepdims=True))
    return np.asarray(share / share.sum(axis=-1, keepdims=True))
