"""Why a ranking moved, as a snapshot keeps it: what happened and to what, never in the words of one language."""

from __future__ import annotations

from enum import StrEnum

from hoofbeat.cases.finding import FindingState

LONGEST = 240
_BETWEEN = "|"


class Because(StrEnum):
    """What happened. The first four concern a finding; those with a state say it."""

    STATED = "stated"
    RESTORED = "restored"
    TOLD = "told"
    TAKEN_BACK = "taken_back"
    IMPORTED = "imported"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    KNOWLEDGE = "knowledge"
    GENOME_READ = "genome_read"
    GENOME_ENDED = "genome_ended"
    GENOME_RESTORED = "genome_restored"
    GENOME_MATCHED = "genome_matched"
    FAMILY = "family"
    DETAILS = "details"
    PROGRAM = "program"


def kept(because: Because, what: str, state: FindingState | None = None) -> str:
    """As it is stored: `stated:observed|Arachnodactyly`."""
    return f"{because.value}:{state.value if state else ''}{_BETWEEN}{what}"[:LONGEST]


def parts(stored: str) -> tuple[Because, FindingState | None, str] | None:
    """What `kept` made, in its parts; None for what another version wrote."""
    head, between, what = stored.partition(_BETWEEN)
    because, _colon, state = head.partition(":")
    if not between or because not in set(Because) or (state and state not in set(FindingState)):
        return None
    return Because(because), FindingState(state) if state else None, what
