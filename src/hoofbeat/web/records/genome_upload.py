"""Takes a file of variants as it arrives: straight to its place on the disk, never whole in memory, by a random name.

What does not get a row in the end is taken away by `receiving`; what a killed process leaves behind has no row, and
`files.remove_orphans` removes it a day after its last byte came.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.files import NAME_LENGTH, path_of

# An annotated genome of a family of five, packed, has some 4 GB (ours).
MAX_GENOME_BYTES = 8_000_000_000
GIGABYTES = MAX_GENOME_BYTES // 1_000_000_000
# What stays free on the disk for the database and the documents (ours).
RESERVED_BYTES = 1_000_000_000
FIELD = "file"


class StoredUpload(UploadedFile[Any]):
    """What arrived: where it lies, how long it is, and its hash."""

    def __init__(self, stored: str, name: str, size: int, sha256: str) -> None:
        super().__init__(None, name, "application/octet-stream", size)
        self.stored, self.length, self.sha256 = stored, size, sha256


class GenomeUpload(FileUploadHandler):
    """Writes the field `file` to the documents folder while it arrives; other files are thrown away."""

    chunk_size = 1 << 20

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.refused = ""
        self.is_kept = False  # whoever gave the file its row says so
        self.names: list[str] = []
        self._file: IO[bytes] | None = None
        self._digest = hashlib.sha256()
        self._given = ""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, Any],  # noqa: N803  # Django's name for it
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Refuse before the first byte what is too long or has no room."""
        folder = Path(settings.MEDIA_ROOT)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if content_length > MAX_GENOME_BYTES:
            self.refused = _too_large()
        elif not _has_room(content_length):
            self.refused = _no_room()

    def new_file(self, field_name: str, *args: Any, **given: Any) -> None:
        """Open its place."""
        super().new_file(field_name, *args, **given)
        if field_name != FIELD or self.names or self.refused:
            raise SkipFile
        name = secrets.token_hex(NAME_LENGTH // 2)
        handle = os.open(path_of(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb")
        self.names.append(name)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece; nothing is passed on."""
        assert self._file is not None
        try:
            if start + len(raw_data) > MAX_GENOME_BYTES:
                self.refused = _too_large()
            elif not _has_room(len(raw_data)):
                # There was when it began: another one came at the same time.
                self.refused = _no_room()
            else:
                self._file.write(raw_data)
                self._digest.update(raw_data)
                return
        except OSError:
            self.refused = _no_room()
        self.throw_away()
        # Not StopUpload: after it, Django reads the rest line by line.
        raise SkipFile

    def file_complete(self, file_size: int) -> StoredUpload | None:
        """The whole of it is on the disk."""
        file, self._file = self._file, None
        if file is None or self.refused:
            return None
        try:
            file.flush()
            os.fsync(file.fileno())
            file.close()
        except OSError:
            self.refused = _no_room()
            return None
        return StoredUpload(self.names[-1], self.file_name or "", file_size, self._digest.hexdigest())

    def throw_away(self) -> None:
        """Nothing of it stays."""
        if self._file is not None:
            file, self._file = self._file, None
            with suppress(OSError):  # the disk is full: its last piece is not wanted either
                file.close()
        for name in self.names:
            path_of(name).unlink(missing_ok=True)


@contextmanager
def receiving(request: HttpRequest) -> Iterator[GenomeUpload]:
    """Take the file of a request; it stays only where it `is_kept`. Before anything asks for the form."""
    handler = GenomeUpload(request)
    request.upload_handlers = [handler]
    try:
        yield handler
    finally:
        if not handler.is_kept:
            handler.throw_away()


def sent_genome(request: HttpRequest, handler: GenomeUpload) -> StoredUpload:
    """The file of the form. Raises RefusedError when there is none, or it was stopped."""
    file = request.FILES.get(FIELD)  # only now does it arrive
    if handler.refused:
        raise RefusedError(handler.refused, field=FIELD)
    if not isinstance(file, StoredUpload):
        raise RefusedError(_("choose a file first"), field=FIELD)
    return file


def _has_room(length: int) -> bool:
    return length + RESERVED_BYTES <= shutil.disk_usage(settings.MEDIA_ROOT).free


def _too_large() -> str:
    message = _("the file is larger than %(size)d GB; keep the samples of the family alone (bcftools view -s)")
    return message % {"size": GIGABYTES}


def _no_room() -> str:
    return _("there is no room for it on the clinic's disk; tell whoever runs it, nothing was kept")
