"""What became of a document.

Each problem with its place and its repair, and how many values were mapped, carried or dropped.
The same object feeds the terminal, the page and the JSON interfaces. Codes are stable; `docs/reference/phenopackets.md`
lists them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

MAX_MESSAGES = 200  # interchange specification, section 2: more are only counted
MAX_VALUE = 80  # characters of a value that a message repeats


class Severity(StrEnum):
    """error: not accepted; warning: read with a change; info: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Where:
    """A place: archive member, line and column (from 1), JSON Pointer; what is not known is empty or None."""

    member: str = ""
    line: int | None = None
    column: int | None = None
    path: str = ""

    def __str__(self) -> str:
        parts = [shown(self.member, limit=MAX_VALUE * 3)] if self.member else []
        if self.line is not None:
            parts.append(f"line {self.line}" + (f", column {self.column}" if self.column is not None else ""))
        if self.path:
            parts.append(self.path)
        return ": ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """The place as JSON object without its empty parts."""
        every = {"member": self.member, "line": self.line, "column": self.column, "path": self.path}
        return {name: value for name, value in every.items() if value not in ("", None)}


NOWHERE = Where()


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to know about a document: what is wrong in plain words, where, and what to do or what was done."""

    severity: Severity
    code: str
    what: str
    repair: str = ""
    where: Where = NOWHERE
    value: str = ""

    def __str__(self) -> str:
        place = str(self.where)
        return f"{self.severity}: {place + ': ' if place else ''}{self.what}" + (
            f" ({self.repair})" if self.repair else ""
        )

    def to_json(self) -> dict[str, Any]:
        """The message as JSON object."""
        message: dict[str, Any] = {"severity": self.severity.value, "code": self.code, "where": self.where.to_json()}
        message |= {"what": self.what, "repair": self.repair}
        return message | ({"value": self.value} if self.value else {})


class InputError(Exception):
    """Nothing can be done with an input.

    What is wrong, where, and how to repair it. The command line ends with status 2.
    """

    def __init__(self, what: str, *, code: str, repair: str = "", where: Where = NOWHERE, value: str = "") -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.repair = repair
        self.where = where
        self.value = value

    def __reduce__(self) -> tuple[Any, ...]:
        return _input_error, (self.what, self.code, self.repair, self.where, self.value)

    def __str__(self) -> str:
        place = str(self.where)
        return f"{place + ': ' if place else ''}{self.what}" + (f"\n  repair: {self.repair}" if self.repair else "")

    def message(self) -> Message:
        """The same as an error message of a report."""
        return Message(Severity.ERROR, self.code, self.what, self.repair, self.where, self.value)


def _input_error(what: str, code: str, repair: str, where: Where, value: str) -> InputError:
    return InputError(what, code=code, repair=repair, where=where, value=value)


@dataclass(frozen=True, slots=True)
class Leaves:
    """How many values of the source were mapped into cases, carried beside them, or dropped with a reason."""

    mapped: int = 0
    carried: int = 0
    dropped: int = 0

    @property
    def total(self) -> int:
        """All values of the source."""
        return self.mapped + self.carried + self.dropped


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one document.

    `counts` holds the number of messages per code, those beyond the first 200 included.
    """

    format: str
    file: str
    accepted: bool
    cases: int = 0
    leaves: Leaves = field(default_factory=Leaves)
    messages: tuple[Message, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()

    @property
    def errors(self) -> tuple[Message, ...]:
        """The messages that say what was not accepted."""
        return tuple(message for message in self.messages if message.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Message, ...]:
        """The messages that say what was read with a change."""
        return tuple(message for message in self.messages if message.severity is Severity.WARNING)

    def count(self, code: str) -> int:
        """How many messages have a code."""
        return dict(self.counts).get(code, 0)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON object (interchange specification, section 2)."""
        return {
            "format": self.format,
            "file": self.file,
            "accepted": self.accepted,
            "cases": self.cases,
            "leaves": {"mapped": self.leaves.mapped, "carried": self.leaves.carried, "dropped": self.leaves.dropped},
            "messages": [message.to_json() for message in self.messages],
            "counts": dict(self.counts),
        }


@dataclass(slots=True)
class Notes:
    """Collects the messages and counts of one document while it is read; `report` closes it."""

    file: str
    line: int | None = None
    messages: list[Message] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    kept: Counter[Severity] = field(default_factory=Counter)
    mapped: int = 0
    carried: int = 0
    dropped: int = 0

    def add(
        self, severity: Severity, code: str, what: str, *, repair: str = "", path: str = "", value: object = None
    ) -> None:
        """Note one thing; `value` is shortened and escaped. The worst messages are kept when there are over 200."""
        self.counts[code] += 1
        self.kept[severity] += 1
        if self.kept[severity] > MAX_MESSAGES:
            return
        where = Where(line=self.line, path=shown(path, limit=3 * MAX_VALUE))
        self.messages.append(Message(severity, code, what, repair, where, "" if value is None else shown(value)))

    def error(self, code: str, what: str, *, repair: str = "", path: str = "", value: object = None) -> None:
        """Note what is not accepted."""
        self.add(Severity.ERROR, code, what, repair=repair, path=path, value=value)

    def warning(self, code: str, what: str, *, repair: str = "", path: str = "", value: object = None) -> None:
        """Note what is read with a change."""
        self.add(Severity.WARNING, code, what, repair=repair, path=path, value=value)

    def info(self, code: str, what: str, *, repair: str = "", path: str = "", value: object = None) -> None:
        """Note what is worth knowing."""
        self.add(Severity.INFO, code, what, repair=repair, path=path, value=value)

    def failure(self, error: InputError) -> None:
        """Note an input with which nothing can be done."""
        self.counts[error.code] += 1
        self.kept[Severity.ERROR] += 1
        if self.kept[Severity.ERROR] > MAX_MESSAGES:
            return
        message = error.message()
        if self.line is not None:  # the line of the file is worth more than the line within the line
            message = replace(message, where=replace(message.where, line=self.line))
        self.messages.append(message)

    def report(self, *, format: str, accepted: bool, cases: int = 0) -> Report:
        """The finished report: errors first, then warnings, then info, each in the order of the source."""
        rank = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
        ordered = sorted(self.messages, key=lambda message: rank[message.severity])[:MAX_MESSAGES]
        leaves = Leaves(self.mapped, self.carried, self.dropped)
        return Report(format, self.file, accepted, cases, leaves, tuple(ordered), tuple(sorted(self.counts.items())))


_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_unprintable(character: str) -> bool:
    """Whether a character could disturb a terminal or turn text around: control, line-breaking or bidirectional."""
    code = ord(character)
    return code < 32 or 127 <= code < 160 or character in _BIDIRECTIONAL or code in (0x2028, 0x2029, 0xFEFF)


def shown(value: object, *, limit: int = MAX_VALUE) -> str:
    """A value as a message may show it.

    Control and bidirectional characters escaped, and at most `limit` characters.
    """
    text = str(value)[: limit + 1]
    if any(is_unprintable(character) or 0xD800 <= ord(character) < 0xE000 for character in text):
        text = "".join(
            f"\\u{ord(one):04x}" if is_unprintable(one) or 0xD800 <= ord(one) < 0xE000 else one for one in text
        )
    return text if len(text) <= limit else text[: limit - 1] + "…"
