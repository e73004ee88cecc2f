"""Adds, changes, takes back and restores findings, and decides on what a family told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.cases.finding import Finding, FindingState
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.records.actions.change import Change, RefusedError, changing, without_nul
from hoofbeat.web.records.actions.snapshot import ranking_moved
from hoofbeat.web.records.actions.stating import MAX_WORDS, Statement, end, end_question, restated, stated, term_of
from hoofbeat.web.records.because import Because
from hoofbeat.web.records.models import Record, RecordedFinding
from hoofbeat.web.records.ranking import knowledge
from hoofbeat.web.records.store import onset_text
from hoofbeat.web.records.terms import SEVERITY, is_below


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: how many findings it added, and which stood in the record already."""

    record: Record
    added: int
    stood: tuple[str, ...]


def set_finding(
    *,
    actor: Actor,
    record: UUID,
    hpo: str,
    state: FindingState,
    onset: str | None = None,
    severity: str | None = None,
    note: str | None = None,
    words: str = "",
    origin: RecordedFinding.Origin = RecordedFinding.Origin.CLINIC,
) -> RecordedFinding:
    """State a finding; what was stated of the same term before ends and stays in the history.

    Onset, severity and note that are not given (None) stay as they stand; what is not there has neither of the first
    two. Raises RefusedError for a term that the release does not know as a finding, an onset or a severity that is
    none.
    """
    with changing(actor, record, Permission.FIND, "finding:set") as change:
        made = stated(
            change,
            Statement(hpo, state, onset=onset, severity=severity, note=note, words=words, origin=origin),
            timezone.now(),
        )
        change.detail = {"row": str(made.pk), "fields": ["hpo", "state"]}
        ranking_moved(change.record, Because.STATED, made.label, state)
    return made


def take_back_finding(*, actor: Actor, record: UUID, finding: UUID) -> RecordedFinding:
    """End a finding that was stated by mistake. It stays in the history and can be restored."""
    with changing(actor, record, Permission.FIND, "finding:take_back") as change:
        found = _counted(change, finding)
        end(change, change.record.findings.filter(pk=found.pk, ended__isnull=True))
        change.detail = {"row": str(found.pk)}
        ranking_moved(change.record, Because.TAKEN_BACK, found.label)
    return found


def restore_finding(*, actor: Actor, record: UUID, finding: UUID) -> RecordedFinding:
    """Undo: state again what an ended row stated."""
    with changing(actor, record, Permission.FIND, "finding:restore") as change:
        old = _counted(change, finding)
        end(change, change.record.findings.filter(hpo=old.hpo, standing="confirmed", ended__isnull=True))
        made = restated(change, old)
        change.detail = {"row": str(made.pk), "restored": str(old.pk)}
        ranking_moved(change.record, Because.RESTORED, old.label, FindingState(old.state))
    return made


def import_findings(*, actor: Actor, record: UUID, findings: Sequence[Finding]) -> Imported:
    """Take the findings of a document over, all or none. A finding that stands in the record stays as it is: what a
    person stated here is not overwritten by a file. Raises RefusedError where there is nothing to take over.
    """
    with changing(actor, record, Permission.IMPORT, "finding:import") as change:
        standing = change.record.findings.filter(standing="confirmed", ended__isnull=True)
        there = set(standing.values_list("hpo", flat=True))
        fresh: dict[str, RecordedFinding] = {}
        kept: list[str] = []
        for finding in findings:
            identifier, label = term_of(finding.id)
            if identifier in there:
                kept.append(label)
            elif identifier not in fresh:
                fresh[identifier] = _imported(change, finding, identifier, label)
                end_question(change, identifier)
        if not fresh:
            raise RefusedError(_("the file holds no finding that is new to this record"), field="file")
        RecordedFinding.objects.bulk_create(fresh.values())
        change.detail = {"added": len(fresh), "stood": len(kept)}
        ranking_moved(change.record, Because.IMPORTED, str(len(fresh)))
    return Imported(change.record, len(fresh), tuple(kept))


def tell_finding(*, actor: Actor, record: UUID, hpo: str, state: FindingState, words: str = "") -> RecordedFinding:
    """What the patient or family tells in plain words; it waits for a clinician and moves no ranking.

    It answers what the team asked about the same sign.
    """
    return tell_findings(actor=actor, record=record, told=[Statement(hpo, state, words=words)])[0]


def tell_findings(*, actor: Actor, record: UUID, told: Sequence[Statement]) -> list[RecordedFinding]:
    """Several signs that a family tells at once, all or none; what is told of a term before ends."""
    with changing(actor, record, Permission.TELL, "finding:tell") as change:
        made = [_told(change, one) for one in told]
        change.detail = {"row": str(made[0].pk)} if len(made) == 1 else {"rows": [str(one.pk) for one in made]}
    return made


def decide_told(*, actor: Actor, record: UUID, finding: UUID, take_over: bool) -> RecordedFinding:
    """Take a told finding over, so that it counts, or put it aside; the family's words stay either way."""
    with changing(actor, record, Permission.CONFIRM_TOLD, "finding:decide_told") as change:
        found = _of(change, finding)
        if found.standing != RecordedFinding.Standing.TOLD or found.ended is not None:
            raise RefusedError(_("somebody has decided on this already; look at the list again"))
        if take_over:
            end_question(change, found.hpo)
            end(change, change.record.findings.filter(hpo=found.hpo, standing="confirmed", ended__isnull=True))
        standing = RecordedFinding.Standing
        found.standing = standing.CONFIRMED if take_over else standing.DECLINED
        found.checked_by = actor.user
        found.save()
        change.detail = {"row": str(found.pk), "taken_over": take_over}
        if take_over:
            ranking_moved(change.record, Because.TOLD, found.label, FindingState(found.state))
    return found


def _told(change: Change, said: Statement) -> RecordedFinding:
    identifier, label = term_of(said.hpo)
    end(change, change.record.findings.filter(hpo=identifier, standing="told", ended__isnull=True))
    change.record.asked.filter(hpo=identifier, ended__isnull=True).update(ended=timezone.now(), answered=True)
    return RecordedFinding.objects.create(
        record=change.record,
        hpo=identifier,
        label=label,
        state=said.state,
        words=without_nul(said.words)[:MAX_WORDS],
        origin=RecordedFinding.Origin.FAMILY,
        standing=RecordedFinding.Standing.TOLD,
        said_by=change.actor.user,
    )


def _imported(change: Change, finding: Finding, identifier: str, label: str) -> RecordedFinding:
    absent = finding.state is FindingState.EXCLUDED
    severity = finding.severity.id if finding.severity and not absent else ""
    return RecordedFinding(
        record=change.record,
        hpo=identifier,
        label=label,
        state=finding.state,
        onset="" if absent else onset_text(finding.onset),
        severity=severity if is_below(knowledge().ontology, severity, SEVERITY) else "",
        note=without_nul(finding.description)[:MAX_WORDS],
        origin=RecordedFinding.Origin.ASKED if finding.asked else RecordedFinding.Origin.IMPORT,
        said_by=change.actor.user,
    )


def _of(change: Change, finding: UUID) -> RecordedFinding:
    found = change.record.findings.filter(pk=finding).first()
    if found is None:
        raise RefusedError(_("this finding is not in the record any more; look at the list again"))
    return found


def _counted(change: Change, finding: UUID) -> RecordedFinding:
    """A row that counts or counted: what a family told is decided on, not taken back or restored."""
    found = _of(change, finding)
    if found.standing != RecordedFinding.Standing.CONFIRMED:
        raise RefusedError(_("this was told by the family: take it over or put it aside"))
    return found
