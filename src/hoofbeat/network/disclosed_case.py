"""What is left of a case at a level of detail. It is built up from what may be said, never cut down from what is known.

Names, dates of birth, identifiers, free text and dates finer than a year have no place in what is built, so that a
field added to `Case` tomorrow stays here until somebody decides otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hoofbeat.cases.case import AttributeKind, Case
from hoofbeat.cases.finding import Finding, FindingState
from hoofbeat.cases.ontology_class import OntologyClass
from hoofbeat.cases.subject import Subject
from hoofbeat.cases.time_element import Age, AgeRange, OnsetClass, TimeElement
from hoofbeat.network.gate import Detail

MOST_INFORMATIVE = 5  # network specification, section 2: level 3 says gene and five findings
AGE_BAND_YEARS = 10  # ours: a decade, so that an age alone singles nobody out
OLDEST_BAND = 90
_SAID = (FindingState.OBSERVED, FindingState.EXCLUDED)
_YEARS = re.compile(r"P(\d+)Y")
_ABOUT_THE_CASE = (AttributeKind.INHERITANCE, AttributeKind.ONSET)


def disclosed_case(case: Case, detail: Detail, *, pseudonym: str, informs: Callable[[str], float]) -> Case:
    """The case as a recipient may see it. `informs` says how much a finding tells, for choosing five of them."""
    wide = detail >= Detail.BACKGROUND
    return Case(
        id=pseudonym,
        subject=Subject(
            id=pseudonym,
            sex=case.subject.sex,
            time_at_last_encounter=_band(case.subject.time_at_last_encounter),
        )
        if wide
        else Subject(id=pseudonym),
        findings=_findings(case, detail, informs),
        attributes=tuple(one for one in case.attributes if one.kind in _ABOUT_THE_CASE) if wide else (),
    )


def _findings(case: Case, detail: Detail, informs: Callable[[str], float]) -> tuple[Finding, ...]:
    if detail < Detail.FIVE_FINDINGS:
        return ()
    said = [one for one in case.findings if one.state in _SAID]
    if detail == Detail.FIVE_FINDINGS:
        observed = [one for one in said if one.state is FindingState.OBSERVED]
        said = sorted(observed, key=lambda one: (-informs(one.id), one.id))[:MOST_INFORMATIVE]
    wide = detail >= Detail.BACKGROUND
    # Labels come from the release when it is written: a label could be somebody's own words.
    return tuple(
        Finding(
            id=one.id,
            state=one.state,
            onset=_whole_years(one.onset) if wide else None,
            severity=OntologyClass(one.severity.id, "") if wide and one.severity else None,
        )
        for one in sorted(said, key=lambda one: one.id)
    )


def _whole_years(onset: TimeElement | None) -> TimeElement | None:
    if isinstance(onset, OnsetClass):
        return OnsetClass(OntologyClass(onset.term.id, ""))
    if isinstance(onset, Age):
        return Age(f"P{_years_of(onset)}Y")
    return None


def _band(age: TimeElement | None) -> AgeRange | None:
    if not isinstance(age, Age):
        return None
    first = min(_years_of(age) // AGE_BAND_YEARS * AGE_BAND_YEARS, OLDEST_BAND)
    last = first + AGE_BAND_YEARS if first < OLDEST_BAND else 120
    return AgeRange(Age(f"P{first}Y"), Age(f"P{last}Y"))


def _years_of(age: Age) -> int:
    found = _YEARS.match(age.iso8601duration)
    return int(found.group(1)) if found else 0
