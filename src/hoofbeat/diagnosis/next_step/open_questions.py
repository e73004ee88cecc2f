"""Which findings are still open in a case: not given, not implied by what is given, and not asked in vain."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import FindingState
from hoofbeat.cases.subject import Sex
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.knowledge import Knowledge

# Who cannot answer a question cannot answer one that is nearly the same: above or below it and within this distance in
# information content. Ours.
NEARLY_THE_SAME = 1.0

# What people of one sex cannot have: the organs of the other.
_NOT_OF = {
    Sex.MALE: ("HP:0000008", "HP:0000055", "HP:0000140"),  # female internal and external genitalia, menstrual cycle
    Sex.FEMALE: ("HP:0000022", "HP:0000032"),  # male internal and external genitalia
}

Mask = NDArray[np.bool_]


def open_terms(case: Case, knowledge: Knowledge) -> Mask:
    """Per term, whether it is open. What is observed implies all above it, what is excluded all below it."""
    ontology, content = knowledge.ontology, knowledge.information_content
    mask: Mask = ontology.is_phenotype.copy()
    for other in _NOT_OF.get(case.subject.sex, ()):
        mask &= ~ontology.below(other)
    for finding in case.findings:
        term = ontology.resolve(finding.id).index
        if term is None:
            continue
        above, below = ontology.ancestors[term], ontology.descendants[term]
        mask[term] = False
        if finding.state is FindingState.OBSERVED:
            mask[above] = False
        elif finding.state is FindingState.EXCLUDED:
            mask[below] = False
        elif finding.state is FindingState.UNCERTAIN:
            for related in (above, below):
                mask[related[np.abs(content[related] - content[term]) < NEARLY_THE_SAME]] = False
    return mask


@lru_cache(maxsize=4)
def stated_terms(facts: Facts) -> Mask:
    """Per term, whether any disease is described with exactly it: what people ask, unlike most groups of the
    ontology.
    """
    table = facts.annotations.findings
    mask = np.zeros(len(facts.ontology), dtype=np.bool_)
    mask[table.term[~table.is_absence()]] = True
    return mask
