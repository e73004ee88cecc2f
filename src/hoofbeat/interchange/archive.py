"""A path, whatever it is (file, folder, zip, or one document per line), as a stream of named documents, under limits.

Documents are yielded in order of name, one at a time, so that a folder of any size needs the memory of one document.
"""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hoofbeat.interchange.report import InputError, Message, Severity, Where, is_unprintable, shown
from hoofbeat.interchange.strict_json import MAX_BYTES, parse, too_large

# "Ours": interchange specification, section 9.
MAX_MEMBERS = 20_000
MAX_UNPACKED = 2_000_000_000
MAX_RATIO = 100
MAX_NAME_BYTES = 255
RATIO_FLOOR = 1_000_000  # bytes; below this even a bomb is harmless, and short repetitive files pack well
_CHUNK = 1 << 16
_LINE_NAMES = (".ndjson", ".jsonl")
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
_ENCRYPTED_FLAG = 0x1
# What every tool writes. Of the others (bzip2, LZMA), zipfile unpacks without bound whatever one reading brought.
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MAX_ENTRY = 1_024  # bytes of one member in the directory: 46, its name, and room for times and owners
_END_SEARCH = 65_536 + 22  # the end record may be followed by a comment of so many bytes


@dataclass(frozen=True, slots=True)
class Kind:
    """What sort of documents is wanted: how they are called, what a folder's file must be to be one, how large one may
    be, and whether a file may hold one per line.
    """

    noun: str
    repair: str
    is_one: Callable[[str, bytes], bool]
    max_bytes: int
    too_large: Callable[[int, int], InputError]
    by_line: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its name within what was given, its bytes, and its line in NDJSON; or the problem with reading it.

    A `problem` of severity info means that this is no document at all (a README in a folder).
    """

    name: str
    data: bytes = b""
    line: int | None = None
    problem: Message | None = None

    @property
    def is_meant(self) -> bool:
        """Whether somebody expects it to be read, be it readable or not."""
        return self.problem is None or self.problem.severity is not Severity.INFO

    @property
    def called(self) -> str:
        """Its name, with its line in a file of many."""
        return self.name if self.line is None else f"{self.name}:{self.line}"

    @property
    def sha256(self) -> str:
        """The checksum of its bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def counted_and_checked(every: Iterable[Document]) -> tuple[int, str]:
    """How many documents there are, and a checksum (hexadecimal) over their names and contents, in order. Each is
    looked at as it comes, and none is kept.
    """
    whole, total = hashlib.sha256(), 0
    for one in every:
        whole.update(f"{one.called}\0{one.sha256}\n".encode())
        total += 1
    return total, whole.hexdigest()


def documents(path: Path | str, kind: Kind | None = None) -> Iterator[Document]:
    """The documents at a path, JSON unless another kind is wanted. Raises InputError, at the first step, where the path
    as a whole cannot be used.
    """
    path = Path(path)
    kind = kind or JSON
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a path"
        raise InputError(
            f"{shown(path, limit=240)}: {reason or 'cannot be read'}", code="no-file", repair="check the name"
        ) from None
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        raise InputError(
            f"{shown(path, limit=240)} is neither file nor folder", code="no-file", repair="give a file or a folder"
        )
    found = False
    for document in _folder(path, kind) if stat.S_ISDIR(mode) else _file(path, path.name, kind, inside=False):
        found = found or document.is_meant
        yield document
    if not found:
        raise InputError(f"there is no {kind.noun} in {shown(path, limit=240)}", code="no-document", repair=kind.repair)


def _folder(root: Path, kind: Kind) -> Iterator[Document]:
    """All regular files below a folder, in order of relative path; links are not followed."""
    names: list[str] = []
    closed: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=closed.append, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        relative = Path(folder).relative_to(root)
        names += [(relative / name).as_posix() for name in files]
    for error in closed:
        name = Path(error.filename or root).relative_to(root).as_posix()
        yield _refused(name, f"the folder cannot be read: {error.strerror}", "no-file", "check its permissions")
    for name in sorted(names):
        path = root / name
        if path.is_symlink() or not path.is_file():
            what, repair = "is a link or a device", "not followed; give the file itself"
            # Called like a document, it is missed where nobody says so.
            missed = kind.is_one(name, b"") and not _is_hidden(name)
            yield _refused(name, f"the file {what}", "link", repair) if missed else _skipped(name, what, repair)
        elif _is_hidden(name):
            yield _skipped(name, "is hidden", "not read")
        else:
            yield from _file(path, name, kind, inside=True)


def _file(path: Path, name: str, kind: Kind, *, inside: bool) -> Iterator[Document]:
    try:
        with path.open("rb") as stream:
            start = stream.peek(_CHUNK)[:_CHUNK]
            if start.startswith(_ZIP_MAGIC):
                if inside:
                    yield _nested(name)
                else:
                    yield from _zip(path, kind)
            elif start.startswith(b"\x1f\x8b"):
                yield _refused(name, "the file is compressed (gzip)", "gzip", "unpack it, or give a zip archive")
            else:
                size = os.fstat(stream.fileno()).st_size
                yield from _stream(stream, name, size, start, kind, inside=inside)
    except OSError as error:
        yield _refused(name, f"the file cannot be read: {error.strerror}", "no-file", "check its permissions")


def _stream(stream: IO[bytes], name: str, size: int, start: bytes, kind: Kind, *, inside: bool) -> Iterator[Document]:
    """One document, or one per line, told apart by content; nothing over the limit is ever read whole."""
    if inside and not kind.is_one(name, start):
        yield _skipped(name, f"is no {kind.noun}", "not read")
        return
    first = stream.readline(kind.max_bytes + 1)
    if kind.by_line and len(first) <= kind.max_bytes and _is_line_of_many(name, first):
        yield from _lines(stream, name, first)
    elif size > kind.max_bytes:
        yield Document(name, problem=kind.too_large(size, kind.max_bytes).message())
    else:
        data = first + stream.read(kind.max_bytes + 1 - len(first))
        if len(data) > kind.max_bytes:
            yield Document(name, problem=kind.too_large(len(data), kind.max_bytes).message())
        else:
            yield Document(name, data)


def _is_line_of_many(name: str, line: bytes) -> bool:
    """Whether a first line is a document by itself and further lines may follow."""
    text = line.removeprefix(_BOM).strip(_SPACE)
    if name.lower().endswith(_LINE_NAMES):
        return True
    if not (line.endswith(b"\n") and text.startswith(b"{") and text.endswith(b"}")):
        return False
    try:
        parse(text)
    except InputError:
        return False
    return True


def _lines(stream: IO[bytes], name: str, first: bytes) -> Iterator[Document]:
    number, line = 1, first
    while line:
        if len(line) > MAX_BYTES:
            message = too_large(len(line), MAX_BYTES).message()
            where = Where(line=number)
            yield Document(
                name, line=number, problem=Message(message.severity, message.code, message.what, message.repair, where)
            )
            while line and not line.endswith(b"\n"):
                line = stream.readline(_CHUNK)
        elif line.strip(_SPACE):
            yield Document(name, line, number)
        number, line = number + 1, stream.readline(MAX_BYTES + 1)


def _zip(path: Path, kind: Kind) -> Iterator[Document]:
    _check_directory_size(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError, EOFError) as error:
        raise InputError(
            f"{shown(path.name)} is not a readable zip archive", code="archive-broken", repair="make it anew"
        ) from error
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        _check_archive(archive.infolist(), path.stat().st_size)
        budget = MAX_UNPACKED
        for member in sorted(members, key=lambda one: one.filename):
            name = member.filename
            if _is_hidden(name):
                yield _skipped(name, "is hidden", "not read")
                continue
            try:
                data = _unpacked(archive, member, min(budget, kind.max_bytes), kind)
            except InputError as error:
                yield Document(name, problem=error.message())
                continue
            budget -= len(data)
            yield from _member_documents(name, data, kind)


def _member_documents(name: str, data: bytes, kind: Kind) -> Iterator[Document]:
    if data.startswith(_ZIP_MAGIC) or data.startswith(b"\x1f\x8b"):
        yield _nested(name)
        return
    if not kind.is_one(name, data[:_CHUNK]):
        yield _skipped(name, f"is no {kind.noun}", "not read")
        return
    if not kind.by_line:
        yield Document(name, data)
        return
    first, newline, rest = data.partition(b"\n")
    named_so = name.lower().endswith(_LINE_NAMES)
    if named_so or (rest.strip(_SPACE) and _is_line_of_many(name, first + newline)):
        for number, line in enumerate(data.split(b"\n"), 1):
            if line.strip(_SPACE):
                yield Document(name, line, number)
    else:
        yield Document(name, data)


def _check_directory_size(path: Path) -> None:
    """Refuse a directory of members that would take long to read at all; zipfile reads it whole."""
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        start = stream.seek(max(0, size - _END_SEARCH))
        tail = stream.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) - at < 22:
            return  # zipfile will say that this is no archive
        directory = int.from_bytes(tail[at + 12 : at + 16], "little")
        if directory == 0xFFFFFFFF and at >= 20:  # the zip64 form says it elsewhere
            stream.seek(min(int.from_bytes(tail[at - 12 : at - 4], "little"), start + at))
            directory = int.from_bytes(stream.read(56)[40:48], "little")
    if directory > MAX_MEMBERS * _MAX_ENTRY:
        what = f"the archive has over {MAX_MEMBERS:,} members"
        raise InputError(what, code="archive-members", repair="split the archive")


def _check_archive(members: list[zipfile.ZipInfo], packed: int) -> None:
    """Refuse a hostile archive by its directory, before anything is unpacked."""
    if len(members) > MAX_MEMBERS:
        what = f"the archive has {len(members):,} members; the limit is {MAX_MEMBERS:,}"
        raise InputError(what, code="archive-members", repair="split the archive")
    seen: dict[str, str] = {}
    for member in members:
        _check_name(member)
        folded = unicodedata.normalize("NFC", member.filename).rstrip("/").casefold()
        if folded in seen:
            raise InputError(
                "two members of the archive have the same name, or differ only in case",
                code="archive-names",
                repair="rename one of them",
                where=Where(member=member.filename),
            )
        seen[folded] = member.filename
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _hostile(member, "a member of the archive is a link or a device", "archive-link", "give plain files")
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise _hostile(member, "the archive is encrypted", "archive-encrypted", "give it without a password")
        if member.compress_type not in _PACKINGS:
            raise _hostile(member, "a member is packed in an unusual way", "archive-broken", "make a plain zip archive")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED:
        what = f"the archive unpacks to {unpacked / 1e9:,.1f} GB; the limit is {MAX_UNPACKED / 1e9:,.0f} GB"
        raise InputError(what, code="archive-size", repair="split the archive")
    if unpacked > RATIO_FLOOR and unpacked > MAX_RATIO * packed:
        raise InputError(
            f"the archive unpacks to over {MAX_RATIO} times its size",
            code="archive-ratio",
            repair="give the files themselves, if they really are so large",
        )


def _check_name(member: zipfile.ZipInfo) -> None:
    # The library cuts a name at NUL and turns the system's separator; the name as stored is what counts.
    name = member.orig_filename
    parts = name.replace("\\", "/").split("/")
    problem = ""
    if not name or name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        problem = "is not relative"
    elif ".." in parts:
        problem = "leads out of the archive (..)"
    elif any(is_unprintable(character) for character in name):
        problem = "holds control or bidirectional characters"
    elif len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        problem = f"is longer than {MAX_NAME_BYTES} bytes"
    if problem:
        raise _hostile(member, f"the name of a member of the archive {problem}", "archive-names", "rename it")


def _hostile(member: zipfile.ZipInfo, what: str, code: str, repair: str) -> InputError:
    return InputError(what, code=code, repair=repair, where=Where(member=shown(member.orig_filename, limit=240)))


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int, kind: Kind) -> bytes:
    """The bytes of a member; size and ratio are counted while reading, whatever the directory says."""
    where = Where(member=shown(member.filename, limit=240))
    chunks: list[bytes] = []
    size = 0
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise kind.too_large(max(size, member.file_size), kind.max_bytes)
                if size > RATIO_FLOOR and size > MAX_RATIO * max(1, member.compress_size):
                    raise InputError(
                        f"a member of the archive unpacks to over {MAX_RATIO} times its size",
                        code="archive-ratio",
                        repair="give the file itself, if it really is so large",
                        where=where,
                    )
                chunks.append(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise InputError(
            "a member of the archive is damaged or packed in an unknown way",
            code="archive-broken",
            repair="make the archive anew",
            where=where,
        ) from error
    return b"".join(chunks)


def _looks_like_json(name: str, start: bytes) -> bool:
    return name.lower().endswith((".json", *_LINE_NAMES)) or start.removeprefix(_BOM).lstrip(_SPACE)[:1] in (b"{", b"[")


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _skipped(name: str, what: str, repair: str) -> Document:
    return Document(name, problem=Message(Severity.INFO, "skipped", f"the file {what}", repair))


def _refused(name: str, what: str, code: str, repair: str) -> Document:
    return Document(name, problem=Message(Severity.ERROR, code, what, repair))


def _nested(name: str) -> Document:
    return _refused(name, "an archive within a folder or an archive", "archive-nested", "unpack it first")


JSON = Kind("JSON document", "give phenopackets", _looks_like_json, MAX_BYTES, too_large, by_line=True)
