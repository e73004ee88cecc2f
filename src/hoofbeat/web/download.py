"""Hands out a stored file so that a browser can only show or save it: no guessing of its type, no script, no frame."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from hoofbeat.interchange.attachment import Kind
from hoofbeat.web.records.files import path_of
from hoofbeat.web.records.models import Document

SANDBOX = "sandbox; default-src 'none'"


def download(document: Document, *, picture: bool = False) -> HttpResponse:
    """The file as an attachment; `picture` shows it in the page instead, where it is one."""
    kind = Kind(document.kind)
    inline = picture and kind is not Kind.PDF
    made = HttpResponse(path_of(document.file).read_bytes(), content_type=kind.media_type)
    name = f"{document.title}.{kind.value}"
    made["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    made["X-Content-Type-Options"] = "nosniff"
    made["Content-Security-Policy"] = SANDBOX
    made["Cache-Control"] = "no-store"
    return made
