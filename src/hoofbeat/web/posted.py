"""What a form sent: an identifier out of it, and what became of what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest

from hoofbeat.web.records.actions.change import RefusedError


def posted_id(request: HttpRequest, name: str, otherwise: str, *, field: str = "") -> UUID:
    """The identifier that a form sent as `name`. Raises RefusedError with the words `otherwise`, shown at `field`."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise RefusedError(otherwise, field=field) from None


def done_or_refused(request: HttpRequest, act: Callable[[], object], done: str) -> None:
    """Do what a form asks, and have the next page say `done`, or why it was refused."""
    try:
        act()
    except RefusedError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
