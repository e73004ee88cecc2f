"""The knowledge file: named arrays and a manifest in one uncompressed zip of .npy members (`numpy.load` reads it too).

The same content always gives the same bytes. Opening it maps the file into memory; an array is read from disk when it
is asked for, and held against its checksum (CRC-32; 10 ms for a release), because a changed bit could otherwise change
a probability in silence. Writing replaces the file in one step, so that a reader sees the old one or the new one and
nothing between.
"""

from __future__ import annotations

import hashlib
import io
import json
import mmap
import struct
import time
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from hoofbeat.knowledge.errors import KnowledgeError, OtherVersionError
from hoofbeat.knowledge.one_step import in_one_step, left_half_written

FORMAT = 2
MANIFEST = "manifest.json"
LEFT_OVER_SECONDS = 3600  # writing takes a second (ours)

_ALIGNMENT = 64  # arrays start at multiples of this, as numpy.save aligns them
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can state; a real one would make two builds differ
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_REPAIR = "build it anew: `hoofbeat knowledge build`"

Array = NDArray[Any]


def write_store(path: Path, arrays: Mapping[str, Array], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Write arrays and manifest to `path` in one step; returns the manifest as written, with `format` and
    `content_sha256` added.

    `content_sha256` covers names, types, shapes and values of all arrays.
    """
    members = _members(arrays)
    complete = {**manifest, "format": FORMAT, "content_sha256": _content_hash(members)}
    text = json.dumps(complete, ensure_ascii=False, indent=1)
    try:
        _write_in_one_step(path, {MANIFEST: text.encode(), **members})
    except OSError as error:
        raise KnowledgeError(
            f"{path}: cannot be written: {error.strerror or error}",
            repair="make room, or allow writing there, and build again; a file that was there before is unchanged",
        ) from error
    return complete


def content_sha256(arrays: Mapping[str, Array]) -> str:
    """The checksum that the manifest of a file with these arrays states."""
    return _content_hash(_members(arrays))


def _members(arrays: Mapping[str, Array]) -> dict[str, bytes]:
    return {f"{name}.npy": _npy_bytes(array) for name, array in sorted(arrays.items())}


def _write_in_one_step(path: Path, members: Mapping[str, bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_left_over(path)
    with in_one_step(path, mode=0o644) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            _add(archive, stream.tell(), name, content)


def _remove_left_over(path: Path) -> None:
    """Remove what a process that was killed left half written here; one that is still writing is never so old."""
    for left in left_half_written(path):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > LEFT_OVER_SECONDS:
                left.unlink()


def _npy_bytes(array: Array) -> bytes:
    stream = io.BytesIO()
    npy.write_array(stream, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    return stream.getvalue()


def _content_hash(members: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, content in members.items():
        whole.update(f"{name} {len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()


def _add(archive: zipfile.ZipFile, position: int, name: str, content: bytes) -> None:
    """Add a member whose bytes depend on nothing but name and content, padded so that the content starts aligned."""
    member = zipfile.ZipInfo(name, date_time=_EPOCH)
    member.create_system = 3
    member.external_attr = 0o644 << 16
    padding = -(position + _LOCAL_HEADER.size + len(name)) % _ALIGNMENT
    if padding:
        # An extra field has a head of four bytes: an id that readers skip, and its length.
        padding += _ALIGNMENT if padding < 4 else 0
        member.extra = struct.pack("<HH", 0xFFFF, padding - 4) + bytes(padding - 4)
    archive.writestr(member, content)


class Store:
    """An open knowledge file: its manifest, and its arrays as read-only views of the file."""

    def __init__(self, path: Path) -> None:
        """Open `path`. Raises KnowledgeError where it is missing, damaged, or of another format."""
        self.path = path
        try:
            with path.open("rb") as stream:
                self._memory = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
                with zipfile.ZipFile(stream) as archive:
                    self.manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
                    members = archive.infolist()
            self._check_format()
            self._places = {member.filename.removesuffix(".npy"): self._place(member) for member in members}
        except FileNotFoundError as error:
            raise KnowledgeError(f"{path}: no such file", repair="make it: `hoofbeat knowledge build`") from error
        except OSError as error:
            raise KnowledgeError(f"{path}: {error.strerror or error}", repair=_REPAIR) from error
        except (zipfile.BadZipFile, ValueError, KeyError, struct.error, RecursionError) as error:
            raise KnowledgeError(f"{path}: not a knowledge file, or a damaged one ({error})", repair=_REPAIR) from error

    def _check_format(self) -> None:
        if not isinstance(self.manifest, dict):
            raise ValueError("its manifest is no object")
        found = self.manifest.get("format")
        if found != FORMAT:
            raise OtherVersionError(
                f"{self.path}: format {found}; this version of Hoofbeat reads format {FORMAT}", repair=_REPAIR
            )

    def _place(self, member: zipfile.ZipInfo) -> tuple[int, int, int]:
        """Where a member's bytes start in the file, how many there are, and their CRC-32."""
        head = _LOCAL_HEADER.unpack_from(self._memory, member.header_offset)
        if member.compress_type != zipfile.ZIP_STORED or head[0] != b"PK\x03\x04":
            raise ValueError(f"{member.filename} is compressed or has no header")
        start = member.header_offset + _LOCAL_HEADER.size + head[9] + head[10]
        if start + member.file_size > len(self._memory):
            raise ValueError(f"{member.filename} is cut off")
        return start, member.file_size, member.CRC

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def array(self, name: str) -> Array:
        """A read-only view of a stored array. Raises KnowledgeError where the file does not hold it, or not as it was
        written.
        """
        if name not in self._places:
            raise KnowledgeError(f"{self.path}: {name} is not in it", repair=_REPAIR)
        start, size, checksum = self._places[name]
        if zlib.crc32(memoryview(self._memory)[start : start + size]) != checksum:
            raise KnowledgeError(f"{self.path}: {name} does not match its checksum", repair=_REPAIR)
        head = io.BytesIO(self._memory[start : start + min(size, 4096)])
        try:
            npy.read_magic(head)
            shape, fortran, kind = npy.read_array_header_1_0(head)
            count = int(np.prod(shape))
            if fortran or kind.hasobject or head.tell() + count * kind.itemsize != size:
                raise ValueError("its head and its length disagree")
            return np.frombuffer(self._memory, dtype=kind, count=count, offset=start + head.tell()).reshape(shape)
        except ValueError as error:
            raise KnowledgeError(f"{self.path}: {name} is damaged ({error})", repair=_REPAIR) from error

    def verify(self) -> None:
        """Read everything and compare it with the hash in the manifest. Raises KnowledgeError where they differ."""
        names = sorted(name for name in self._places if name != MANIFEST)
        members = {}
        for name in names:
            start, size, _ = self._places[name]
            members[f"{name}.npy"] = self._memory[start : start + size]
        if _content_hash(members) != self.manifest.get("content_sha256"):
            raise KnowledgeError(f"{self.path}: its content does not match its checksum", repair=_REPAIR)
