"""Finds the line on which a value of a JSON document stands, so that a message can name it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from hoofbeat.interchange.report import Report, Severity
from hoofbeat.interchange.strict_json import escaped

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{},]', re.DOTALL)
_BLANKS = re.compile(r"[ \t\r\n]*")
_MAX_CHARACTERS = 2_000_000  # above it the pointer alone has to do


def with_lines(report: Report, data: bytes) -> Report:
    """The report with a line beside each JSON Pointer of its errors and warnings.

    `data` must be the JSON it is about.
    """
    wanted = {
        message.where.path
        for message in report.messages
        if message.where.path and message.where.line is None and message.severity is not Severity.INFO
    }
    if not wanted or len(data) > _MAX_CHARACTERS or b"\n" not in data.strip():
        return report
    lines = line_numbers(data.decode("utf-8-sig"), wanted)
    messages = tuple(
        replace(message, where=replace(message.where, line=lines[message.where.path]))
        if message.where.path in lines and message.severity is not Severity.INFO
        else message
        for message in report.messages
    )
    return replace(report, messages=messages)


def line_numbers(text: str, pointers: set[str]) -> dict[str, int]:
    """The line (from 1) of each JSON Pointer of a well-formed document, or of the nearest value around it."""
    starts = _starts(text, {prefix for pointer in pointers for prefix in _prefixes(pointer)})
    found: dict[str, int] = {}
    for pointer in pointers:
        nearest = max((prefix for prefix in _prefixes(pointer) if prefix in starts), key=len, default=None)
        if nearest is not None:
            found[pointer] = text.count("\n", 0, starts[nearest]) + 1
    return found


def _prefixes(pointer: str) -> list[str]:
    parts = pointer.split("/")[1:]
    return ["".join(f"/{part}" for part in parts[: length + 1]) for length in range(len(parts))]


@dataclass(slots=True)
class _Open:
    """An object or list that is being walked through; `pointer` is None where nothing inside is wanted."""

    pointer: str | None
    is_list: bool
    index: int = 0
    key_next: bool = False

    def member(self) -> str | None:
        """The pointer of the list member that comes next."""
        return None if self.pointer is None else f"{self.pointer}/{self.index}"


def _starts(text: str, wanted: set[str]) -> dict[str, int]:
    """Where each wanted value begins: at its key in an object, at its own first character in a list."""
    starts: dict[str, int] = {}
    around: list[_Open] = []
    named: str | None = ""  # the pointer of the value that follows the last key
    for token in _TOKEN.finditer(text):
        kind = text[token.start()]
        top = around[-1] if around else None
        if kind in "]}":
            around.pop()
        elif kind == "," and top is not None:
            top.index += 1
            top.key_next = not top.is_list
            if top.is_list and top.member() in wanted:
                starts[str(top.member())] = _after_blanks(text, token.end())
        elif kind == '"':
            if top is not None and top.key_next:
                top.key_next = False
                named = None if top.pointer is None else f"{top.pointer}/{escaped(json.loads(token.group()))}"
                if named is not None and named in wanted:
                    starts[named] = token.start()
        elif kind in "[{":
            pointer = named if top is None or not top.is_list else top.member()
            if pointer != "" and pointer not in wanted:
                pointer = None
            around.append(_Open(pointer, is_list=kind == "[", key_next=kind == "{"))
            if kind == "[" and around[-1].member() in wanted:
                starts[str(around[-1].member())] = _after_blanks(text, token.end())
    return starts


def _after_blanks(text: str, start: int) -> int:
    found = _BLANKS.match(text, start)
    return found.end() if found else start
