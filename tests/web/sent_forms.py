"""A form of the first record sent by somebody, what was looked at before, and the events that something leaves."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from hoofbeat.web.audit.models import Event
from tests.web.world import World


def post(world: World, name: str, *more: UUID, who: str = "clinician", **given: Any) -> HttpResponse:
    """A form of the record, sent by somebody."""
    return world.client(who).post(reverse(name, args=[world.record.pk, *more]), given)  # type: ignore[return-value]


def verbs(of: Callable[[], object]) -> list[str]:
    """The events that something leaves, by their verbs."""
    before = set(Event.objects.values_list("pk", flat=True))
    of()
    return [event.verb for event in Event.objects.exclude(pk__in=before).order_by("number")]


def plan_seen(world: World) -> str:
    """The checksum of the plan that a clinician looks at."""
    text = world.client("clinician").get(reverse("work_up", args=[world.record.pk])).content.decode()
    seen = re.search(r'name="previewed" value="([0-9a-f]{64})"', text)
    assert seen is not None
    return seen[1]
