"""Ages at onset in eight bands, as HPO's onset terms draw them: what the case library counts and the onset model
compares.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import IntEnum


class OnsetBand(IntEnum):
    """When a disease first shows, as numbered in files. The members' comments name the HPO term of each band."""

    CONGENITAL = 0  # HP:0030674 Antenatal onset, HP:0003577 Congenital onset: before or at birth
    NEONATAL = 1  # HP:0003623: within the first 28 days
    INFANTILE = 2  # HP:0003593: 28 days to 1 year
    CHILDHOOD = 3  # HP:0011463: 1 to 5 years
    JUVENILE = 4  # HP:0003621: 5 to 15 years
    YOUNG_ADULT = 5  # HP:0011462: 16 to 40 years
    MIDDLE_AGE = 6  # HP:0003596: 40 to 60 years
    LATE = 7  # HP:0003584: after 60 years


BAND_COUNT = len(OnsetBand)

# The definitions of the terms above (HPO 2025-01-16). Juvenile onset ends with the year called 15, so at 16.
BAND_STARTS_YEARS = (28 / 365.25, 1.0, 5.0, 16.0, 40.0, 60.0)

# Terms of HPO's branch "Onset" and the one band each lies in. Adult onset (HP:0003581), pediatric onset (HP:0410280),
# puerpural onset (HP:4000040) and the two around menopause span several bands and so mean none.
_BAND_OF_TERM = {
    "HP:0030674": OnsetBand.CONGENITAL,
    "HP:0011460": OnsetBand.CONGENITAL,  # Embryonal onset
    "HP:0011461": OnsetBand.CONGENITAL,  # Fetal onset
    "HP:0034199": OnsetBand.CONGENITAL,  # Late first trimester onset
    "HP:0034198": OnsetBand.CONGENITAL,  # Second trimester onset
    "HP:0034197": OnsetBand.CONGENITAL,  # Third trimester onset
    "HP:0003577": OnsetBand.CONGENITAL,
    "HP:0003623": OnsetBand.NEONATAL,
    "HP:0003593": OnsetBand.INFANTILE,
    "HP:0011463": OnsetBand.CHILDHOOD,
    "HP:0003621": OnsetBand.JUVENILE,
    "HP:0011462": OnsetBand.YOUNG_ADULT,
    "HP:0025708": OnsetBand.YOUNG_ADULT,  # Early young adult onset
    "HP:0025709": OnsetBand.YOUNG_ADULT,  # Intermediate young adult onset
    "HP:0025710": OnsetBand.YOUNG_ADULT,  # Late young adult onset
    "HP:0003596": OnsetBand.MIDDLE_AGE,
    "HP:0003584": OnsetBand.LATE,
}


def band_of_age(years: float) -> OnsetBand:
    """The band of an age since birth, in years; 0 is birth itself, so congenital. An edge belongs to the later band.

    Raises ValueError for an age below 0 or NaN.

    >>> band_of_age(0.5).name, band_of_age(5).name
    ('INFANTILE', 'JUVENILE')
    """
    if not years >= 0:
        raise ValueError(f"an age of {years} years")
    if years == 0:
        return OnsetBand.CONGENITAL
    return OnsetBand(OnsetBand.NEONATAL + bisect_right(BAND_STARTS_YEARS, years))


def band_of_term(identifier: str) -> OnsetBand | None:
    """The band that an HPO onset term lies in; None for a term that spans several, or is no onset term."""
    return _BAND_OF_TERM.get(identifier)
