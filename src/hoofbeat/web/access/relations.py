"""What opens a record to somebody, and what they may do there. Nobody without a relation learns that it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import BreakGlass, CareTeamMember, PatientLink
from hoofbeat.web.access.roles import GRANTS, LASTING, SCOPE_GRANTS, Permission, Role, Scope

if TYPE_CHECKING:
    from hoofbeat.web.records.models import Record


def readable(actor: Actor) -> Q:
    """The condition on records: a current relation, and for staff the clinic that they act for."""
    now = timezone.now()
    lasting = Q(end__isnull=True) | Q(end__gt=now)
    if actor.is_staff:
        teams = CareTeamMember.objects.filter(lasting, user=actor.user).values("record")
        glass = BreakGlass.objects.filter(user=actor.user, end__gt=now).values("record")
        return Q(clinic=actor.clinic) & (Q(pk__in=teams) | Q(pk__in=glass))
    return Q(pk__in=PatientLink.objects.filter(lasting, user=actor.user, start__lte=now).values("record"))


def permissions(actor: Actor, record: Record) -> frozenset[Permission]:
    """What the actor may do with a record that `readable` gave them."""
    now = timezone.now()
    if actor.is_staff:
        assert actor.role is not None
        if record.clinic_id != actor.clinic:
            return frozenset()
        lasting = Q(end__isnull=True) | Q(end__gt=now)
        in_team = record.team.filter(lasting, user=actor.user).exists()
        return GRANTS[actor.role] if in_team else GRANTS[actor.role] - LASTING
    allowed: set[Permission] = set()
    for link in record.links.filter(Q(end__isnull=True) | Q(end__gt=now), user=actor.user, start__lte=now):
        if link.role == Role.PATIENT:
            allowed |= GRANTS[Role.PATIENT]
        else:
            for scope in link.scopes:
                allowed |= SCOPE_GRANTS[Scope(scope)] & GRANTS[Role.PROXY]
    return frozenset(allowed)
