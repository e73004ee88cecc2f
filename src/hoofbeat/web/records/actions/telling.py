"""Tells a family by e-mail that there is something to read, never what; in the transaction of what it tells of."""

from __future__ import annotations

from django.utils import timezone

from hoofbeat.web.access.models import PatientLink
from hoofbeat.web.access.relations import granted_by, lasting
from hoofbeat.web.access.roles import Permission, Role
from hoofbeat.web.mail import Kind, notify
from hoofbeat.web.records.models import Record


def tell_family(kind: Kind, record: Record, *, who_may: Permission, patient_alone: bool = False) -> None:
    """An e-mail to the patient and to each proxy who may do what it is about, in whatever order they were linked."""
    for link in links_that_may(record, who_may):
        if link.role == Role.PATIENT or not patient_alone:
            notify(kind, link.user)


def links_that_may(record: Record, permission: Permission) -> list[PatientLink]:
    """The patient and each proxy who may do something today."""
    links = record.links.filter(lasting(), start__lte=timezone.now(), user__is_active=True)
    return [link for link in links.select_related("user") if permission in granted_by(link)]
