"""The findings that somebody may have meant by an identifier or a name that is not one: for messages that propose the
repair.
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz, process, utils
from rapidfuzz.distance import OSA

from hoofbeat.knowledge.nearest import MIN_LIKENESS, Proposal
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.term_names import term_names

_ID_LIKE = re.compile(r"HP[:_\s]*[A-Z]?\d{3,}[A-Z]?|\d{3,}", re.IGNORECASE | re.ASCII)
_DIGITS = 7
# One digit wrong, missing, doubled, or two exchanged: what happens when numbers are copied by hand. Ours.
_MAX_SLIPS = 1


def nearest_terms(ontology: Ontology, given: str, *, limit: int = 3) -> tuple[Proposal, ...]:
    """The findings whose identifier is a slip away from what was given, or whose names are most like it; best first.

    Only phenotypic abnormalities are proposed. What looks like an identifier is compared with identifiers, everything
    else with names and synonyms.
    """
    given = given.strip()
    if not given or limit < 1:
        return ()
    return _by_number(ontology, given, limit) if _ID_LIKE.fullmatch(given) else _by_name(ontology, given, limit)


def _by_number(ontology: Ontology, given: str, limit: int) -> tuple[Proposal, ...]:
    number = re.sub(r"\D", "", given)
    # HP:1166 and HP:00001166 are HP:0001166 with zeros lost or added.
    meant = number.lstrip("0").zfill(_DIGITS)
    ids = [ontology.id(index)[3:] for index in range(len(ontology)) if ontology.is_phenotype[index]]
    slips: dict[str, int] = {}
    for text in (meant, number):
        for candidate, distance, _ in process.extract(
            text, ids, scorer=OSA.distance, score_cutoff=_MAX_SLIPS, limit=None
        ):
            slips[candidate] = min(int(distance), slips.get(candidate, _MAX_SLIPS))
    best = sorted(slips.items(), key=lambda found: (found[1], found[0]))[:limit]
    return tuple(
        Proposal(f"HP:{one}", ontology.name(ontology.index(f"HP:{one}")), 100.0 - 100.0 * slips_made / _DIGITS)
        for one, slips_made in best
    )


def _by_name(ontology: Ontology, given: str, limit: int) -> tuple[Proposal, ...]:
    names: list[str] = []
    places: list[int] = []
    for name in term_names(ontology):
        names.append(name.text)
        places.append(name.term)
    found = process.extract(
        given,
        names,
        scorer=fuzz.ratio,
        processor=utils.default_process,
        limit=4 * limit,
        score_cutoff=MIN_LIKENESS,
    )
    best: dict[int, float] = {}
    for _, likeness, at in found:
        best[places[at]] = max(likeness, best.get(places[at], 0.0))
    ordered = sorted(best.items(), key=lambda match: (-match[1], match[0]))[:limit]
    return tuple(Proposal(ontology.id(index), ontology.name(index), likeness) for index, likeness in ordered)
