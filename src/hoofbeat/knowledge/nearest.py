"""Nearest names: what somebody may have meant by a disease that is not known, for search and for error messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from hoofbeat.knowledge.diseases import Diseases

# Below this likeness (0..100) a proposal is noise rather than help. Ours.
MIN_LIKENESS = 60.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that may have been meant: its identifier, its name, and how alike it is, 0..100."""

    id: str
    name: str
    likeness: float


def nearest_diseases(diseases: Diseases, given: str, *, limit: int = 5) -> tuple[Proposal, ...]:
    """The diseases whose id or any member's name is most like what was given, best first, each disease once."""
    ids, names = list(diseases.member_ids), list(diseases.member_names)
    like_id = any(character.isdigit() for character in given) and " " not in given.strip()
    best: dict[int, Proposal] = {}
    for place, likeness in _matches(given, ids if like_id else names, 4 * limit):
        disease = int(diseases.member_disease[place])
        best.setdefault(disease, Proposal(diseases.id(disease), names[place], likeness))
    return tuple(best.values())[:limit]


def nearest_names(names: Sequence[str], given: str, *, limit: int = 5) -> tuple[str, ...]:
    """The names most like what was given, best first; the first names where none is."""
    return tuple(names[place] for place, _ in _matches(given, names, limit)) or tuple(names[:limit])


def _matches(given: str, choices: Sequence[str], limit: int) -> list[tuple[int, float]]:
    """(place, likeness) of the choices most like `given`, best first, ties in order of place."""
    found = process.extract(
        given,
        choices,
        scorer=fuzz.WRatio if " " in given.strip() else fuzz.ratio,
        processor=utils.default_process,
        limit=limit,
        score_cutoff=MIN_LIKENESS,
    )
    return sorted(((place, likeness) for _, likeness, place in found), key=lambda match: (-match[1], match[0]))
