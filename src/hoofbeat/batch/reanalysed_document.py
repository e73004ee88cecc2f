"""Re-analysis of one document of cases: what is ranked in each process, and the line that is kept of it.

A line is text that does not depend on when, where or beside what it was made: that is what makes a run resumable, and
alike on processes and on a cluster.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hoofbeat.cases import Case
from hoofbeat.diagnosis.rank import Differential, NothingToRankError, rank
from hoofbeat.diagnosis.reanalysis.alert import Alert, alerts
from hoofbeat.diagnosis.reanalysis.behind import related_terms, rows_behind
from hoofbeat.diagnosis.reanalysis.change import CaseChange, Cause, Move
from hoofbeat.diagnosis.reanalysis.comparison import MOST_EXPLAINED, Before, moved
from hoofbeat.diagnosis.reanalysis.outcome import Outcome, Standing, outcome_of
from hoofbeat.diagnosis.score_parts import NOT, finding_of
from hoofbeat.interchange.sources import Document, read_document
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library import Library
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.release_change import RowChange, new_links

NO_FINDING = "no finding that this release of HPO knows"


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared. `after` and `before` are knowledge files; without `before`, the outcomes of an earlier run in
    the file `previous` are what each case is compared with, and without both there is nothing to compare with. The
    classes of variants are compared with `previous` in either case: they come with the case, not with a release.

    `library` is the case library's file, joined on both sides. `alert_solved`: also tell of cases that their source
    reports as solved.
    """

    after: Path
    before: Path | None = None
    previous: Path | None = None
    library: Path | None = None
    alert_solved: bool = False


@dataclass(frozen=True)
class Compared:
    """What a process works with: made once in each."""

    after: Knowledge
    before: Knowledge | None
    previous: Mapping[str, Outcome]
    new_links: Mapping[str, Collection[tuple[str, str]]]
    alert_solved: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """One case: how it now stands, what moved, what to tell; or in `error` why it could not be ranked."""

    case: str
    outcome: Outcome | None = None
    is_new: bool = False
    change: Mapping[str, Any] | None = None
    alerts: tuple[Alert, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """All cases of one document, as kept."""

    document: str
    sha256: str
    cases: tuple[Looked, ...] = ()
    error: str = field(default="")

    def text(self) -> str:
        """One line of JSON, without its end."""
        cases = [
            {
                "case": one.case,
                "outcome": one.outcome.to_json() if one.outcome else None,
                "is_new": one.is_new,
                "change": one.change,
                "alerts": [alert_to_json(alert) for alert in one.alerts],
                "error": one.error,
            }
            for one in self.cases
        ]
        kept = {"document": self.document, "sha256": self.sha256, "cases": cases, "error": self.error}
        return json.dumps(kept, ensure_ascii=True, allow_nan=False, sort_keys=True)


def opened(sides: Sides) -> Compared:
    """Open both sides. Raises KnowledgeError where one cannot be used."""
    library = Library.open(sides.library) if sides.library else None
    after = Knowledge.open(sides.after, library=library)
    before = Knowledge.open(sides.before, library=library) if sides.before else None
    previous = {} if sides.previous is None else read_outcomes(sides.previous)
    links = {} if before is None else new_links(before.facts, after.facts)
    return Compared(after, before, previous, links, sides.alert_solved)


def read_outcomes(path: Path) -> dict[str, Outcome]:
    """The outcomes of an earlier run, by case; none of an identifier that several cases had, as nobody can tell whose
    it is. Raises ValueError, KeyError or TypeError for a file that no run wrote.
    """
    found: dict[str, Outcome] = {}
    repeated: set[str] = set()
    with path.open(encoding="ascii") as stream:
        for line in stream:
            outcome = Outcome.from_json(json.loads(line))
            if found.setdefault(outcome.case, outcome) is not outcome:
                repeated.add(outcome.case)
    return {case: outcome for case, outcome in found.items() if case not in repeated}


def look(compared: Compared, document: Document) -> str:
    """The line of one document."""
    name, digest = document.called, document.sha256
    imported = read_document(document, ontology=compared.after.ontology)
    errors = imported.report.errors
    if imported.failed:
        return Line(name, digest, error=str(errors[0]) if errors else "cannot be read").text()
    return Line(name, digest, tuple(_looked(case, compared) for case in imported.cases)).text()


def _looked(case: Case, compared: Compared) -> Looked:
    try:
        now = rank(case, compared.after)
    except NothingToRankError:
        return Looked(case.id, error=NO_FINDING)
    before = _before(case, compared)
    after = outcome_of(now)
    if before is None:
        return Looked(case.id, after, is_new=True)
    change, told = moved(before, now, after), _told(case, before.outcome, after, compared)
    if change is None:
        return Looked(case.id, after, alerts=told)
    return Looked(case.id, after, change=change_to_json(change, now, compared), alerts=told)


def _before(case: Case, compared: Compared) -> Before | None:
    if compared.before is None:
        found = compared.previous.get(case.id)
        return None if found is None else Before.kept(found, compared.after)
    try:
        return Before.ranked(rank(case, compared.before), compared.after)
    except NothingToRankError:
        return None


def _told(case: Case, before: Outcome, after: Outcome, compared: Compared) -> tuple[Alert, ...]:
    if case.reported.solved_ids and not compared.alert_solved:
        return ()
    earlier = compared.previous.get(case.id, before)
    return tuple(alerts(before, after, compared.new_links, earlier=earlier.variants))


def alert_to_json(alert: Alert) -> dict[str, str]:
    """An alert as kept and as told."""
    return {
        "id": alert.id,
        "kind": alert.kind.value,
        "case": alert.case,
        "disease": alert.disease,
        "what": alert.what,
        "gene": alert.gene,
        "variant": alert.variant,
    }


def change_to_json(change: CaseChange, now: Differential, compared: Compared) -> dict[str, Any]:
    """A change as the change log tells it: each disease that moved, and because of what."""
    near = related_terms(now) if compared.before is not None else frozenset()
    moves = [
        {
            "disease": move.disease,
            "name": move.name,
            "before": _place(move.before),
            "after": _place(move.after),
            "because": [_cause(cause, compared.after.ontology) for cause in move.because],
            "rows": [_row(row) for row in _rows(move, near, compared)] if place < MOST_EXPLAINED else [],
        }
        for place, move in enumerate(change.moves)
    ]
    none = [change.before.none_of_these, change.after.none_of_these]
    return {"case": change.case, "moves": moves, "none_of_these": none}


def _rows(move: Move, near: Collection[str], compared: Compared) -> tuple[RowChange, ...]:
    """The annotation rows behind a move; nothing is known of them where the earlier release is not at hand."""
    if compared.before is None:
        return ()
    return rows_behind(move.disease, near, compared.before.facts, compared.after.facts)


def _place(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    return {"rank": standing.rank, "probability": standing.probability, "score": standing.score}


def _cause(cause: Cause, ontology: Ontology) -> dict[str, Any]:
    name = finding_of(cause.part, ontology)
    label = cause.part if name is None else f"{NOT}{name}" if cause.part.startswith(NOT) else name
    return {"part": cause.part, "label": label, "before": cause.before, "after": cause.after}


def _row(row: RowChange) -> dict[str, Any]:
    return {
        "what": row.what,
        "entry": row.entry,
        "term": row.term,
        "label": row.label,
        "references": list(row.references),
        "before": row.before,
        "after": row.after,
    }
