"""Writes a backup while the application runs: one moment of the whole database, and the files (documents, genomes) that
it names.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

import hoofbeat
from hoofbeat.interchange.report import InputError, Where
from hoofbeat.knowledge.one_step import OWN, in_one_step
from hoofbeat.web.audit.models import ChainHead
from hoofbeat.web.records.files import stored_names
from hoofbeat.web.running.archive import BLOCK, DOCUMENTS, Writer, kept_models, row_text, rows_name

Progress = Callable[[str, float], None]
CHUNK_ROWS = 1000


@dataclass(frozen=True)
class BackUp:
    """What was written; `missing` names documents whose file is gone."""

    rows: int
    documents: int
    missing: tuple[str, ...]


def back_up(path: Path, *, progress: Progress = lambda what, share: None) -> BackUp:
    """Write a backup beside its place and move it there when it is whole. Raises InputError where that cannot be."""
    try:
        with (
            in_one_step(path, mode=OWN) as stream,
            zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as file,
        ):
            return _write(Writer(file), progress)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}", code="no-output", where=Where(str(path)), repair="name another file"
        ) from None


def _write(writer: Writer, progress: Progress) -> BackUp:
    rows = 0
    documents: list[str] = []
    with one_moment():
        kept = kept_models()
        for number, model in enumerate(kept):
            progress(f"rows of {model._meta.verbose_name}", number / len(kept))
            rows += writer.put(rows_name(model), _lines(model))
        documents = list(stored_names())
        heads = {head.chain: {"events": head.number, "hash": head.hash} for head in ChainHead.objects.all()}
        applied = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
    missing = []
    for number, name in enumerate(documents):
        progress("documents", number / len(documents))
        path = Path(settings.MEDIA_ROOT) / name
        if path.is_file():
            writer.put(f"{DOCUMENTS}/{name}", _blocks(path))
        else:
            missing.append(name)
    writer.finish(
        {
            "made": timezone.now().isoformat(),
            "version": hoofbeat.__version__,
            "migrations": applied,
            "chains": heads,
            "missing_documents": missing,
        }
    )
    return BackUp(rows, len(documents) - len(missing), tuple(missing))


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that sees the database as it is now until it ends, and keeps nobody from writing."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        before = connection.transaction_mode  # type: ignore[attr-defined]
        connection.transaction_mode = None  # type: ignore[attr-defined]  # a reader, not the one writer
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = before  # type: ignore[attr-defined]
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _lines(model: type[models.Model]) -> Iterator[bytes]:
    for row in model._base_manager.order_by("pk").iterator(chunk_size=CHUNK_ROWS):
        yield row_text(row).encode()


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
