"""The error that knowledge raises when a file or an identifier cannot be used: what is wrong, and how to repair it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class KnowledgeError(Exception):
    """What went wrong (with its place) and, in `repair`, what to do about it. The command line prints both and ends
    with status 2.
    """

    def __init__(self, what: str, *, repair: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.repair = repair

    def __str__(self) -> str:
        return f"{self.what}\n  repair: {self.repair}" if self.repair else self.what


class OtherVersionError(KnowledgeError):
    """A whole file of ours that another version of Hoofbeat wrote: not damaged, but to be built anew."""


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what can go wrong with any file (missing, forbidden, not text) into a KnowledgeError that names it."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise KnowledgeError(
            f"{path}: not UTF-8 text ({error.reason})", repair="use an unaltered release file"
        ) from error
    except OSError as error:
        raise KnowledgeError(
            f"{path}: {error.strerror or error}", repair="check that the file exists and may be read"
        ) from error
