"""Keeps how the ranking of a record stands after each change that moved it, within the transaction of that change."""

from __future__ import annotations

from collections.abc import Mapping

from hoofbeat.cases.finding import FindingState
from hoofbeat.diagnosis.engine import engine
from hoofbeat.diagnosis.rank import Differential
from hoofbeat.diagnosis.reanalysis.genome_alerts import classes_of
from hoofbeat.diagnosis.reanalysis.outcome import outcome_of
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.records.baseline import baseline_of
from hoofbeat.web.records.because import Because, kept
from hoofbeat.web.records.models import RankingSnapshot, Record
from hoofbeat.web.records.ranking import differential_of, solved_cases


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


def forget_parts(record: Record) -> None:
    """Only the baseline and the newest snapshot, which may be the next one, keep what the scores were made of."""
    newest, baseline = record.snapshots.order_by("created", "pk").last(), baseline_of(record)
    needed = [one.pk for one in (newest, baseline) if one is not None]
    record.snapshots.filter(parts__isnull=False).exclude(pk__in=needed).update(parts=None, variants=None)
