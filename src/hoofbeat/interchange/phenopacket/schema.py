"""The shape of Phenopackets v2, taken from the official protobuf classes, and the walk that brings a JSON tree into it.

The walk accepts both spellings of field names, sets unknown fields aside, drops nulls, counts values, and refuses what
has the wrong type, always with the place; protobuf's own parser then checks the result once more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.json_format import ParseDict, ParseError
from phenopackets import Cohort, Family, Phenopacket

from hoofbeat.cases import Carried
from hoofbeat.cases.case import MAX_CARRIED
from hoofbeat.interchange.report import InputError, Notes, Where, shown
from hoofbeat.interchange.strict_json import escaped

MESSAGES = {"phenopacket": Phenopacket, "family": Family, "cohort": Cohort}
FEATURE = "org.phenopackets.schema.v2.core.PhenotypicFeature"
_TIMESTAMP = "google.protobuf.Timestamp"
_INTEGERS = frozenset(
    {
        FieldDescriptor.TYPE_INT32,
        FieldDescriptor.TYPE_INT64,
        FieldDescriptor.TYPE_UINT32,
        FieldDescriptor.TYPE_UINT64,
    }
)
# A field of a finding that we do not know but that could turn it into its opposite: such a finding is never used.
_COULD_NEGATE = re.compile(
    r"exclu|negat|absen|presen|exist|observ|status|assert|refut|denied|ruled|certain", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FieldShape:
    """One field: its JSON name, what it holds, and whether it is a list."""

    name: str
    kind: str  # message, map, enum, text, truth, number, whole
    repeated: bool
    message: Descriptor | None = None
    values: tuple[tuple[str, int], ...] = ()


@cache
def shape(message: Descriptor) -> dict[str, FieldShape]:
    """The fields of a message by both spellings of their names."""
    fields: dict[str, FieldShape] = {}
    for one in message.fields:
        kind, child = "text", None
        values: tuple[tuple[str, int], ...] = ()
        if one.message_type is not None and one.message_type.full_name != _TIMESTAMP:
            child = one.message_type
            kind = "map" if child.GetOptions().map_entry else "message"
        elif one.enum_type is not None:
            kind, values = "enum", tuple((value.name, value.number) for value in one.enum_type.values)
        elif one.type == FieldDescriptor.TYPE_BOOL:
            kind = "truth"
        elif one.type in (FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT):
            kind = "number"
        elif one.type in _INTEGERS:
            kind = "whole"
        fields[one.json_name] = fields[one.name] = FieldShape(
            one.json_name, kind, one.is_repeated and kind != "map", child, values
        )
    return fields


def leaves(value: Any) -> int:
    """How many values a JSON tree holds (texts, numbers, truths, nulls); empty objects and lists hold none."""
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    if isinstance(value, list):
        return sum(map(leaves, value))
    return 1


@dataclass(slots=True)
class Ledger:
    """The fate of every value of one packet. `base` is the place of the packet within the document."""

    notes: Notes
    base: str = ""
    carried: list[Carried] = field(default_factory=list)
    total: int = 0
    dropped: int = 0

    def carry(self, path: str, value: Any) -> None:
        """Keep every value of a tree verbatim; nulls say nothing and are dropped. The last part of `path` is a name."""
        parts = path.split("/")[1:]  # all but the last are fields that we know: digits are always places in a list
        self._carry(path, value, tuple(at for at, part in enumerate(parts[:-1]) if part.isdigit()), len(parts))

    def _carry(self, path: str, value: Any, lists: tuple[int, ...], depth: int) -> None:
        if isinstance(value, dict):
            for key, member in value.items():
                self._carry(f"{path}/{escaped(key)}", member, lists, depth + 1)
        elif isinstance(value, list):
            for number, member in enumerate(value):
                self._carry(f"{path}/{number}", member, (*lists, depth), depth + 1)
        elif value is None:
            self.dropped += 1
        elif len(self.carried) >= MAX_CARRIED:
            raise InputError(
                f"over {MAX_CARRIED:,} values that are not used",
                code="carried-limit",
                repair="leave out what is not needed, such as raw variation data",
                where=Where(path=self.base + path),
            )
        else:
            self.carried.append(Carried(path, value, lists))

    def drop(self, value: Any) -> None:
        """Count every value of a tree as dropped; the caller has noted why."""
        self.dropped += leaves(value)

    def close(self) -> None:
        """Add this packet's counts to the notes of the document."""
        self.notes.carried += len(self.carried)
        self.notes.dropped += self.dropped
        self.notes.mapped += self.total - len(self.carried) - self.dropped

    def wrong(self, path: str, expected: str, value: Any) -> InputError:
        """The refusal of a value of the wrong type."""
        return InputError(
            f"{expected} expected here, not {_described(value)}",
            code="wrong-type",
            repair="correct the value",
            where=Where(path=shown(self.base + path, limit=240)),
        )


def normal(source: Any, message: Descriptor, ledger: Ledger, path: str = "") -> dict[str, Any]:
    """A new tree of known fields under their JSON names. Raises InputError on a value of the wrong type."""
    if not isinstance(source, dict):
        raise ledger.wrong(path, "an object", source)
    fields = shape(message)
    result: dict[str, Any] = {}
    for key, value in source.items():
        known = fields.get(key)
        if known is None:
            _set_aside(key, value, message, ledger, path)
        elif value is None:
            ledger.total += 1
            ledger.dropped += 1
        elif known.name in result:
            raise ledger.wrong(f"{path}/{escaped(key)}", "one spelling of the field", value)
        elif known.repeated:
            if not isinstance(value, list):
                raise ledger.wrong(f"{path}/{key}", "a list", value)
            result[known.name] = [
                _value(member, known, ledger, f"{path}/{key}/{number}") for number, member in enumerate(value)
            ]
        elif known.kind == "text" and isinstance(value, str):
            ledger.total += 1
            result[known.name] = value
        else:
            read = _value(value, known, ledger, f"{path}/{key}")
            if read is not None:
                result[known.name] = read
    return result


def _value(value: Any, known: FieldShape, ledger: Ledger, path: str) -> Any:
    kind = known.kind
    if kind == "message":
        assert known.message is not None
        return normal(value, known.message, ledger, path)
    if kind == "map":
        if not isinstance(value, dict) or not all(isinstance(member, str) for member in value.values()):
            raise ledger.wrong(path, "an object of texts", value)
        ledger.total += len(value)
        return dict(value)
    ledger.total += 1
    if kind == "text":
        if not isinstance(value, str):
            raise ledger.wrong(path, "a text", value)
    elif kind == "truth":
        if not isinstance(value, bool):
            raise ledger.wrong(path, "true or false", value)
    elif kind == "enum":
        return _enum(value, known, ledger, path)
    elif isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ledger.wrong(path, "a number", value)
    return value


def _enum(value: Any, known: FieldShape, ledger: Ledger, path: str) -> str | None:
    """The name of an enumerated value; an unknown one is carried and noted, and None returned."""
    for name, number in known.values:
        if value == name or (value == number and isinstance(value, int) and not isinstance(value, bool)):
            return name
    if isinstance(value, dict | list | bool):
        raise ledger.wrong(path, "a word", value)
    allowed = ", ".join(name for name, _ in known.values)
    for name, _ in known.values:
        if isinstance(value, str) and value.upper() == name.upper():
            ledger.notes.warning(
                "enum-case",
                "a word is not in the case of the standard",
                repair=f"read as {name}",
                path=ledger.base + path,
            )
            return name
    ledger.notes.warning(
        "enum-unknown",
        "a word is not one of the standard",
        repair=f"kept beside the case, not used; use one of {allowed}",
        path=ledger.base + path,
        value=value,
    )
    ledger.carry(path, value)
    return None


def _set_aside(key: str, value: Any, message: Descriptor, ledger: Ledger, path: str) -> None:
    place = f"{path}/{escaped(key)}"
    if message.full_name == FEATURE and (isinstance(value, bool) or (value is not None and _COULD_NEGATE.search(key))):
        raise InputError(
            "a field of a finding is not known here and might mean that the finding is absent",
            code="unclear-negation",
            repair='say "excluded": true or leave the field out',
            where=Where(path=shown(ledger.base + place, limit=240)),
            value=key,
        )
    ledger.notes.warning(
        "unknown-field",
        "a field is not known in Phenopackets 2.0",
        repair="kept beside the case, not used; check its spelling",
        path=ledger.base + place,
        value=key,
    )
    ledger.total += leaves(value)
    ledger.carry(place, value)


_PLACE = re.compile(r"at (?:Phenopacket|Family|Cohort)\.([\w.\[\]]+)")


def check_with_protobuf(tree: dict[str, Any], kind: str, ledger: Ledger) -> None:
    """Let the official classes parse a normal tree. Raises InputError with the place they name."""
    try:
        ParseDict(tree, MESSAGES[kind](), ignore_unknown_fields=True)
    except (ParseError, ValueError, TypeError, OverflowError) as error:
        found = _PLACE.search(str(error))
        path = "/" + found.group(1).rstrip(".").replace("[", "/").replace("]", "").replace(".", "/") if found else ""
        raise InputError(
            "a value does not fit its field in Phenopackets 2.0",
            code="not-well-formed",
            repair="correct the value",
            where=Where(path=shown(ledger.base + path, limit=240)),
        ) from None


def _described(value: Any) -> str:
    if value is None:
        return "null"
    names = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), "this")
