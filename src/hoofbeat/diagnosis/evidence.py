"""What a case says about every disease at once: ln ratios of its findings, its onset and sex, and how the whole picture
fits.

These are the named quantities that the second stage weighs. All arrays have one value per disease.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import FindingState
from hoofbeat.cases.solved import band_of_time
from hoofbeat.diagnosis.columns import Columns
from hoofbeat.knowledge.knowledge import Knowledge

TINY = 1e-9  # keeps the shipped weights' numbers: they were learned with it
NO_SPREAD = 1e-6  # a deviation below this is rounding, of values that are all the same (ours)
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
    """`observed` and `excluded` are term indices; `observed_ratios` (findings, diseases) and `excluded_ratios` beside
    them.

    `found` sums the observed ones; `fit` is the fit of the whole picture over its standard deviation among all
    diseases. `onset` and `sex` are ln ratios.
    """

    observed: tuple[int, ...]
    excluded: tuple[int, ...]
    observed_ratios: NDArray[np.float32]
    excluded_ratios: NDArray[np.float32]
    found: FloatArray
    fit: FloatArray
    onset: FloatArray
    sex: FloatArray


def usable_terms(case: Case, knowledge: Knowledge) -> tuple[tuple[int, ...], tuple[int, ...], frozenset[int]]:
    """The case's observed and excluded findings as term indices, ascending, each once, and which of the excluded ones
    were asked for or looked for in this person.

    An ancestor of an observed one adds nothing; nor does what is excluded below an asked "no", which said it already.
    """
    ontology = knowledge.facts.ontology
    terms: dict[FindingState, set[int]] = {FindingState.OBSERVED: set(), FindingState.EXCLUDED: set()}
    asked: set[int] = set()
    for finding in case.findings:
        index = ontology.resolve(finding.id).index
        if finding.state in terms and index is not None and ontology.is_phenotype[index]:
            terms[finding.state].add(index)
            if finding.asked and finding.is_excluded:
                asked.add(index)
    observed = terms[FindingState.OBSERVED]
    above: set[int] = set()
    for term in observed:
        above.update(int(a) for a in ontology.ancestors[term] if a != term)
    excluded = terms[FindingState.EXCLUDED] - observed - above
    asked &= excluded
    said = {term for term in excluded if any(int(a) in asked and a != term for a in ontology.ancestors[term])}
    return tuple(sorted(observed - above)), tuple(sorted(excluded - said)), frozenset(asked - said)


def evidence(case: Case, columns: Columns) -> Evidence:
    """Everything that the case says, per disease."""
    knowledge = columns.knowledge
    observed, excluded, asked = usable_terms(case, knowledge)
    n = knowledge.n_diseases
    observed_ratios = np.stack([columns.observed(t) for t in observed]) if observed else np.zeros((0, n), np.float32)
    absent = [columns.answered_no(t) if t in asked else columns.excluded(t) for t in excluded]
    excluded_ratios = np.stack(absent) if absent else np.zeros((0, n), np.float32)
    found = observed_ratios.sum(axis=0, dtype=np.float64)
    fit = picture_fit(observed, columns)
    return Evidence(
        observed=observed,
        excluded=excluded,
        observed_ratios=observed_ratios,
        excluded_ratios=excluded_ratios,
        found=found,
        fit=fit / spread(fit),
        onset=onset(case, columns),
        sex=columns.sex(case.subject.sex),
    )


def spread(values: FloatArray) -> float:
    """The standard deviation over all diseases; infinite where all have the same, so that what tells none of them apart
    counts for nothing (divided by nearly 0 it would count for everything).
    """
    deviation = float(values.std())
    return deviation + TINY if deviation > NO_SPREAD else math.inf


def picture_fit(observed: tuple[int, ...], columns: Columns) -> FloatArray:
    """How the findings, with all their ancestors, fit the disease's whole picture: Σ IC²·F over them, over (Σ
    (IC·F)²)^PICTURE_NORM of all.
    """
    knowledge = columns.knowledge
    if not observed:
        return np.zeros(knowledge.n_diseases)
    ontology = knowledge.facts.ontology
    closure = np.unique(np.concatenate([ontology.ancestors[term] for term in observed]))
    weight = columns.picture_weight
    closure = closure[weight[closure] > 0]
    frequencies = knowledge.frequencies
    spans = [(int(frequencies.starts[t]), int(frequencies.starts[t + 1])) for t in closure]
    diseases = np.concatenate([frequencies.disease[a:b] for a, b in spans])
    shares = np.concatenate([columns.picture[a:b] for a, b in spans])
    total = np.bincount(diseases, weights=shares, minlength=knowledge.n_diseases)
    for disease, row in knowledge.replaced.items():
        total[disease] = float(row[closure] @ weight[closure])
    fit: FloatArray = total / columns.picture_norm
    return fit


def onset(case: Case, columns: Columns) -> FloatArray:
    """Per disease the ln ratio of the earliest observed finding's onset; else that it began before the age at the last
    encounter.
    """
    bands = [
        band_of_time(finding.onset, case.subject) for finding in case.findings if finding.state is FindingState.OBSERVED
    ]
    known = [int(band) for band in bands if band is not None]
    if known:
        return columns.onset(min(known), min(known))
    band = band_of_time(case.subject.time_at_last_encounter, case.subject)
    return np.zeros(columns.knowledge.n_diseases) if band is None else columns.onset(0, int(band))
