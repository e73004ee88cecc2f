"""What is told in confidence: it is between the patient and the team, and nobody who acts for the patient sees it."""

from __future__ import annotations

from django.db.models import Q

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import PatientLink
from hoofbeat.web.access.relations import lasting
from hoofbeat.web.access.roles import Role
from hoofbeat.web.access.shared_contact import shared_with
from hoofbeat.web.records.models import Record


def is_patient(actor: Actor, record: Record) -> bool:
    """Whether this is the patient's own account."""
    return PatientLink.objects.filter(lasting(), record=record, user=actor.user, role=Role.PATIENT).exists()


def may_read_confidential(actor: Actor, record: Record) -> bool:
    """The team may, and the patient, unless somebody who acts for them is reached at the same mailbox: whoever reads
    that can make themself a new password.
    """
    return actor.is_staff or (is_patient(actor, record) and shared_with(record) is None)


def confiding(actor: Actor, record: Record) -> dict[str, bool]:
    """What a form for the team asks: whether it offers to tell something in confidence (`may_confide`: it is the
    patient's own account), and whether that cannot be kept now (`shared_contact`).
    """
    own = is_patient(actor, record)
    return {"may_confide": own, "shared_contact": own and shared_with(record) is not None}


def open_to(actor: Actor, record: Record) -> Q:
    """The condition on story entries and messages that somebody may read."""
    return Q() if may_read_confidential(actor, record) else Q(confidential=False)
