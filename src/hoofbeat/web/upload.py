"""Takes the file out of a form, or says what is wrong with it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from hoofbeat.interchange.attachment import MAX_BYTES
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.files import too_large

MEGABYTES = MAX_BYTES // 1024 // 1024


def sent_file(request: HttpRequest) -> UploadedFile[Any]:
    """The file of a form's field `file`. Raises RefusedError when there is none or it was stopped at the limit."""
    file = request.FILES.get("file")
    # Only now is it known: the form is read when it is first asked for.
    if too_large(request):
        message = _("the file is larger than %(size)d MB; send a smaller copy")
        raise RefusedError(message % {"size": MEGABYTES}, field="file")
    if not isinstance(file, UploadedFile):
        raise RefusedError(_("choose a file first"), field="file")
    return file
