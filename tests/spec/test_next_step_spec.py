"""How the next step is chosen, in examples that a clinician can check by hand with a pocket calculator.

The tests below also make the page `docs/reference/how-the-next-step-is-chosen.md`.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import Finding, FindingState
from hoofbeat.cases.subject import Subject
from hoofbeat.cases.time_element import GestationalAge
from hoofbeat.diagnosis.findings_model import MISSED, MISTAKEN
from hoofbeat.diagnosis.next_step import StepKind, next_step, protocol
from hoofbeat.diagnosis.next_step.ahead import LOOKED_AHEAD
from hoofbeat.diagnosis.next_step.expectations import answered_yes, expectations_of
from hoofbeat.diagnosis.next_step.genetic_tests import TESTS, VariantClass, causes_of, expected_result
from hoofbeat.diagnosis.next_step.information import answer_information, doubt, entropy
from hoofbeat.diagnosis.next_step.next_step import default_burdens
from hoofbeat.diagnosis.next_step.open_questions import open_terms
from hoofbeat.diagnosis.next_step.protocol import AFTER_YES, STEPS, SURE
from hoofbeat.diagnosis.next_step.setting import AIM_HEAT, WORTH_ASKING
from hoofbeat.diagnosis.next_step.veto import LIKELY, standing_vetoes
from hoofbeat.diagnosis.rank import Differential, rank
from hoofbeat.diagnosis.second_stage import plain_weights
from hoofbeat.interchange.avoid_file import shipped_avoid_records
from hoofbeat.interchange.burden_file import shipped_burdens
from hoofbeat.knowledge.avoid import AvoidRecord
from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.burden import QUANTITIES
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library import Library, SolvedCase
from hoofbeat.knowledge.sources import Sources
from tests.lattice_release import DISEASES, lattice_facts
from tests.small_actions import BIOPSY, LOOKING, SCAN, UNBORN_SCAN
from tests.small_release import row, write_small_release

FIRST, SECOND, THIRD, FOURTH, *_ = DISEASES
ELSEWHERE, LEFT, RIGHT, SPECIAL = "HP:0000015", "HP:0000017", "HP:0000018", "HP:0000022"
ROWS = (
    *(row(disease, ELSEWHERE, frequency="1/9") for disease in DISEASES),
    row(FIRST, LEFT, frequency="9/10"),
    row(SECOND, RIGHT, frequency="9/10"),
    row(THIRD, "HP:0000016", frequency="5/6"),
)
NEVER = AvoidRecord((FIRST[0],), BIOPSY, "it bleeds", "clotting is secured", "made up", "2026-01-31")

# Chance of yes in the first and in the second of two equally likely diseases, and the bits of the answer by hand.
BY_HAND = (
    (0.9, 0.1, 0.5310, "1 - H(.9), as H(.9) = -(.9 log2 .9 + .1 log2 .1) = .4690"),
    (1.0, 0.0, 1.0, "the answer names the disease"),
    (0.5, 0.5, 0.0, "both diseases answer alike: nothing is learned"),
    (0.9, 0.5, 0.1468, "H(.7) - (H(.9) + H(.5))/2 = .8813 - (.4690 + 1)/2"),
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.of(lattice_facts(ROWS, actions=True))


def ranked(knowledge: Knowledge, case: Case) -> Differential:
    return rank(case, knowledge, weights=plain_weights())


@pytest.mark.parametrize(("one", "other", "bits", "reckoning"), BY_HAND)
def test_an_answer_tells_as_much_as_the_diseases_differ_in_it(
    one: float, other: float, bits: float, reckoning: str
) -> None:
    told = float(answer_information(np.array([0.5, 0.5]), np.array([one, other])))
    assert told == pytest.approx(bits, abs=0.00005), reckoning


def test_information_is_the_doubt_before_less_the_mean_doubt_after() -> None:
    """Yes and no are each expected in half of the cases; after yes the diseases stand at .9 and .1, after no the other
    way round.
    """
    after = 0.5 * float(entropy(np.array([0.9, 0.1]))) + 0.5 * float(entropy(np.array([0.1, 0.9])))
    assert 1.0 - after == pytest.approx(0.5310, abs=0.00005)


def test_people_err_in_both_directions() -> None:
    """Of those who have a finding one in twenty says no, of those who do not one in a hundred says yes."""
    assert answered_yes(np.array([0.0, 1.0])).tolist() == pytest.approx([MISTAKEN, 1.0 - MISSED])


def test_what_is_implied_is_not_asked(knowledge: Knowledge) -> None:
    """17 observed: 3, which it is a kind of, is there too. 18 excluded: 22, a kind of it, is not there either."""
    is_open = open_terms(Case.of([LEFT], [RIGHT]), knowledge)
    for finding in (LEFT, RIGHT, "HP:0000003", SPECIAL):
        assert not is_open[knowledge.ontology.index(finding)], finding
    assert is_open[knowledge.ontology.index("HP:0000016")]


def test_who_could_not_tell_is_not_asked_again(knowledge: Knowledge) -> None:
    case = Case("x", findings=(Finding(ELSEWHERE), Finding(LEFT, state=FindingState.UNCERTAIN)))
    steps = next_step(case, ranked(knowledge, case), knowledge)
    assert LEFT not in [step.id for step in steps]


def test_the_best_question_parts_the_likely_diseases(knowledge: Knowledge) -> None:
    """All have 15, so that it says nothing. What one of the three has and the others have not is asked."""
    case = Case.of([ELSEWHERE])
    steps = next_step(case, ranked(knowledge, case), knowledge)
    assert {step.id for step in steps} <= {LEFT, RIGHT, "HP:0000016"}
    assert steps[0].bits >= WORTH_ASKING


def test_what_yes_no_and_unclear_would_do_is_what_the_ranking_says(knowledge: Knowledge) -> None:
    case = Case.of([ELSEWHERE])
    step = next_step(case, ranked(knowledge, case), knowledge)[0]
    for answer, then in (
        ("yes", Case.of([ELSEWHERE, step.id])),
        ("no", Case("x", findings=(Finding(ELSEWHERE), Finding(step.id, state=FindingState.EXCLUDED, asked=True)))),
        ("unclear", case),
    ):
        again = ranked(knowledge, then)
        for place, index in zip(step.answers[answer].top, again.order, strict=False):
            assert place.disease.id == knowledge.disease_id(int(index))
            assert place.probability == pytest.approx(float(again.probabilities[index]), rel=1e-9)
        assert step.answers[answer].top[0].disease.name in step.answers[answer].sentence


def test_nothing_is_asked_where_nothing_tells_a_twentieth_of_a_bit() -> None:
    """Every disease has the same: no question parts them."""
    alike = Knowledge.of(lattice_facts([row(disease, ELSEWHERE, frequency="1/9") for disease in DISEASES]))
    case = Case.of([ELSEWHERE])
    assert next_step(case, ranked(alike, case), alike) == ()


def test_a_question_that_only_a_scan_answers_carries_the_burden_of_the_scan(knowledge: Knowledge) -> None:
    """17 is seen through the MRI of the brain, by way of 3 above it; 15 by looking."""
    case = Case.of([ELSEWHERE])
    steps = {step.id: step for step in next_step(case, ranked(knowledge, case), knowledge)}
    assert steps[LEFT].how == "MRI of the brain"
    assert steps[LEFT].weighed == pytest.approx(shipped_burdens().weighed(shipped_burdens().of(SCAN)))


def test_the_burden_is_one_question_and_what_each_unit_weighs(knowledge: Knowledge) -> None:
    """Biopsy of the liver: 1 + .01·1500 EUR + 2·10 in 1,000 + .05·14 days + 3·2 steps of anaesthesia = 42.7."""
    burdens = shipped_burdens()
    assert burdens.weighed(burdens.of(BIOPSY)) == pytest.approx(42.7)


def test_what_nobody_knows_is_never_free() -> None:
    """An action that is in no file: every quantity is the worst that is assumed, and the suggestion says so."""
    burdens = shipped_burdens()
    unknown = burdens.of("MAXO:0009999")
    assert unknown.unknown == QUANTITIES
    assert burdens.weighed(unknown) > burdens.weighed(burdens.of(BIOPSY))


def test_a_procedure_counts_all_it_can_show_and_what_lies_below(knowledge: Knowledge) -> None:
    """The MRI shows 3, so it shows 16 and 17 too, which part three diseases; they count and not their group."""
    case = Case.of([ELSEWHERE])
    steps = {step.id: step for step in next_step(case, ranked(knowledge, case), knowledge, kind="procedure")}
    assert {one.id for one in steps[SCAN].findings} <= {
        "HP:0000003",
        LEFT,
        "HP:0000016",
        "HP:0000021",
        SPECIAL,
        "HP:0000023",
    }
    assert steps[SCAN].standard_error > 0
    assert LOOKING not in steps  # 15 is observed already


def test_only_the_unborn_are_looked_at_through_their_mother(knowledge: Knowledge) -> None:
    born = Case.of([ELSEWHERE])
    unborn = replace(born, subject=Subject(time_at_last_encounter=GestationalAge(20)))
    seen = {
        name: {step.id for step in next_step(case, ranked(knowledge, case), knowledge, kind="procedure", top=20)}
        for name, case in (("born", born), ("unborn", unborn))
    }
    assert UNBORN_SCAN in seen["unborn"]
    assert SCAN not in seen["unborn"]
    assert UNBORN_SCAN not in seen["born"]


def test_a_genetic_test_says_nothing_of_variants_that_it_cannot_see() -> None:
    """Exome and genome do not answer repeat expansion, methylation or the mitochondrial genome."""
    for test in TESTS:
        if test.id in ("MAXO:0009004", "MAXO:0009006"):
            assert not {VariantClass.REPEAT, VariantClass.METHYLATION, VariantClass.MITOCHONDRIAL} & set(test.detects)
    yields = {test.id: test.found_in_100 for test in TESTS if test.found_in_100 is not None}
    assert yields == {"MAXO:0009006": 41, "MAXO:0009004": 36, "MAXO:0001612": 10}


def test_a_gene_with_other_diseases_than_an_expansion_leaves_those_to_an_exome(tmp_path: Path) -> None:
    """AR: spinal and bulbar muscular atrophy is an expansion, androgen insensitivity is not. NOTCH2NLC: always one."""
    classes = {
        ("OMIM:313200", "AR"): VariantClass.REPEAT,
        ("OMIM:300068", "AR"): VariantClass.SEQUENCE,
        ("OMIM:603472", "NOTCH2NLC"): VariantClass.REPEAT,
        ("OMIM:105550", "C9orf72"): VariantClass.REPEAT,
        ("OMIM:154700", "FBN1"): VariantClass.SEQUENCE,
    }
    rows = tuple(row((disease, disease), "HP:0001166") for disease, _gene in classes)
    folder = write_small_release(tmp_path / "release", rows=rows)
    genes = [f"{at}\t{gene}\tHP:0001166\tx\t-\t{disease}\n" for at, (disease, gene) in enumerate(classes, 1)]
    head = "ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id\n"
    (folder / "genes_to_phenotype.txt").write_text(head + "".join(genes), encoding="utf-8")
    knowledge = Knowledge.open(build(Sources.in_folder(folder), tmp_path / "built").path)
    causes, index = causes_of(knowledge).classes, knowledge.facts.diseases.index
    assert {one: list(VariantClass)[causes[index(one[0])]] for one in classes} == classes


def test_an_exome_confirms_a_disease_of_which_only_solved_cases_know_the_gene(knowledge: Knowledge) -> None:
    """Two of three solved cases blame GENE9. Of another disease that only they know, no case names a gene."""
    solved = [SolvedCase("OMIM:999999", "PMID:5", (ELSEWHERE,), genes=(gene,)) for gene in ("GENE8", "GENE9", "GENE9")]
    solved.append(SolvedCase("OMIM:999998", "PMID:5", (ELSEWHERE,)))
    known = knowledge.with_library(Library.of(solved, knowledge.ontology))
    named, unnamed = known.find_disease("OMIM:999999"), known.find_disease("OMIM:999998")
    assert named is not None
    assert unnamed is not None
    belief = np.zeros(known.n_diseases + 1)
    belief[[named, unnamed]] = 0.5
    exome = next(test for test in TESTS if test.id == "MAXO:0009004")
    result = expected_result(exome, belief, known)
    assert result.likeliest == ("GENE9", 0.5 * exome.detects[VariantClass.SEQUENCE])
    assert result.after_positive(belief)[named] == 1.0
    assert result.after_negative(belief)[unnamed] > 0.5


def test_an_action_waits_while_a_disease_that_forbids_it_is_likely(knowledge: Knowledge) -> None:
    case = Case.of([ELSEWHERE, LEFT])
    differential = ranked(knowledge, case)
    assert differential.probabilities[differential.index_of(FIRST[0])] >= LIKELY
    steps = next_step(case, differential, knowledge, kind="procedure", avoid=[NEVER], top=20)
    biopsy = next(step for step in steps if step.id == BIOPSY)
    assert biopsy.must_wait
    assert biopsy.vetoed_by is not None
    assert biopsy.vetoed_by.sentence == (
        "Not before First disease is excluded: it bleeds. Acceptable if: clotting is secured."
    )
    assert not [step for step in steps[steps.index(biopsy) :] if not step.must_wait], "what must wait comes last"


def test_a_veto_is_overridden_with_a_reason_or_not_at_all(knowledge: Knowledge) -> None:
    case = Case.of([ELSEWHERE, LEFT])
    for reason, waits in (("", True), ("  ", True), ("clotting is secured", False)):
        steps = next_step(
            case,
            ranked(knowledge, case),
            knowledge,
            kind=StepKind.PROCEDURE,
            avoid=[NEVER],
            overrides={BIOPSY: reason},
            top=20,
        )
        assert next(step for step in steps if step.id == BIOPSY).must_wait is waits


def test_what_a_likely_candidate_makes_dangerous_is_listed_whether_or_not_it_would_be_suggested(
    knowledge: Knowledge,
) -> None:
    """Each action and reason once, by the likeliest candidate; what only an unlikely one forbids is not there."""
    differential = ranked(knowledge, Case.of([ELSEWHERE, LEFT]))
    belief = differential.probabilities.copy()
    belief[differential.index_of(FIRST[0])], belief[differential.index_of(SECOND[0])] = 0.4, 0.2
    belief[differential.index_of(FOURTH[0])] = LIKELY / 2
    burdens = default_burdens(knowledge.facts)
    records = [
        replace(NEVER, diseases=(SECOND[0],)),
        NEVER,
        replace(NEVER, diseases=(SECOND[0],), action="family:tissue", reason="it tears"),
        replace(NEVER, diseases=(FOURTH[0],), action="radiation"),
    ]
    listed = standing_vetoes(records, burdens, belief, knowledge)
    assert [(one.action, one.name, one.veto.disease.name) for one in listed] == [
        (BIOPSY, "biopsy of liver", FIRST[1]),
        ("family:tissue", "", SECOND[1]),
    ]


def test_the_shipped_vetoes_name_what_every_geneticist_knows() -> None:
    forbidden = {(disease, record.action) for record in shipped_avoid_records() for disease in record.diseases}
    assert ("OMIM:130050", "MAXO:0001259") in forbidden  # vascular Ehlers-Danlos, angiography
    assert ("OMIM:187300", BIOPSY) in forbidden  # hereditary haemorrhagic telangiectasia, liver biopsy
    assert ("OMIM:171300", "family:tissue") in forbidden  # phaeochromocytoma, biopsy
    assert all(record.source and record.date for record in shipped_avoid_records())


def test_the_work_up_is_bounded_and_every_end_says_why(knowledge: Knowledge) -> None:
    case = Case.of([ELSEWHERE])
    tree = protocol(case, ranked(knowledge, case)).start
    seen = set()
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        assert depth <= STEPS
        assert (node.step is None) == bool(node.stop)
        if node.step is not None:
            seen.add(node.step.id)
            assert not node.step.must_wait
        waiting += [(below, depth + 1) for below in (node.on_yes, node.on_no) if below is not None]
    assert seen
    assert tree.size <= 2 ** (AFTER_YES + 1) * STEPS


def test_bits_of_the_fast_way_are_those_of_the_definition(knowledge: Knowledge) -> None:
    case = Case.of([ELSEWHERE, LEFT])
    differential = ranked(knowledge, case)
    expected = expectations_of(knowledge)
    fast = expected.information(differential.probabilities)
    for term in (LEFT, RIGHT, "HP:0000016"):
        index = knowledge.ontology.index(term)
        yes = expected.yes_of(np.array([index]), np.arange(knowledge.n_diseases))[0]
        yes = np.append(yes, expected.elsewhere[index])
        told = 0.0
        for answer in (yes, 1.0 - yes):
            joint = differential.probabilities * answer
            told += float(joint.sum()) * float(entropy(joint / joint.sum()))
        assert fast[index] == pytest.approx(float(entropy(differential.probabilities)) - told, abs=1e-5)
    assert math.isclose(float(doubt(np.array([0.5]))[0]), 1.0)


def test_the_page_of_the_next_step_says_what_the_code_does(generated_doc: Callable[[str, str], None]) -> None:
    generated_doc("docs/reference/how-the-next-step-is-chosen.md", page())


def page() -> str:
    burdens = shipped_burdens()
    rows = "\n".join(f"| {one:g} | {other:g} | {bits:.4f} | {reckoning} |" for one, other, bits, reckoning in BY_HAND)
    weights = "\n".join(f"| `{name}` | {burdens.weights[name]:g} | {burdens.assumed[name]:g} |" for name in QUANTITIES)
    tests = "\n".join(
        f"| {burdens.of(test.id).name} | "
        + ", ".join(f"{kind.value} {rate:.2f}" for kind, rate in test.detects.items())
        + f" | {test.found_in_100 if test.found_in_100 is not None else 'not stated'} |"
        for test in TESTS
    )
    return f"""\
# How the next step is chosen

Made by `make docs` from `tests/spec/test_next_step_spec.py`, whose tests hold every number here.

## What an answer tells

The information of a question is the doubt over the diseases before it, less the mean doubt after its answer, in
bits; "none of these" takes part. It is the same as the doubt about the answer, less the doubt about it if the
disease were known. Two diseases, equally likely:

| yes in the one | yes in the other | bits | by hand |
| --- | --- | --- | --- |
{rows}

How often a disease has a finding is the share that the ranking uses; where none is described, that of anybody. People
err: {100 * MISSED:.0f} of 100 who have
a finding say no, {100 * MISTAKEN:.0f} of 100 who do not say yes. Not asked is what is given or implied, what was
asked in vain and what is nearly the same, what only groups findings that diseases are described with, organs of the
other sex, and what tells less than {WORTH_ASKING:g} bit. Of two questions that the leading candidates answer alike,
one is asked.

Questions are ordered, per burden, by the bits that they tell of a sharper doubt, that of {AIM_HEAT:g} times the scores,
so that they part the leading diseases ([decision 0023](../decisions/0023-questions-aim-at-a-sharper-doubt.md)). The
first {LOOKED_AHEAD} of them are put in order anew, by that and by what the best question after them is expected to
tell ([decision 0036](../decisions/0036-a-question-looks-one-answer-ahead.md)). The bits shown are those of the
probabilities as they are. What "yes", "no" and "unclear" would do is shown by ranking the case anew with the answer; a
"no" that was asked for counts more than one of a report ([decision
0028](../decisions/0028-an-answer-no-counts-as-the-question-expected-it.md)).

## Procedures

A procedure can show the findings that MAxO, or the burden file, says are observable through it, and all below them,
less those that the burden file leaves out; in the unborn those that MAxO says are observable before birth. The open
ones count together, none of them above or below another: patients are drawn from the candidates with a fixed seed,
and the standard error of the mean is shown. "Yes" stands for its most telling finding, "no" for none of its
likeliest ones.

A genetic test tells diseases apart by gene, and only where it can see the kind of variant:

| test | finds the cause of a disease by | in 100 children |
| --- | --- | --- |
{tests}

The shares are our estimates. "In 100 children" is in how many with a suspected genetic disease it named one
(PMC6037748); so often it is expected to name one where it is none of the candidates.

## Burden

Each step weighs 1, as a question does, and what its quantities weigh. An empty cell is unknown and reckoned with
what stands under "assumed"; the suggestion says so. Anaesthesia counts in steps: none 0, local 1, sedation 2,
general 3.

| quantity | weight of a unit | assumed if unknown |
| --- | --- | --- |
{weights}

The file that ships has {len(burdens.rows)} rows of our own rough values, each with source and date. A clinic makes
its own ([how](../how-to/choose-the-next-step.md)). Beside the order stands which steps are on the front: none of
the others tells more for less.

## What must wait

A record of the avoid file names diseases and an action. While any of the diseases has {100 * LIKELY:.0f} % or more,
the action is "not before it is excluded" and comes last; it is done all the same only with a reason, which is
shown. Radiation and anaesthesia that nobody filled in are taken as there. The page lists what all likely candidates
forbid, also where nobody would suggest it.

## The work-up

At each place the step that tells most per burden and need not wait: at most {STEPS} in a row, {AFTER_YES} after a
yes. It stops where the first disease has {100 * SURE:.0f} %, where a genetic test names a cause, and where nothing
is worth asking.
"""
