"""Turns the frozen tables of knowledge (dataclasses of arrays, texts and lists) into named arrays and back, for the
knowledge file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

Table = TypeVar("Table")


def pack(prefix: str, table: Any) -> dict[str, NDArray[Any]]:
    """`{"prefix.field": array}` of a dataclass; nested dataclasses give `prefix.field.inner`, text is stored as UTF-8
    bytes.
    """
    arrays: dict[str, NDArray[Any]] = {}
    for field in fields(table):
        name, value = f"{prefix}.{field.name}", getattr(table, field.name)
        if isinstance(value, str):
            arrays[name] = np.frombuffer(value.encode("utf-8"), dtype=np.uint8)
        elif is_dataclass(value):
            arrays.update(pack(name, value))
        elif isinstance(value, np.ndarray):
            arrays[name] = value
        else:
            raise TypeError(f"{name}: {type(value).__name__} has no place in the knowledge file")
    return arrays


def unpack(kind: type[Table], prefix: str, array: Callable[[str], NDArray[Any]]) -> Table:
    """The inverse of `pack`; `array` gives a stored array by name."""
    values: dict[str, Any] = {}
    for name, hint in _hints(kind).items():
        stored = f"{prefix}.{name}"
        if hint is str:
            values[name] = array(stored).tobytes().decode("utf-8")
        elif get_origin(hint) is np.ndarray:
            values[name] = array(stored)
        else:
            values[name] = unpack(hint, stored, array)
    return kind(**values)


def _hints(kind: type[Any]) -> dict[str, Any]:
    """The types of a dataclass's fields, evaluated."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
