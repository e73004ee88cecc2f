"""The person a case is about: sex, age, life, and the identifiers that stay at the site."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from hoofbeat.cases.errors import CaseError
from hoofbeat.cases.ontology_class import OntologyClass
from hoofbeat.cases.time_element import DAYS_PER_YEAR, TimeElement, Timestamp

HUMAN = "NCBITaxon:9606"


class Sex(StrEnum):
    """Sex as observed; not the gender, which is said apart."""

    UNKNOWN = "unknown"
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"

    @classmethod
    def of(cls, text: str) -> Sex:
        """The sex that a word or letter means (`female`, `F`, `UNKNOWN_SEX`). Raises CaseError on another."""
        word = text.strip().lower().removesuffix("_sex")
        for sex in cls:
            if word in (sex.value, sex.value[0]):
                return sex
        raise CaseError("not a sex", repair="give female, male, other or unknown")


class KaryotypicSex(StrEnum):
    """The sex chromosomes."""

    UNKNOWN = "UNKNOWN_KARYOTYPE"
    XX = "XX"
    XY = "XY"
    XO = "XO"
    XXY = "XXY"
    XXX = "XXX"
    XXYY = "XXYY"
    XXXY = "XXXY"
    XXXX = "XXXX"
    XYY = "XYY"
    OTHER = "OTHER_KARYOTYPE"


class VitalState(StrEnum):
    """Whether the person lives."""

    UNKNOWN = "UNKNOWN_STATUS"
    ALIVE = "ALIVE"
    DECEASED = "DECEASED"


@dataclass(frozen=True, slots=True)
class VitalStatus:
    """Alive or deceased, when, of what, and how many days after diagnosis."""

    status: VitalState
    time_of_death: TimeElement | None = None
    cause_of_death: OntologyClass | None = None
    survival_time_in_days: int | None = None

    def __post_init__(self) -> None:
        if self.survival_time_in_days is not None and self.survival_time_in_days < 0:
            raise CaseError("a survival time is negative", repair="give days after the diagnosis")


@dataclass(frozen=True, slots=True)
class Subject:
    """The person. `id`, `alternate_ids` and `date_of_birth` identify somebody: they stay at the site."""

    id: str = ""
    sex: Sex = Sex.UNKNOWN
    karyotypic_sex: KaryotypicSex = KaryotypicSex.UNKNOWN
    gender: OntologyClass | None = None
    time_at_last_encounter: TimeElement | None = None
    vital_status: VitalStatus | None = None
    alternate_ids: tuple[str, ...] = field(default=(), repr=False)
    date_of_birth: Timestamp | None = field(default=None, repr=False)
    taxonomy: OntologyClass | None = None

    def __post_init__(self) -> None:
        if self.taxonomy is not None and self.taxonomy.id != HUMAN:
            raise CaseError("the subject is not human", repair="give cases of people only")

    @property
    def age_years(self) -> float | None:
        """Age at the last encounter in years, counted from birth where the encounter is a date; None when unknown."""
        seen = self.time_at_last_encounter
        if isinstance(seen, Timestamp) and self.date_of_birth is not None:
            days = (seen.moment() - self.date_of_birth.moment()).total_seconds() / 86400
            return days / DAYS_PER_YEAR if days >= 0 else None
        return None if seen is None else seen.years()
