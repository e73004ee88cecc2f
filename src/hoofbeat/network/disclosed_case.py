"""What is left of a case at a level of detail. It is built up from what may be said, never cut down from what is known.

Names, dates of birth, identifiers, free text and dates finer than a year have no place in what is built, so that a
field added to `Case` tomorrow stays here until somebody decides otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import replace

from hoofbeat.cases.case import AttributeKind, Case
from hoofbeat.cases.finding import Finding, FindingState
from hoofbeat.cases.ontology_class import OntologyClass
from hoofbeat.cases.subject import Sex, Subject
from hoofbeat.cases.time_element import Age, AgeRange, OnsetClass, TimeElement
from hoofbeat.network.gate import Detail, Part

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
            time_at_last_encounter=age_band(case.subject.time_at_last_encounter),
        )
        if wide
        else Subject(id=pseudonym),
        findings=_findings(case, detail, informs),
        attributes=tuple(one for one in case.attributes if one.kind in _ABOUT_THE_CASE) if wide else (),
    )


def parts_of(disclosed: Case) -> tuple[str, ...]:
    """What a disclosure says, piece by piece, so that each can be left out."""
    told = {
        Part.SEX: disclosed.sex is not Sex.UNKNOWN,
        Part.AGE: disclosed.subject.time_at_last_encounter is not None,
        Part.FINDING_ONSET: any(one.onset is not None for one in disclosed.findings),
        Part.ATTRIBUTES: bool(disclosed.attributes),
    }
    return (*(one.id for one in disclosed.findings), *(part.value for part, is_told in told.items() if is_told))


def without_parts(disclosed: Case, left_out: Set[str]) -> Case:
    """The disclosure without some of its parts: never more than before. What it does not hold is ignored."""
    subject, kept = disclosed.subject, [one for one in disclosed.findings if one.id not in left_out]
    if Part.SEX in left_out:
        subject = replace(subject, sex=Sex.UNKNOWN)
    if Part.AGE in left_out:
        subject = replace(subject, time_at_last_encounter=None)
    if Part.FINDING_ONSET in left_out:
        kept = [replace(one, onset=None) for one in kept]
    attributes = () if Part.ATTRIBUTES in left_out else disclosed.attributes
    return replace(disclosed, subject=subject, findings=tuple(kept), attributes=attributes)


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
            asked=wide and one.asked and one.is_excluded,  # only an exclusion counts differently for it
        )
        for one in sorted(said, key=lambda one: one.id)
    )


def _whole_years(onset: TimeElement | None) -> TimeElement | None:
    if isinstance(onset, OnsetClass):
        return OnsetClass(OntologyClass(onset.term.id, ""))
    if isinstance(onset, Age):
        return Age(f"P{_years_of(onset)}Y")
    return None


def age_band(age: TimeElement | None) -> AgeRange | None:
    """The decade that an age lies in; None where no age is known."""
    if not isinstance(age, Age):
        return None
    first = min(_years_of(age) // AGE_BAND_YEARS * AGE_BAND_YEARS, OLDEST_BAND)
    last = first + AGE_BAND_YEARS if first < OLDEST_BAND else 120
    return AgeRange(Age(f"P{first}Y"), Age(f"P{last}Y"))


def _years_of(age: Age) -> int:
    found = _YEARS.match(age.iso8601duration)
    return int(found.group(1)) if found else 0
