"""The one file of a backup: rows as JSON lines, documents, and a manifest with the SHA-256 of each member.

What a row holds is written per column, so that SQLite and PostgreSQL read each other's backups.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from hoofbeat.interchange.report import InputError, Where

FORMAT = 1
MANIFEST = "manifest.json"
ROWS, DOCUMENTS = "rows", "documents"
BLOCK = 1 << 20
# Some 150 bytes a document: room for more than a million of them.
MANIFEST_BYTES = 200_000_000
# Made anew in each installation, or about sign-ins that a restore ends.
LEFT_OUT = frozenset(
    {"contenttypes.contenttype", "auth.permission", "auth.group", "sessions.session", "usersessions.usersession"}
)
_MEMBER = re.compile(rf"{ROWS}/[a-z_]+\.[a-z_]+\.jsonl|{DOCUMENTS}/[A-Za-z0-9][A-Za-z0-9._/-]*")


def kept_models() -> list[type[models.Model]]:
    """The models whose rows a backup holds, join tables among them, in a fixed order."""
    every = apps.get_models(include_auto_created=True)
    kept = [model for model in every if model._meta.managed and not model._meta.proxy]
    return sorted(
        (model for model in kept if model._meta.label_lower not in LEFT_OUT), key=lambda m: m._meta.label_lower
    )


def rows_name(model: type[models.Model]) -> str:
    """The member that holds a model's rows."""
    return f"{ROWS}/{model._meta.label_lower}.jsonl"


def row_text(row: models.Model) -> str:
    """One row as a line."""
    values = {column.attname: _plain(getattr(row, column.attname)) for column in row._meta.concrete_fields}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def row_of(model: type[models.Model], line: str) -> models.Model:
    """A line as a row that is not saved yet. Raises ValueError, KeyError for one that does not fit."""
    given = json.loads(line)
    values = {}
    for column in model._meta.concrete_fields:
        value = given.pop(column.attname)
        reader = column.target_field if isinstance(column, models.ForeignKey) else column
        values[column.attname] = None if value is None else reader.to_python(value)
    if given:
        raise ValueError(f"{model._meta.label_lower} has no {', '.join(sorted(given))}")
    return model(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value


class Writer:
    """Writes members one after the other and keeps their hashes."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file = file
        self.members: dict[str, dict[str, Any]] = {}

    def put(self, name: str, pieces: Iterator[bytes]) -> int:
        """Write one member; how many pieces it had."""
        digest, size, count = hashlib.sha256(), 0, 0
        with self.file.open(_info(name), "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                size, count = size + len(piece), count + 1
        self.members[name] = {"sha256": digest.hexdigest(), "bytes": size}
        return count

    def finish(self, about: Mapping[str, Any]) -> None:
        """Write the manifest, last."""
        text = json.dumps({"format": FORMAT, **about, "members": self.members}, indent=1, ensure_ascii=False)
        self.file.writestr(_info(MANIFEST), text)


def _info(name: str) -> zipfile.ZipInfo:
    """A member without a date of its own; documents are compressed already."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_STORED if name.startswith(DOCUMENTS) else zipfile.ZIP_DEFLATED
    return info


@dataclass(frozen=True)
class Archive:
    """A backup that was read and found whole."""

    path: Path
    manifest: Mapping[str, Any]

    @classmethod
    def check(cls, path: Path) -> Archive:
        """Read all of it once, hash by hash. Raises InputError where anything is damaged, missing or too much."""
        try:
            with zipfile.ZipFile(path) as file:
                manifest = json.loads(_read_manifest(path, file))
                _check_members(path, file, manifest)
        except FileNotFoundError:
            raise InputError("no such file", code="no-file", where=Where(str(path)), repair="name a backup") from None
        except OSError as error:
            raise InputError(str(error.strerror), code="no-file", where=Where(str(path))) from None
        except (zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError, TypeError) as error:
            raise damaged(path, f"is no whole backup: {error}") from None
        except Exception as error:  # zlib.error has no base of its own
            if type(error).__module__ != "zlib":
                raise
            raise damaged(path, f"is no whole backup: {error}") from None
        return cls(path, manifest)

    def lines(self, model: type[models.Model]) -> Iterator[str]:
        """The rows of a model, line by line."""
        with zipfile.ZipFile(self.path) as file, file.open(rows_name(model)) as member:
            for line in member:
                yield line.decode()

    @property
    def size(self) -> int:
        """Bytes of everything in it, unpacked, as its manifest says and `check` has found."""
        return sum(int(member["bytes"]) for member in self.manifest["members"].values())

    @property
    def documents(self) -> tuple[str, ...]:
        """The names of the documents, as their rows call them."""
        names = [name for name in self.manifest["members"] if name.startswith(f"{DOCUMENTS}/")]
        return tuple(name.removeprefix(f"{DOCUMENTS}/") for name in names)

    def document(self, name: str) -> Iterator[bytes]:
        """A document, block by block."""
        with zipfile.ZipFile(self.path) as file, file.open(f"{DOCUMENTS}/{name}") as member:
            while block := member.read(BLOCK):
                yield block


def damaged(path: Path, what: str) -> InputError:
    """The error of a backup that cannot be used."""
    repair = "use another backup; nothing was changed here"
    return InputError(what, code="bad-backup", where=Where(str(path)), repair=repair)


def _read_manifest(path: Path, file: zipfile.ZipFile) -> bytes:
    with file.open(MANIFEST) as member:
        text = member.read(MANIFEST_BYTES + 1)
    if len(text) > MANIFEST_BYTES:
        raise damaged(path, f"has a manifest of more than {MANIFEST_BYTES:,} bytes")
    return text


def _check_members(path: Path, file: zipfile.ZipFile, manifest: Any) -> None:
    if manifest["format"] != FORMAT:
        raise damaged(path, f"has format {manifest['format']!r}, and this version reads {FORMAT}")
    listed: Mapping[str, Mapping[str, Any]] = manifest["members"]
    present = [info.filename for info in file.infolist() if info.filename != MANIFEST]
    for name in listed:
        if not _MEMBER.fullmatch(name) or ".." in name:
            raise damaged(path, f"holds a member with an unsafe name: {name[:80]!r}")
    if sorted(present) != sorted(listed):
        astray = sorted(set(present) ^ set(listed)) or ["one twice"]
        raise damaged(path, f"does not hold what its manifest lists: {astray[0][:80]}")
    for name, expected in listed.items():
        digest, size = hashlib.sha256(), 0
        with file.open(name) as member:
            while block := member.read(BLOCK):
                digest.update(block)
                size += len(block)
                if size > expected["bytes"]:
                    break
        if digest.hexdigest() != expected["sha256"]:
            raise damaged(path, f"{name} is not what was written: its SHA-256 differs")
