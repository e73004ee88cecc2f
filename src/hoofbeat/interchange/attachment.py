"""Looks at a file that somebody wants to keep: what it is by its content, and whether it is safe to hand on.

PDF, PNG and JPEG only. A PDF is kept byte for byte when nothing in it acts by itself; a picture is drawn anew, so that
what a camera hides in it (place, time, device) and what somebody else may have hidden are gone. A server asks for it
through `attachment_child`, because a hostile file can take much time and memory.
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

MAX_BYTES = 20 * 1024 * 1024  # a scanned letter of many pages; what is larger belongs into the imaging archive
MAX_PIXELS = 60_000_000  # ours: the largest photograph of today's telephones, and 240 MB when drawn
MAX_OBJECTS = 200_000  # ours: hundreds of times what a long letter holds
MAX_DEPTH = 100
# What makes a PDF act by itself or carry something along (ISO 32000-1, sections 12.6.4, 7.11.4, 13).
ACTIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/GoToE", "/Movie"})
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/XFA", "/AA"})
ACTIVE_TYPES = frozenset({"/EmbeddedFile", "/RichMedia"})
# The same names anywhere in the bytes, long enough not to stand in a picture by chance: where the table of contents is
# damaged, every reader makes its own, and another one may find an object that ours did not.
_ACTIVE_BYTES = re.compile(rb"/(?:JavaScript|Launch|SubmitForm|ImportData|Rendition|EmbeddedFile|RichMedia)\b")
_ESCAPED_BYTE = re.compile(rb"#([0-9A-Fa-f]{2})")
JPEG_QUALITY = 92

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file


class Kind(StrEnum):
    """What a file is."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"

    @property
    def media_type(self) -> str:
        """What a browser is told that it is."""
        return "application/pdf" if self is Kind.PDF else f"image/{self.value}"


class AttachmentError(ValueError):
    """A file that is not kept; the message says why and what to do, and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that may be kept."""

    kind: Kind
    data: bytes


def attachment_of(data: bytes) -> Attachment:
    """The file as it is kept. Raises AttachmentError."""
    if not data:
        raise AttachmentError("the file is empty")
    if len(data) > MAX_BYTES:
        raise AttachmentError(f"the file is larger than {MAX_BYTES // 1024 // 1024} MB; send a smaller copy")
    if data.startswith(b"%PDF-"):
        _check_pdf(data)
        return Attachment(Kind.PDF, data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Attachment(Kind.PNG, _drawn_anew(data, "PNG"))
    if data.startswith(b"\xff\xd8\xff"):
        return Attachment(Kind.JPEG, _drawn_anew(data, "JPEG"))
    raise AttachmentError(_what_instead(data))


def _what_instead(data: bytes) -> str:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    only = "only PDF, PNG and JPEG files are kept"
    if b"<svg" in start:
        return f"this is an SVG drawing, which can carry programs; {only}: save it as PNG"
    if start.startswith(b"<") or b"<html" in start or b"<script" in start:
        return f"this is a web page, whatever its name says; {only}: print it into a PDF"
    if start.startswith((b"pk\x03\x04", b"pk\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"rar!")):
        return f"this is an archive or an office file; {only}: unpack it, or save it as PDF"
    return f"this is no PDF, PNG or JPEG by its content, whatever its name says; {only}"


def _drawn_anew(data: bytes, form: str) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _drawn(data, form)
    except AttachmentError:
        raise
    except Image.DecompressionBombError as error:
        raise AttachmentError(f"the picture has more than {MAX_PIXELS:,} points; send a smaller copy") from error
    except Exception as error:  # a damaged picture fails in many ways; all mean the same
        raise AttachmentError("the picture is damaged or not what it says it is; save it anew and try again") from error


def _drawn(data: bytes, form: str) -> bytes:
    with Image.open(io.BytesIO(data), formats=[form]) as seen:
        if seen.width * seen.height > MAX_PIXELS:
            raise AttachmentError(f"the picture has more than {MAX_PIXELS:,} points; send a smaller copy")
        seen.verify()
    with Image.open(io.BytesIO(data), formats=[form]) as picture:
        turned = ImageOps.exif_transpose(picture)
        modes = ("L", "RGB") if form == "JPEG" else ("1", "L", "LA", "RGB", "RGBA")
        plain = turned.copy() if turned.mode in modes else turned.convert("RGB" if form == "JPEG" else "RGBA")
    plain.info = {}
    out = io.BytesIO()
    plain.save(out, form, **({"quality": JPEG_QUALITY} if form == "JPEG" else {}))
    return out.getvalue()


def _check_pdf(data: bytes) -> None:
    damaged = "the PDF is damaged or not a PDF; print it into a new PDF and try again"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = PdfReader(io.BytesIO(data), strict=False)
            if reader.is_encrypted:
                raise AttachmentError("the PDF is locked with a password; save a copy without one")
            if not len(reader.pages):
                raise AttachmentError(damaged)
            if any(_is_active(held) for held in _dictionaries(reader)) or _names_activity(data):
                message = "the PDF contains a program, an attached file or a form that acts by itself"
                raise AttachmentError(f"{message}; print it into a new PDF, which leaves those out")
    except AttachmentError:
        raise
    except (PyPdfError, RecursionError, MemoryError, ValueError, TypeError, KeyError, AttributeError, IndexError,
            OSError, AssertionError, NotImplementedError, OverflowError) as error:  # fmt: skip
        raise AttachmentError(damaged) from error


def _is_active(held: DictionaryObject) -> bool:
    """Looks at names only; nothing is followed or unpacked here."""
    if ACTIVE_KEYS & held.keys():
        return True
    kinds = {str(held.raw_get(key)) for key in ("/S", "/Type", "/Subtype") if key in held}
    # `/S /JavaScript` is an action; the same word elsewhere is not.
    return bool(kinds & (ACTIVE_ACTIONS | ACTIVE_TYPES))


def _names_activity(data: bytes) -> bool:
    plain = _ESCAPED_BYTE.sub(lambda found: bytes([int(found[1], 16)]), data)
    return bool(_ACTIVE_BYTES.search(plain))


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary of the file, those of unused objects and of all revisions included."""
    trailer: PdfObject = reader.trailer
    waiting: list[tuple[PdfObject, int]] = [(trailer, 0)]
    seen: set[tuple[int, int]] = set()
    for generation, objects in reader.xref.items():
        waiting += [(IndirectObject(number, generation, reader), 0) for number in objects]
    waiting += [(IndirectObject(number, 0, reader), 0) for number in reader.xref_objStm]
    while waiting:
        one, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise AttachmentError("the PDF is nested too deeply; print it into a new PDF and try again")
        if isinstance(one, IndirectObject):
            place = (one.idnum, one.generation)
            if place in seen:
                continue
            seen.add(place)
            if len(seen) > MAX_OBJECTS:
                raise AttachmentError("the PDF has too many parts; print it into a new PDF and try again")
            found = reader.get_object(one)
            if found is not None:
                waiting.append((found, 0))
        elif isinstance(one, DictionaryObject):
            yield one
            waiting += [(one.raw_get(key), depth + 1) for key in one]
        elif isinstance(one, ArrayObject):
            waiting += [(one_of, depth + 1) for one_of in list.__iter__(one)]
