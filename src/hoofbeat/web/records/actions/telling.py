"""Tells a family by e-mail that there is something to read, never what; in the transaction of what it tells of."""

from __future__ import annotations

from django.utils import timezone

from hoofbeat.web.access.relations import granted_by, lasting
from hoofbeat.web.access.roles import Permission, Role
from hoofbeat.web.mail import Kind, notify
from hoofbeat.web.records.models import Record


def tell_family(kind: Kind, record: Record, *, who_may: Permission, patient_alone: bool = False) -> None:
    """An e-mail to the patient and to each proxy who may do what it is about, in whatever order they were linked."""
    links = record.links.filter(lasting(), start__lte=timezone.now(), user__is_active=True)
    for link in links.select_related("user"):
        if who_may in granted_by(link) and (link.role == Role.PATIENT or not patient_alone):
            notify(kind, link.user)
