"""When each disease begins and whom it affects: a distribution over onset bands, and the share of males, per disease.

Diagnosis specification, section 3, step 5: from the course rows, the onsets beside findings, the inheritance, and the
case library; smoothed towards the mean of all diseases. A disease of which nothing is known is neutral, and a row that
says "not there" (NOT, 0/m, excluded) says nothing of onset or sex.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.hpoa import Aspect
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.library_rows import LibraryRows
from hoofbeat.knowledge.onset import BAND_COUNT, band_of_term
from hoofbeat.knowledge.stated_frequency import FrequencyKind

FloatArray = NDArray[np.float64]

COURSE_WEIGHT = 2.0  # people: an onset stated without counts (ours)
COURSE_CAP = 10.0  # people: counts of one row weigh at most this much (ours)
FINDING_WEIGHT = 0.5  # people: the onset stated beside one finding (ours)
LIBRARY_WEIGHT = 0.5  # people: the onset of one solved case (ours)
TOTAL_CAP = 10.0  # people: all together weigh at most this much (ours)
BLUR = 0.15  # of each band's weight goes to either neighbour: onsets are not exact (ours)
PRIOR_PEOPLE = 1.5  # people: the mean of all diseases (ours)

# Expected share of males among the affected, by inheritance (HPO ids): rounded textbook values, ours.
MALE_SHARE = {"HP:0001419": 0.9, "HP:0001417": 0.75, "HP:0001423": 0.35, "HP:0001450": 0.98}
_STRONGEST_FIRST = ("HP:0001450", "HP:0001419", "HP:0001423", "HP:0001417")


@dataclass(frozen=True)
class OnsetTables:
    """`onset` (diseases, bands): the chance of each band; `known` (diseases,): whether anything is stated; `mean`
    (bands,); `male` (diseases,): the expected share of males.
    """

    onset: FloatArray
    known: NDArray[np.bool_]
    mean: FloatArray
    male: FloatArray


def onset_tables(
    facts: Facts, library: Library, rows: LibraryRows, n_diseases: int, taken_out: Set[str] = frozenset()
) -> OnsetTables:
    """Compile the tables over `n_diseases` (the release's, then those only the library knows)."""
    weights = stated_onsets(facts, n_diseases, taken_out) + library_onsets(
        library, rows, len(facts.diseases), n_diseases
    )
    known = weights.sum(axis=1) > 0
    capped = weights * np.minimum(1.0, TOTAL_CAP / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9))
    mean = capped[known].sum(axis=0) / max(float(capped[known].sum()), 1e-9) if known.any() else _flat()
    blurred = capped * (1 - 2 * BLUR)
    blurred[:, 1:] += BLUR * capped[:, :-1]
    blurred[:, :-1] += BLUR * capped[:, 1:]
    smooth = (blurred + PRIOR_PEOPLE * mean) / (blurred.sum(axis=1, keepdims=True) + PRIOR_PEOPLE)
    return OnsetTables(smooth, known, np.maximum(mean, 1e-4), male_shares(facts, n_diseases, taken_out))


def stated_onsets(facts: Facts, n_diseases: int, taken_out: Set[str] = frozenset()) -> FloatArray:
    """The weight of each onset band that the annotations state, per disease."""
    weights = np.zeros((n_diseases, BAND_COUNT))
    bands = _band_of_terms(facts)
    course = facts.annotations.course
    rows = _present(facts, Aspect.COURSE, taken_out)
    rows = rows[bands[course.term[rows]] >= 0]
    counted = course.frequency_kind[rows] == FrequencyKind.COUNTS
    weight = np.where(counted, np.minimum(course.n[rows], COURSE_CAP), COURSE_WEIGHT)
    np.add.at(weights, (course.disease[rows], bands[course.term[rows]]), weight)
    findings = facts.annotations.findings
    rows = _present(facts, Aspect.FINDING, taken_out)
    rows = rows[findings.onset[rows] >= 0]
    rows = rows[bands[findings.onset[rows]] >= 0]
    np.add.at(weights, (findings.disease[rows], bands[findings.onset[rows]]), FINDING_WEIGHT)
    return weights


def library_onsets(library: Library, rows: LibraryRows, n_release: int, n_diseases: int) -> FloatArray:
    """The weight of each onset band in the case library, per disease."""
    weights = np.zeros((n_diseases, BAND_COUNT))
    if len(library):
        np.add.at(weights, rows.disease_of_block(n_release), LIBRARY_WEIGHT * library.blocks.onset[:, :BAND_COUNT])
    return weights


def male_shares(facts: Facts, n_diseases: int, taken_out: Set[str] = frozenset()) -> FloatArray:
    """The expected share of males per disease; one half where the inheritance says nothing."""
    shares = np.full(n_diseases, 0.5)
    inheritance = facts.annotations.inheritance
    rows = _present(facts, Aspect.INHERITANCE, taken_out)
    for identifier in reversed(_STRONGEST_FIRST):
        index = facts.ontology.resolve(identifier).index
        if index is not None:
            shares[inheritance.disease[rows[inheritance.term[rows] == index]]] = MALE_SHARE[identifier]
    return shares


def _present(facts: Facts, aspect: Aspect, taken_out: Set[str]) -> NDArray[np.int64]:
    """The rows of an aspect that say that something is there, but for those that quote a source taken out."""
    present = ~facts.annotations.table(aspect).is_absence()
    for source in taken_out:
        present[facts.annotations.citing(source, aspect)] = False
    return np.flatnonzero(present)


def _band_of_terms(facts: Facts) -> NDArray[np.int8]:
    """Per term its onset band, or -1."""
    bands = np.full(len(facts.ontology), -1, dtype=np.int8)
    terms = np.union1d(facts.annotations.course.term, facts.annotations.findings.onset)
    for term in terms[terms >= 0].tolist():
        band = band_of_term(facts.ontology.id(term))
        if band is not None:
            bands[term] = band
    return bands


def _flat() -> FloatArray:
    return np.full(BAND_COUNT, 1.0 / BAND_COUNT)
