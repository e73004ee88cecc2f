"""The page where something was asked of knowledge that is not built, or of tables of the clinic that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.page import show
from hoofbeat.web.records.step_tables import StepTablesError


def knowledge_missing(request: HttpRequest, context: Mapping[str, Any], error: KnowledgeError) -> HttpResponse:
    """What is missing, for whoever can have it built. Nothing was changed."""
    template = "tables_wrong.html" if isinstance(error, StepTablesError) else "no_knowledge.html"
    return show(request, f"clinic/{template}", {**context, "error": str(error)}, status=503)
