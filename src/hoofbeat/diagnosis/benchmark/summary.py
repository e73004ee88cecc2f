"""From the places of single cases to the figures that are reported: micro and macro top-k and MRR by stratum, each with
an interval, calibration, and diseases that come first too often.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.benchmark.case_score import CaseScore
from hoofbeat.diagnosis.benchmark.truth import EntryKind, Stratum
from hoofbeat.statistics.averages import Interval, bootstrap
from hoofbeat.statistics.calibration import expected_calibration_error, reliability_table
from hoofbeat.statistics.places import reciprocal, within

FloatArray = NDArray[np.float64]

TOP = (1, 3, 10)
SEED = 20_250_116  # of the bootstrap; any fixed number will do
# A disease that is first more often than 3 x its cases + 5 draws cases to itself (diagnosis specification, section 2).
MAGNET_FACTOR, MAGNET_ALLOWANCE = 3, 5

_STRATA: tuple[tuple[str, frozenset[Stratum]], ...] = (
    ("all", frozenset(Stratum)),
    ("in the release", frozenset({Stratum.CITED, Stratum.CLEAN})),
    ("cited", frozenset({Stratum.CITED})),
    ("clean", frozenset({Stratum.CLEAN})),
    ("absent", frozenset({Stratum.ABSENT})),
)


def summary(scores: Sequence[CaseScore], *, with_library: bool) -> dict[str, Any]:
    """All figures as a JSON object: `strata` (rows of the table), `calibration`, `first_too_often`."""
    rows = []
    for name, strata in _STRATA:
        chosen = [score for score in scores if score.stratum in strata]
        parts: list[tuple[bool | None, Sequence[CaseScore]]] = [(None, chosen)]
        if with_library:
            parts += [(known, [score for score in chosen if score.in_library is known]) for known in (True, False)]
        rows += [_row(name, in_library, part) for in_library, part in parts if part]
    return {"strata": rows, "calibration": _calibration(scores), "first_too_often": _magnets(scores)}


def metrics(ranks: FloatArray) -> dict[str, FloatArray]:
    """Per figure the value of each case (n,): `top_1`, `top_3`, `top_10` (0 or 1) and `mrr` (reciprocal place)."""
    return {**{f"top_{k}": within(ranks, k) for k in TOP}, "mrr": reciprocal(ranks)}


def _row(name: str, in_library: bool | None, scores: Sequence[CaseScore]) -> dict[str, Any]:
    ranks = np.array([score.rank for score in scores])
    entries = {kind: [score for score in scores if score.entry is kind] for kind in EntryKind}
    return {
        "stratum": name,
        "in_library": in_library,
        "cases": len(scores),
        "diseases": len({score.key for score in scores}),
        "publications": len({score.group for score in scores}),
        "not_ranked": int(np.isnan(ranks).sum()),
        **_averages(ranks, scores),
        "with_broader_or_narrower": _averages(np.array([score.related_rank for score in scores]), scores),
        "by_entry": {kind.value: _plain(part) for kind, part in entries.items() if part},
    }


def _averages(ranks: FloatArray, scores: Sequence[CaseScore]) -> dict[str, Any]:
    groups, clusters = [score.key for score in scores], [score.group for score in scores]
    result: dict[str, Any] = {"micro": {}, "macro": {}}
    for name, values in metrics(ranks).items():
        micro, macro = bootstrap(values, clusters, groups, seed=SEED)
        result["micro"][name], result["macro"][name] = _rounded(micro), _rounded(macro)
    return result


def _rounded(interval: Interval) -> dict[str, float]:
    return {name: round(value, 5) for name, value in asdict(interval).items()}


def _plain(scores: Sequence[CaseScore]) -> dict[str, Any]:
    values = metrics(np.array([score.rank for score in scores]))
    return {"cases": len(scores), **{name: round(float(value.mean()), 5) for name, value in values.items()}}


def _calibration(scores: Sequence[CaseScore]) -> dict[str, Any]:
    """Whether the probability of the first candidate comes true, by stratum; with the table over all cases."""
    errors = {}
    for name, strata in _STRATA:
        chosen = [score for score in scores if score.stratum in strata and score.first]
        if chosen:
            errors[name] = round(expected_calibration_error(_table(chosen)), 5)
    placed = [score for score in scores if score.first]
    return {
        "expected_calibration_error": errors,
        "mean_none_of_these": round(float(np.mean([score.none_of_these for score in placed])), 5) if placed else None,
        "reliability": [_bin(row) for row in (asdict(one) for one in _table(placed))] if placed else [],
    }


def _table(scores: Sequence[CaseScore]) -> Any:
    stated = np.array([score.first_probability for score in scores])
    return reliability_table(stated, within([score.rank for score in scores], 1))


def _bin(row: dict[str, Any]) -> dict[str, Any]:
    return {name: None if math.isnan(value) else round(value, 5) for name, value in row.items()}


def _magnets(scores: Sequence[CaseScore]) -> list[dict[str, Any]]:
    first = Counter(score.first for score in scores if score.first)
    cases = Counter(score.key for score in scores)
    return [
        {"disease": disease, "first": number, "cases": cases[disease]}
        for disease, number in sorted(first.items(), key=lambda item: (-item[1], item[0]))
        if number > MAGNET_FACTOR * cases[disease] + MAGNET_ALLOWANCE
    ]
