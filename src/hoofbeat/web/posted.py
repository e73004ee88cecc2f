"""Takes an identifier out of a form, or says what is wrong with it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from hoofbeat.web.records.actions.change import RefusedError


def posted_id(request: HttpRequest, name: str, otherwise: str, *, field: str = "") -> UUID:
    """The identifier that a form sent as `name`. Raises RefusedError with the words `otherwise`, shown at `field`."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise RefusedError(otherwise, field=field) from None
