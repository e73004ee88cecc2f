"""Ranks cases with hpo3. Run by the Python of hpo3's own environment, and so without anything of ours.

One JSON object on standard input, one per line on standard output: first what was loaded, then a line per case and
method with the place of the true disease and the seconds that the ranking took.

hpo3 is used as its documentation says: a set of terms per disease (made once, not counted), and for each case the
similarity of its set to all of these.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from typing import Any

ENRICHMENT = "enrichment"


def main() -> None:
    """Answer one request."""
    request = json.load(sys.stdin)
    hpo: Any = importlib.import_module("pyhpo")  # the module name of hpo3
    started = time.perf_counter()
    if request["folder"]:
        hpo.Ontology(data_folder=request["folder"], from_obo_file=True)
    else:
        hpo.Ontology()
    diseases = {int(disease.id): disease for disease in hpo.Ontology.omim_diseases}
    say(
        {
            "hpo3": hpo.__version__,
            "backend": hpo.__backend__,
            "release": hpo.Ontology.version(),
            "diseases": sorted(diseases),
            "seconds_to_load": round(time.perf_counter() - started, 2),
        }
    )
    cases = [{**case, "observed": known_terms(hpo, case["observed"])} for case in request["cases"]]
    wanted = sorted(set(request["candidates"] or diseases) & set(diseases))
    sets = [hpo.HPOSet.from_omim_disease(diseases[number]) for number in wanted]
    for method, combine in request["methods"]:
        similarity = Enrichment(wanted) if method == ENRICHMENT else Similarity(hpo, sets, method, combine)
        for case in cases:
            clock, processor = time.perf_counter(), time.process_time()
            scores = similarity.scores(hpo.HPOSet.from_queries(case["observed"]))
            seconds, cpu_seconds = time.perf_counter() - clock, time.process_time() - processor
            rank = mid_rank(scores, wanted.index(case["disease"])) if case["disease"] in wanted else None
            say(
                {
                    "method": method,
                    "combine": combine,
                    "case": case["id"],
                    "rank": rank,
                    "seconds": seconds,
                    "cpu_seconds": cpu_seconds,
                }
            )


def known_terms(hpo: Any, observed: list[str]) -> list[str]:
    """Those of the identifiers that the loaded release knows."""
    known = []
    for identifier in observed:
        try:
            hpo.Ontology.get_hpo_object(identifier)
        except (KeyError, RuntimeError, ValueError):
            continue
        known.append(identifier)
    return known


class Similarity:
    """A similarity of sets, with information content by OMIM diseases."""

    def __init__(self, hpo: Any, sets: list[Any], method: str, combine: str) -> None:
        self.sets, self.method, self.combine = sets, method, combine

    def scores(self, case: Any) -> list[float]:
        """Per candidate, higher is better."""
        found = case.similarity_scores(self.sets, kind="omim", method=self.method, combine=self.combine)
        return [float(score) for score in found]


class Enrichment:
    """The hypergeometric test of OMIM diseases among the terms of the case; one it does not list scores lowest."""

    def __init__(self, wanted: list[int]) -> None:
        self.wanted = wanted
        self.model = importlib.import_module("pyhpo.stats").EnrichmentModel("omim")

    def scores(self, case: Any) -> list[float]:
        """Per candidate, higher is better: minus the p value, -2 where it has none."""
        found = {int(one["item"].id): -float(one["enrichment"]) for one in self.model.enrichment("hypergeom", case)}
        return [found.get(number, -2.0) for number in self.wanted]


def mid_rank(scores: list[float], index: int) -> float:
    """1 + how many score higher + half of the others that score the same."""
    own = scores[index]
    return 1 + sum(score > own for score in scores) + (sum(score == own for score in scores) - 1) / 2


def say(what: dict[str, Any]) -> None:
    """One line of the answer."""
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
