"""The findings of a record: what is stated, by whom and when, what the family told, the time line, the history; the
differential stands beside it and moves with each change.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.ontology import PHENOTYPIC_ABNORMALITY
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.explanation import Ranking, shown
from hoofbeat.web.clinic.finding_words import onset_choices, rows_of, severity_choices, time_line
from hoofbeat.web.clinic.record import findings_of, frame
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import read
from hoofbeat.web.records.models import Record, RecordedFinding
from hoofbeat.web.records.ranking import differential_of, knowledge
from hoofbeat.web.records.terms import term_index

PANEL = 6  # candidates beside the findings
HISTORY = 60
UNDO_FOR = timedelta(minutes=15)  # so long the page offers to undo the last thing that one took back


@require_safe
@signed_in(Permission.CASELOAD)
def findings(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """The page."""
    found = read(actor, record, Permission.READ, "finding:read", what="findings")
    return show(request, "clinic/findings.html", page_context(actor, found))


def page_context(actor: Actor, record: Record) -> dict[str, Any]:
    """What the whole page shows."""
    context = list_context(actor, record)
    stated = {row.finding.hpo: row.finding.state for row in context["rows"]}
    context |= {"query": "", "matches": None, "branches": None, "way": (), "ranking": None, "stated": stated}
    try:
        knowledge()
    except KnowledgeError as error:
        return context | {"knowledge_missing": True, "error": str(error), "systems": ()}
    if Permission.RANK in context["may"]:
        context["ranking"] = panel_of(record)
    return context | {"knowledge_missing": False, "systems": term_index().below(PHENOTYPIC_ABNORMALITY)}


def panel_of(record: Record) -> Ranking | None:
    """The differential beside the findings. Raises KnowledgeError where no knowledge is built."""
    differential = differential_of(record)
    return shown(differential, PANEL) if differential else None


def list_context(actor: Actor, record: Record) -> dict[str, Any]:
    """What the list of findings shows."""
    found = findings_of(record)
    rows = rows_of(found.standing)
    ended = list(
        record.findings.filter(ended__isnull=False).select_related("said_by", "ended_by").order_by("-ended")[:HISTORY]
    )
    return frame(actor, record, "findings") | {
        "rows": rows,
        "told": found.told,
        "history": rows_of(ended),
        "undo": _undo(actor, ended, {row.finding.hpo for row in rows}),
        "time_line": time_line(rows, _age_years(record)),
        "onset_choices": onset_choices(),
        "severity_choices": severity_choices(),
    }


def _undo(actor: Actor, ended: list[RecordedFinding], standing: set[str]) -> RecordedFinding | None:
    """What the actor took back a moment ago, unless the term is stated anew."""
    if not ended:
        return None
    last = ended[0]
    assert last.ended is not None
    fresh = timezone.now() - last.ended < UNDO_FOR
    counted = last.standing == RecordedFinding.Standing.CONFIRMED
    return last if fresh and counted and last.ended_by_id == actor.user.pk and last.hpo not in standing else None


def _age_years(record: Record) -> float | None:
    born = record.birth_date
    return None if born is None else (timezone.localdate() - born).days / 365.25
