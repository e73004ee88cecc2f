"""Findings typed as bare identifiers, on the command line or in a form, under the same rules as those of files."""

import pytest

from hoofbeat.cases import Sex
from hoofbeat.interchange.typed_findings import case_of
from tests.packets import ARACHNODACTYLY, GENERALIZED_SEIZURE, HYPERMOBILITY, ONTOLOGY, SEIZURE, UNKNOWN


def test_identifiers_become_a_case() -> None:
    imported = case_of([ARACHNODACTYLY, " HP:0001388 "], [SEIZURE], ontology=ONTOLOGY, sex="f", age="P3Y")
    (case,) = imported.cases
    assert (case.observed, case.excluded) == ((ARACHNODACTYLY, HYPERMOBILITY), (SEIZURE,))
    assert (case.sex, case.age_years) == (Sex.FEMALE, 3.0)
    assert case.findings[0].label == "Arachnodactyly"
    assert imported.report.counts == (("hpo-replaced", 1),)


def test_what_was_asked_in_this_person_is_told_from_what_is_listed() -> None:
    imported = case_of([ARACHNODACTYLY], [SEIZURE], [SEIZURE, HYPERMOBILITY, UNKNOWN], ontology=ONTOLOGY)
    (case,) = imported.cases
    assert {one.id: one.asked for one in case.findings if one.is_excluded} == {SEIZURE: True, HYPERMOBILITY: True}
    assert not case.findings[0].asked
    assert [message.where.path for message in imported.report.warnings] == ["/asked_not/2"]


def test_what_cannot_be_used_is_named_and_the_rest_is_used() -> None:
    imported = case_of([ARACHNODACTYLY, UNKNOWN, "seizure", "HP:0000006"], ontology=ONTOLOGY)
    assert imported.cases[0].observed == (ARACHNODACTYLY,)
    assert [(message.code, message.where.path) for message in imported.report.warnings] == [
        ("hpo-unknown", "/observed/1"),
        ("id-malformed", "/observed/2"),
    ]


def test_a_contradiction_is_used_on_neither_side() -> None:
    imported = case_of(
        [ARACHNODACTYLY, GENERALIZED_SEIZURE, HYPERMOBILITY], [SEIZURE, HYPERMOBILITY], ontology=ONTOLOGY
    )
    (case,) = imported.cases
    assert (case.observed, case.excluded) == ((ARACHNODACTYLY, GENERALIZED_SEIZURE), ())
    assert {message.code for message in imported.report.errors} == {"observed-and-excluded"}
    assert {message.code for message in imported.report.warnings} == {"excluded-ancestor"}


@pytest.mark.parametrize(("observed", "age"), [([], None), ([UNKNOWN], None), ([ARACHNODACTYLY], 130)])
def test_nothing_usable_is_no_case_but_a_message_with_its_repair(observed: list[str], age: float | None) -> None:
    imported = case_of(observed, ontology=ONTOLOGY, age=age)
    assert imported.failed
    assert imported.report.errors[0].repair


def test_a_case_can_be_a_key() -> None:
    (case,) = case_of([ARACHNODACTYLY], ontology=ONTOLOGY).cases
    assert {case: 1}[case] == 1
