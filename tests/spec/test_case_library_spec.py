"""What the case library counts of solved cases, in examples that a clinician can check by hand.

The findings used, each below the one before it: nervous system, seizure, generalized-onset seizure. Beside them stand
arachnodactyly, ectopia lentis and joint hypermobility.
"""

from datetime import date

import pytest

from hoofbeat.knowledge.library import Library, SolvedCase
from hoofbeat.knowledge.library_blocks import Block
from hoofbeat.knowledge.onset import OnsetBand, band_of_age
from tests.packets import (
    ARACHNODACTYLY,
    ECTOPIA_LENTIS,
    GENERALIZED_SEIZURE,
    ONTOLOGY,
    SEIZURE,
)

NERVOUS_SYSTEM, ANY_FINDING = "HP:0000707", "HP:0000118"
MARFAN = "OMIM:154700"
PAPER, OTHER_PAPER, CLINIC = "PMID:1", "PMID:2", "clinic:Example hospital"


def solved(
    *observed: str, excluded: tuple[str, ...] = (), source: str = PAPER, disease: str = MARFAN, **more: object
) -> SolvedCase:
    return SolvedCase(disease, source, observed, excluded, **more)  # type: ignore[arg-type]


def counted(*cases: SolvedCase) -> Library:
    return Library.of(cases, ONTOLOGY)


def of_n(block: Block, finding: str) -> str:
    """`2 of 3, 4 cases`: observed of assessed, and the cases of the block."""
    found = {one.hpo: one for one in block.findings}.get(finding)
    observed, assessed = (found.observed, found.observed + found.excluded) if found else (0, 0)
    return f"{observed} of {assessed}, {block.n} cases"


def test_a_finding_is_counted_among_those_who_were_assessed_for_it_and_the_others_do_not_count() -> None:
    library = counted(
        solved(ECTOPIA_LENTIS), solved(ECTOPIA_LENTIS), solved(excluded=(ECTOPIA_LENTIS,)), solved(ARACHNODACTYLY)
    )
    assert of_n(library.block(0), ECTOPIA_LENTIS) == "2 of 3, 4 cases"


def test_a_finding_that_is_there_counts_for_everything_it_is_a_kind_of() -> None:
    block = counted(solved(GENERALIZED_SEIZURE)).block(0)
    assert of_n(block, GENERALIZED_SEIZURE) == "1 of 1, 1 cases"
    assert of_n(block, SEIZURE) == "1 of 1, 1 cases"
    assert of_n(block, NERVOUS_SYSTEM) == "1 of 1, 1 cases"


def test_a_finding_that_is_not_there_counts_for_every_kind_of_it_and_for_nothing_more_general() -> None:
    block = counted(solved(excluded=(SEIZURE,))).block(0)
    assert of_n(block, SEIZURE) == "0 of 1, 1 cases"
    assert of_n(block, GENERALIZED_SEIZURE) == "0 of 1, 1 cases"
    assert of_n(block, NERVOUS_SYSTEM) == "0 of 0, 1 cases"


def test_one_person_counts_once_for_a_finding_however_many_kinds_of_it_they_have() -> None:
    block = counted(solved(GENERALIZED_SEIZURE, SEIZURE, NERVOUS_SYSTEM)).block(0)
    assert of_n(block, SEIZURE) == "1 of 1, 1 cases"
    assert of_n(block, NERVOUS_SYSTEM) == "1 of 1, 1 cases"


def test_what_is_there_outweighs_an_exclusion_by_the_same_case() -> None:
    """Seizures excluded, but generalized ones observed: then there were seizures."""
    block = counted(solved(GENERALIZED_SEIZURE, excluded=(SEIZURE,))).block(0)
    assert of_n(block, SEIZURE) == "1 of 1, 1 cases"
    assert of_n(block, GENERALIZED_SEIZURE) == "1 of 1, 1 cases"


def test_an_older_identifier_counts_for_its_successor_and_an_unknown_one_for_nothing() -> None:
    block = counted(solved("HP:0001505", "HP:9999999", "HP:0000006")).block(0)
    assert [one.hpo for one in block.findings] == [ANY_FINDING, ARACHNODACTYLY]


def test_sex_onset_and_months_are_counted_beside_the_findings() -> None:
    block = counted(
        solved(sex="female", onset=OnsetBand.CHILDHOOD, day=date(2024, 3, 17)),
        solved(sex="male", onset=OnsetBand.CHILDHOOD, day=date(2021, 11, 2)),
        solved(),
    ).block(0)
    assert block.sex == (1, 1, 0, 1)
    assert block.onset == (0, 0, 0, 2, 0, 0, 0, 0, 1)
    assert (block.first_month, block.last_month) == (202111, 202403)


def test_each_disease_in_each_source_has_its_own_counts() -> None:
    library = counted(
        solved(SEIZURE), solved(SEIZURE, source=CLINIC), solved(ECTOPIA_LENTIS, disease="OMIM:129600"), solved(SEIZURE)
    )
    blocks = [library.block(index) for index in range(len(library))]
    assert [(block.disease, block.source, block.kind.name, block.n) for block in blocks] == [
        ("OMIM:129600", PAPER, "PUBLICATION", 1),
        (MARFAN, PAPER, "PUBLICATION", 2),
        (MARFAN, CLINIC, "CLINIC", 1),
    ]


def test_the_genes_that_the_cases_blame_are_counted_and_a_case_without_one_names_none() -> None:
    block = counted(solved(SEIZURE, genes=("FBN1",)), solved(SEIZURE, genes=("FBN1", "FBN2")), solved()).block(0)
    assert [(one.symbol, one.cases) for one in block.genes] == [("FBN1", 2), ("FBN2", 1)]


def test_of_two_counts_of_the_same_findings_the_one_that_names_genes_stands() -> None:
    without, named = counted(solved(SEIZURE)), counted(solved(SEIZURE, genes=("FBN1",)))
    assert without.merged(named).same_content(named)
    assert named.merged(without).same_content(named)


def test_a_source_is_taken_out_as_if_it_had_never_been_added() -> None:
    before = counted(solved(SEIZURE, excluded=(ARACHNODACTYLY,)))
    added = before.merged(counted(solved(ARACHNODACTYLY, source=OTHER_PAPER)))
    assert added.case_count == 2
    assert added.without({OTHER_PAPER}).same_content(before)
    assert added.only({PAPER}).same_content(before)


def test_the_same_cases_twice_count_once() -> None:
    library = counted(solved(SEIZURE), solved(ECTOPIA_LENTIS, source=OTHER_PAPER))
    assert library.merged(library).same_content(library)


def test_of_two_counts_of_one_paper_the_fuller_one_stands_and_they_are_never_added_up() -> None:
    """Two curators read the same paper; one of them noted more."""
    short = counted(solved(SEIZURE))
    full = counted(solved(SEIZURE, excluded=(ECTOPIA_LENTIS,)), solved(excluded=(SEIZURE,)))
    assert short.merged(full).same_content(full)
    assert full.merged(short).same_content(full)
    comparison = full.compared(short)
    assert comparison.outweighed == ((MARFAN, PAPER),)


def test_an_empty_library_adds_nothing() -> None:
    library = counted(solved(SEIZURE))
    assert library.merged(Library.empty()).same_content(library)
    assert Library.empty().merged(library).same_content(library)
    assert not Library.empty()


@pytest.mark.parametrize(
    ("years", "band"),
    [
        (0, OnsetBand.CONGENITAL),
        (0.01, OnsetBand.NEONATAL),
        (27 / 365.25, OnsetBand.NEONATAL),
        (28 / 365.25, OnsetBand.INFANTILE),
        (0.99, OnsetBand.INFANTILE),
        (1, OnsetBand.CHILDHOOD),
        (4.9, OnsetBand.CHILDHOOD),
        (5, OnsetBand.JUVENILE),
        (15.9, OnsetBand.JUVENILE),
        (16, OnsetBand.YOUNG_ADULT),
        (40, OnsetBand.MIDDLE_AGE),
        (60, OnsetBand.LATE),
        (101, OnsetBand.LATE),
    ],
)
def test_the_bands_of_age_at_onset(years: float, band: OnsetBand) -> None:
    assert band_of_age(years) is band
