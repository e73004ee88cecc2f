"""How much a disclosure points to one person: of the cases of one clinic, how many fit everything that is disclosed.

The count is for whoever decides about sending, and never leaves itself. It is about this clinic alone: beside it
stands how often a disclosure of that shape fitted nobody else among published patients. Fitting nobody else here says
that somebody stands alone; fitting many says little, because who looks may know more than what was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hoofbeat.cases.case import AttributeKind, Case
from hoofbeat.cases.subject import Sex
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.network.disclosed_case import MOST_INFORMATIVE, age_band

# Network specification, section 2: measured on 5,608 published patients with at least 3 findings, HPO 2025-01-16.
BASE_PATIENTS = 5_608
BASE_RELEASE = "2025-01-16"
BASE_LEAST_FINDINGS = 3


class Shape(StrEnum):
    """Which findings of a person are disclosed, as far as somebody has measured what that means."""

    ALL = "all findings"
    FIVE = "the 5 most informative"
    THREE = "the 3 most informative"
    ANY_THREE = "3 random"
    RAISED_20 = "the 3 most informative, raised to ancestors that 20 patients have"
    RAISED_100 = "the 3 most informative, raised to ancestors that 100 patients have"


@dataclass(frozen=True, slots=True)
class BaseRate:
    """Of published patients, the share whose findings, disclosed in this shape, fitted nobody else, or under 5."""

    alone: float
    under_five: float


BASE_RATES: Mapping[Shape, BaseRate] = {
    Shape.ALL: BaseRate(0.66, 0.83),
    Shape.FIVE: BaseRate(0.55, 0.78),
    Shape.THREE: BaseRate(0.43, 0.67),
    Shape.ANY_THREE: BaseRate(0.31, 0.55),
    Shape.RAISED_20: BaseRate(0.30, 0.55),
    Shape.RAISED_100: BaseRate(0.11, 0.28),
}
FEW = 3  # findings in the shapes that say few
RAISED = ((100, Shape.RAISED_100), (20, Shape.RAISED_20))


class Amplifier(StrEnum):
    """What points to one person far more than findings do, and is in no count here."""

    VARIANT = "exact variant"
    FAMILY = "family structure"


@dataclass(frozen=True, slots=True)
class Risk:
    """Of `among` cases, `fitting` fit all that is disclosed, the disclosed one included."""

    fitting: int
    among: int
    shape: Shape | None
    amplifiers: tuple[Amplifier, ...]

    def __post_init__(self) -> None:
        if not 1 <= self.fitting <= self.among:
            raise ValueError("the disclosed case is among those that fit, and they are among all")

    @property
    def stands_alone(self) -> bool:
        """Whether nobody else here fits."""
        return self.fitting == 1

    @property
    def base_rate(self) -> BaseRate | None:
        """What was measured for this shape; None where nobody has."""
        return BASE_RATES[self.shape] if self.shape is not None else None


def risk(
    disclosed: Case, case: Case, others: Iterable[Case], *, ontology: Ontology, informs: Callable[[str], float]
) -> Risk:
    """The risk of sending `disclosed`, made from `case`, in a clinic whose other cases are `others`.

    A case fits where each disclosed finding, or one below it, is observed in it, none that is disclosed as excluded is,
    and sex and age band are the same. What is not known of somebody fits nothing that is disclosed: nobody hides behind
    a gap. Findings must be terms of the ontology.
    """
    cases = list(others)
    fitting = set(range(len(cases)))
    least_held = 0
    if disclosed.observed or disclosed.excluded:
        held_by = holders(cases, ontology)
        for finding in disclosed.observed:
            fitting &= held_by.get(ontology.index(finding), set())
        held = (1 + len(held_by.get(ontology.index(finding), ())) for finding in disclosed.observed)
        least_held = min(held, default=0)
        own = holders([disclosed], ontology)
        # What is excluded and observed at once, which a record may hold, tells nobody apart.
        for finding in (one for one in disclosed.excluded if ontology.index(one) not in own):
            fitting -= held_by.get(ontology.index(finding), set())
    sex, band = disclosed.sex, disclosed.subject.time_at_last_encounter
    alike = sum(
        (sex is Sex.UNKNOWN or cases[one].sex is sex)
        and (band is None or age_band(cases[one].subject.time_at_last_encounter) == band)
        for one in fitting
    )
    return Risk(
        fitting=1 + alike,
        among=1 + len(cases),
        shape=_shape(disclosed, case, informs, ontology, least_held),
        amplifiers=_amplifiers(disclosed),
    )


def holders(cases: list[Case], ontology: Ontology) -> dict[int, set[int]]:
    """For each term the cases in which it, or a term below it, is observed."""
    held_by: dict[int, set[int]] = {}
    for number, case in enumerate(cases):
        for finding in case.observed:
            for term in ontology.ancestors[ontology.index(finding)].tolist():
                held_by.setdefault(term, set()).add(number)
    return held_by


def _shape(
    disclosed: Case, case: Case, informs: Callable[[str], float], ontology: Ontology, least_held: int
) -> Shape | None:
    """The measured shape of a disclosure. `least_held`: how many cases hold the rarest of what is disclosed."""
    said, known = set(disclosed.observed), case.observed
    if len(known) < BASE_LEAST_FINDINGS or not said:
        return None
    if said == set(known):
        return Shape.ALL
    telling = sorted(known, key=lambda one: (-informs(one), one))
    for shape, most in ((Shape.FIVE, MOST_INFORMATIVE), (Shape.THREE, FEW)):
        if said == set(telling[:most]):
            return shape
    if said < set(known):
        return Shape.ANY_THREE if len(said) == FEW else None
    if _is_raised(said, telling[:FEW], ontology):
        return next((shape for least, shape in RAISED if least_held >= least), None)
    return None


def _is_raised(said: set[str], telling: list[str], ontology: Ontology) -> bool:
    """Whether each finding is said by itself or an ancestor of it, and nothing else is said."""
    above = [{one for one in said if ontology.is_a(ontology.index(own), ontology.index(one))} for own in telling]
    return all(above) and set.union(*above) == said and len(said) <= len(telling)


def _amplifiers(disclosed: Case) -> tuple[Amplifier, ...]:
    found = []
    if disclosed.reported != Case(id="nobody").reported:
        found.append(Amplifier.VARIANT)
    if disclosed.family is not None or any(one.kind is AttributeKind.INHERITANCE for one in disclosed.attributes):
        found.append(Amplifier.FAMILY)
    return tuple(found)
