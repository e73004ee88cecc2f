"""The one gate: whether a patient's consents let something leave, for what, to whom, and in how much detail.

Pure, so that it can be checked by hand and by generated cases; `hoofbeat.web.records.actions.release` is its only
caller that has a record in its hands. The levels are those of the network specification, section 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum, StrEnum

THE_PATIENT = "the patient"


class Purpose(StrEnum):
    """What somebody wants the data for."""

    MATCHING = "matching"
    CONTACT = "contact"
    BOARD = "case board"
    COUNTS = "counts"
    RESEARCH = "research"
    LIBRARY = "case library"
    OPEN_CASE = "open case"
    TRIALS = "trial offers"
    # The patient's own copy, for the patient: nobody else's consent is needed, and nobody else may have it.
    OWN_COPY = "own copy"


class Detail(IntEnum):
    """How much is said. Each level says all that the ones before it say."""

    COUNTED = 1
    GENE = 2
    FIVE_FINDINGS = 3
    FINDINGS = 4
    BACKGROUND = 5  # sex, age band, inheritance, onset
    VARIANT = 6
    EVERYTHING = 7  # only for the patient's own copy; no consent reaches it


class Part(StrEnum):
    """What can be left out of a disclosure beside a finding, which is named by its identifier."""

    SEX = "sex"
    AGE = "age"
    FINDING_ONSET = "finding onset"
    ATTRIBUTES = "attributes"


@dataclass(frozen=True, slots=True)
class Consent:
    """One agreement, from its first day to the day before `end`. `key` names it in whatever follows from it."""

    key: str
    purpose: Purpose
    recipient: str
    detail: Detail
    start: date
    end: date
    withdrawn: bool = False
    # Given for somebody by another, and somebody who has a say does not want it.
    contested: bool = False

    def holds(self, on: date) -> bool:
        """Whether it counts on a day."""
        return not self.withdrawn and not self.contested and self.start <= on < self.end


class Reason(StrEnum):
    """Why nothing may leave."""

    NEVER_GIVEN = "no consent was given for this purpose and recipient"
    CONTESTED = "the child, or another guardian, does not want it, and how that was resolved is not documented"
    NOT_NOW = "the consent has ended, has not begun, or was withdrawn"
    NOT_THE_PATIENT = "the patient's own copy goes to the patient only"


@dataclass(frozen=True, slots=True)
class Allow:
    """It may leave as asked, under this consent (None: the patient's own copy)."""

    detail: Detail
    consent: str | None


@dataclass(frozen=True, slots=True)
class Reduce:
    """Less than was asked may leave: no more than `to`."""

    to: Detail
    consent: str


@dataclass(frozen=True, slots=True)
class Deny:
    """Nothing may leave."""

    reason: Reason


Decision = Allow | Reduce | Deny


def decide(consents: Iterable[Consent], purpose: Purpose, recipient: str, detail: Detail, on: date) -> Decision:
    """Whether something may leave on a day. Without a consent for exactly this purpose and recipient: no."""
    if purpose is Purpose.OWN_COPY:
        return Allow(detail, None) if recipient == THE_PATIENT else Deny(Reason.NOT_THE_PATIENT)
    given = [one for one in consents if one.purpose is purpose and one.recipient == recipient]
    holding = [one for one in given if one.holds(on)]
    if not holding:
        if any(replace(one, contested=False).holds(on) for one in given):
            return Deny(Reason.CONTESTED)
        return Deny(Reason.NOT_NOW if given else Reason.NEVER_GIVEN)
    widest = max(holding, key=lambda one: (one.detail, one.end, one.key))
    most = min(widest.detail, Detail.VARIANT)
    return Allow(detail, widest.key) if detail <= most else Reduce(most, widest.key)
