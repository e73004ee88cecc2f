"""What the law of a country says of ages and of acting for somebody else, as far as the application needs it. Pure.

The one pack here is an EXAMPLE: its ages are those that the Opal portal of Montreal ships as defaults. Until a clinic's
administrator has confirmed it against the law there, nobody is invited to act for a patient (decisions specification,
section 7); `access.models.ConfirmedPack` keeps who confirmed which pack, and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_noop

EXAMPLE_NOTE = gettext_noop("example, confirm with your law")


class Basis(StrEnum):
    """Why somebody may act for a patient."""

    GUARDIAN = "guardian"
    INCAPACITY = "incapacity"
    WISH = "wish"


@dataclass(frozen=True)
class CountryPack:
    """Ages in years. `key` changes with every change of an age: what was confirmed is this pack and no other."""

    key: str
    majority: int
    # From this age somebody has an account of their own and says themself what they agree to.
    self_from: int
    # Until this age a guardian acts because of being the guardian; later only where capacity is lacking.
    guardian_to: int
    # Capacity is looked at again after so many years at the latest.
    incapacity_years: int
    note: str = EXAMPLE_NOTE

    def __post_init__(self) -> None:
        if not 0 < self.self_from <= self.majority or not 0 < self.guardian_to <= self.majority:
            raise ValueError("ages of a country pack run from 1 to majority")


EXAMPLE = CountryPack(key="example-1", majority=18, self_from=14, guardian_to=14, incapacity_years=2)


def birthday(birth_date: date | None, years: int) -> date | None:
    """The day on which somebody is so many years old; None where the date of birth is not known."""
    return None if birth_date is None else years_later(birth_date, years)


def years_later(day: date, years: int) -> date:
    """The same day of another year; 1 March where that has no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def majority_of(birth_date: date | None, pack: CountryPack = EXAMPLE) -> date | None:
    """The day on which somebody is of age."""
    return birthday(birth_date, pack.majority)


def is_self(birth_date: date | None, on: date, pack: CountryPack = EXAMPLE) -> bool:
    """Whether somebody speaks for themself on a day. Where no date of birth is known: yes, nobody else may assume."""
    day = birthday(birth_date, pack.self_from)
    return day is None or day <= on


def last_day(basis: Basis, birth_date: date | None, on: date, pack: CountryPack = EXAMPLE) -> date | None:
    """The day on which rights that begin `on` end at the latest. None: there are no such rights any more, or, for a
    wish, no end that the law sets.
    """
    if basis is Basis.WISH:
        return None
    if basis is Basis.GUARDIAN:
        return birthday(birth_date, pack.guardian_to)
    review = birthday(on, pack.incapacity_years)
    of_age = majority_of(birth_date, pack)
    # At majority another law holds, and another court may have to say who acts.
    return of_age if of_age is not None and review is not None and on < of_age < review else review
