"""A disclosure in broader words: the few findings that tell the most, each said by the nearest term above it that
enough patients of the clinic have. Less points to one person then, and somebody alike can still be found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import Finding
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.network.risk import FEW, RAISED, holders

SHARED_BY = tuple(least for least, _shape in RAISED)  # the numbers of patients for which somebody has measured it


def in_broader_words(
    disclosed: Case, others: Iterable[Case], *, least: int, ontology: Ontology, informs: Callable[[str], float]
) -> Case | None:
    """The disclosure with FEW findings in words that at least `least` cases share, `disclosed` and `others` together.

    None where there is no such word but that something is abnormal at all. What was looked for and not found, onset and
    severity are not said: they would say the narrow word again. Findings must be terms of the ontology.
    """
    held = holders([disclosed, *others], ontology)
    said: dict[str, Finding] = {}
    for own in sorted(disclosed.observed, key=lambda one: (-informs(one), one))[:FEW]:
        above = [int(one) for one in ontology.ancestors[ontology.index(own)] if ontology.is_phenotype[int(one)]]
        shared = [ontology.id(one) for one in above if len(held.get(one, ())) >= least]
        word = max(shared, key=lambda one: (informs(one), one), default="")
        if not word or informs(word) <= 0:
            return None
        said[word] = Finding(word)
    return replace(disclosed, findings=tuple(said[one] for one in sorted(said))) if said else None
