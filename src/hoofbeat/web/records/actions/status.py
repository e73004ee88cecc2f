"""Says where on the path a patient is, where no diagnosis says it already."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.records.actions.change import RefusedError, changing
from hoofbeat.web.records.models import Record


def set_status(*, actor: Actor, record: UUID, status: Record.Status) -> Record:
    """Looking, suspected, or no longer followed. `diagnosed` follows from a confirmed diagnosis alone: RefusedError."""
    with changing(actor, record, Permission.DIAGNOSE, "status:set") as change:
        if status is Record.Status.DIAGNOSED:
            raise RefusedError(_("confirm a diagnosis, with its reason, instead"), field="status")
        if change.record.confirmations.filter(withdrawn__isnull=True).exists():
            message = _("a diagnosis is confirmed; withdraw it first, with a reason")
            raise RefusedError(message, field="status")
        change.record.status = status
        change.record.save(update_fields=["status"])
        change.detail = {"fields": ["status"]}
    return change.record
