"""How often a finding is seen in a disease, as an annotation states it: counts, a percentage, a band, or not at all.

What is stated is kept unaltered here; turning it into a probability is the model's business. Bands are intervals and
are never rounded to a count: "very rare" is not 0 of 5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache


class FrequencyKind(IntEnum):
    """The kinds of statement, as they are numbered in the knowledge file."""

    UNKNOWN = 0
    COUNTS = 1
    PERCENT = 2
    BAND = 3


@dataclass(frozen=True, slots=True)
class Unknown:
    """No frequency is stated."""

    kind = FrequencyKind.UNKNOWN

    def text(self) -> str:
        """As shown to people."""
        return "not stated"


@dataclass(frozen=True, slots=True)
class Counts:
    """`n` of `m` patients had it; 0 <= n <= m, m >= 1."""

    n: int
    m: int

    kind = FrequencyKind.COUNTS

    def __post_init__(self) -> None:
        if not 0 <= self.n <= self.m or self.m == 0:
            raise ValueError(f"{self.n}/{self.m} is not a count of patients")

    def text(self) -> str:
        """As shown to people: `124/197`."""
        return f"{self.n}/{self.m}"


@dataclass(frozen=True, slots=True)
class Percent:
    """A share of patients, 0..1, without the number it was taken from."""

    share: float

    kind = FrequencyKind.PERCENT

    def __post_init__(self) -> None:
        if not 0.0 <= self.share <= 1.0:
            raise ValueError(f"{self.share} is not a share")

    def text(self) -> str:
        """As shown to people: `45 %`."""
        return f"{self.share * 100:.4g} %"


@dataclass(frozen=True, slots=True)
class Band:
    """A frequency term of HPO: somewhere from `low` to `high`, shares 0..1."""

    id: str
    name: str
    low: float
    high: float

    kind = FrequencyKind.BAND

    def text(self) -> str:
        """As shown to people: `very frequent (80-99 %)`."""
        low, high = round(self.low * 100), round(self.high * 100)
        return f"{self.name} ({low} %)" if low == high else f"{self.name} ({low}-{high} %)"


StatedFrequency = Unknown | Counts | Percent | Band

UNKNOWN = Unknown()

# The limits are those in the definitions of the terms in hp.obo. (Orphanet's "very rare" is "less than 4-1 %".)
BANDS = {
    band.id: band
    for band in (
        Band("HP:0040280", "obligate", 1.0, 1.0),
        Band("HP:0040281", "very frequent", 0.80, 0.99),
        Band("HP:0040282", "frequent", 0.30, 0.79),
        Band("HP:0040283", "occasional", 0.05, 0.29),
        Band("HP:0040284", "very rare", 0.01, 0.04),
        Band("HP:0040285", "excluded", 0.0, 0.0),
    )
}
_BAND_BY_LIMITS = {(band.low, band.high): band for band in BANDS.values()}

_COUNTS = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})")
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*%")


@lru_cache(maxsize=8192)
def parse_frequency(text: str) -> StatedFrequency:
    """Read the frequency column of phenotype.hpoa: empty, `n/m`, a percentage, or the id of a band.

    Raises ValueError saying what is wrong: n > m, 0/0, more than 100 %, or something else altogether.
    """
    text = text.strip()
    if text in {"", "-"}:
        return UNKNOWN
    if text in BANDS:
        return BANDS[text]
    if found := _COUNTS.fullmatch(text):
        n, m = int(found.group(1)), int(found.group(2))
        if m == 0:
            raise ValueError(f"{text}: a share of nobody")
        if n > m:
            raise ValueError(f"{text}: more patients with the finding than patients")
        return Counts(n, m)
    if found := _PERCENT.fullmatch(text):
        share = float(Decimal(found.group(1).replace(",", ".")).scaleb(-2))
        if share > 1:
            raise ValueError(f"{text}: more than all patients")
        return Percent(share)
    raise ValueError(f"{text}: neither n/m, a percentage, nor a frequency term")


def limits(frequency: StatedFrequency) -> tuple[float, float]:
    """Lowest and highest share stated: a band's limits, a percentage or a count twice, 0 and 1 where unknown."""
    if isinstance(frequency, Band):
        return frequency.low, frequency.high
    if isinstance(frequency, Percent):
        return frequency.share, frequency.share
    if isinstance(frequency, Counts):
        return frequency.n / frequency.m, frequency.n / frequency.m
    return 0.0, 1.0


def from_columns(kind: int, n: int, m: int, low: float, high: float) -> StatedFrequency:
    """The inverse of storing kind, counts and limits in columns. Raises ValueError for limits of no band."""
    if kind == FrequencyKind.COUNTS:
        return Counts(n, m)
    if kind == FrequencyKind.PERCENT:
        return Percent(low)
    if kind == FrequencyKind.BAND:
        if (low, high) not in _BAND_BY_LIMITS:
            raise ValueError(f"no frequency term has the limits {low}-{high}")
        return _BAND_BY_LIMITS[low, high]
    return UNKNOWN
