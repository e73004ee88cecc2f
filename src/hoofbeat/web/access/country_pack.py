"""What the law of a country says of ages and of acting for somebody else, as far as the application needs it.

The one pack here is an EXAMPLE: confirm it with your law before real patients are invited (decisions specification,
section 7). Its ages are those that the Opal portal of Montreal ships as defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop

EXAMPLE_NOTE = gettext_noop("example, confirm with your law")


@dataclass(frozen=True)
class CountryPack:
    """Ages in years. `confirmed` is False until a clinic has checked the pack against its law."""

    name: str
    majority: int
    own_account_from: int
    confirmed: bool = False
    note: str = EXAMPLE_NOTE


EXAMPLE = CountryPack(name="example", majority=18, own_account_from=14)


def majority_of(birth_date: date | None, pack: CountryPack = EXAMPLE) -> date | None:
    """The day on which somebody is of age; None where the date of birth is not known."""
    if birth_date is None:
        return None
    try:
        return birth_date.replace(year=birth_date.year + pack.majority)
    except ValueError:  # born on 29 February
        return date(birth_date.year + pack.majority, 3, 1)
