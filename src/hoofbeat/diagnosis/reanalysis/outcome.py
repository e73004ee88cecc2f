"""What one ranking of one case leaves behind for the next: the first diseases with the numbers that put them there.

Small enough to be kept for every case, and complete enough to say later which number has moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hoofbeat.cases.case import Case
from hoofbeat.cases.reported import AcmgClassification, GenomicInterpretation, InterpretationStatus
from hoofbeat.diagnosis.rank import Differential
from hoofbeat.diagnosis.score_parts import score_parts
from hoofbeat.statistics.places import place_in_order

KEPT = 10  # diseases per case that are kept (ours)
_DIGITS = 6  # of every number kept: what differs less has not moved


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one disease stood. `parts` has what each row of its explanation added to the score, by the row's key: an
    HPO identifier, `not` and one, or what else counts; None where they were not kept.
    """

    disease: str
    name: str
    rank: int
    probability: float
    score: float
    parts: Mapping[str, float] | None

    def to_json(self) -> dict[str, Any]:
        """As kept in a file."""
        return {
            "disease": self.disease,
            "name": self.name,
            "rank": self.rank,
            "probability": self.probability,
            "score": self.score,
            "parts": None if self.parts is None else dict(self.parts),
        }


@dataclass(frozen=True, slots=True)
class HeldVariant:
    """A variant that the case brought with it: how it is named, its gene, and its class as given."""

    name: str
    gene: str
    acmg: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case as one ranking left it: the first KEPT diseases and those asked for beside, by rank."""

    case: str
    standings: tuple[Standing, ...]
    none_of_these: float
    variants: tuple[HeldVariant, ...]

    def standing(self, disease: str) -> Standing | None:
        """Where a disease stood, or None where that was not kept."""
        return next((one for one in self.standings if one.disease == disease), None)

    def renamed(self, now_called: Callable[[str], str]) -> Outcome:
        """The same with the present identifiers of its diseases, which merging and splitting may have changed."""
        return replace(self, standings=tuple(replace(one, disease=now_called(one.disease)) for one in self.standings))

    def to_json(self) -> dict[str, Any]:
        """As kept in a file."""
        return {
            "case": self.case,
            "standings": [one.to_json() for one in self.standings],
            "none_of_these": self.none_of_these,
            "variants": [[one.name, one.gene, one.acmg] for one in self.variants],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Outcome:
        """What `to_json` made. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            kept["case"],
            tuple(Standing(**one) for one in kept["standings"]),
            kept["none_of_these"],
            tuple(HeldVariant(*one) for one in kept["variants"]),
        )


def outcome_of(differential: Differential, *, also: Iterable[str] = ()) -> Outcome:
    """What a differential leaves behind: its first KEPT diseases, and those named in `also` wherever they stand."""
    first = differential.first(KEPT)
    beside = {index for one in also if (index := differential.index_of(one)) is not None} - set(first)
    places = dict(zip(first, range(1, KEPT + 1), strict=False))
    places.update((index, place_in_order(differential.scores, index)) for index in beside)
    chosen = sorted(places, key=places.__getitem__)
    parts = score_parts(differential, np.array(chosen, dtype=np.int64))
    of_chosen = np.round(np.array(list(parts.values())), _DIGITS).T.tolist()
    standings = (
        Standing(
            disease=differential.id_of(index),
            name=differential.knowledge.disease_name(index),
            rank=places[index],
            probability=round(float(differential.probabilities[index]), _DIGITS),
            score=round(float(differential.scores[index]), _DIGITS),
            parts={part: value for part, value in zip(parts, of_chosen[at], strict=True) if value},
        )
        for at, index in enumerate(chosen)
    )
    return Outcome(
        differential.case.id,
        tuple(standings),
        round(differential.none_of_these, _DIGITS),
        held_variants(differential.case),
    )


def held_variants(case: Case) -> tuple[HeldVariant, ...]:
    """The variants that a case brings, each once, but for those that its source rejected. Not the diagnosis that they
    are said to explain.
    """
    found: dict[str, HeldVariant] = {}
    for interpretation in case.reported.interpretations:
        for one in interpretation.genomic_interpretations:
            gene = one.variant.gene if one.variant is not None else one.gene
            if one.status is InterpretationStatus.REJECTED or gene is None or not gene.symbol:
                continue
            held = HeldVariant(_variant_name(one), gene.symbol, _class(one))
            found.setdefault(held.name, held)
    return tuple(found.values())


def _variant_name(one: GenomicInterpretation) -> str:
    """The variant in the shortest notation given: HGVS of the transcript, else of the genome, else its own name."""
    if one.variant is None:
        return one.gene.symbol if one.gene is not None else ""
    by_syntax = {expression.syntax: expression.value for expression in one.variant.expressions}
    for syntax in ("hgvs.c", "hgvs.g"):
        if by_syntax.get(syntax):
            return by_syntax[syntax]
    return one.variant.label or one.variant.id or (one.variant.gene.symbol if one.variant.gene else "")


def _class(one: GenomicInterpretation) -> str:
    return "" if one.acmg is AcmgClassification.NOT_PROVIDED else one.acmg.value
