"""Looks at a record again with the knowledge of today: what moved since the team was last told, because of which
facts, and whether to tell it. The rule is that of `hoofbeat reanalyse`, and one more for whole genomes. Nothing is
written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from hoofbeat.diagnosis.engine import engine
from hoofbeat.diagnosis.rank import Differential, NothingToRankError, rank
from hoofbeat.diagnosis.reanalysis.alert import Alert, alerts
from hoofbeat.diagnosis.reanalysis.behind import Fact, facts_behind, related_terms
from hoofbeat.diagnosis.reanalysis.change import CaseChange, Cause
from hoofbeat.diagnosis.reanalysis.comparison import MOST_EXPLAINED, Before, moved
from hoofbeat.diagnosis.reanalysis.genome_alerts import genome_alerts
from hoofbeat.diagnosis.reanalysis.outcome import Standing, outcome_of
from hoofbeat.diagnosis.score_parts import finding_of
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.web.records.baseline import baseline_of, made_with
from hoofbeat.web.records.earlier_knowledge import earlier_facts, links_since, with_todays_library
from hoofbeat.web.records.models import Confirmation, RankingSnapshot, Record
from hoofbeat.web.records.models.record import RecordQuerySet
from hoofbeat.web.records.ranking import differential_of, kept_outcome, knowledge, solved_cases

OPEN = (Record.Status.UNDIAGNOSED, Record.Status.SUSPECTED)


@dataclass(frozen=True)
class Look:
    """One record as it stands now beside the snapshot that it is compared with; `now` is None where nothing can be
    ranked.

    `facts` has what is new of a disease that moved, by its identifier. `engine_changed` and `record_changed`: another
    program, or a change of the record, may have a part in it.
    """

    record: Record
    last: RankingSnapshot | None
    now: Differential | None
    change: CaseChange | None = None
    alerts: tuple[Alert, ...] = ()
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    engine_changed: bool = False
    record_changed: bool = False


def ranked_with() -> str:
    """A checksum of what ranks: release, library and program. Raises KnowledgeError where nothing is built."""
    return made_with({**knowledge().release_info(), "engine": engine()})


def still_looking(records: RecordQuerySet) -> RecordQuerySet:
    """Those that look for a diagnosis, and have none confirmed."""
    confirmed = Confirmation.objects.filter(withdrawn__isnull=True)
    return records.filter(status__in=OPEN).exclude(pk__in=confirmed.values("record"))


def look(record: Record) -> Look:
    """Rank and compare with the baseline (`baseline_of`). Raises KnowledgeError where nothing is built.

    Where the program or the record has changed since, and the release of then still lies here, it is ranked anew with
    that release, so that what moves is due to the release alone. Else what was kept is compared with a ranking at the
    age of then: that a patient has grown older is no new knowledge.
    """
    last, now = baseline_of(record), differential_of(record)
    if last is None or now is None:
        return Look(record, last, now)
    engine_changed = last.release.get("engine") != engine()
    record_changed = last.record_version != record.version
    earlier = earlier_facts(last.release)
    then = None
    # What a library of then held lies nowhere: news of solved cases is told of what was kept alone.
    if earlier is not None and (engine_changed or record_changed) and _library(last.release) == _library(now.release):
        then = _ranked_with(earlier, now)
    if then is not None:
        beside, before = now, Before.ranked(then, now.knowledge)
    else:
        beside = differential_of(record, on=timezone.localdate(last.created)) or now
        before = Before.kept(kept_outcome(last), now.knowledge)
    after = outcome_of(beside)
    links = {} if earlier is None else links_since(earlier, now.knowledge.facts)
    change = moved(before, beside, after)
    solved = None if then is not None else _solved_then(last)
    told = [
        *alerts(before.outcome, after, links, earlier=after.variants),
        *genome_alerts(after, beside, links, last.variants or {}),
    ]
    return Look(
        record,
        last,
        now,
        change,
        tuple({one.id: one for one in told}.values()),
        {} if change is None else _facts(change, now, earlier, links, solved),
        engine_changed and then is None,
        record_changed and then is None,
    )


def _library(release: Mapping[str, Any]) -> Any:
    return (release.get("library") or {}).get("checksum")


def _solved_then(last: RankingSnapshot) -> dict[str, int]:
    return {one["id"]: part["solved"] for one, part in zip(last.first, last.parts or (), strict=False)}


def _ranked_with(earlier: Facts, now: Differential) -> Differential | None:
    genotype = None if now.genotype is None else now.genotype.evidence
    try:
        return rank(now.case, with_todays_library(earlier, now.knowledge), genotype=genotype)
    except NothingToRankError:
        return None


def _facts(
    change: CaseChange, now: Differential, earlier: Facts | None, links: Any, solved: Mapping[str, int] | None
) -> dict[str, tuple[Fact, ...]]:
    """What is new of the diseases that moved most; `solved` has the solved cases of those that were among the first
    then, None where the library is the same.
    """
    near = related_terms(now)
    found = {}
    for move in change.moves[:MOST_EXPLAINED]:
        today = solved_cases(now.knowledge, move.disease)
        found[move.disease] = facts_behind(
            move.disease,
            near,
            before=earlier,
            after=now.knowledge.facts,
            links=links,
            solved=(today if solved is None else solved.get(move.disease), today),
        )
    return found


def moves_to_json(found: Look) -> list[dict[str, Any]]:
    """The moves of a look as they are kept: data, and never in the words of one language."""
    if found.change is None or found.now is None:
        return []
    ontology = found.now.knowledge.ontology
    return [
        {
            "disease": move.disease,
            "name": move.name,
            "before": _place(move.before),
            "after": _place(move.after),
            "parts": [_part(cause, ontology) for cause in move.because],
            "facts": [fact.to_json() for fact in found.facts.get(move.disease, ())],
        }
        for move in found.change.moves
    ]


def alerts_to_json(found: Look) -> list[dict[str, str]]:
    """The alerts of a look as they are kept."""
    return [
        {"id": one.id, "kind": one.kind.value, "disease": one.disease, "gene": one.gene, "variant": one.variant}
        for one in found.alerts
    ]


def _place(standing: Standing | None) -> dict[str, Any] | None:
    return None if standing is None else {"rank": standing.rank, "probability": standing.probability}


def _part(cause: Cause, ontology: Ontology) -> dict[str, Any]:
    label = finding_of(cause.part, ontology) or ""
    return {"part": cause.part, "label": label, "difference": round(cause.difference, 4)}
