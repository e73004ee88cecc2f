"""Takes a file from a form, and hands a stored one out so that a browser can only show or save it: no guessing of its
type, no script, no frame.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from hoofbeat.interchange.attachment import MAX_BYTES, Kind
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.files import path_of, too_large
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


def sent_file(request: HttpRequest) -> UploadedFile[Any]:
    """The file of a form's field `file`. Raises RefusedError when there is none or it was stopped at the limit."""
    file = request.FILES.get("file")
    # Only now is it known: the form is read when it is first asked for.
    if too_large(request):
        size = MAX_BYTES // 1024 // 1024
        raise RefusedError(_("the file is larger than %(size)d MB; send a smaller copy") % {"size": size}, field="file")
    if not isinstance(file, UploadedFile):
        raise RefusedError(_("choose a file first"), field="file")
    return file
