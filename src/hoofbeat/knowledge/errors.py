"""The error that knowledge raises when a file or an identifier cannot be used: what is wrong, and how to repair it."""

from __future__ import annotations


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
