"""Two candidates beside each other, and the answers that would reverse their order."""

from dataclasses import FrozenInstanceError, replace

import pytest

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import Finding, FindingState
from hoofbeat.diagnosis.compare import MOST_FINDINGS, compare, what_would_change
from hoofbeat.diagnosis.differential import ContributionKind, MatchKind
from hoofbeat.diagnosis.rank import Differential, rank
from hoofbeat.diagnosis.second_stage import plain_weights
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.knowledge import Knowledge
from tests.lattice_release import DISEASES, lattice_facts
from tests.small_release import row

FIRST, SECOND, THIRD, FOURTH = (identifier for identifier, _ in DISEASES[:4])
EVERYWHERE, MINE, OTHERS, SHARED = "HP:0000015", "HP:0000021", "HP:0000022", "HP:0000017"


def knowledge_with(*rows: str) -> Knowledge:
    return Knowledge.of(lattice_facts((*(row(disease, EVERYWHERE, frequency="1/9") for disease in DISEASES), *rows)))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """The first disease mostly has 21, the second mostly 22."""
    return knowledge_with(row(DISEASES[0], MINE, frequency="9/10"), row(DISEASES[1], OTHERS, frequency="90/91"))


def ranked(knowledge: Knowledge, *observed: str, excluded: tuple[str, ...] = ()) -> Differential:
    return rank(Case.of(observed, excluded, sex="female"), knowledge, weights=plain_weights())


def test_a_row_says_in_plain_words_what_both_diseases_have(hpo_facts: Facts) -> None:
    differential = rank(Case.of(["HP:0001083", "HP:0001166"]), Knowledge.of(hpo_facts))
    rows = compare(differential, "ORPHA:558", "OMIM:310200").rows
    sentences = {one.finding: one.sentence for one in rows}
    muscular = differential.knowledge.disease_name(differential.index_of("OMIM:310200") or 0)
    assert sentences["HP:0001083"] == f"Ectopia lentis: 119/251 in Marfan syndrome, not described in {muscular}"


def test_rows_come_by_the_size_of_their_difference_and_add_up_to_the_lead(knowledge: Knowledge) -> None:
    compared = compare(ranked(knowledge, MINE, EVERYWHERE, excluded=(OTHERS,)), FIRST, SECOND)
    sizes = [abs(one.difference) for one in compared.rows]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(one.difference for one in compared.rows) == pytest.approx(compared.lead, abs=1e-9)
    assert compared.rows[0].finding == MINE
    assert (compared.a.disease.id, compared.b.disease.id) == (FIRST, SECOND)


def test_each_row_has_both_contributions_and_the_other_way_round_the_opposite_difference(knowledge: Knowledge) -> None:
    differential = ranked(knowledge, MINE, EVERYWHERE)
    one = {row.finding: row for row in compare(differential, FIRST, SECOND).rows}
    other = {row.finding: row for row in compare(differential, SECOND, FIRST).rows}
    assert one[MINE].a == other[MINE].b
    assert one[MINE].difference == -other[MINE].difference
    found = one[MINE].a
    assert found is not None
    assert found.match is MatchKind.EXACT


def test_an_exclusion_and_an_onset_have_their_sentence() -> None:
    knowledge = knowledge_with(
        row(DISEASES[0], MINE, frequency="9/10"),
        row(DISEASES[0], "HP:0003577", aspect="C"),
        row(DISEASES[1], "HP:0003596", aspect="C"),
    )
    case = Case.of([EVERYWHERE], [MINE], age=0)
    compared = compare(rank(case, knowledge, weights=plain_weights()), FIRST, THIRD)
    sentences = {one.finding or one.kind: one.sentence for one in compared.rows}
    assert sentences[MINE] == "Term 21 is excluded: 9/10 in First disease, not described in Third disease"
    onset = sentences[ContributionKind.ONSET]
    assert onset.startswith("age and onset: +")
    assert onset.endswith("+0.00 for Third disease")


def test_one_answer_that_reverses_the_order_is_found_and_is_true() -> None:
    """Both have a part of term 17; that the second has its kind 22 is open."""
    rows = ((0, MINE, "9/10"), (0, SHARED, "2/9"), (1, OTHERS, "9/10"))
    known = knowledge_with(*(row(DISEASES[disease], term, frequency=often) for disease, term, often in rows))
    differential = ranked(known, SHARED, EVERYWHERE)
    first = differential.scores[differential.index_of(FIRST)]
    second = differential.scores[differential.index_of(SECOND)]
    assert first > second
    change = what_would_change(differential, SECOND, FIRST)
    assert change is not None
    assert len(change.answers) == 1
    again = _with(differential, change.answers[0].finding, present=change.answers[0].present)
    lead = again.scores[again.index_of(SECOND)] - again.scores[again.index_of(FIRST)]
    assert lead == pytest.approx(change.lead_after)
    assert change.lead_before == pytest.approx(second - first)
    assert change.lead_before < 0 < change.lead_after


def test_where_one_answer_is_not_enough_two_are_tried() -> None:
    """The first disease leads by .73 (15 is far more frequent there); 16 and 17 are worth .40 each to the second."""
    rows = [row(DISEASES[0], EVERYWHERE, frequency="9/10")]
    for term, seldom, often in (("HP:0000016", "1/9", "30/30"), ("HP:0000017", "2/9", "20/20")):
        rows += [row(DISEASES[0], term, frequency=seldom)]
        rows += [row(disease, term, frequency=often) for disease in DISEASES[1:4]]
    differential = ranked(knowledge_with(*rows), EVERYWHERE)
    change = what_would_change(differential, FIRST, SECOND)
    assert change is not None
    answers = {(one.finding, one.present) for one in change.answers}
    assert answers == {("HP:0000016", True), ("HP:0000017", True)}
    assert change.lead_before == pytest.approx(0.73, abs=0.01)
    assert change.lead_after == pytest.approx(0.73 - 2 * 0.40, abs=0.02)
    for finding, present in answers:
        assert lead(_with(differential, finding, present=present)) > 0, "neither alone is enough"


def test_a_finding_may_be_there_while_a_kind_of_it_is_not() -> None:
    """The first disease always has the kind 17 of term 3, the second always 3 and seldom girls: for a girl, 3 without
    17 reverses them, and neither answer alone.
    """
    rows = [
        row(DISEASES[0], EVERYWHERE, frequency="20/20"),
        row(DISEASES[0], "HP:0000017", frequency="20/20"),
        row(DISEASES[1], "HP:0000003", frequency="30/30"),
        row(DISEASES[1], "HP:0001419", aspect="I"),
        row(DISEASES[2], "HP:0000003", frequency="30/30"),
    ]
    differential = ranked(knowledge_with(*rows), EVERYWHERE)
    change = what_would_change(differential, FIRST, SECOND)
    assert change is not None
    assert {(one.finding, one.present) for one in change.answers} == {("HP:0000003", True), ("HP:0000017", False)}
    both = _with(_with(differential, "HP:0000003", present=True), "HP:0000017", present=False)
    assert lead(both) == pytest.approx(change.lead_after)
    assert change.lead_after < 0 < change.lead_before


def test_a_case_of_very_many_findings_is_not_asked_further(knowledge: Knowledge) -> None:
    differential = ranked(knowledge, SHARED, EVERYWHERE)
    many = (Finding(f"HP:{9_100_000 + number}") for number in range(MOST_FINDINGS))
    asked = rank(
        replace(differential.case, findings=(*differential.case.findings, *many)), knowledge, weights=plain_weights()
    )
    assert what_would_change(differential, FIRST, SECOND) is not None
    assert what_would_change(asked, FIRST, SECOND) is None


def test_a_finding_without_a_stated_frequency_is_described() -> None:
    """Not "not stated in First disease": it is stated, how often is not."""
    differential = ranked(knowledge_with(row(DISEASES[0], MINE)), MINE)
    sentences = {one.finding: one.sentence for one in compare(differential, FIRST, THIRD).rows}
    assert sentences[MINE] == "Term 21: described in First disease, not described in Third disease"


def test_nothing_is_asked_where_no_expected_finding_is_open(knowledge: Knowledge) -> None:
    assert what_would_change(ranked(knowledge, EVERYWHERE), THIRD, FOURTH) is None


def test_a_finding_that_was_uncertain_is_asked_again(knowledge: Knowledge) -> None:
    case = Case("case", findings=(Finding(SHARED), Finding(MINE, state=FindingState.UNCERTAIN)))
    assert what_would_change(rank(case, knowledge, weights=plain_weights()), FIRST, SECOND) is not None


def test_an_unknown_disease_names_the_nearest_ones(knowledge: Knowledge) -> None:
    differential = ranked(knowledge, MINE)
    for ask in (compare, what_would_change):
        with pytest.raises(KnowledgeError, match="OMIM:10001 is no disease that is ranked") as raised:
            ask(differential, FIRST, "OMIM:10001")
        assert "did you mean OMIM:100001 First disease" in raised.value.repair


def test_a_disease_is_not_compared_with_itself(knowledge: Knowledge) -> None:
    with pytest.raises(KnowledgeError, match="OMIM:100003 and ORPHA:9003 are one disease"):
        compare(ranked(knowledge, MINE), "OMIM:100003", "ORPHA:9003")


def test_results_cannot_be_changed(knowledge: Knowledge) -> None:
    compared = compare(ranked(knowledge, MINE), FIRST, SECOND)
    with pytest.raises(FrozenInstanceError):
        compared.rows = ()  # type: ignore[misc]


def lead(differential: Differential) -> float:
    first, second = (differential.index_of(identifier) for identifier in (FIRST, SECOND))
    return float(differential.scores[first] - differential.scores[second])


def _with(differential: Differential, finding: str, *, present: bool) -> Differential:
    state = FindingState.OBSERVED if present else FindingState.EXCLUDED
    case = replace(differential.case, findings=(*differential.case.findings, Finding(finding, state=state, asked=True)))
    return rank(case, differential.knowledge, weights=differential.weights)
