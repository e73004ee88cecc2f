"""Cases check themselves: what they accept, what they refuse, and what they answer."""

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from hoofbeat.cases import (
    Age,
    AgeRange,
    Case,
    CaseError,
    ExternalReference,
    Finding,
    FindingState,
    GestationalAge,
    Interpretation,
    Interval,
    OnsetClass,
    OntologyClass,
    ProgressStatus,
    Provenance,
    Quantity,
    Reported,
    ReportedDisease,
    Sex,
    Subject,
    TimeElement,
    Timestamp,
)
from hoofbeat.cases.time_element import earlier


@pytest.mark.parametrize(
    ("duration", "years"),
    [
        ("P3Y", 3.0),
        ("P3Y6M", 3.5),
        ("P18M", 1.5),
        ("P0D", 0.0),
        ("P0.5Y", 0.5),
        ("P120Y", 120.0),
        ("PT24H", 1 / 365.25),
    ],
)
def test_an_age_in_years(duration: str, years: float) -> None:
    assert Age(duration).years() == pytest.approx(years)


def test_weeks_are_seven_days() -> None:
    assert Age("P2W").years() == Age("P14D").years()


@pytest.mark.parametrize(
    "duration", ["", "P", "PT", "3Y", "-P3Y", "P-3Y", "P121Y", "P3Y4", "P1Y\n", "P٣Y", "P9999999Y", "p3y"]
)
def test_a_wrong_age_is_refused(duration: str) -> None:
    with pytest.raises(CaseError):
        Age(duration)


@pytest.mark.parametrize(
    ("time", "years"),
    [
        (AgeRange(Age("P2Y"), Age("P4Y")), 3.0),
        (GestationalAge(32, 4), None),
        (OnsetClass(OntologyClass("HP:0003577", "Congenital onset")), None),
        (Timestamp("2014-05-01T00:00:00Z"), None),
        (Timestamp("1970-01-02T10:17:36.000000100Z"), None),
        (Interval(Timestamp("2014-05-01T00:00:00Z"), None), None),
    ],
)
def test_only_ages_are_years(time: TimeElement, years: float | None) -> None:
    assert time.years() == years


def test_times_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(CaseError, match="ends before"):
        AgeRange(Age("P4Y"), Age("P2Y"))
    with pytest.raises(CaseError, match="ends before"):
        Interval(Timestamp("2015-01-01T00:00:00Z"), Timestamp("2014-01-01T00:00:00Z"))
    with pytest.raises(CaseError, match="pregnancy"):
        GestationalAge(60)
    with pytest.raises(CaseError, match="RFC 3339"):
        Timestamp("yesterday")


def test_the_earlier_of_two_times() -> None:
    early, late = Age("P1Y"), Age("P3Y")
    congenital = OnsetClass(OntologyClass("HP:0003577"))
    assert earlier(late, early) is early
    assert earlier(None, late) is late
    assert earlier(congenital, late) is late
    assert earlier(late, congenital) is late


def test_age_from_the_date_of_birth() -> None:
    born = Timestamp("2010-01-01T00:00:00Z")
    subject = Subject(date_of_birth=born, time_at_last_encounter=Timestamp("2014-01-01T00:00:00Z"))
    assert subject.age_years == pytest.approx(4.0, abs=0.01)
    assert Subject(date_of_birth=born).age_years is None


@pytest.mark.parametrize(
    ("text", "sex"), [("F", Sex.FEMALE), ("MALE", Sex.MALE), ("UNKNOWN_SEX", Sex.UNKNOWN), ("other", Sex.OTHER)]
)
def test_a_sex_is_read_from_its_word(text: str, sex: Sex) -> None:
    assert Sex.of(text) is sex


def test_another_word_is_no_sex() -> None:
    with pytest.raises(CaseError):
        Sex.of("yes")


def test_a_case_of_identifiers() -> None:
    case = Case.of(["HP:0001166", "HP:0001083", "HP:0001166"], ["HP:0001250"], sex="female", age=3.5)
    assert case.observed == ("HP:0001166", "HP:0001083")
    assert case.excluded == ("HP:0001250",)
    assert case.sex is Sex.FEMALE
    assert case.age_years == pytest.approx(3.5, abs=0.01)


@pytest.mark.parametrize("age", [-1.0, 121.0, float("nan"), "P-3Y"])
def test_an_impossible_age_is_refused(age: float | str) -> None:
    with pytest.raises(CaseError):
        Case.of(["HP:0001166"], age=age)


@pytest.mark.parametrize(
    "identifier",
    ["", "HP:116", "hp:0001166", "HP:00011660", "MONDO:0000001", "HP:\uff10\uff10\uff10\uff11\uff11\uff16\uff16"],
)
def test_a_finding_is_an_hpo_identifier(identifier: str) -> None:
    with pytest.raises(CaseError):
        Finding(identifier)


def test_a_finding_stands_once() -> None:
    with pytest.raises(CaseError, match="both observed and excluded"):
        Case.of(["HP:0001166"], ["HP:0001166"])
    with pytest.raises(CaseError, match="twice"):
        Case("a", findings=(Finding("HP:0001166"), Finding("HP:0001166", state=FindingState.EXCLUDED)))


def test_uncertain_and_unassessed_findings_count_for_nothing() -> None:
    states = (FindingState.UNCERTAIN, FindingState.NOT_ASSESSED)
    case = Case("a", findings=tuple(Finding(f"HP:000000{i}", state=state) for i, state in enumerate(states)))
    assert case.observed == ()
    assert case.excluded == ()


def test_a_case_is_immutable_and_travels_to_other_processes() -> None:
    case = Case.of(["HP:0001166"], sex="male", age="P3Y")
    with pytest.raises(FrozenInstanceError):
        case.id = "other"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(case)) == case


def test_where_a_finding_was_written_does_not_make_it_another() -> None:
    finding = Finding("HP:0001166", label="Arachnodactyly")
    assert replace(finding, label="", given_id="HP:0001505", paths=("/phenotypicFeatures/3",)) == finding


def test_too_many_findings_are_no_case() -> None:
    with pytest.raises(CaseError, match="5,001 findings; the limit is 5,000"):
        Case.of(f"HP:{i:07d}" for i in range(5001))


def test_only_people() -> None:
    with pytest.raises(CaseError, match="not human"):
        Subject(taxonomy=OntologyClass("NCBITaxon:10090", "mouse"))


def test_only_finite_quantities() -> None:
    with pytest.raises(CaseError):
        Quantity(float("inf"))


def test_publications_are_pubmed_identifiers_each_once() -> None:
    references = (
        ExternalReference("PMID:123"),
        ExternalReference("pmid: 0123"),
        ExternalReference("", "https://pubmed.ncbi.nlm.nih.gov/456/"),
        ExternalReference("DOI:10.1/789"),
    )
    case = Case("a", provenance=Provenance(references=references))
    assert case.publications == ("PMID:123", "PMID:456")


def test_a_publication_may_stand_in_the_case_identifier() -> None:
    assert Case("PMID_28239884_Family_1_proband").publications == ("PMID:28239884",)
    assert Case("Family_1").publications == ()


def test_the_reported_diagnosis_solved_first_and_excluded_ones_not() -> None:
    marfan, other, third = (OntologyClass(identifier) for identifier in ("OMIM:154700", "OMIM:1", "OMIM:2"))
    reported = Reported(
        diseases=(ReportedDisease(other), ReportedDisease(marfan), ReportedDisease(third, excluded=True)),
        interpretations=(Interpretation("i", ProgressStatus.SOLVED, marfan),),
    )
    assert reported.solved_ids == ("OMIM:154700",)
    assert reported.disease_ids == ("OMIM:154700", "OMIM:1")
