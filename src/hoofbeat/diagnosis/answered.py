"""A case with answers that somebody gave, or might give: what they would do is found by ranking it anew."""

from __future__ import annotations

from dataclasses import replace

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import Finding, FindingState
from hoofbeat.diagnosis.rank import Differential, rank


def answered(
    case: Case, observed: tuple[str, ...] = (), excluded: tuple[str, ...] = (), unclear: tuple[str, ...] = ()
) -> Case:
    """The case with answers, which were asked for, in place of what it said of these findings."""
    states = {
        **dict.fromkeys(observed, FindingState.OBSERVED),
        **dict.fromkeys(excluded, FindingState.EXCLUDED),
        **dict.fromkeys(unclear, FindingState.UNCERTAIN),
    }
    kept = (finding for finding in case.findings if finding.id not in states)
    return replace(case, findings=(*kept, *(Finding(one, state=state, asked=True) for one, state in states.items())))


def ranked_again(differential: Differential, case: Case) -> Differential:
    """Another case ranked with everything that the differential was made with: knowledge, weights, and what the
    variants say of each disease, which no finding changes.
    """
    return rank(case, differential.knowledge, genotype=differential.genotype, weights=differential.weights)
