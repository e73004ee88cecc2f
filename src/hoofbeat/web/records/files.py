"""Keeps the bytes of documents and of genomes: one folder outside everything that is served, random names, readable by
us alone.

A file is written before its row is committed and taken away when the change fails; what a killed process leaves behind
has no row, and `remove_orphans` removes it.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from hoofbeat.interchange.attachment import MAX_BYTES
from hoofbeat.web.records.models import Document, Genome

ORPHAN_SECONDS = 24 * 3600  # longer than any request lasts, so that no file is taken from one under way (ours)
NAME_LENGTH = 32


def path_of(name: str) -> Path:
    """Where a stored file lies. Names are ours; another form is a fault, never a path."""
    if not (name.isascii() and name.isalnum() and len(name) == NAME_LENGTH):
        raise ValueError("not a name of a stored file")
    return Path(settings.MEDIA_ROOT) / name


@contextmanager
def keeping() -> Iterator[Callable[[bytes], str]]:
    """Write files that stay only if the block ends well: `with keeping() as keep: name = keep(data)`."""
    kept: list[str] = []

    def keep(data: bytes) -> str:
        folder = Path(settings.MEDIA_ROOT)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = secrets.token_hex(NAME_LENGTH // 2)
        kept.append(name)
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return name

    try:
        yield keep
    except BaseException:
        for name in kept:
            path_of(name).unlink(missing_ok=True)
        raise


def remove_orphans() -> int:
    """Remove files that no document and no genome knows and that are older than ORPHAN_SECONDS; returns how many."""
    folder = Path(settings.MEDIA_ROOT)
    if not folder.is_dir():
        return 0
    limit = time.time() - ORPHAN_SECONDS
    # The folder first, the rows after it: a file that is committed in between is in the rows.
    old = [one for one in folder.iterdir() if one.is_file() and one.stat().st_mtime < limit]
    known = set(stored_names())
    orphans = [one for one in old if one.name not in known]
    for one in orphans:
        one.unlink(missing_ok=True)
    return len(orphans)


def stored_names() -> Iterator[str]:
    """The names of all files that some row knows."""
    for model in (Document, Genome):
        yield from model.objects.order_by("file").values_list("file", flat=True)


class LimitedUpload(FileUploadHandler):
    """Stops an upload at the limit while it arrives: the rest is read and thrown away, never kept.

    The files of one request count together. The view finds `too_large(request)` and says so. Not StopUpload: after it,
    Django reads the rest line by line, and a gigabyte without a line end would be one line in memory.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.total = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Count, and pass on to the handlers behind this one."""
        self.total += len(raw_data)
        if self.total > MAX_BYTES:
            self.request.upload_too_large = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind this one make the file."""


def too_large(request: HttpRequest) -> bool:
    """Whether an upload of this request was stopped at the limit."""
    return getattr(request, "upload_too_large", False)
