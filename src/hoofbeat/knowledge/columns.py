"""Two immutable columns, of texts and of integer lists, as flat arrays, and what is asked of all flat columns.

They let the knowledge file be read as plain arrays in milliseconds: nothing is turned into Python objects until
somebody asks for it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int32]
LAST_CHARACTER = chr(0x10FFFF)


@dataclass(frozen=True, slots=True)
class Texts(Sequence[str]):
    """A read-only sequence of texts: UTF-8 bytes end to end, and where each one starts."""

    data: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Texts:
        """Pack texts in the order given."""
        encoded = [text.encode("utf-8") for text in texts]
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), starts_of([len(piece) for piece in encoded]))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> list[str]: ...

    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        at = _within(index, len(self))
        return self.data[self.offsets[at] : self.offsets[at + 1]].tobytes().decode("utf-8")

    def __iter__(self) -> Iterator[str]:
        whole = self.data.tobytes()
        bounds = self.offsets.tolist()
        for start, end in pairwise(bounds):
            yield whole[start:end].decode("utf-8")

    def is_readable(self) -> bool:
        """Whether every text can be read: they follow one another from the first byte to the last, and are UTF-8."""
        data, offsets = self.data, self.offsets
        are_bytes = data.dtype == np.dtype(np.uint8) and offsets.dtype == np.dtype(np.int64)
        if not are_bytes or (data.ndim, offsets.ndim) != (1, 1) or not len(offsets):
            return False
        if offsets[0] != 0 or offsets[-1] != len(data) or bool((np.diff(offsets) < 0).any()):
            return False
        try:
            return len(list(self)) == len(self)
        except UnicodeDecodeError:
            return False

    def position(self, text: str) -> int | None:
        """Where `text` stands, or None; only for columns packed in ascending order."""
        at = bisect_left(self, text)
        return at if at < len(self) and self[at] == text else None

    def with_prefix(self, prefix: str) -> range:
        """Where the texts stand that begin with `prefix`; only for columns packed in ascending order."""
        return range(bisect_left(self, prefix), bisect_left(self, prefix + LAST_CHARACTER))


@dataclass(frozen=True, slots=True)
class Lists(Sequence[IntArray]):
    """A read-only sequence of integer lists (compressed rows): all values end to end, and where each list starts."""

    values: IntArray
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, lists: Iterable[Iterable[int]]) -> Lists:
        """Pack integer lists in the order given."""
        values: list[int] = []
        ends = [0]
        for row in lists:
            values.extend(row)
            ends.append(len(values))
        return cls(np.array(values, dtype=np.int32), np.array(ends, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, index: int) -> IntArray: ...

    @overload
    def __getitem__(self, index: slice) -> list[IntArray]: ...

    def __getitem__(self, index: int | slice) -> IntArray | list[IntArray]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        at = _within(index, len(self))
        return self.values[self.offsets[at] : self.offsets[at + 1]]

    def owners(self) -> IntArray:
        """For each value, the index of the list it stands in."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.offsets))

    def turned(self, width: int) -> Lists:
        """The other way round: for each value 0..width-1 the indices of the lists that hold it, ascending."""
        order = np.argsort(self.values, kind="stable")
        return Lists(self.owners()[order], starts_of(np.bincount(self.values, minlength=width)))


def summed(group: NDArray[Any], values: NDArray[np.float64], n_groups: int) -> NDArray[np.float64]:
    """The sum of the values of each group 0..n_groups-1; `group` and `values` have one value per row."""
    return np.bincount(group, weights=values, minlength=n_groups).astype(np.float64, copy=False)


def starts_of(lengths: Sequence[int] | NDArray[Any]) -> NDArray[np.int64]:
    """Where each of some lists begins that lie end to end, and last where they end."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def _within(index: int, length: int) -> int:
    at = index + length if index < 0 else index
    if not 0 <= at < length:
        raise IndexError(index)
    return at
