"""Tells a family by e-mail that there is something to read, never what; in the transaction of what it tells of."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.relations import permissions
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.mail import Kind, notify
from hoofbeat.web.records.models import Record


def tell_family(kind: Kind, record: Record, *, who_may: Permission) -> None:
    """An e-mail to the patient and to each proxy who may do what it is about, in whatever order they were linked."""
    now = timezone.now()
    lasting = record.links.filter(Q(end__isnull=True) | Q(end__gt=now), start__lte=now, user__is_active=True)
    for link in lasting.select_related("user"):
        if who_may in permissions(Actor(link.user), record):
            notify(kind, link.user)
