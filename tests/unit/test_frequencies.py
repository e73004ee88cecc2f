"""Shares of findings in diseases: what several statements come to, how they are carried upwards, and looked up."""

import numpy as np
import pytest

from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.frequencies import MIN_BACKGROUND, Entries, Frequencies
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library import Library, SolvedCase
from tests.lattice_release import DISEASES, FINDINGS, lattice_facts
from tests.small_release import row

FIRST, SECOND = DISEASES[0], DISEASES[1]
TERM, ABOVE, ASIDE = "HP:0000023", "HP:0000021", "HP:0000015"
EVERY_DISEASE = tuple(row(disease, ASIDE, frequency="1/9") for disease in DISEASES)


def facts_with(*rows: str) -> Facts:
    return lattice_facts((*EVERY_DISEASE, *rows))


def share(facts: Facts, term: str, disease: tuple[str, str] = FIRST) -> float:
    return facts.frequencies.share_of(facts.ontology.index(term), facts.diseases.index(disease[0]))


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (("5/6",), 5.6 / 8),
        (("5/6", "0/4"), 5.6 / 12),
        (("5/6", "HP:0040281"), 5.6 / 8),
        (("40%",), 2.6 / 7),
        (("40%", "3/3"), 5.6 / 10),
        (("HP:0040281",), 0.895),
        (("HP:0040281", "HP:0040283"), (0.895 + 0.17) / 2),
        (("HP:0040283", ""), 0.17),
        (("",), 0.5),
        (("0/6",), 0.0),
        (("HP:0040285",), 0.0),
    ],
)
def test_statements_of_one_finding_are_pooled(stated: tuple[str, ...], expected: float) -> None:
    rows = (row(FIRST, TERM, frequency=one, reference=f"PMID:{place}") for place, one in enumerate(stated, 1))
    assert share(facts_with(*rows), TERM) == pytest.approx(expected, abs=1e-6)


def test_a_finding_stated_as_absent_has_no_share_and_takes_none_away() -> None:
    absent = row(FIRST, TERM, qualifier="NOT", frequency="4/5", reference="PMID:2")
    assert share(facts_with(absent), TERM) == 0.0
    assert share(facts_with(row(FIRST, TERM, frequency="5/6"), absent), TERM) == pytest.approx(0.7)


def test_entries_that_are_one_disease_are_pooled() -> None:
    facts = facts_with(
        row(("OMIM:100003", "Third disease"), TERM, frequency="1/4"),
        row(("ORPHA:9003", "Third disease"), TERM, frequency="3/4"),
    )
    assert share(facts, TERM, DISEASES[2]) == pytest.approx(4.6 / 10)


def test_the_largest_share_below_a_term_is_carried_to_it_but_not_to_the_root() -> None:
    facts = facts_with(row(FIRST, TERM, frequency="5/6"), row(FIRST, ABOVE, frequency="1/6"))
    assert share(facts, ABOVE) == pytest.approx(0.7)
    assert share(facts, "HP:0000018") == pytest.approx(0.7)
    assert share(facts, FINDINGS) == 0.0
    assert share(facts, "HP:0000017") == 0.0


def test_the_background_is_the_mean_over_all_diseases_and_never_nothing() -> None:
    facts = facts_with(row(FIRST, TERM, frequency="5/6"))
    assert facts.frequencies.background[facts.ontology.index(TERM)] == pytest.approx(0.7 / len(facts.diseases))
    assert facts.frequencies.background[facts.ontology.index("HP:0000022")] == MIN_BACKGROUND


def test_shares_of_chosen_diseases_are_replaced_and_the_others_stay() -> None:
    background = np.full(3, 0.5)
    entries = Entries(
        np.array([0, 0, 2], np.int32), np.array([0, 1, 1], np.int32), np.array([0.25, 0.5, 0.75], np.float32)
    )
    frequencies = Frequencies.of(entries, 3, background)
    fresh = Entries(np.array([1], np.int32), np.array([1], np.int32), np.array([1.0], np.float32))
    replaced = frequencies.replaced(np.array([False, True]), fresh)
    table = [[replaced.share_of(term, disease) for disease in range(2)] for term in range(3)]
    assert table == [[0.25, 0.0], [0.0, 1.0], [0.0, 0.0]]
    assert [frequencies.share_of(term, 1) for term in range(3)] == [0.5, 0.0, 0.75]


def test_a_cohort_of_a_hundred_weighs_as_much_as_ten_people() -> None:
    facts = facts_with()
    cohort = [SolvedCase(SECOND[0], "PMID:5", observed=(TERM,))] * 100
    known = Knowledge.of(facts, Library.of(cohort, facts.ontology))
    index = facts.diseases.index(SECOND[0])
    assert known.share_of(facts.ontology.index(TERM), index) == pytest.approx(10 / 11)


def test_a_disease_that_only_the_library_knows_is_found_by_any_spelling() -> None:
    facts = facts_with()
    known = Knowledge.of(facts, Library.of([SolvedCase("OMIM:999999", "PMID:5", observed=(TERM,))], facts.ontology))
    assert known.find_disease("omim:999999") == known.find_disease("OMIM:999999") == len(facts.diseases)
    assert known.disease_name(len(facts.diseases)) == "OMIM:999999"
