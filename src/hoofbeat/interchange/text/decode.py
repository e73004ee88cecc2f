"""Bytes of a note as text: which encoding it is in, and what in it is no text at all."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from hoofbeat.interchange.archive import Kind
from hoofbeat.interchange.report import InputError, Message, Severity, Where, is_unprintable

MAX_BYTES = 2_000_000  # interchange specification, section 9
# Above one control character in fifty, a file is no text. Ours.
MAX_CONTROLS = 0.02
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# What no eye sees and what would part a word: soft hyphen, zero-width space, word joiner, mark of byte order.
_UNSEEN = {ord(one): None for one in "\u00ad\u200b\u2060\ufeff"}
_ENDINGS = ("", ".txt", ".text", ".md", ".note")
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# How files begin that people send in place of text.
_OTHERS = (
    (b"%PDF", "a PDF file"), (b"{\\rtf", "an RTF file"), (b"PK\x03\x04", "an archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"), (b"\x1f\x8b", "a compressed file"), (b"SQLite format 3", "a database"),
)  # fmt: skip
_SAVE = "save it as plain text in UTF-8"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, and what the reader of the result should know of how it was read."""

    text: str
    messages: tuple[Message, ...] = ()


def decoded(data: bytes) -> Decoded:
    """The text of a file: UTF-8, UTF-16 with its mark, or else Windows-1252, with a warning that says so.

    Raises InputError where it is empty, too large or no text. Offsets count characters of the text as decoded, without
    a mark at its beginning, soft hyphens and spaces of no width.
    """
    if len(data) > MAX_BYTES:
        raise too_large(len(data), MAX_BYTES)
    for beginning, what in _OTHERS:
        if data.startswith(beginning):
            raise InputError(f"this is {what}, not text", code="text-binary", repair=_SAVE)
    text, messages = _text(data)
    text = text.translate(_UNSEEN)
    if not text.strip():
        raise InputError("there is no text in it", code="text-empty", repair="give a note with words")
    controls = _CONTROL.findall(text)
    if len(controls) > MAX_CONTROLS * len(text):
        raise InputError(
            f"this is no text: {len(controls):,} of its {len(text):,} characters are control characters",
            code="text-binary",
            repair=_SAVE,
        )
    if controls:
        found = _CONTROL.search(text)
        line = text.count("\n", 0, found.start() if found else 0) + 1
        what = f"{len(controls):,} control characters, the first of them here, were read as blanks"
        messages = (*messages, Message(Severity.WARNING, "text-control", what, "remove them", Where(line=line)))
    return Decoded(text, messages)


def text_to_show(data: bytes, *, longest: int) -> Decoded:
    """The text of a file for a page that shows it and sends it back: line ends of one kind, and a blank in place of
    what a page could not hold. Raises InputError like `decoded`, and where it has more than `longest` characters.
    """
    found = decoded(data)
    if len(found.text) > longest:
        raise InputError(
            f"the text has {len(found.text):,} characters; at most {longest:,} can be read at once",
            code="text-size",
            repair="give it in parts, one note at a time",
        )
    even = found.text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded("".join(" " if is_unprintable(one) and one != "\n" else one for one in even), found.messages)


def too_large(actual: int, limit: int) -> InputError:
    """The refusal of a text of too many bytes."""
    return InputError(
        f"the text has {actual / 1e6:,.1f} MB; the limit is {limit / 1e6:,.0f} MB",
        code="text-size",
        repair="split the file, one note in each",
    )


def _text(data: bytes) -> tuple[str, tuple[Message, ...]]:
    if data.startswith(_UTF16_BOMS):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError:
            raise InputError("the text is damaged UTF-16", code="text-encoding", repair=_SAVE) from None
    try:
        return data.removeprefix(_UTF8_BOM).decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    what = "this is not UTF-8; the file was read as Windows-1252, so letters with accents may be wrong"
    message = Message(Severity.WARNING, "text-encoding", what, "save it as UTF-8", Where(line=line))
    # Five bytes mean nothing in Windows-1252; as in browsers, they are control characters.
    return "".join(_WINDOWS[byte] for byte in data), (message,)


_WINDOWS = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]


def _is_text(name: str, start: bytes) -> bool:
    """Whether a file in a folder or an archive is a note: by its ending; what is in it shows when it is read."""
    return os.path.splitext(name)[1].lower() in _ENDINGS


TEXT = Kind("text", "give notes as .txt files", _is_text, MAX_BYTES, too_large)
