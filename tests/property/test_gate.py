"""What must hold of the gate whatever was agreed, and of what is left of a case at each level of detail."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hoofbeat.cases.case import Attribute, AttributeKind, Case
from hoofbeat.cases.finding import Finding, FindingState
from hoofbeat.cases.subject import Sex, Subject
from hoofbeat.cases.time_element import Age, AgeRange
from hoofbeat.network.disclosed_case import MOST_INFORMATIVE, disclosed_case
from hoofbeat.network.gate import THE_PATIENT, Allow, Consent, Deny, Detail, Purpose, Reason, Reduce, decide

TODAY = date(2026, 11, 22)
SHARED = [purpose for purpose in Purpose if purpose is not Purpose.OWN_COPY]
PURPOSES = st.sampled_from(SHARED)
RECIPIENTS = st.sampled_from(["agreement:network", "public", "named:Node B"])
LEVELS = st.sampled_from([level for level in Detail if level is not Detail.EVERYTHING])
DAYS = st.integers(-900, 900).map(lambda days: TODAY + timedelta(days=days))


@st.composite
def consents(draw: st.DrawFn) -> list[Consent]:
    return [
        Consent(
            str(number), draw(PURPOSES), draw(RECIPIENTS), draw(LEVELS), draw(DAYS), draw(DAYS), draw(st.booleans())
        )
        for number in range(draw(st.integers(0, 6)))
    ]


def reach(found: object) -> int:
    """The level that a decision lets out."""
    if isinstance(found, Allow):
        return found.detail
    return found.to if isinstance(found, Reduce) else 0


@given(purpose=PURPOSES, recipient=RECIPIENTS, detail=st.sampled_from(Detail), on=DAYS)
def test_without_a_consent_nothing_leaves(purpose: Purpose, recipient: str, detail: Detail, on: date) -> None:
    assert decide([], purpose, recipient, detail, on) == Deny(Reason.NEVER_GIVEN)


@given(given_=consents(), purpose=PURPOSES, recipient=RECIPIENTS, detail=st.sampled_from(Detail), on=DAYS)
def test_what_leaves_was_agreed_to_for_this_purpose_recipient_and_day(
    given_: list[Consent], purpose: Purpose, recipient: str, detail: Detail, on: date
) -> None:
    found = decide(given_, purpose, recipient, detail, on)
    if isinstance(found, Deny):
        return
    (used,) = [one for one in given_ if one.key == found.consent]
    assert (used.purpose, used.recipient) == (purpose, recipient)
    assert used.start <= on < used.end
    assert not used.withdrawn
    assert reach(found) <= min(used.detail, detail)
    assert reach(found) < Detail.EVERYTHING


@given(given_=consents(), purpose=PURPOSES, recipient=RECIPIENTS, detail=LEVELS, on=DAYS, at=st.integers(0, 5))
def test_withdrawing_or_forgetting_a_consent_never_lets_more_out(
    given_: list[Consent], purpose: Purpose, recipient: str, detail: Detail, on: date, at: int
) -> None:
    before = reach(decide(given_, purpose, recipient, detail, on))
    fewer = given_[:at] + given_[at + 1 :]
    withdrawn = [
        Consent(one.key, one.purpose, one.recipient, one.detail, one.start, one.end, True) if number == at else one
        for number, one in enumerate(given_)
    ]
    assert reach(decide(fewer, purpose, recipient, detail, on)) <= before
    assert decide(withdrawn, purpose, recipient, detail, on) == decide(withdrawn[::-1], purpose, recipient, detail, on)
    assert reach(decide(withdrawn, purpose, recipient, detail, on)) <= before


@given(given_=consents(), purpose=PURPOSES, recipient=RECIPIENTS, on=DAYS)
def test_asking_for_less_is_always_allowed_where_more_was(
    given_: list[Consent], purpose: Purpose, recipient: str, on: date
) -> None:
    most = reach(decide(given_, purpose, recipient, Detail.VARIANT, on))
    for level in Detail:
        assert reach(decide(given_, purpose, recipient, level, on)) == (min(level, most) if most else 0)


@given(given_=consents(), recipient=RECIPIENTS, detail=st.sampled_from(Detail), on=DAYS)
def test_the_patients_own_copy_needs_no_consent_and_goes_to_nobody_else(
    given_: list[Consent], recipient: str, detail: Detail, on: date
) -> None:
    assert decide(given_, Purpose.OWN_COPY, THE_PATIENT, detail, on) == Allow(detail, None)
    assert decide(given_, Purpose.OWN_COPY, recipient, detail, on) == Deny(Reason.NOT_THE_PATIENT)


CANARY = "Mira Example 2019-05-04"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    numbers = draw(st.lists(st.integers(1, 9999), unique=True, max_size=12))
    return Case(
        id=CANARY,
        subject=Subject(
            id=CANARY,
            sex=Sex.FEMALE,
            time_at_last_encounter=Age(f"P{draw(st.integers(0, 110))}Y{draw(st.integers(0, 11))}M"),
        ),
        findings=tuple(
            Finding(
                id=f"HP:{number:07d}",
                label=CANARY,
                state=draw(st.sampled_from(FindingState)),
                description=CANARY,
                given_label=CANARY,
                onset=Age(f"P{draw(st.integers(0, 60))}Y{draw(st.integers(0, 11))}M"),
            )
            for number in numbers
        ),
        attributes=(Attribute(AttributeKind.INHERITANCE, "HP:0000006"),),
    )


@given(case=cases(), detail=st.sampled_from(Detail))
def test_names_words_and_exact_ages_are_in_no_level(case: Case, detail: Detail) -> None:
    left = disclosed_case(case, detail, pseudonym="abc", informs=lambda hpo: 1.0)
    assert CANARY not in repr(left)
    assert all(CANARY not in one.label for one in left.findings)
    assert left.id == left.subject.id == "abc"
    for one in left.findings:
        assert one.onset is None or one.onset == Age(f"P{int(one.onset.iso8601duration[1:-1])}Y")  # type: ignore[union-attr]
    age = left.subject.time_at_last_encounter
    assert age is None or isinstance(age, AgeRange)


@given(case=cases())
def test_each_level_says_what_the_one_before_says_and_more(case: Case) -> None:
    said = [
        {
            (one.id, one.state)
            for one in disclosed_case(case, level, pseudonym="x", informs=lambda hpo: float(hpo[-4:])).findings
        }
        for level in Detail
    ]
    for less, more in pairwise(said):
        assert less <= more
    assert not said[Detail.GENE - 1]
    assert len(said[Detail.FIVE_FINDINGS - 1]) <= MOST_INFORMATIVE


@given(case=cases())
def test_sex_age_and_inheritance_come_with_level_five_and_not_before(case: Case) -> None:
    def left(level: Detail) -> Case:
        return disclosed_case(case, level, pseudonym="x", informs=lambda hpo: 1.0)

    assert left(Detail.FINDINGS).subject == Subject(id="x")
    assert not left(Detail.FINDINGS).attributes
    assert left(Detail.BACKGROUND).subject.sex is Sex.FEMALE
    assert left(Detail.BACKGROUND).attributes


def test_five_findings_are_those_that_tell_the_most() -> None:
    case = Case.of(observed=[f"HP:000000{n}" for n in range(1, 9)], excluded=["HP:0000009"])
    left = disclosed_case(case, Detail.FIVE_FINDINGS, pseudonym="x", informs=lambda hpo: float(hpo[-1]))
    assert [one.id[-1] for one in left.findings] == ["4", "5", "6", "7", "8"]
