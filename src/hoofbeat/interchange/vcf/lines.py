"""The lines of a VCF as bytes, whatever it is packed in, under limits: nothing is unpacked or held without bound.

Own unpacking, as bgzip files are thousands of gzip members end to end, and a file that was cut off must be told from
one that ends.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from hoofbeat.interchange.report import InputError, Where, shown

MAX_LINE = 16_000_000  # bytes; a cohort of some ten thousand samples has lines of about 1 MB (ours)
MAX_UNPACKED = 200_000_000_000  # bytes: ten times the largest annotated genome that we know of (ours)
MAX_RATIO = 200  # unpacked over packed; annotated genomes have about 10 to 30 (ours)
RATIO_FLOOR = 50_000_000  # bytes; below this even a bomb is harmless (ours)
_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"
# bgzip writes gzip members with a field BC, and an empty one last (SAM specification, section 4.1.2).
_BGZIP = b"\x1f\x8b\x08\x04"
_BGZIP_FIELD = b"BC\x02\x00"
_BGZIP_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_BCF = (b"BCF\x02", b"BCF\x04")

Progress = Callable[[int], None]


def vcf_lines(path: Path, *, progress: Progress = lambda read: None) -> Iterator[bytes]:
    """Every line without its end, in order; `progress` gets the bytes of the file read so far. Raises InputError with
    the line.
    """
    try:
        with path.open("rb") as stream:
            yield from _lines(_unpacked(stream, progress))
    except OSError as error:
        raise InputError(
            f"{shown(path, limit=240)}: {error.strerror or 'cannot be read'}", code="no-file", repair="check the name"
        ) from None


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    number, rest = 0, b""
    for chunk in chunks:
        if chunk is _CUT_OFF:
            raise InputError(
                "the gzip file is cut off",
                code="gzip-truncated",
                repair="copy it anew; what was read of it is not used",
                where=Where(line=number + 1),
            )
        pieces = chunk.split(b"\n")
        pieces[0] = rest + pieces[0]
        rest = pieces.pop()
        for line in pieces:
            number += 1
            if len(line) > MAX_LINE:
                raise _too_long(number)
            yield line[:-1] if line.endswith(b"\r") else line
        if len(rest) > MAX_LINE:
            raise _too_long(number + 1)
    if rest:
        yield rest[:-1] if rest.endswith(b"\r") else rest


def _too_long(number: int) -> InputError:
    return InputError(
        f"a line is longer than {MAX_LINE / 1e6:.0f} MB",
        code="vcf-line",
        repair="give the samples of the family alone (bcftools view -s)",
        where=Where(line=number),
    )


_CUT_OFF = b"".join([b"cut ", b"off"])  # an object of its own, told by identity


def _unpacked(stream: IO[bytes], progress: Progress) -> Iterator[bytes]:
    """The content in pieces; `_CUT_OFF` last where the packed file ends within a member."""
    first = stream.read(_CHUNK)
    if first[:4] in _BCF:
        raise _bcf()
    if first.startswith(b"PK\x03\x04"):
        raise InputError("this is a zip archive", code="vcf-format", repair="unpack it, or use gzip or bgzip")
    if not first.startswith(_GZIP):
        read = 0  # counted, as what comes through a pipe has no place in a file
        while first:
            read += len(first)
            progress(read)
            yield first
            first = stream.read(_CHUNK)
        return
    yield from _members(stream, first, progress)


def _members(stream: IO[bytes], data: bytes, progress: Progress) -> Iterator[bytes]:
    packed, total, begun = len(data), 0, False
    # A bgzip file that was cut off between two members reads like one that ends there, but for its last member.
    is_bgzip, tail = data.startswith(_BGZIP) and data[12:16] == _BGZIP_FIELD, data[-len(_BGZIP_END) :]
    unpacker = zlib.decompressobj(31)
    while True:
        while data:
            try:
                piece = unpacker.decompress(data, _CHUNK)
            except zlib.error:
                raise InputError("the gzip file is damaged", code="gzip-broken", repair="copy it anew") from None
            begun = True
            total += len(piece)
            if total > MAX_UNPACKED or (total > RATIO_FLOOR and total > MAX_RATIO * packed):
                raise InputError(
                    f"the file unpacks to over {MAX_RATIO} times its size",
                    code="vcf-ratio",
                    repair="give it unpacked, if it really is so large",
                )
            if piece:
                if total == len(piece) and piece[:4] in _BCF:
                    raise _bcf()
                yield piece
            if unpacker.eof:
                data, begun = unpacker.unused_data.lstrip(b"\0"), False
                if data and not data.startswith(_GZIP[: len(data)]):
                    raise InputError("something follows the gzip file", code="gzip-broken", repair="copy it anew")
                unpacker = zlib.decompressobj(31)
            else:
                data = unpacker.unconsumed_tail
        data = stream.read(_CHUNK)
        progress(packed + len(data))
        if not data:
            if begun or (is_bgzip and tail != _BGZIP_END):
                yield _CUT_OFF
            return
        tail = (tail + data)[-len(_BGZIP_END) :]
        packed += len(data)


def _bcf() -> InputError:
    return InputError(
        "this is BCF, not VCF", code="vcf-format", repair="turn it into VCF: bcftools view -Oz -o x.vcf.gz"
    )
