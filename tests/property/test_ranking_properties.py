"""What must hold of the ranking whatever the case: it is what a slow, obvious implementation says, order and spelling
of findings make no difference, and what is taken out leaves no trace.

The fast ranking keeps shares and ratios as float32 (a quarter of the memory that matters), the slow one counts in
float64: hence 1e-5 where the specification says 1e-9.
"""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import Finding, FindingState
from hoofbeat.cases.subject import Sex, Subject
from hoofbeat.cases.time_element import Age
from hoofbeat.diagnosis.findings_model import SOFTENING, SOFTENING_ASKED, excluded_log_ratio, observed_ratios
from hoofbeat.diagnosis.rank import Differential, NothingToRankError, rank
from hoofbeat.diagnosis.second_stage import ALL_CASES, Weights, plain_weights, shipped_weights
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library import Library, SolvedCase
from hoofbeat.knowledge.onset import OnsetBand
from tests.lattice_release import DISEASES, FINDING_TERMS, INHERITANCE_TERMS, OLDER, ONSET_TERMS, lattice_facts
from tests.small_release import row
from validation.slow_ranking import SlowKnowledge, excluded_ratio, slow_rank

CLOSE = 1e-5
SOME = settings(max_examples=40)
ALL_WEIGHTS = (plain_weights(), shipped_weights()[ALL_CASES])

diseases = st.sampled_from(DISEASES)
findings = st.sampled_from(FINDING_TERMS)
frequencies = st.sampled_from(
    ["", "0/7", "1/3", "5/6", "124/197", "45%", "100%", "HP:0040280", "HP:0040281", "HP:0040283", "HP:0040285"]
)
references = st.sampled_from(["PMID:1", "PMID:2", "PMID:1;PMID:3"])
onsets = st.sampled_from(["", "", *ONSET_TERMS])
finding_rows = st.builds(
    lambda disease, term, qualifier, frequency, reference, onset: row(
        disease, term, qualifier=qualifier, frequency=frequency, reference=reference, onset=onset
    ),
    diseases,
    findings,
    st.sampled_from(["", "", "", "NOT"]),
    frequencies,
    references,
    onsets,
)
course_rows = st.builds(
    lambda disease, term, qualifier, frequency: row(
        disease, term, qualifier=qualifier, frequency=frequency, aspect="C"
    ),
    diseases,
    st.sampled_from(ONSET_TERMS),
    st.sampled_from(["", "", "NOT"]),
    st.sampled_from(["", "0/4", "3/4", "30/40", "HP:0040285"]),
)
inheritance_rows = st.builds(
    lambda disease, term, qualifier: row(disease, term, qualifier=qualifier, aspect="I"),
    diseases,
    st.sampled_from(INHERITANCE_TERMS),
    st.sampled_from(["", "", "NOT"]),
)
EVERY_DISEASE = tuple(row(disease, "HP:0000015", frequency="1/9", reference="PMID:9") for disease in DISEASES)


@st.composite
def releases(draw: st.DrawFn) -> Facts:
    rows = draw(st.lists(finding_rows, min_size=1, max_size=14))
    rows += draw(st.lists(course_rows, max_size=3)) + draw(st.lists(inheritance_rows, max_size=2))
    return lattice_facts([*EVERY_DISEASE, *rows])


def solved_cases(of: tuple[str, ...]) -> st.SearchStrategy[list[SolvedCase]]:
    terms = st.lists(findings, max_size=3).map(tuple)
    one = st.builds(
        SolvedCase,
        disease=st.sampled_from(of),
        source=st.sampled_from(["PMID:1", "PMID:2", "clinic:A"]),
        observed=terms,
        excluded=terms,
        onset=st.none() | st.sampled_from(OnsetBand),
    )
    return st.lists(one, max_size=14)


KNOWN = tuple(identifier for identifier, _ in DISEASES)
any_solved, known_solved = solved_cases((*KNOWN, "OMIM:999999")), solved_cases(KNOWN)
ages = st.none() | st.sampled_from(["P0D", "P3D", "P4M", "P3Y", "P30Y"]).map(Age)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    chosen = draw(st.lists(st.sampled_from([*FINDING_TERMS, *OLDER]), min_size=1, max_size=6, unique=True))
    states = st.sampled_from([FindingState.OBSERVED, FindingState.OBSERVED, FindingState.EXCLUDED])
    given_findings = tuple(
        Finding(term, state=draw(states), onset=draw(ages), asked=draw(st.booleans())) for term in chosen
    )
    return Case("case", Subject(sex=draw(st.sampled_from(Sex)), time_at_last_encounter=draw(ages)), given_findings)


def ranked(case: Case, knowledge: Knowledge, weights: Weights | None = None) -> Differential:
    """The differential; a generated case of which nothing is usable is no example."""
    try:
        return rank(case, knowledge, weights=weights)
    except NothingToRankError:
        assume(False)
        raise


def scores_of(differential: Differential) -> dict[str, float]:
    return {differential.id_of(index): float(score) for index, score in enumerate(differential.scores)}


def probabilities_of(differential: Differential) -> dict[str, float]:
    n = len(differential.scores)
    return {differential.id_of(index): float(differential.probabilities[index]) for index in range(n)}


@SOME
@given(releases(), any_solved, cases(), st.sampled_from(ALL_WEIGHTS))
def test_the_fast_ranking_is_the_slow_one(facts: Facts, solved: list[SolvedCase], case: Case, weights: Weights) -> None:
    library = Library.of(solved, facts.ontology)
    fast = ranked(case, Knowledge.of(facts, library), weights)
    slow = slow_rank(case, SlowKnowledge(facts, library), weights)
    assert scores_of(fast) == pytest.approx(slow.scores, rel=CLOSE, abs=CLOSE)
    assert probabilities_of(fast) == pytest.approx(slow.probabilities, rel=1e-3, abs=CLOSE)
    assert fast.none_of_these == pytest.approx(slow.none_of_these, rel=1e-3, abs=CLOSE)


@SOME
@given(releases(), any_solved, cases(), st.sampled_from(["PMID:1", "PMID:2", "clinic:A"]))
def test_without_a_source_the_fast_ranking_is_the_slow_one_of_the_other_rows(
    facts: Facts, solved: list[SolvedCase], case: Case, source: str
) -> None:
    library = Library.of(solved, facts.ontology)
    fast = ranked(case, Knowledge.of(facts, library).without({source}), plain_weights())
    others = SlowKnowledge(facts, library.without({source}), taken_out=frozenset({source}))
    slow = slow_rank(case, others, plain_weights())
    assert scores_of(fast) == pytest.approx(slow.scores, rel=CLOSE, abs=CLOSE)


@SOME
@given(releases(), any_solved, cases())
def test_taking_a_clinic_out_is_the_same_as_a_library_that_never_held_it(
    facts: Facts, solved: list[SolvedCase], case: Case
) -> None:
    library = Library.of(solved, facts.ontology)
    with_all = Knowledge.of(facts, library)
    taken_out = ranked(case, with_all.without({"clinic:A"}))
    never_held = rank(case, with_all.with_library(library.without({"clinic:A"})))
    assert scores_of(taken_out) == pytest.approx(scores_of(never_held), rel=1e-6, abs=1e-6)


@SOME
@given(releases(), known_solved, st.sampled_from(["PMID:1", "PMID:2", "clinic:A"]))
def test_taking_a_source_out_touches_only_the_diseases_that_it_spoke_of(
    facts: Facts, solved: list[SolvedCase], source: str
) -> None:
    library = Library.of(solved, facts.ontology)
    knowledge = Knowledge.of(facts, library)
    table = facts.annotations.findings
    concerned = {int(table.disease[at]) for at in facts.annotations.citing(source)}
    concerned |= {facts.diseases.find(case.disease) or 0 for case in solved if case.source == source}
    untouched = np.array([index for index in range(knowledge.n_diseases) if index not in concerned], dtype=np.int64)
    after = knowledge.without({source})
    for term in FINDING_TERMS:
        index = facts.ontology.index(term)
        before = observed_ratios(index, knowledge)
        assert np.array_equal(before[untouched], observed_ratios(index, after)[untouched])


@SOME
@given(releases(), cases(), st.randoms())
def test_order_repetition_and_older_identifiers_of_findings_make_no_difference(
    facts: Facts, case: Case, random: object
) -> None:
    knowledge = Knowledge.of(facts)
    first = ranked(case, knowledge)
    newer = {older: current for older, current in OLDER.items()}
    older = {current: older for older, current in newer.items()}
    shuffled = list(case.findings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    given_ids = {finding.id for finding in shuffled}
    both = [
        Finding(other[finding.id], state=finding.state, onset=finding.onset)
        for other in (older, newer)
        for finding in shuffled
        if finding.id in other and other[finding.id] not in given_ids
    ]
    again = rank(Case("case", case.subject, (*both, *shuffled)), knowledge)
    assert np.array_equal(first.scores, again.scores)


@SOME
@given(releases(), any_solved, cases())
def test_probabilities_sum_to_one_and_contributions_to_the_score(
    facts: Facts, solved: list[SolvedCase], case: Case
) -> None:
    differential = ranked(case, Knowledge.of(facts, Library.of(solved, facts.ontology)))
    assert float(differential.probabilities.sum()) == pytest.approx(1.0, abs=1e-12)
    assert (differential.probabilities >= 0).all()
    for candidate in differential.top(len(differential.scores)):
        total = math.fsum(contribution.log_lr for contribution in candidate.contributions)
        assert total == pytest.approx(candidate.score, abs=1e-9)


@SOME
@given(releases(), cases())
def test_an_empty_library_is_no_library(facts: Facts, case: Case) -> None:
    alone = Knowledge.of(facts)
    first = ranked(case, alone)
    for knowledge in (Knowledge.of(facts, Library.empty()), alone.with_library(Library.empty())):
        assert np.array_equal(first.scores, rank(case, knowledge).scores)


@SOME
@given(releases(), findings, st.integers(1, 9), st.integers(0, 8))
def test_more_patients_with_a_finding_never_lower_its_ratio(facts: Facts, term: str, m: int, n: int) -> None:
    """Solved cases move the shares of their disease, its other own parts and its length too; how common a finding is
    stays as it was.
    """
    n = min(n, m - 1)
    identifier, _ = DISEASES[0]
    disease = facts.diseases.find(identifier)

    def ratio(with_it: int) -> float:
        people = [SolvedCase(identifier, "PMID:5", observed=(term,))] * with_it
        people += [SolvedCase(identifier, "PMID:5", excluded=(term,))] * (m - with_it)
        knowledge = Knowledge.of(facts, Library.of(people, facts.ontology))
        return float(observed_ratios(facts.ontology.index(term), knowledge)[disease])

    assert ratio(n + 1) >= ratio(n)


@given(st.floats(0, 1), st.floats(1e-4, 1), st.booleans())
def test_the_ratio_of_an_exclusion_is_the_slow_one(share: float, background: float, asked: bool) -> None:
    softening = SOFTENING_ASKED if asked else SOFTENING
    fast = float(excluded_log_ratio(np.array([share]), background, softening)[0])
    assert fast == pytest.approx(excluded_ratio(share, background, asked), abs=1e-12)


def test_on_the_real_release_the_fast_ranking_is_the_slow_one(hpo_facts: Facts) -> None:
    knowledge, slow_knowledge = Knowledge.of(hpo_facts), SlowKnowledge(hpo_facts)
    weights = shipped_weights()[ALL_CASES]
    for case in (
        Case.of(["HP:0001166", "HP:0001083"], ["HP:0002705"], sex="male", age=8),
        Case.of(["HP:0001250", "HP:0001263", "HP:0000252"], sex="female", age=2),
        Case.of(["HP:0003202", "HP:0003236"], ["HP:0000407"]),
        Case("asked", findings=(Finding("HP:0001250"), Finding("HP:0000252", state=FindingState.EXCLUDED, asked=True))),
    ):
        fast, slow = rank(case, knowledge, weights=weights), slow_rank(case, slow_knowledge, weights)
        for disease in ("OMIM:154700", "OMIM:236200", "ORPHA:171844", "OMIM:310200", fast.id_of(int(fast.order[0]))):
            primary = fast.id_of(fast.index_of(disease) or 0)
            assert scores_of(fast)[primary] == pytest.approx(slow.scores[primary], rel=CLOSE, abs=CLOSE), disease
        assert fast.none_of_these == pytest.approx(slow.none_of_these, rel=CLOSE)


@SOME
@given(releases(), cases(), st.data())
def test_a_narrower_question_after_a_no_to_the_broader_changes_nothing(
    facts: Facts, case: Case, data: st.DataObject
) -> None:
    knowledge, ontology = Knowledge.of(facts), facts.ontology
    broader = data.draw(
        st.sampled_from([term for term in FINDING_TERMS if len(ontology.descendants[ontology.index(term)]) > 1])
    )
    below = {ontology.id(int(term)) for term in ontology.descendants[ontology.index(broader)]} - {broader}
    # What is observed below, or said of the broader one itself, would contradict the "no" or stand in its place.
    kept = [one for one in case.findings if ontology.resolve(one.id).id not in below | {broader}]
    no = replace(case, findings=(*kept, Finding(broader, state=FindingState.EXCLUDED, asked=True)))
    narrower = Finding(
        data.draw(st.sampled_from(sorted(below))), state=FindingState.EXCLUDED, asked=data.draw(st.booleans())
    )
    for findings in ((*no.findings, narrower), (narrower, *no.findings)):
        asked = ranked(replace(no, findings=findings), knowledge)
        assert scores_of(asked) == scores_of(ranked(no, knowledge))
