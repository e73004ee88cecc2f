"""When something happened, in the six forms in which a phenopacket can say it.

Only ages give years by themselves; gestational weeks are not an age, and an onset class (`HP:0003577 Congenital onset`)
is left to whoever holds the ontology.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from hoofbeat.cases.errors import CaseError
from hoofbeat.cases.ontology_class import OntologyClass

MAX_AGE_YEARS = 120.0  # interchange specification, section 11: an age above it is a slip of the pen
MAX_GESTATION_WEEKS = 45  # a pregnancy is not carried longer
DAYS_PER_YEAR = 365.25

_NUMBER = r"(\d{1,6}(?:[.,]\d{1,6})?)"
_DURATION = re.compile(
    rf"P(?=[\dT])(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?",
    re.ASCII,
)
_YEARS_PER_UNIT = (
    1.0,
    1.0 / 12.0,
    7.0 / DAYS_PER_YEAR,
    1.0 / DAYS_PER_YEAR,
    1.0 / (24 * DAYS_PER_YEAR),
    1.0 / (24 * 60 * DAYS_PER_YEAR),
    1.0 / (24 * 3600 * DAYS_PER_YEAR),
)


def duration_years(duration: str) -> float:
    """Years of an ISO 8601 duration such as `P3Y6M`, `P2W` or `P0.5Y`. Raises CaseError unless 0 to 120 years."""
    if duration.startswith("-"):
        raise CaseError("an age is negative", repair="give the age as a duration since birth, such as P3Y6M")
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise CaseError("an age is not an ISO 8601 duration", repair="write it like P3Y6M, P2W or P10D")
    years = sum(
        float(part.replace(",", ".")) * unit for part, unit in zip(found.groups(), _YEARS_PER_UNIT, strict=True) if part
    )
    if years > MAX_AGE_YEARS:
        raise CaseError(f"an age is over {MAX_AGE_YEARS:.0f} years", repair="check the number and its unit")
    return years


@dataclass(frozen=True, slots=True)
class Age:
    """An age since birth, as ISO 8601 duration."""

    iso8601duration: str

    def __post_init__(self) -> None:
        duration_years(self.iso8601duration)

    @classmethod
    def of_years(cls, years: float) -> Age:
        """The age of so many years (to the day)."""
        if not 0.0 <= years <= MAX_AGE_YEARS:  # also false for NaN
            raise CaseError(f"an age of {years} years", repair=f"give an age between 0 and {MAX_AGE_YEARS:.0f} years")
        whole = int(years)
        days = int((years - whole) * DAYS_PER_YEAR)
        return cls(f"P{whole}Y{days}D" if days else f"P{whole}Y")

    def years(self) -> float | None:
        """The age in years."""
        return duration_years(self.iso8601duration)


@dataclass(frozen=True, slots=True)
class AgeRange:
    """An age that lies between two ages, both included."""

    start: Age
    end: Age

    def __post_init__(self) -> None:
        if duration_years(self.start.iso8601duration) > duration_years(self.end.iso8601duration):
            raise CaseError("an age range ends before it starts", repair="exchange its start and its end")

    def years(self) -> float | None:
        """The middle of the range, in years."""
        return (duration_years(self.start.iso8601duration) + duration_years(self.end.iso8601duration)) / 2


@dataclass(frozen=True, slots=True)
class OnsetClass:
    """A time said as a concept, mostly an HPO onset term."""

    term: OntologyClass

    def years(self) -> float | None:
        """None: what an onset term means in years is for whoever holds the ontology."""
        return None


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A point in time, as RFC 3339 text (`2014-05-01T00:00:00Z`)."""

    text: str

    def __post_init__(self) -> None:
        self.moment()

    def moment(self) -> datetime:
        """The point in time, to the microsecond; a text without zone is read as UTC."""
        try:
            moment = datetime.fromisoformat(self.text)
        except ValueError:
            raise CaseError("a point in time is not RFC 3339", repair="write it like 2014-05-01T00:00:00Z") from None
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)

    def years(self) -> float | None:
        """None: a point in time is no age; `Subject.age_years` subtracts the date of birth where it is known."""
        return None


@dataclass(frozen=True, slots=True)
class Interval:
    """The time between two points; either may be missing."""

    start: Timestamp | None = None
    end: Timestamp | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.start.moment() > self.end.moment():
            raise CaseError("an interval ends before it starts", repair="exchange its start and its end")

    def years(self) -> float | None:
        """None: points in time are no age."""
        return None


@dataclass(frozen=True, slots=True)
class GestationalAge:
    """Completed weeks and days of pregnancy."""

    weeks: int
    days: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.weeks <= MAX_GESTATION_WEEKS or not 0 <= self.days <= 6:
            raise CaseError(
                "a gestational age outside pregnancy", repair=f"give 0 to {MAX_GESTATION_WEEKS} weeks and 0 to 6 days"
            )

    def years(self) -> float | None:
        """None: weeks of pregnancy are not an age."""
        return None


TimeElement = Age | AgeRange | OnsetClass | Timestamp | Interval | GestationalAge


def earlier(one: TimeElement | None, other: TimeElement | None) -> TimeElement | None:
    """The earlier of two times where both can be compared; otherwise the more definite, and the first of equals."""
    if one is None or other is None:
        return one if other is None else other
    before, after = one.years(), other.years()
    if before is not None and after is not None:
        return one if before <= after else other
    if isinstance(one, Timestamp) and isinstance(other, Timestamp):
        return one if one.moment() <= other.moment() else other
    return other if before is None and after is not None else one
