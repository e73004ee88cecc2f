"""Leave-case-out: the annotations of the true disease without the very patient that is tested.

Where a row quotes the publication of the case, this patient is one of those it counts. The patient is subtracted, and a
row that rests on nobody else is dropped (diagnosis specification, section 9).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoofbeat.cases import Case
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.hpoa import Aspect
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.stated_frequency import FrequencyKind


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a row of the table of findings states without the patient: `n` of `m`; `m` = 0: nothing, it is dropped."""

    row: int
    n: int
    m: int


def without_patient(facts: Facts, disease: int, publications: Iterable[str], case: Case) -> tuple[RowChange, ...]:
    """The rows of a disease (index) that quote one of the publications and count the patient, changed; by row number.

    An observed finding counts for its ancestors, an excluded one for its descendants; a row on anything else does not
    count this patient. A row without counts (no frequency, a percentage, a band, NOT) is dropped where the patient
    bears it out, as if it rested on this patient alone: too strict where others stand behind it, never too lenient.
    """
    observed, excluded = _assessed(case, facts.ontology)
    table = facts.annotations.findings
    quoting = {
        int(row)
        for publication in publications
        for row in facts.annotations.citing(publication, Aspect.FINDING)
        if int(table.disease[row]) == disease
    }
    absent = table.is_absence()
    changes = []
    for row in sorted(quoting):
        term = int(table.term[row])
        has, lacks = bool(observed[term]), bool(excluded[term])
        if table.frequency_kind[row] != FrequencyKind.COUNTS or table.negated[row]:
            if lacks if absent[row] else has:
                changes.append(RowChange(row, 0, 0))
            continue
        n, m = int(table.n[row]), int(table.m[row])
        if has and n > 0:
            changes.append(RowChange(row, n - 1, m - 1))
        elif lacks and not has and m > n:
            changes.append(RowChange(row, n, m - 1))
    return tuple(changes)


def _assessed(case: Case, ontology: Ontology) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Per term, whether the case has it, and whether it is known not to have it."""
    observed, excluded = np.zeros(len(ontology), dtype=np.bool_), np.zeros(len(ontology), dtype=np.bool_)
    for identifier in case.observed:
        term = ontology.resolve(identifier).index
        if term is not None:
            observed[ontology.ancestors[term]] = True
    for identifier in case.excluded:
        term = ontology.resolve(identifier).index
        if term is not None:
            excluded[ontology.descendants[term]] = True
    return observed, excluded & ~observed
