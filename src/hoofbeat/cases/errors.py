"""The error of a value that no case may hold: what is wrong, and how to repair it."""

from __future__ import annotations


class CaseError(ValueError):
    """A case, or a part of one, was given a value it may not have."""

    def __init__(self, what: str, *, repair: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.repair = repair
