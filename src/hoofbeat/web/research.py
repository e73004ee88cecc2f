"""The first page of a researcher: what the role may see, why nothing is there, and who can change that."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import Clinic, Membership
from hoofbeat.web.access.roles import Permission, Role
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show


@require_safe
@signed_in(Permission.RESEARCH)
def research(request: HttpRequest, actor: Actor) -> HttpResponse:
    """It tells nothing of any record, not even how many there are: a count of few people is about them."""
    assert actor.clinic is not None  # the guard's permission is of a clinic
    administrators = Membership.objects.filter(
        clinic=actor.clinic, role=Role.ADMINISTRATOR.value, end__isnull=True, user__is_active=True
    ).select_related("user")
    context = {
        "clinic": Clinic.objects.get(pk=actor.clinic),
        "administrators": [one.user.name for one in administrators.order_by("user__name")],
    }
    return show(request, "research.html", context)
