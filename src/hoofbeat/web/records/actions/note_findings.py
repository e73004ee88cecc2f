"""Takes findings that somebody confirmed in a note into a record, and undoes it. The note itself is not kept: of it
stay the words that each finding was read from.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.cases.finding import FindingState
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.records.actions.change import RefusedError, changing
from hoofbeat.web.records.actions.snapshot import ranking_moved
from hoofbeat.web.records.actions.stating import Statement, end, restated, stated
from hoofbeat.web.records.because import Because
from hoofbeat.web.records.models import RecordedFinding


def take_from_note(*, actor: Actor, record: UUID, said: Sequence[Statement]) -> list[RecordedFinding]:
    """State what a person took out of a note, all or none. What was stated of a term before ends, for whoever takes it
    was told so; its onset and note stay. Raises RefusedError where there is nothing to take.
    """
    if not said:
        raise RefusedError(_("nothing was taken: say of at least one finding what it is"))
    with changing(actor, record, Permission.FIND, "finding:from_note") as change:
        at = timezone.now()
        made = [stated(change, one, at) for one in said]
        change.detail = {"rows": [str(one.pk) for one in made]}
        if len(made) == 1:
            ranking_moved(change.record, Because.STATED, made[0].label, FindingState(made[0].state))
        else:
            ranking_moved(change.record, Because.IMPORTED, str(len(made)))
    return made


def undo_from_note(*, actor: Actor, record: UUID, findings: Sequence[UUID]) -> int:
    """Undo: end what was taken out of a note and has not changed since, and state again what stood before. Returns how
    many were undone.
    """
    with changing(actor, record, Permission.FIND, "finding:undo_from_note") as change:
        rows = change.record.findings.filter(
            pk__in=findings, standing="confirmed", ended__isnull=True, origin=RecordedFinding.Origin.IMPORT
        )
        undone = list(rows.order_by("hpo"))
        if not undone:
            raise RefusedError(_("there is nothing to undo any more; look at the list of findings"))
        end(change, rows)
        for one in undone:
            # Both have the same moment: the one ended for the other.
            before = change.record.findings.filter(hpo=one.hpo, standing="confirmed", ended=one.created).first()
            if before is not None:
                restated(change, before)
        change.detail = {"rows": [str(one.pk) for one in undone]}
        ranking_moved(change.record, Because.TAKEN_BACK, ", ".join(one.label for one in undone))
    return len(undone)
