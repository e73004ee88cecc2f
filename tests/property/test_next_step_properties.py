"""What must hold of the next step whatever the case: information is never negative and is what the definition says,
order of input makes no difference, and a veto only ever moves a step back.
"""

import math
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hoofbeat.cases.case import Case
from hoofbeat.diagnosis.findings_model import MISSED, MISTAKEN
from hoofbeat.diagnosis.next_step import StepKind, Suggestion, next_step, procedures, protocol
from hoofbeat.diagnosis.next_step.ahead import LOOKED_AHEAD, in_order
from hoofbeat.diagnosis.next_step.expectations import Expectations
from hoofbeat.diagnosis.next_step.genetic_tests import TESTS, expected_result
from hoofbeat.diagnosis.next_step.information import answer_information
from hoofbeat.diagnosis.next_step.limits import EVERY_STEP, Limits
from hoofbeat.diagnosis.next_step.next_step import setting_of
from hoofbeat.diagnosis.next_step.procedures import LeadingCandidates, drawn_information
from hoofbeat.diagnosis.next_step.protocol import Stop
from hoofbeat.diagnosis.next_step.setting import Setting
from hoofbeat.diagnosis.rank import Differential, NothingToRankError, rank
from hoofbeat.diagnosis.second_stage import plain_weights
from hoofbeat.knowledge.avoid import AvoidRecord
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.knowledge import Knowledge
from tests.lattice_release import DISEASES, FINDING_TERMS, lattice_facts
from tests.small_actions import BIOPSY
from tests.small_release import row

SOME = settings(max_examples=12)
EVERY_DISEASE = tuple(row(disease, "HP:0000015", frequency="1/9", reference="PMID:9") for disease in DISEASES)

shares = st.floats(0.0, 1.0)
beliefs = st.lists(st.floats(0.001, 1.0), min_size=2, max_size=6).map(lambda w: np.array(w) / sum(w))
finding_rows = st.builds(
    lambda disease, term, frequency, reference: row(disease, term, frequency=frequency, reference=reference),
    st.sampled_from(DISEASES),
    st.sampled_from(FINDING_TERMS),
    st.sampled_from(["", "1/3", "5/6", "124/197", "HP:0040281", "HP:0040283"]),
    st.sampled_from(["PMID:1", "PMID:2"]),
)
releases = st.lists(finding_rows, min_size=1, max_size=12).map(
    lambda rows: lattice_facts([*EVERY_DISEASE, *rows], actions=True)
)
cases = st.builds(
    lambda observed, excluded: Case.of(observed, [one for one in excluded if one not in observed]),
    st.lists(st.sampled_from(FINDING_TERMS), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(FINDING_TERMS), max_size=2, unique=True),
)


def ranked(case: Case, knowledge: Knowledge) -> Differential:
    try:
        return rank(case, knowledge, weights=plain_weights())
    except NothingToRankError:
        assume(False)
        raise


def slow_entropy(weights: list[float]) -> float:
    total = sum(weights)
    return -sum(w / total * math.log2(w / total) for w in weights if w > 0)


def slow_information(belief: list[float], yes: list[float]) -> float:
    """H(p) - E[H(p | answer)], answer by answer and disease by disease."""
    after = 0.0
    for chances in (yes, [1.0 - one for one in yes]):
        joint = [p * chance for p, chance in zip(belief, chances, strict=True)]
        if sum(joint) > 0:
            after += sum(joint) * slow_entropy(joint)
    return slow_entropy(belief) - after


def slow_yes(knowledge: Knowledge, term: int) -> list[float]:
    background = float(knowledge.base.background[term])
    share = [knowledge.share_of(term, disease) for disease in range(knowledge.n_diseases)]
    seen = [one if one > 0 else background for one in share]
    return [MISTAKEN + (1.0 - MISTAKEN - MISSED) * one for one in (*seen, background)]


@given(beliefs, st.data())
def test_information_is_never_negative_and_never_more_than_a_bit_or_the_doubt(
    belief: np.ndarray, data: st.DataObject
) -> None:
    yes = np.array(data.draw(st.lists(shares, min_size=len(belief), max_size=len(belief))))
    told = float(answer_information(belief, yes))
    assert 0.0 <= told <= min(1.0, slow_entropy(belief.tolist())) + 1e-9
    assert told == pytest.approx(slow_information(belief.tolist(), yes.tolist()), abs=1e-9)


@given(beliefs, shares)
def test_an_answer_that_no_candidate_distinguishes_is_worth_nothing(belief: np.ndarray, share: float) -> None:
    assert float(answer_information(belief, np.full(len(belief), share))) == pytest.approx(0.0, abs=1e-12)


@SOME
@given(releases, cases, st.booleans())
def test_the_fast_information_of_every_question_is_the_slow_one(facts: Facts, case: Case, taken_out: bool) -> None:
    """Also where a publication was taken out."""
    knowledge = Knowledge.of(facts)
    knowledge = knowledge.without({"PMID:1"}) if taken_out else knowledge
    belief = ranked(case, knowledge).probabilities
    fast = Expectations(knowledge).information(belief)
    for name in FINDING_TERMS:
        term = knowledge.ontology.index(name)
        slow = slow_information(belief.tolist(), slow_yes(knowledge, term))
        assert fast[term] == pytest.approx(slow, abs=1e-5)


@SOME
@given(releases, cases, st.randoms(use_true_random=False))
def test_the_order_of_findings_and_of_records_changes_nothing(facts: Facts, case: Case, random: object) -> None:
    knowledge = Knowledge.of(facts)
    findings = list(case.findings)
    random.shuffle(findings)  # type: ignore[attr-defined]
    other = replace(case, findings=tuple(findings))
    records = [AvoidRecord((disease[0],), BIOPSY, "x", "", "y", "2026-01-31") for disease in DISEASES]
    for kind in ("question", "procedure"):
        one = next_step(case, ranked(case, knowledge), knowledge, kind=kind, avoid=records)
        two = next_step(other, ranked(other, knowledge), knowledge, kind=kind, avoid=records[::-1])
        assert [step.id for step in one] == [step.id for step in two]
        assert [step.bits for step in one] == pytest.approx([step.bits for step in two], abs=1e-9)


@SOME
@given(releases, cases, st.sampled_from(DISEASES))
def test_a_veto_moves_a_step_back_and_no_other_step_changes(facts: Facts, case: Case, disease: tuple[str, str]) -> None:
    knowledge = Knowledge.of(facts)
    differential = ranked(case, knowledge)

    def suggested(records: list[AvoidRecord]) -> tuple[Suggestion, ...]:
        return next_step(case, differential, knowledge, kind="procedure", avoid=records, top=50)

    free, bound = suggested([]), suggested([AvoidRecord((disease[0],), BIOPSY, "x", "", "y", "2026-01-31")])
    assert {step.id: step.bits for step in free} == {step.id: step.bits for step in bound}
    assert [step.id for step in free if step.id != BIOPSY] == [step.id for step in bound if step.id != BIOPSY]
    places = [[step.id for step in steps].index(BIOPSY) for steps in (free, bound) if BIOPSY in {s.id for s in steps}]
    if places:
        assert places[1] >= places[0]
        likely = float(differential.probabilities[differential.index_of(disease[0])]) >= 0.01
        assert bound[places[1]].must_wait is likely


@SOME
@given(releases, cases)
def test_drawn_information_of_one_finding_is_near_the_exact_one(facts: Facts, case: Case) -> None:
    """Within five standard errors, and some, since a rare answer may not be drawn at all."""
    knowledge = Knowledge.of(facts)
    belief = ranked(case, knowledge).probabilities
    expected = Expectations(knowledge)
    term = int(np.argmax(expected.information(belief)))
    candidates = LeadingCandidates.of(belief, expected.yes(belief))
    drawn = drawn_information("x", np.array([term]), candidates, expected, number=4000)
    exact = slow_information(belief.tolist(), slow_yes(knowledge, term))
    assert drawn.bits == pytest.approx(exact, abs=5 * drawn.standard_error + 0.01)


def slow_drawn_bits(action: str, terms: np.ndarray, candidates: LeadingCandidates, expected: Expectations) -> float:
    """The same patients, one by one: the doubt there is, less the mean doubt that their findings leave."""
    yes = candidates.yes(terms, expected)
    weights = candidates.weights / candidates.weights.sum()
    generator = np.random.default_rng((procedures._SEED, zlib.crc32(action.encode())))
    patients = generator.choice(len(weights), size=procedures.DRAWN, p=weights)
    draws = generator.random((procedures.DRAWN, len(terms)))
    left = 0.0
    for patient, draw in zip(patients.tolist(), draws.tolist(), strict=True):
        likely = [
            w
            * math.prod(
                y if has else 1 - y
                for y, has in zip(
                    column, (one < mine for one, mine in zip(draw, yes[:, patient].tolist(), strict=True)), strict=True
                )
            )
            for w, column in zip(weights.tolist(), yes.T.tolist(), strict=True)
        ]
        left += slow_entropy(likely) / procedures.DRAWN
    return max(slow_entropy(weights.tolist()) - left, 0.0)


@SOME
@given(releases, cases)
def test_the_fast_information_of_a_procedure_is_the_slow_one(facts: Facts, case: Case) -> None:
    knowledge = Knowledge.of(facts)
    expected = Expectations(knowledge)
    belief = ranked(case, knowledge).probabilities
    candidates = LeadingCandidates.of(belief, expected.yes(belief))
    terms = np.array([knowledge.ontology.index(name) for name in FINDING_TERMS])
    fast = drawn_information("x", terms, candidates, expected)
    assert fast.bits == pytest.approx(slow_drawn_bits("x", terms, candidates, expected), abs=1e-9)
    assert drawn_information("x", terms, candidates, expected, most=0.01).bits <= 0.01


@SOME
@given(releases, cases, st.integers(1, 4))
def test_leaving_out_what_cannot_come_first_changes_nothing_of_what_does(facts: Facts, case: Case, top: int) -> None:
    """Few steps are the first of many; what is worth less than something found elsewhere may be left out."""
    knowledge = Knowledge.of(facts)
    differential = ranked(case, knowledge)
    for kind in ("question", "procedure"):
        many = next_step(case, differential, knowledge, kind=kind, top=50)
        few = next_step(case, differential, knowledge, kind=kind, top=top)
        assert [(one.id, one.bits, one.worth) for one in few] == [(one.id, one.bits, one.worth) for one in many[:top]]
        least = many[0].worth if many else 0.0
        enough = next_step(case, differential, knowledge, kind=kind, top=1, least=least)
        assert [one.id for one in enough] == [one.id for one in many[:1]]


def slow_worth_ahead(setting: Setting, term: int, terms: list[int], weighed: list[float]) -> float:
    """What a question is worth, and what the best one after its answer is expected to be worth, disease by disease."""
    knowledge, belief = setting.knowledge, setting.aimed.tolist()
    ontology, yes = knowledge.ontology, slow_yes(knowledge, term)
    total = slow_information(belief, yes) / weighed[terms.index(term)]
    implied_by_yes, implied_by_no = (set(of[term].tolist()) for of in (ontology.ancestors, ontology.descendants))
    for chances, implied in ((yes, implied_by_yes), ([1.0 - one for one in yes], implied_by_no)):
        joint = [p * chance for p, chance in zip(belief, chances, strict=True)]
        after = [one / sum(joint) for one in joint]
        follow = [
            slow_information(after, slow_yes(knowledge, other)) / weighed[place]
            for place, other in enumerate(terms)
            if other not in implied
        ]
        total += sum(joint) * max(follow, default=0.0)
    return total


@SOME
@given(releases, cases, st.data())
def test_the_first_question_is_worth_most_with_the_best_one_after_it(
    facts: Facts, case: Case, data: st.DataObject
) -> None:
    knowledge = Knowledge.of(facts)
    setting = setting_of(
        case, ranked(case, knowledge), knowledge, None, None, None, belief=None, skipped=(), limits=EVERY_STEP
    )
    terms = np.flatnonzero(setting.open & setting.stated)
    assume(len(terms))
    weighed = np.array(data.draw(st.lists(st.floats(1.0, 9.0), min_size=len(terms), max_size=len(terms))))
    slow = [slow_worth_ahead(setting, one, terms.tolist(), weighed.tolist()) for one in terms.tolist()]
    order = in_order(setting, terms, weighed)
    assert sorted(order.tolist()) == sorted(terms.tolist())
    assert len(terms) <= LOOKED_AHEAD
    found = [slow[terms.tolist().index(one)] for one in order.tolist()]
    assert found == pytest.approx(sorted(slow, reverse=True), abs=1e-5)  # shares are float32


@SOME
@given(releases, cases)
def test_a_work_up_begins_with_the_step_of_either_kind_that_is_worth_most(facts: Facts, case: Case) -> None:
    knowledge = Knowledge.of(facts)
    differential = ranked(case, knowledge)
    steps = [one for kind in StepKind for one in next_step(case, differential, knowledge, kind=kind, top=1)]
    best = max((one for one in steps if not one.must_wait), key=lambda one: one.worth, default=None)
    first = protocol(case, differential).start
    if first.why is not Stop.SURE:
        assert (first.step and first.step.id) == (best and best.id)
        assert first.step is None or best is None or first.step.bits == pytest.approx(best.bits, abs=1e-9)


@SOME
@given(releases, cases, st.sampled_from([1.0, 4.0, 30.0]), st.booleans())
def test_limits_leave_out_steps_and_change_none(facts: Facts, case: Case, at_most: float, awake: bool) -> None:
    knowledge = Knowledge.of(facts)
    differential = ranked(case, knowledge)
    limits = Limits(frozenset({"genetic", "tissue"}), at_most, awake)
    for kind in ("question", "procedure"):
        every = next_step(case, differential, knowledge, kind=kind, top=50)
        fewer = next_step(case, differential, knowledge, kind=kind, top=50, limits=limits)
        assert all(one.weighed <= at_most for one in fewer)
        assert not awake or all(one.burden.anaesthesia in (0.0, 1.0) for one in fewer)
        if kind == "procedure":
            assert all(one.burden.family in {"genetic", "tissue"} for one in fewer)
            wanted = [one.id for one in every if limits.allow(one.burden, one.weighed)]
            assert [one.id for one in fewer] == wanted


@SOME
@given(releases, cases)
def test_the_information_of_a_genetic_test_is_the_doubt_less_what_each_result_leaves(facts: Facts, case: Case) -> None:
    """One disease has a gene here: a positive test names it, or something that is none of the candidates."""
    knowledge = Knowledge.of(facts)
    belief = ranked(case, knowledge).probabilities
    for test in TESTS:
        result = expected_result(test, belief, knowledge)
        found, missed = belief * result.shown, belief * (1.0 - result.shown)
        left = sum(missed) * slow_entropy(missed.tolist())
        assert result.bits == pytest.approx(max(slow_entropy(belief.tolist()) - left, 0.0), abs=1e-9)
        assert result.positive == pytest.approx(float(found.sum()), abs=1e-12)
        assert result.after_negative(belief).sum() == pytest.approx(1.0)
