"""The ranking of a record: knowledge opened once per process, and what a snapshot of it kept."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from hoofbeat.cases.case import Case
from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence
from hoofbeat.diagnosis.rank import Differential, NothingToRankError, rank
from hoofbeat.diagnosis.reanalysis.outcome import Outcome, Standing
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library_file import stored_library
from hoofbeat.knowledge.releases import library_path, locate
from hoofbeat.web.records.genomes import evidence_of
from hoofbeat.web.records.models import RankingSnapshot, Record
from hoofbeat.web.records.store import case_of

# Somebody opens several pages of one patient, one after the other. Of fifty people who do so at once, as in
# `validation.clinic_load`, two processes find 66 rankings of 100 again; 49 with half as many. One is about a megabyte.
KEPT_RANKINGS = 64


# The files of a release and of a library, and when they were written.
Ready = tuple[tuple[Path, int, int], ...]
_opened: list[Ready | None] = []


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """The newest built release, with the case library. Raises KnowledgeError where none is built."""
    _opened[:] = [lies_ready()]
    return Knowledge.open(library=stored_library())


def opened_from() -> Ready | None:
    """The files that the knowledge in use was opened from; None while none is."""
    return _opened[0] if _opened else None


def lies_ready() -> Ready | None:
    """The files that would be opened now; None where nothing is built. Each is replaced whole and never written to."""
    try:
        return tuple(
            (path, found.st_mtime_ns, found.st_ino)
            for path in (locate(), library_path())
            if path.exists() and (found := path.stat())
        )
    except (KnowledgeError, OSError):
        return None


def forget_rankings() -> None:
    """Rank anew whatever is asked for next."""
    _ranked.cache_clear()


def differential_of(record: Record, *, with_genome: bool = True, on: date | None = None) -> Differential | None:
    """The record's differential, with the variants of its genome where it has one; None while nothing is entered that
    can be ranked. `on`: at the age of that day, and not of today.
    """
    known = knowledge()
    stored = evidence_of(record) if with_genome else None
    try:
        return _ranked(case_of(record, on=on), known, None if stored is None else stored.evidence)
    except NothingToRankError:
        return None


@lru_cache(maxsize=KEPT_RANKINGS)
def _ranked(case: Case, known: Knowledge, genotype: GenotypeEvidence | None) -> Differential:
    """The ranking of exactly this case, knowledge and evidence: a case that changed is another one."""
    return rank(case, known, genotype=genotype)


def kept_outcome(snapshot: RankingSnapshot) -> Outcome:
    """What a snapshot kept, as re-analysis compares it. One of an older version kept no parts of the scores."""
    parts = snapshot.parts or [{"score": 0.0, "parts": None} for _ in snapshot.first]
    standings = tuple(
        Standing(one["id"], one["name"], place, one["probability"], part["score"], part["parts"])
        for place, (one, part) in enumerate(zip(snapshot.first, parts, strict=True), 1)
    )
    return Outcome(str(snapshot.record_id), standings, snapshot.none_of_these, ())


def solved_cases(known: Knowledge, disease: str) -> int:
    """How many solved cases of a disease the case library has."""
    diseases = known.facts.diseases
    index = diseases.find(disease)
    names = [disease] if index is None else [member.id for member in diseases.disease(index).members]
    return int(known.library.blocks.n[known.library.blocks_of(names)].sum())
