"""The ranking of a record: knowledge opened once per process, and a snapshot after each change."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import FindingState
from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence
from hoofbeat.diagnosis.rank import Differential, NothingToRankError, rank
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library_file import stored_library
from hoofbeat.web.records.because import Because, kept
from hoofbeat.web.records.genomes import evidence_of
from hoofbeat.web.records.models import RankingSnapshot, Record
from hoofbeat.web.records.store import case_of

SNAPSHOT_CANDIDATES = 10
# Somebody opens several pages of one patient, one after the other. A ranking is about a megabyte.
KEPT_RANKINGS = 32


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """The newest built release, with the case library. Raises KnowledgeError where none is built."""
    return Knowledge.open(library=stored_library())


def differential_of(record: Record, *, with_genome: bool = True) -> Differential | None:
    """The record's differential, with the variants of its genome where it has one; None while nothing is entered that
    can be ranked.
    """
    known = knowledge()
    stored = evidence_of(record) if with_genome else None
    try:
        return _ranked(case_of(record), known, None if stored is None else stored.evidence)
    except NothingToRankError:
        return None


@lru_cache(maxsize=KEPT_RANKINGS)
def _ranked(case: Case, known: Knowledge, genotype: GenotypeEvidence | None) -> Differential:
    """The ranking of exactly this case, knowledge and evidence: a case that changed is another one."""
    return rank(case, known, genotype=genotype)


def take_snapshot(
    record: Record, because: Because, what: str, state: FindingState | None = None
) -> RankingSnapshot | None:
    """Keep how the ranking stands now, in the transaction of the change that moved it."""
    try:
        found = differential_of(record)
    except KnowledgeError:
        return None
    if found is None:
        return None
    first: list[dict[str, Any]] = [
        {
            "id": found.id_of(int(index)),
            "name": found.knowledge.disease_name(int(index)),
            "probability": round(float(found.probabilities[index]), 6),
        }
        for index in found.order[:SNAPSHOT_CANDIDATES]
    ]
    return RankingSnapshot.objects.create(
        record=record,
        because=kept(because, what, state),
        release=dict(found.release),
        first=first,
        none_of_these=found.none_of_these,
        record_version=record.version,
    )
