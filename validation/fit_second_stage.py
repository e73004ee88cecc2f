"""Learns `second_stage.json` from solved cases: `python -m validation.fit_second_stage PATH`.

Six sets of numbers: one from all cases, for use; and five for cross-fitting, each learned without the cases of a fifth
of the diseases, and without any case that shares a publication with one of these. `hoofbeat benchmark --weights
cross-fitted` scores a case with the set that saw neither its disease nor its publication.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import hoofbeat.diagnosis
from hoofbeat.batch.benchmark import KnownCases, read_known_cases
from hoofbeat.diagnosis.benchmark.blind_case import fold
from hoofbeat.diagnosis.benchmark.plan import plan_split, plan_without_library
from hoofbeat.diagnosis.benchmark.truth import Stratum
from hoofbeat.diagnosis.second_stage import ALL_CASES, QUANTITIES, WEIGHTS_FILE
from hoofbeat.knowledge import releases
from hoofbeat.knowledge.knowledge import Knowledge
from validation.additive_fit import fit_calibration, fit_weights, weight_per_example
from validation.second_stage_examples import CANDIDATES, SAMPLED, Examples, examples

FOLDS = 5
EVIDENCE = 0.3  # cases of one disease repeat each other: each counts as this part of an independent one (ours)
DISEASE_POWER = 0.75  # a disease with n cases weighs n^(1 - 0.75): no cohort decides alone
# Every published case of the set was solved by its gene, so an unlimited weight would say that a disease without a
# known gene is impossible. At most, a known gene doubles the odds (ours).
# Neither may publications decide: four times as many give at most one and a half times the odds (ours).
MOST = {"gene": 0.7, "reported": 0.3}
CITED_WEIGHT = 0.3  # cases that the annotations quote flatter: they count less


def main() -> None:
    """Read the cases, learn the sets, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--release")
    arguments = parser.parse_args()
    knowledge_file = releases.locate(arguments.release)
    knowledge = Knowledge.open(knowledge_file)
    test = read_known_cases(arguments.path, knowledge_file)
    split = plan_split(test.cases, test.library(knowledge.facts), FOLDS)
    alone = examples(test, plan_without_library(test.cases), knowledge, setting=0)
    learned = Examples.joined([alone, examples(test, split, knowledge, setting=1)])
    sets = {ALL_CASES: _fit(learned, test, np.ones(len(learned.case), dtype=np.bool_))}
    disease_fold = np.array([fold(truth.key, FOLDS) for truth in test.truths])
    groups = np.array(split.groups)
    for number in range(FOLDS):
        held_out = disease_fold == number
        held_out |= np.isin(groups, groups[held_out])
        sets[f"fold{number}"] = _fit(learned, test, ~held_out[learned.case])
    document = {
        "learned_from": {
            "cases": len(test.cases),
            "sha256": test.sha256,
            "knowledge": knowledge.facts.release,
            "knowledge_sha256": knowledge.facts.manifest["content_sha256"],
            "command": "python -m validation.fit_second_stage PATH",
            "protocol": (
                "observed findings only; each case once without a library and once with the library of the other four "
                "folds of publications; sets fold0..fold4 are disease- and publication-disjoint"
            ),
        },
        "sets": sets,
    }
    target = Path(hoofbeat.diagnosis.__file__).with_name(WEIGHTS_FILE)
    target.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {target.name}")


def _fit(learned: Examples, test: KnownCases, chosen: NDArray[np.bool_]) -> dict[str, Any]:
    """One set of numbers from some examples."""
    keys = np.array([test.truths[number].key for number in learned.case])
    cited = np.array([test.truths[number].stratum is Stratum.CITED for number in learned.case])
    usable = np.flatnonzero(chosen & learned.known & learned.reached)
    weight = weight_per_example(keys[usable], DISEASE_POWER) * np.where(cited[usable], CITED_WEIGHT, 1.0)
    most = np.array([MOST.get(name, np.inf) for name in QUANTITIES])
    numbers = fit_weights(
        learned.values[usable, :CANDIDATES],
        learned.truth[usable],
        weight * (len(weight) * EVIDENCE / weight.sum()),
        most,
    )
    calibrated = {}
    for number, setting in enumerate(("alone", "with_library")):
        every = np.flatnonzero(chosen & (learned.setting == number))
        scored = learned.values[every].astype(np.float64) @ numbers
        offset = np.zeros(scored.shape)
        offset[:, CANDIDATES:] = np.log(learned.others[every] / SAMPLED)[:, None]
        calibrated[setting] = fit_calibration(
            scored, offset, learned.truth[every], learned.known[every], learned.findings[every]
        )
    return {
        "examples": len(usable),
        "candidates_per_example": CANDIDATES,
        "linear": {name: round(float(number), 5) for name, number in zip(QUANTITIES, numbers, strict=True)},
        **calibrated,
    }


if __name__ == "__main__":
    main()
