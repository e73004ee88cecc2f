"""How the pages of one record answer: with what the reader may do there, and after a refusal with what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.relations import permissions
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.models import Record


def answer(
    request: HttpRequest,
    actor: Actor,
    record: Record,
    template: str,
    context: Mapping[str, Any],
    refusal: RefusedError | None = None,
) -> HttpResponse:
    """The page; after a refusal with status 422, the reason at its field, and the input kept."""
    return show(
        request,
        template,
        {
            "record": record,
            "may": permissions(actor, record),
            "errors": {} if refusal is None else {refusal.field: refusal.message},
            "given": {} if refusal is None else request.POST,
            **context,
        },
        status=200 if refusal is None else 422,
    )
