"""What the release knows of the true disease of a test case: which merged disease it is, and whether its annotations
quote the very publication that the case is from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hoofbeat.knowledge.disease_ids import normal_disease_id
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.hpoa import Aspect


class Stratum(StrEnum):
    """What the annotations already knew of a case (GLOSSARY.md)."""

    CITED = "cited"
    CLEAN = "clean"
    ABSENT = "absent"


class EntryKind(StrEnum):
    """How the stated disease is found in the release."""

    OWN = "own"  # under the very id, which is the primary one of its merged disease
    MERGED = "merged"  # as a twin within a merged disease that has another primary id
    LINKED = "linked"  # without annotation of its own, but cross-referenced as exactly one annotated disease
    NONE = "none"  # not at all


@dataclass(frozen=True, slots=True)
class Truth:
    """The answer of one test case. `disease` is as stated, `key` names the merged disease (or repeats the id where the
    release has none), `related` are the primary ids of its broader and narrower diseases.
    """

    disease: str
    key: str
    stratum: Stratum
    entry: EntryKind
    related: tuple[str, ...]


def disease_key(identifier: str, facts: Facts) -> str:
    """The primary id of the merged disease that an id means, or the id itself where the release knows none."""
    found = facts.diseases.find(identifier)
    return normal_disease_id(identifier) if found is None else facts.diseases.id(found)


def truth_of(diseases: Iterable[str], publications: Iterable[str], facts: Facts) -> Truth | None:
    """The truth of a case with one diagnosis; None where it states none, or several that are not twins."""
    stated = {disease_key(identifier, facts): normal_disease_id(identifier) for identifier in reversed(tuple(diseases))}
    if len(stated) != 1:
        return None
    ((key, disease),) = stated.items()
    index = facts.diseases.find(disease)
    broader, narrower = facts.diseases.related(disease)
    related = tuple(facts.diseases.id(int(other)) for other in (*broader, *narrower))
    if index is None:
        return Truth(disease, key, Stratum.ABSENT, EntryKind.NONE, related)
    stratum = Stratum.CITED if quotes(facts, index, publications) else Stratum.CLEAN
    return Truth(disease, key, stratum, _entry_kind(disease, key, facts), related)


def _entry_kind(disease: str, key: str, facts: Facts) -> EntryKind:
    if disease == key:
        return EntryKind.OWN
    return EntryKind.LINKED if facts.diseases.member(disease) is None else EntryKind.MERGED


def quotes(facts: Facts, disease: int, publications: Iterable[str], aspects: Iterable[Aspect] = tuple(Aspect)) -> bool:
    """Whether any annotation row of a disease, of these aspects, quotes one of the publications."""
    return any(
        bool((facts.annotations.table(aspect).disease[facts.annotations.citing(publication, aspect)] == disease).any())
        for publication in publications
        for aspect in aspects
    )
