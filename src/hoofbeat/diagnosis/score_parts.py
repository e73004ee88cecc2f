"""The parts that a score is the sum of, for some diseases at once: what an explanation shows of one, as numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoofbeat.diagnosis.rank import Differential
from hoofbeat.diagnosis.second_stage import quantities
from hoofbeat.knowledge.ontology import Ontology

NOT = "not "  # before the identifier of an excluded finding
GROUP = "group"  # what is taken from an entry that only groups diseases
VARIANTS = "variants"  # what the variants of a test add
_IN_FINDINGS = "found"  # the quantity whose parts are the observed findings

FloatArray = NDArray[np.float64]


def finding_of(part: str, ontology: Ontology) -> str | None:
    """The name of the finding that a part is of, observed or excluded; None of any other part."""
    identifier = part.removeprefix(NOT)
    index = ontology.resolve(identifier).index if identifier.startswith("HP:") else None
    return None if index is None else ontology.name(index)


def score_parts(differential: Differential, diseases: NDArray[np.int64]) -> dict[str, FloatArray]:
    """Per part one value for each of some diseases; together they are the scores. Keys: the HPO identifier of an
    observed finding, `not HP:...` of an excluded one, the name of a quantity, GROUP, and VARIANTS where there are some.
    """
    said, weights, ontology = differential.evidence, differential.weights, differential.knowledge.ontology
    factor = weights.linear[_IN_FINDINGS]
    observed, excluded = said.observed_ratios[:, diseases], said.excluded_ratios[:, diseases]
    parts: dict[str, FloatArray] = {
        ontology.id(term): factor * observed[place].astype(np.float64) for place, term in enumerate(said.observed)
    }
    for place, term in enumerate(said.excluded):
        parts[NOT + ontology.id(term)] = excluded[place].astype(np.float64)
    for name, values in quantities(said, differential.knowledge).items():
        if name != _IN_FINDINGS:
            parts[name] = weights.linear[name] * values[diseases]
    if differential.genotype is not None:
        parts[VARIANTS] = differential.genotype.log_lr[diseases]
    parts[GROUP] = -differential.penalty[diseases]
    return parts
