"""The ranking of a record: knowledge opened once per process, and a snapshot after each change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import FindingState
from hoofbeat.diagnosis.engine import engine
from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence
from hoofbeat.diagnosis.rank import Differential, NothingToRankError, rank
from hoofbeat.diagnosis.reanalysis.genome_alerts import classes_of
from hoofbeat.diagnosis.reanalysis.outcome import Outcome, Standing, outcome_of
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library_file import stored_library
from hoofbeat.knowledge.releases import library_path, locate
from hoofbeat.web.records.baseline import forget_parts
from hoofbeat.web.records.because import Because, kept
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


def take_snapshot(
    record: Record, because: Because, what: str, state: FindingState | None = None
) -> RankingSnapshot | None:
    """Keep how the ranking stands now, in the transaction of the change that moved it."""
    try:
        found = differential_of(record)
    except KnowledgeError:
        return None
    return None if found is None else keep_snapshot(record, found, kept(because, what, state))


def ranking_moved(record: Record, because: Because, what: str, state: FindingState | None = None) -> None:
    """A change that counts, in its transaction: the record has a new version, and how it ranks now is kept."""
    record.version += 1
    record.save(update_fields=["version"])
    take_snapshot(record, because, what, state)


def keep_snapshot(
    record: Record, found: Differential, because: str, *, classes: Mapping[str, str] | None = None
) -> RankingSnapshot:
    """Keep a ranking: its first diseases, and as long as re-analysis may compare with it what put them there, and the
    classes of its variants: those given, else as they were when the team was last told, and as they are of new ones.
    """
    outcome = outcome_of(found)
    if classes is None:
        last = record.snapshots.order_by("created", "pk").last()
        told = (last.variants if last is not None else None) or {}
        now = classes_of(found)
        classes = now | {name: told[name] for name in now.keys() & told.keys()}
    made = RankingSnapshot.objects.create(
        record=record,
        because=because,
        release={**found.release, "engine": engine()},
        first=[{"id": one.disease, "name": one.name, "probability": one.probability} for one in outcome.standings],
        parts=[
            {
                "score": one.score,
                "parts": dict(one.parts or {}),
                "solved": solved_cases(found.knowledge, one.disease),
            }
            for one in outcome.standings
        ],
        variants=classes,
        none_of_these=found.none_of_these,
        record_version=record.version,
    )
    forget_parts(record)
    return made


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
