"""What all ways to state a finding share: the term is checked, what was stated before ends, the record moves on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.cases.errors import CaseError
from hoofbeat.cases.finding import FindingState
from hoofbeat.knowledge.ontology import ONSET
from hoofbeat.web.records.actions.change import Change, RefusedError, without_nul
from hoofbeat.web.records.models import RecordedFinding
from hoofbeat.web.records.ranking import knowledge
from hoofbeat.web.records.store import onset_of
from hoofbeat.web.records.terms import SEVERITY, is_below

MAX_WORDS = 2_000


@dataclass(frozen=True, slots=True)
class Statement:
    """One finding to be stated. Onset, severity and note that are not given (None) stay as they stand."""

    hpo: str
    state: FindingState
    onset: str | None = None
    severity: str | None = None
    note: str | None = None
    words: str = ""
    origin: RecordedFinding.Origin = RecordedFinding.Origin.CLINIC


def stated(change: Change, said: Statement, at: datetime) -> RecordedFinding:
    """The new row of a statement. What was stated of the term before ends at the same moment, and stays in the history.

    What is not there has neither onset nor severity. Raises RefusedError for a term that the release does not know as a
    finding, an onset or a severity that is none.
    """
    identifier, label = term_of(said.hpo)
    onset, severity, note, words = said.onset, said.severity, said.note, said.words
    standing = change.record.findings.filter(hpo=identifier, standing="confirmed", ended__isnull=True)
    before = standing.first()
    if before is not None:
        onset = before.onset if onset is None else onset
        severity = before.severity if severity is None else severity
        note = before.note if note is None else note
        words = words or before.words
    if said.state is FindingState.EXCLUDED:
        onset = severity = ""
    end(change, standing, at)
    end_question(change, identifier)
    return RecordedFinding.objects.create(
        record=change.record,
        created=at,
        hpo=identifier,
        label=label,
        state=said.state,
        onset=_onset(onset or ""),
        severity=_severity(severity or ""),
        note=without_nul(note or "")[:MAX_WORDS],
        words=without_nul(words)[:MAX_WORDS],
        origin=said.origin,
        said_by=change.actor.user,
    )


def end_question(change: Change, identifier: str) -> None:
    """Nobody is asked any more what somebody has stated."""
    change.record.asked.filter(hpo=identifier, ended__isnull=True).update(ended=timezone.now())


def restated(change: Change, old: RecordedFinding) -> RecordedFinding:
    """A new row that states again what an ended one stated, by whom it was said and taken over. Who brought it back
    stands in the event: they told nothing.
    """
    return RecordedFinding.objects.create(
        record=change.record, hpo=old.hpo, label=old.label, state=old.state, onset=old.onset, severity=old.severity,
        note=old.note, words=old.words, origin=old.origin, said_by=old.said_by, checked_by=old.checked_by,
    )  # fmt: skip


def end(change: Change, rows: QuerySet[RecordedFinding], at: datetime | None = None) -> None:
    """End what some rows state; they stay in the history."""
    rows.update(ended=at or timezone.now(), ended_by=change.actor.user)


def term_of(hpo: str) -> tuple[str, str]:
    """The identifier and the name of a finding in the release. Raises RefusedError where it is none."""
    ontology = knowledge().ontology
    index = ontology.resolve(hpo.strip()).index
    if index is None or not ontology.is_phenotype[index]:
        message = _("“%(given)s” is no finding of HPO %(release)s; choose one from the search")
        raise RefusedError(message % {"given": hpo.strip()[:40], "release": ontology.release}, field="hpo")
    return ontology.id(index), ontology.name(index)


def _onset(text: str) -> str:
    text = text.strip()
    try:
        onset_of(text)
    except CaseError as error:
        message = _("this onset is not understood; give an age in years or months, or choose one from the list")
        raise RefusedError(message, field="onset") from error
    if text.startswith("HP:") and not is_below(knowledge().ontology, text, ONSET):
        raise RefusedError(_("this is no time of onset of HPO; choose one from the list"), field="onset_class")
    return text


def _severity(text: str) -> str:
    if text and not is_below(knowledge().ontology, text, SEVERITY):
        raise RefusedError(_("this is no severity of HPO; choose one from the list"), field="severity")
    return text
