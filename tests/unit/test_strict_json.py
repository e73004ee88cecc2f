"""JSON from outside: what is read, and what is refused with which place."""

import pytest

from hoofbeat.interchange.places import line_numbers
from hoofbeat.interchange.report import InputError
from hoofbeat.interchange.strict_json import JsonLimits, parse


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"a": [1, 2.5, "x", true, null]}', {"a": [1, 2.5, "x", True, None]}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ('"é"'.encode(), "é"),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\\\ud800"', "\\ud800"),
        (b"[" * 64 + b"]" * 64, None),
        (b'"[[[{{{ 1234567890123456789012345678901234567890"', "[[[{{{ 1234567890123456789012345678901234567890"),
        (b"9" * 30, int("9" * 30)),
    ],
)
def test_json_is_read(data: bytes, value: object) -> None:
    assert value is None or parse(data) == value


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        (b"", "json-syntax", 1, 1),
        (b'{"a":\n tru}', "json-syntax", 2, 2),
        (b'{"a": 1} x', "json-syntax", 1, 10),
        (b'{"a": "\xff"}', "json-encoding", 1, 8),
        ('{"a": 1}'.encode("utf-16"), "json-encoding", 1, 1),
        (b'{"a": 1,\n "a": 2}', "json-duplicate-key", 2, 2),
        (b'[{"a": "a", "b": {"a": [{}, "a"]}},\n {"b": 1, "\\u0062": 2}]', "json-duplicate-key", 2, 11),
        (b"[NaN]", "json-number", 1, 2),
        (b'["NaN",\n NaN]', "json-number", 2, 2),
        (b"[-Infinity]", "json-number", 1, 2),
        (b'["1e999", 1e999]', "json-number", 1, 11),
        (b"[\n" + b"9" * 31 + b"]", "json-number", 2, 1),
        (b'["\\ud800"]', "json-surrogate", None, None),
        (b'{"\\udc00": 1}', "json-surrogate", None, None),
        (b"\n" + b"[" * 65 + b"]" * 65, "json-depth", 2, 65),
    ],
)
def test_json_is_refused_with_its_place(data: bytes, code: str, line: int | None, column: int | None) -> None:
    with pytest.raises(InputError) as refused:
        parse(data)
    assert (refused.value.code, refused.value.where.line, refused.value.where.column) == (code, line, column)
    assert refused.value.repair


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'"' + b"x" * 101 + b'"', "json-string"),
        (b"[" + b"1," * 50 + b"1]", "json-nodes"),
        (b'"' * 1000, "json-nodes"),
        (b" " * 2001, "json-size"),
    ],
)
def test_limits_hold(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(data, limits=JsonLimits(bytes=2000, nodes=40, string=100))
    assert refused.value.code == code


def test_lines_of_values() -> None:
    text = '{\n "a": [\n  1,\n  {"b/c": "}{",\n   "d": 2}],\n "e": []}'
    places = {"/a": 2, "/a/0": 3, "/a/1": 4, "/a/1/b~1c": 4, "/a/1/d": 5, "/e": 6, "/a/1/none/x": 4}
    assert line_numbers(text, set(places)) == places
