"""JSON from outside, under limits.

Nothing that would exhaust memory or recursion, and nothing that could be read in two ways.
The standard library parses; what it is too lenient about (depth, repeated keys, NaN, lone surrogates, endless numbers)
is refused here, with line and column where they are known.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from hoofbeat.interchange.report import InputError, Where, shown

# "Ours": interchange specification, section 9.
MAX_BYTES = 50_000_000
MAX_DEPTH = 64
MAX_NODES = 2_000_000
MAX_STRING = 1_000_000
MAX_DIGITS = 30

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKETS = re.compile(rb"[^\[\]{}]++")
_LONG_NUMBER = re.compile(rb"[0-9.eE+-]{%d,}" % (MAX_DIGITS + 1))
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}:,]|[^\s\[\]{}:,"]++', re.DOTALL)
_UTF8_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class JsonLimits:
    """What a JSON document may have at most."""

    bytes: int = MAX_BYTES
    depth: int = MAX_DEPTH
    nodes: int = MAX_NODES
    string: int = MAX_STRING


DEFAULT_LIMITS = JsonLimits()


def parse(data: bytes, *, limits: JsonLimits = DEFAULT_LIMITS) -> Any:
    """The value of a JSON document in UTF-8, with or without byte order mark. Raises InputError with line and column.

    Whole numbers come as int, others as float.
    """
    if len(data) > limits.bytes:
        raise too_large(len(data), limits.bytes)
    if data.startswith(_UTF8_BOM):
        data = data[len(_UTF8_BOM) :]
    _check_shape(data, limits)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        _fail("the text is not UTF-8", "json-encoding", "save the file as UTF-8", data, error.start)
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_float=_float, parse_constant=_constant)
    except json.JSONDecodeError as error:
        where = Where(line=error.lineno, column=error.colno)
        raise InputError(
            f"this is not JSON: {error.msg}", code="json-syntax", repair="correct the text at this place", where=where
        ) from None
    except _RefusedValueError as refused:
        found = _repeated_key(data) if refused.code == "json-duplicate-key" else _bare(data, refused.value)
        _fail(refused.what, refused.code, refused.repair, data, found, refused.value)
    except RecursionError:
        raise InputError("the JSON is nested too deeply", code="json-depth", repair="flatten the document") from None
    if _SURROGATE.search(data):
        _check_surrogates(value, "")
    return value


def too_large(actual: int, limit: int) -> InputError:
    """The refusal of a document of too many bytes."""
    return InputError(
        f"the JSON document has {actual / 1e6:,.1f} MB; the limit is {limit / 1e6:,.0f} MB",
        code="json-size",
        repair="split the file, or give one packet per line (NDJSON)",
    )


class _RefusedValueError(ValueError):
    def __init__(self, what: str, code: str, repair: str, value: str) -> None:
        super().__init__(what)
        self.what, self.code, self.repair, self.value = what, code, repair, value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                what = "an object has the same key twice"
                raise _RefusedValueError(what, "json-duplicate-key", "keep one of the two", key)
            seen.add(key)
    return members


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _RefusedValueError("a number is too large", "json-number", "check the number", text)
    return value


def _constant(text: str) -> NoReturn:
    repair = "leave the value out; JSON has no NaN or Infinity"
    raise _RefusedValueError(f"{text} is not a JSON value", "json-number", repair, text)


def _check_shape(data: bytes, limits: JsonLimits) -> None:
    """Depth, nodes, string lengths and digits, by linear scans before any parser sees the text."""
    if data.count(b'"') > 5 * limits.nodes:  # before the scans below, which need some time for each text
        raise InputError("the JSON document has too many texts", code="json-nodes", repair="split the file")
    bare = _STRING.sub(b"", data)
    nodes = bare.count(b",") + bare.count(b"{") + bare.count(b"[") + 1
    if nodes > limits.nodes:
        what = f"the JSON document has about {nodes:,} values; the limit is {limits.nodes:,}"
        raise InputError(what, code="json-nodes", repair="split the file")
    if len(data) - len(bare) > limits.string:
        for found in _STRING.finditer(data):
            length = found.end() - found.start() - 2
            if length > limits.string:
                what = f"a text has {length:,} bytes; the limit is {limits.string:,}"
                _fail(what, "json-string", "leave the text out, or shorten it", data, found.start())
    for found in _LONG_NUMBER.finditer(bare):
        length = found.end() - found.start()
        if length > 2 * MAX_DIGITS or len(found.group().translate(None, b".eE+-")) > MAX_DIGITS:
            what = f"a number has over {MAX_DIGITS} digits"
            number = found.group().decode()
            _fail(what, "json-number", "check the number", data, _bare(data, number), number)
    depth = 0
    for bracket in _BRACKETS.sub(b"", bare):
        if bracket in b"[{":
            depth += 1
            if depth > limits.depth:
                what = f"the JSON is nested deeper than {limits.depth} levels"
                _fail(what, "json-depth", "flatten the document", data, _too_deep(data, limits.depth))
        else:
            depth -= 1


def _too_deep(data: bytes, limit: int) -> int:
    """Where a document first goes deeper than the limit."""
    depth = 0
    for found in _TOKEN.finditer(data):
        depth += (found.group() in (b"[", b"{")) - (found.group() in (b"]", b"}"))
        if depth > limit:
            return found.start()
    return 0


def _bare(data: bytes, token: str) -> int:
    """Where a number or word first stands outside of texts."""
    return next((found.start() for found in _TOKEN.finditer(data) if found.group() == token.encode()), 0)


def _repeated_key(data: bytes) -> int:
    """Where an object has a key for the second time; the text is known to be JSON."""
    keys: list[set[str]] = []
    last, text = 0, b""
    for found in _TOKEN.finditer(data):
        token = found.group()
        if token in (b"{", b"["):
            keys.append(set())
        elif token in (b"}", b"]"):
            keys.pop()
        elif token.startswith(b'"'):
            last, text = found.start(), token
        elif token == b":":
            key = json.loads(text)
            if key in keys[-1]:
                return last
            keys[-1].add(key)
    return 0


def _fail(what: str, code: str, repair: str, data: bytes, offset: int, value: str = "") -> NoReturn:
    line = data.count(b"\n", 0, offset) + 1
    column = len(data[data.rfind(b"\n", 0, offset) + 1 : offset].decode("utf-8", "replace")) + 1
    raise InputError(what, code=code, repair=repair, where=Where(line=line, column=column), value=shown(value))


def _check_surrogates(value: Any, path: str) -> None:
    """Refuse half a character (`"\\ud800"`), which no UTF-8 text can hold."""
    if isinstance(value, dict):
        for key, member in value.items():
            _check_text(key, path)
            _check_surrogates(member, f"{path}/{escaped(key)}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            _check_surrogates(member, f"{path}/{index}")
    elif isinstance(value, str):
        _check_text(value, path)


def _check_text(text: str, path: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(
            "a text holds half a character (a lone surrogate)",
            code="json-surrogate",
            repair="write the whole character",
            where=Where(path=shown(path)),
        ) from None


def escaped(key: str) -> str:
    """A key as it stands in a JSON Pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key
