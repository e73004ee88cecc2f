"""Refuses to take in confidence what could reach somebody else; the team is asked to see to it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.relations import lasting
from hoofbeat.web.access.roles import Role
from hoofbeat.web.access.shared_contact import shared_with
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.confidential import is_patient
from hoofbeat.web.records.models import Record


def needs_confidence(actor: Actor, record: Record) -> None:
    """Raises RefusedError unless what is written now stays between the team and the patient."""
    if not actor.is_staff and not is_patient(actor, record):
        raise RefusedError(_("only the patient can tell something in confidence"), field="confidential")
    if not record.links.filter(lasting(), role=Role.PATIENT).exists():
        raise RefusedError(_("the patient has no account of their own that could be written to"), field="confidential")
    if shared_with(record) is not None:
        message = _(
            "the patient's e-mail address leads to the mailbox of somebody who acts for them, so that it would not "
            "stay in confidence; the team has been asked to see to it. A talk in person stays between the two."
        )
        raise RefusedError(message, field="confidential")
