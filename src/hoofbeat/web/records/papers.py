"""Whose papers somebody has in hand: the one patient whom a number, a date of birth and a name fit, however they were
typed in a hurry. Two that fit are enough; one that clearly does not is too much (decision record 0040).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from rapidfuzz.distance import OSA

from hoofbeat.web.records.models import Record

ONE_ERROR, TWO_ERRORS = 4, 8  # letters of a part of a name from which on so many errors are forgiven (ours)
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")


class Fit(IntEnum):
    """How something that was given fits a record."""

    DIFFERS = -1
    # Not given, not in the record, or so alike that it speaks neither for nor against.
    OPEN = 0
    NEAR = 1
    EXACT = 2


@dataclass(frozen=True)
class Papers:
    """What was given, each of the three or nothing."""

    number: str = ""
    birth_date: str = ""
    name: str = ""

    @property
    def given(self) -> int:
        """How many of the three were given."""
        return sum(bool(one.strip()) for one in (self.number, self.birth_date, self.name))

    def one_of(self, records: Iterable[Record]) -> Record | None:
        """The one record that they fit best; None where none does, or two do equally well.

        Every record is looked at whatever was given, so that nothing can be told from the time.
        """
        best, found = (0, False), list[Record]()
        for record in records:
            fits = self._fits(record)
            if min(fits) is Fit.DIFFERS or sum(one >= Fit.NEAR for one in fits) < 2 or max(fits) is not Fit.EXACT:
                continue
            how_well = (sum(fits), bool(self.number.strip()) and record.local_number == self.number.strip())
            if how_well > best:
                best, found = how_well, []
            if how_well == best:
                found.append(record)
        return found[0] if len(found) == 1 else None

    def _fits(self, record: Record) -> tuple[Fit, Fit, Fit]:
        called = f"{record.name} {record.preferred_name}"
        return (
            _number_fits(self.number, record.local_number),
            _day_fits(self.birth_date, record.birth_date),
            _name_fits(_words(self.name), _words(called)),
        )


def _number_fits(given: str, kept: str) -> Fit:
    """Spaces, hyphens, case and zeros in front of a number do not count; one error leaves it open."""
    one, other = _plain(given), _plain(kept)
    if not given.strip() or not other:
        return Fit.OPEN
    if one == other:
        return Fit.EXACT
    return Fit.OPEN if OSA.distance(one, other) <= 1 else Fit.DIFFERS


def _day_fits(given: str, kept: date | None) -> Fit:
    """Day and month exchanged, or one digit, leave it open."""
    if not given.strip() or kept is None:
        return Fit.OPEN
    typed = _digits(given)
    if typed == f"{kept:%Y%m%d}":
        return Fit.EXACT
    return Fit.OPEN if typed == f"{kept:%Y%d%m}" or OSA.distance(typed, f"{kept:%Y%m%d}") <= 1 else Fit.DIFFERS


def _name_fits(given: list[str], kept: list[str]) -> Fit:
    """Each word that was given is one of the record's, in any order; a few letters may be wrong in long ones."""
    if not given:
        return Fit.OPEN
    left, worst = list(kept), 0
    for word in given:
        nearest = min(left, key=lambda one: OSA.distance(word, one), default="")
        wrong = OSA.distance(word, nearest)
        if wrong > (len(word) >= ONE_ERROR) + (len(word) >= TWO_ERRORS):
            return Fit.DIFFERS
        left.remove(nearest)
        worst = max(worst, wrong)
    return Fit.NEAR if worst else Fit.EXACT


def _plain(number: str) -> str:
    parts = re.findall(r"\d+|[^\W\d_]+", number.casefold())
    return "".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


def _digits(day: str) -> str:
    """A day as eight digits, from the form that a browser sends or the one that is written by hand in German."""
    if (written := _GERMAN_DAY.fullmatch(day.strip())) is not None:
        return f"{written[3]}{int(written[2]):02}{int(written[1]):02}"
    return re.sub(r"\D", "", day)


def _words(name: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(one for one in letters if not unicodedata.combining(one))
    return re.findall(r"[^\W\d_]+", plain)
