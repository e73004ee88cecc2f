"""What a row of the explanation says of a finding: how often the disease has it, and where that is stated."""

import pytest

from hoofbeat.cases.case import Case
from hoofbeat.diagnosis.differential import Contribution, MatchKind
from hoofbeat.diagnosis.rank import rank
from hoofbeat.diagnosis.second_stage import plain_weights
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library import Library, SolvedCase
from tests.lattice_release import DISEASES, lattice_facts
from tests.small_release import row

FIRST, SECOND = DISEASES[:2]
TERM, ELSEWHERE = "HP:0000021", "HP:0000017"
OCCASIONAL, FREQUENT = "HP:0040283", "HP:0040282"


def explained(stated: list[tuple[str, str]], *, solved: int = 0, excluded: bool = False) -> Contribution:
    """The row of a finding that the first disease is stated to have: (frequency, reference) per annotation."""
    rows = [row(FIRST, TERM, frequency=frequency, reference=reference) for frequency, reference in stated]
    known = Knowledge.of(lattice_facts((row(SECOND, ELSEWHERE), *rows)))
    people = [SolvedCase(FIRST[0], "PMID:9", observed=(TERM,))] * solved
    case = Case.of([ELSEWHERE], [TERM]) if excluded else Case.of([TERM])
    differential = rank(case, known.with_library(Library.of(people, known.ontology)), weights=plain_weights())
    candidate = differential.explained(FIRST[0])
    assert candidate is not None
    return next(one for one in candidate.contributions if one.finding == TERM)


@pytest.mark.parametrize(
    ("stated", "frequency", "sources"),
    [
        ([("", "PMID:1"), (OCCASIONAL, "ORPHA:2")], "occasional (5-29 %)", ("ORPHA:2",)),
        ([(OCCASIONAL, "ORPHA:2"), ("1/9", "PMID:1"), ("4/6", "PMID:3"), ("", "PMID:4")], "5/15", ("PMID:1", "PMID:3")),
        ([(OCCASIONAL, "ORPHA:2"), ("45%", "PMID:1")], "45 %", ("PMID:1",)),
        (
            [(OCCASIONAL, "ORPHA:2"), (FREQUENT, "PMID:1"), (OCCASIONAL, "PMID:3")],
            "occasional (5-29 %) or frequent (30-79 %)",
            ("ORPHA:2", "PMID:1", "PMID:3"),
        ),
        ([("", "PMID:1"), ("", "ORPHA:2")], "not stated", ("PMID:1", "ORPHA:2")),
    ],
)
@pytest.mark.parametrize("excluded", [False, True])
def test_of_several_statements_the_best_is_shown_with_its_sources(
    stated: list[tuple[str, str]], frequency: str, sources: tuple[str, ...], excluded: bool
) -> None:
    found = explained(stated, excluded=excluded)
    assert (found.frequency, found.sources) == (frequency, sources)


def test_the_sentence_says_what_is_stated_and_what_is_not() -> None:
    assert explained([("1/9", "PMID:1")]).sentence == "described (1/9)"
    assert explained([("", "PMID:1")]).sentence == "described, how often is not stated"


def test_a_statement_that_it_is_absent_is_not_among_the_reasons() -> None:
    known = Knowledge.of(
        lattice_facts([row(FIRST, TERM, qualifier="NOT"), row(FIRST, TERM, frequency=OCCASIONAL, reference="ORPHA:2")])
    )
    candidate = rank(Case.of([TERM]), known, weights=plain_weights()).explained(FIRST[0])
    assert candidate is not None
    assert candidate.contributions[0].frequency == "occasional (5-29 %)"
    assert candidate.contributions[0].sources == ("ORPHA:2",)


@pytest.mark.parametrize("excluded", [False, True])
def test_what_solved_cases_counted_stands_beside_counts_and_in_place_of_an_unstated_frequency(excluded: bool) -> None:
    counted = "library: 2 of 2 (weighted, 1 publication)"
    assert explained([("3/4", "PMID:1")], solved=2, excluded=excluded).frequency == f"3/4; {counted}"
    unstated = explained([("", "PMID:1")], solved=2, excluded=excluded)
    assert (unstated.frequency, unstated.sources) == (counted, ("PMID:1",))
    assert 0 < unstated.library_share < 1


@pytest.mark.parametrize("excluded", [False, True])
def test_a_finding_that_only_solved_cases_have_says_so(excluded: bool) -> None:
    found = explained([], solved=2, excluded=excluded)
    assert (found.library_share, found.sources) == (1.0, ())
    assert found.frequency == "library: 2 of 2 (weighted, 1 publication)"
    assert found.match is (MatchKind.EXCLUDED if excluded else MatchKind.EXACT)
