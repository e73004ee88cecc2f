"""Puts a backup back: all of it or nothing, after it was read whole, and with its chain of events checked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from hoofbeat.interchange.report import InputError
from hoofbeat.web.access.models import Clinic, User
from hoofbeat.web.audit.chain import faults
from hoofbeat.web.audit.models import Event
from hoofbeat.web.running import worker
from hoofbeat.web.running.archive import Archive, damaged, kept_models, row_of, rows_name

Progress = Callable[[str, float], None]
CHUNK_ROWS = 500
TRANSIENT = ("sessions.session", "usersessions.usersession")


@dataclass(frozen=True)
class Restored:
    """What was put back, and the moment it is of."""

    rows: int
    documents: int
    taken: str


def restore(
    path: Path, *, replace: bool = False, despite_faults: bool = False, progress: Progress = lambda what, share: None
) -> Restored:
    """Restore into an empty installation, or in place of what is there. Raises InputError; then nothing is changed."""
    progress("reading the backup", 0.0)
    archive = Archive.check(path)
    _check_version(archive)
    if not replace and any(model._base_manager.exists() for model in (User, Clinic, Event)):
        raise InputError(
            "this installation is not empty",
            code="not-empty",
            repair="restore into an empty HOOFBEAT_HOME or database, or give --replace to give up what is here",
        )
    _check_room(archive)
    _check_nobody_works()
    written: list[Path] = []
    try:
        _write_documents(archive, progress, written)
        with transaction.atomic():
            rows = _write_rows(archive, progress)
            _check_chain(archive, despite_faults)
    except BaseException:
        for document in written:
            document.unlink(missing_ok=True)
        raise
    return Restored(rows, len(archive.documents), str(archive.manifest["made"]))


def _check_room(archive: Archive) -> None:
    """Asked before anything is written. The rows need about as much again in the database, if it lies here."""
    folder = Path(settings.CONFIGURATION.folder)
    free = shutil.disk_usage(folder).free
    if archive.size > free:
        raise InputError(
            f"{archive.path} holds {archive.size:,} bytes, and {folder} has room for {free:,}",
            code="no-room",
            repair="make room there, or name another place in HOOFBEAT_HOME; nothing was changed here",
        )


def _check_nobody_works() -> None:
    if worker.somebody_works():
        raise InputError(
            "the application is running here, and people may be at work",
            code="running",
            repair="stop `hoofbeat serve` first; nothing was changed here",
        )


def _check_version(archive: Archive) -> None:
    here = set(map(tuple, MigrationRecorder(connection).applied_migrations()))
    there = set(map(tuple, archive.manifest["migrations"]))
    if here != there:
        version = archive.manifest.get("version", "?")
        newer, older = sorted(there - here), sorted(here - there)
        differs = f"it has {'.'.join(newer[-1])}" if newer else f"it lacks {'.'.join(older[0])}"
        raise InputError(
            f"{archive.path}: was made by version {version} with other tables than these: {differs}",
            code="other-version",
            repair="update Hoofbeat and run `hoofbeat migrate` first"
            if newer
            else "restore it with the Hoofbeat that made it, then update that and run `hoofbeat migrate`",
        )
    expected = {rows_name(model) for model in kept_models()}
    if missing := expected - archive.manifest["members"].keys():
        raise damaged(archive.path, f"lacks {min(missing)}")


def _write_documents(archive: Archive, progress: Progress, written: list[Path]) -> None:
    """Write the documents that are not there yet, and add them to `written`. Their names are random, so that nothing is
    written over.
    """
    folder = Path(settings.MEDIA_ROOT)
    names = archive.documents
    for number, name in enumerate(names):
        progress("documents", number / len(names))
        target = folder / name
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = target.with_name(f".{target.name}.part")
        written.append(beside)
        with open(beside, "wb", opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
            for block in archive.document(name):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
        written[-1] = target


def _write_rows(archive: Archive, progress: Progress) -> int:
    kept = kept_models()
    gone = [*kept, *(apps.get_model(label) for label in TRANSIENT)]
    total = 0
    try:
        # References are checked at the end: both databases defer them to the end of the transaction.
        for model in gone:
            models.QuerySet(model)._raw_delete(connection.alias)
        for number, model in enumerate(kept):
            progress(f"rows of {model._meta.verbose_name}", number / len(kept))
            total += _fill(archive, model)
        connection.check_constraints()
    except (IntegrityError, ValueError, KeyError) as error:
        raise damaged(archive.path, f"holds rows that do not fit: {type(error).__name__}") from None
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept):
            cursor.execute(statement)
    return total


def _fill(archive: Archive, model: type[models.Model]) -> int:
    rows = (row_of(model, line) for line in archive.lines(model))
    total = 0
    with _own_moments(model):
        while chunk := list(islice(rows, CHUNK_ROWS)):
            model._base_manager.bulk_create(chunk)
            total += len(chunk)
    return total


@contextmanager
def _own_moments(model: type[models.Model]) -> Iterator[None]:
    """Rows keep the moment when they were made: Django would write that of the restore over it."""
    columns = [one for one in model._meta.concrete_fields if getattr(one, "auto_now_add", False)]
    columns += [one for one in model._meta.concrete_fields if getattr(one, "auto_now", False)]
    before = [(one, one.auto_now, one.auto_now_add) for one in columns]  # type: ignore[attr-defined]
    for one, _, _ in before:
        one.auto_now = one.auto_now_add = False  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for one, is_now, is_added in before:
            one.auto_now, one.auto_now_add = is_now, is_added  # type: ignore[attr-defined]


def _check_chain(archive: Archive, despite_faults: bool) -> None:
    found = next(faults(), None)
    if found is not None and not despite_faults:
        raise InputError(
            f"{archive.path}: its chain of events does not hold: {found.chain}, event {found.number}: {found.what}",
            code="chain-broken",
            repair="use another backup, or give --despite-faults; nothing was changed here",
        )
