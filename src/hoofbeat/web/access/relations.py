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


def lasting() -> Q:
    """The condition on whatever has an end: that it holds still."""
    return Q(end__isnull=True) | Q(end__gt=timezone.now())


def readable(actor: Actor) -> Q:
    """The condition on records: a current relation, and for staff the clinic that they act for."""
    now = timezone.now()
    if actor.is_staff:
        teams = CareTeamMember.objects.filter(lasting(), user=actor.user).values("record")
        glass = BreakGlass.objects.filter(user=actor.user, end__gt=now).values("record")
        return Q(clinic=actor.clinic) & (Q(pk__in=teams) | Q(pk__in=glass))
    return Q(pk__in=PatientLink.objects.filter(lasting(), user=actor.user, start__lte=now).values("record"))


def permissions(actor: Actor, record: Record) -> frozenset[Permission]:
    """What the actor may do with a record that `readable` gave them."""
    if actor.is_staff:
        assert actor.role is not None
        if record.clinic_id != actor.clinic:
            return frozenset()
        in_team = record.team.filter(lasting(), user=actor.user).exists()
        return GRANTS[actor.role] if in_team else GRANTS[actor.role] - LASTING
    links = record.links.filter(lasting(), user=actor.user, start__lte=timezone.now())
    return frozenset().union(*(granted_by(link) for link in links))


def granted_by(link: PatientLink) -> frozenset[Permission]:
    """What one link lets its account do, while it holds: a patient all that is theirs, a proxy what the scopes say."""
    if link.role == Role.PATIENT:
        return GRANTS[Role.PATIENT]
    return frozenset().union(*(SCOPE_GRANTS[Scope(scope)] for scope in link.scopes)) & GRANTS[Role.PROXY]
