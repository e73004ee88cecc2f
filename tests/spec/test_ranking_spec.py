"""How the ranking works, in examples that a clinician can check by hand with a pocket calculator.

The tests below also make the page `docs/reference/how-the-ranking-works.md`.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from hoofbeat.cases.case import Case
from hoofbeat.cases.finding import Finding
from hoofbeat.cases.subject import Sex, Subject
from hoofbeat.cases.time_element import Age
from hoofbeat.diagnosis.differential import ContributionKind, MatchKind
from hoofbeat.diagnosis.findings_model import (
    LEAST_LENGTH,
    LENGTH_POWER,
    MISSED,
    MISTAKEN,
    MORE_GENERAL,
    MORE_SPECIAL,
    MOST_EXCLUSION,
    SAME,
    SOFTENING,
    SOFTENING_ASKED,
    excluded_log_ratio,
    observed_ratios,
)
from hoofbeat.diagnosis.rank import NothingToRankError, rank
from hoofbeat.diagnosis.second_stage import WHOLE_LIBRARY, Calibration, library_share, plain_weights, probabilities
from hoofbeat.knowledge.facts import Facts
from hoofbeat.knowledge.frequencies import MIN_BACKGROUND, PERCENT_CASES, PRIOR_CASES, PRIOR_SHARE, UNSTATED_SHARE
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.library import Library, SolvedCase
from hoofbeat.knowledge.library_evidence import SATURATION, STATED_WEIGHT, UNMENTIONED, UNSTATED_WEIGHT
from hoofbeat.knowledge.own_parts import LEAST_PART, UNDESCRIBED
from tests.lattice_release import DISEASES, lattice_facts
from tests.small_release import row

ARACHNODACTYLY = "HP:0001166"
REPORTED = "how often it is reported"
SPECIAL, GENERAL, ELSEWHERE = "HP:0000021", "HP:0000016", "HP:0000015"
FIRST, SECOND, THIRD, FOURTH, GROUP, _ = DISEASES

# A finding (21) is a kind of another (16). The first disease has the special one in 9 of 10, the second the general
# one in 5 of 6; all have an unrelated one (15). Five diseases, as the last two entries are one disease with others.
ROWS = (
    *(row(disease, ELSEWHERE, frequency="1/9") for disease in DISEASES),
    row(FIRST, SPECIAL, frequency="9/10", reference="PMID:7"),
    row(SECOND, GENERAL, frequency="5/6"),
)

# Described in all: 15 with 4·1.6/11 + 2.6/20 = .711818 (the third disease has two rows), 21 with .8, 16 with .7. With
# .02 more for each of the nine findings that is 2.391818, so p(21) = .82/2.391818 and p(16) = .72/2.391818.
ALL = 4 * 1.6 / 11 + 2.6 / 20 + 0.8 + 0.7 + 9 * 0.02

# Finding, disease, the ratio by hand, and its reckoning; the page shows these rows. Each disease has a length below 1.
BY_HAND = (
    (SPECIAL, FIRST, 1 + 0.8 * 0.54 * ALL / 0.82, "the very term: share (9 + .6)/(10 + 2) = .8, 1 + .8 · .54/p(21)"),
    (
        SPECIAL,
        SECOND,
        1 + 0.7 * 0.05 * ALL / 0.82,
        "described more generally: 16 has (5 + .6)/(6 + 2) = .7, and 21 is its one child: 1 + .7 · .05/p(21)",
    ),
    (SPECIAL, FOURTH, 1.0, "nothing near it is described: the same for every such disease"),
    (
        GENERAL,
        FIRST,
        1 + 0.8 * 0.1 * ALL / (0.72 + 0.02),
        "described with something more special, whose parents are 16 and 18: 1 + .8 · .1/(p(16) + p(18))",
    ),
    (GENERAL, SECOND, 1 + 0.7 * 0.54 * ALL / 0.72, "the very term: 1 + .7 · .54/p(16)"),
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.of(lattice_facts(ROWS))


def ratio(knowledge: Knowledge, term: str, disease: tuple[str, str]) -> float:
    index = knowledge.find_disease(disease[0])
    return math.exp(float(observed_ratios(knowledge.ontology.index(term), knowledge)[index]))


def score(case: Case, knowledge: Knowledge, disease: tuple[str, str]) -> float:
    differential = rank(case, knowledge, weights=plain_weights())
    return float(differential.scores[differential.index_of(disease[0])])


@pytest.mark.parametrize(("term", "disease", "by_hand", "reckoning"), BY_HAND)
def test_the_ratio_of_a_finding_is_how_likely_it_is_a_translation_over_how_common_it_is(
    knowledge: Knowledge, term: str, disease: tuple[str, str], by_hand: float, reckoning: str
) -> None:
    assert ratio(knowledge, term, disease) == pytest.approx(by_hand, rel=1e-6), reckoning


def test_a_term_that_is_described_only_by_what_is_below_it_has_no_own_part(knowledge: Knowledge) -> None:
    """The first disease has 21 in .8 of patients and so 16 in .8 too, which says nothing more."""
    first, second = (int(knowledge.find_disease(disease[0]) or 0) for disease in (FIRST, SECOND))
    terms = np.array([knowledge.ontology.index(term) for term in (SPECIAL, GENERAL)], dtype=np.int32)
    assert knowledge.own_parts_of(first, terms) == pytest.approx([0.8, 0.0])
    assert knowledge.own_parts_of(second, terms) == pytest.approx([0.0, 0.7])


def test_what_a_term_says_counts_less_in_a_longer_description() -> None:
    """Both have term 21 in (9 + .6)/(10 + 2) = .8; the second has 22 and 15 in .5 too, so its length is 1.8."""
    longer = (row(SECOND, SPECIAL, frequency="9/10"), row(SECOND, "HP:0000022"), row(SECOND, ELSEWHERE))
    known = Knowledge.of(lattice_facts((row(FIRST, SPECIAL, frequency="9/10"), *longer)))
    first, second = (ratio(known, SPECIAL, disease) - 1 for disease in (FIRST, SECOND))
    assert second == pytest.approx(first / 1.8**0.5)


def test_marfan_syndrome_and_long_fingers_as_published(hpo_facts: Facts) -> None:
    """124 of 197, of two publications; the share is (124 + .6)/(197 + 2) = .6261, for OMIM and Orphanet alike."""
    known = Knowledge.of(hpo_facts)
    candidate = rank(Case.of([ARACHNODACTYLY]), known).explained("ORPHA:558")
    assert candidate is not None
    assert candidate.disease.id == "OMIM:154700"
    assert "ORPHA:558" in [entry.id for entry in candidate.same_as]
    contribution = candidate.contributions[0]
    assert contribution.match is MatchKind.EXACT
    assert contribution.frequency == "124/197"
    assert contribution.sources == ("PMID:28050285", "PMID:33436942")
    index = known.find_disease("OMIM:154700")
    assert index is not None
    assert known.share_of(hpo_facts.ontology.index(ARACHNODACTYLY), index) == pytest.approx(0.6261, abs=0.00005)


def test_where_the_finding_itself_is_described_it_is_named(knowledge: Knowledge) -> None:
    """And not its ancestors, which the disease has as often."""
    candidate = rank(Case.of([SPECIAL]), knowledge).explained(FIRST[0])
    assert candidate is not None
    assert candidate.contributions[0].match is MatchKind.EXACT
    assert candidate.contributions[0].matched == SPECIAL


def test_the_term_with_the_largest_part_is_named(knowledge: Knowledge) -> None:
    """Term 16 in the first disease, which is described with 21 below it; 21 in the second, which has 16 above it."""
    more_special, more_general = (
        rank(Case.of([term]), knowledge).explained(disease[0])
        for term, disease in ((GENERAL, FIRST), (SPECIAL, SECOND))
    )
    assert more_special is not None
    assert more_general is not None
    rows = [one.contributions[0] for one in (more_special, more_general)]
    assert [(one.match, one.matched) for one in rows] == [(MatchKind.GENERAL, SPECIAL), (MatchKind.NEAR, GENERAL)]
    assert rows[1].sentence == "described only as Term 16 (5/6)"


def test_an_excluded_finding_counts_against_a_disease_but_softly() -> None:
    """F = .6, b = .01: ln (1 - .3·.6)/(1 - .3·.01) = -.1954. Even a finding that is always there ends no doubt."""
    soft, certain = excluded_log_ratio(np.array([0.6, 1.0]), 0.01)
    assert soft == pytest.approx(-0.1954, abs=0.00005)
    assert math.exp(certain) == pytest.approx(0.7 / 0.997)


def test_an_answer_no_counts_as_the_question_expected_it() -> None:
    """F = .6, b = .01: "yes" is expected of .01 + .94·.6 = .574 and of .0194; ln (1 - .574)/(1 - .0194) = -.8337.
    Of what is always there ln .05/.9806 = -2.98, of which 1.5 counts.
    """
    likely, certain = excluded_log_ratio(np.array([0.6, 1.0]), 0.01, SOFTENING_ASKED)
    assert likely == pytest.approx(-0.8337, abs=0.00005)
    assert certain == -MOST_EXCLUSION


def test_only_what_was_asked_in_this_person_counts_as_an_answer(knowledge: Knowledge) -> None:
    """What a report lists as absent may repeat its table of findings, and counts softly."""
    listed = Case.of([ELSEWHERE], [SPECIAL])
    *kept, absent = listed.findings
    answered = replace(listed, findings=(*kept, replace(absent, asked=True)))
    lost = [score(listed, knowledge, disease) - score(answered, knowledge, disease) for disease in (FIRST, FOURTH)]
    assert lost[0] > 0.1
    assert lost[1] < 0.0


def test_an_excluded_finding_speaks_for_diseases_that_do_not_have_it(knowledge: Knowledge) -> None:
    case = Case.of([ELSEWHERE], [SPECIAL])
    assert score(case, knowledge, FIRST) < score(case, knowledge, FOURTH)


def test_a_finding_that_meets_nothing_changes_no_order(knowledge: Knowledge) -> None:
    """The third and the fourth disease have nothing near it: neither wins nor loses."""
    before = rank(Case.of([ELSEWHERE]), knowledge, weights=plain_weights())
    after = rank(Case.of([ELSEWHERE, SPECIAL]), knowledge, weights=plain_weights())
    for disease in (THIRD, FOURTH):
        index = before.index_of(disease[0])
        assert after.scores[index] == before.scores[index]


def test_a_finding_that_tells_no_disease_from_another_leaves_scores_moderate(hpo_facts: Facts) -> None:
    """A rare term that nobody annotated: every disease is equally (un)likely, and no number explodes."""
    differential = rank(Case.of(["HP:6001132"]), Knowledge.of(hpo_facts))
    assert float(np.abs(differential.scores).max()) < 50
    assert 0.01 < differential.none_of_these < 1


def test_an_onset_in_the_usual_years_speaks_for_a_disease() -> None:
    rows = (*ROWS, row(FIRST, "HP:0003577", aspect="C"), row(SECOND, "HP:0003596", aspect="C"))
    known = Knowledge.of(lattice_facts(rows))
    newborn = Case("newborn", Subject(), (Finding(ELSEWHERE, onset=Age("P0D")),))
    rows_of = {
        disease: {one.kind: one.log_lr for one in found.contributions}
        for disease in (FIRST, SECOND, FOURTH)
        if (found := rank(newborn, known, weights=plain_weights()).explained(disease[0]))
    }
    assert rows_of[FIRST][ContributionKind.ONSET] > 0 > rows_of[SECOND][ContributionKind.ONSET]
    assert ContributionKind.ONSET not in rows_of[FOURTH]  # nothing is known of its onset: neutral


@pytest.mark.parametrize("absent", [{"qualifier": "NOT"}, {"frequency": "0/7"}, {"frequency": "HP:0040285"}])
def test_a_row_that_says_not_there_says_nothing_of_onset_or_sex(absent: dict[str, str]) -> None:
    rows = (
        row(FIRST, ELSEWHERE, onset="HP:0003577", **absent),
        row(FIRST, "HP:0003577", aspect="C", **absent),
        row(FIRST, "HP:0001419", aspect="I", **absent),
        row(SECOND, "HP:0003596", aspect="C"),
    )
    known = Knowledge.of(lattice_facts((*ROWS, *rows)))
    newborn = Case("newborn", Subject(sex=Sex.MALE), (Finding(SPECIAL, onset=Age("P0D")),))
    first, second = (rank(newborn, known, weights=plain_weights()).explained(one[0]) for one in (FIRST, SECOND))
    assert first is not None
    assert second is not None
    assert {one.kind for one in first.contributions} == {ContributionKind.FINDING}
    assert ContributionKind.ONSET in {one.kind for one in second.contributions}


def test_an_entry_that_only_groups_diseases_stays_behind_the_best_of_them() -> None:
    known = Knowledge.of(lattice_facts((*ROWS, row(GROUP, SPECIAL, frequency="99/99"))))
    differential = rank(Case.of([SPECIAL]), known)
    members = (FIRST, SECOND)
    assert differential.rank_of(GROUP[0]) > min(differential.rank_of(disease[0]) for disease in members)


def test_solved_cases_and_what_is_stated_are_one_share(knowledge: Knowledge) -> None:
    """Three solved people with the finding: (3 + 1·0)/(3 + 1) = .75 where nobody stated it."""
    people = [SolvedCase(FOURTH[0], "PMID:5", observed=(SPECIAL,))] * 3
    known = knowledge.with_library(Library.of(people, knowledge.ontology))
    index = known.find_disease(FOURTH[0])
    assert index is not None
    assert known.share_of(known.ontology.index(SPECIAL), index) == pytest.approx(0.75)
    gone = known.without({"PMID:5"})
    assert gone.share_of(gone.ontology.index(SPECIAL), index) == 0.0


def test_a_disease_that_only_a_source_taken_out_knew_is_no_candidate_any_more(knowledge: Knowledge) -> None:
    """Of three diseases that only solved cases know, the middle one goes; the others keep what they had."""
    told = [("OMIM:999991", "PMID:5"), ("OMIM:999992", "PMID:6"), ("OMIM:999993", "PMID:5"), ("OMIM:999993", "PMID:6")]
    people = [SolvedCase(disease, source, observed=(SPECIAL,)) for disease, source in told]
    known = knowledge.with_library(Library.of(people, knowledge.ontology))
    gone = known.without({"PMID:6"})
    assert gone.n_diseases == known.n_diseases - 1
    before, after = (rank(Case.of([SPECIAL]), one) for one in (known, gone))
    assert before.explained("OMIM:999992") is not None
    assert after.explained("OMIM:999992") is None
    assert "OMIM:999992" not in {candidate.disease.id for candidate in after.top(gone.n_diseases)}
    index = gone.find_disease("OMIM:999993")
    assert index is not None
    assert gone.share_of(gone.ontology.index(SPECIAL), index) == pytest.approx(0.5)  # (1 + 1·0)/(1 + 1): one person
    assert known.without({"PMID:5", "PMID:6"}).n_diseases == knowledge.n_diseases


def test_a_disease_that_is_reported_more_often_starts_ahead_a_little() -> None:
    """Two diseases with the same findings; the second is described by four publications, one of them solved here."""
    quoted = (row(FIRST, SPECIAL, frequency="9/10"), row(SECOND, SPECIAL, frequency="9/10", reference="PMID:1;PMID:2"))
    also = row(SECOND, SPECIAL, qualifier="NOT", reference="PMID:3;http://example.org")
    known = Knowledge.of(lattice_facts((*quoted, also)))
    solved = [SolvedCase(SECOND[0], source, (ELSEWHERE,)) for source in ("PMID:3", "clinic:here")]
    first, second = (int(known.find_disease(disease[0]) or 0) for disease in (FIRST, SECOND))
    assert known.reports[[first, second]].tolist() == [1, 3]
    joined = known.with_library(Library.of(solved, known.ontology))
    assert joined.reports[[first, second]].tolist() == [1, 4]
    assert joined.without({"PMID:1", "clinic:here"}).reports[second] == 2
    rows = {
        one.disease.id: [row for row in one.contributions if row.label == REPORTED]
        for one in rank(Case.of([SPECIAL]), known).top(5)
    }
    assert [row.sentence for row in rows[SECOND[0]]] == ["3 publications describe it"]
    assert 0 < rows[SECOND[0]][0].log_lr <= 0.3 * math.log(3)
    assert not rows[FIRST[0]]


def test_two_softmaxes_keep_the_order_and_sum_to_one() -> None:
    """Scores 2, 1, 0 and 1 for none: mild 2 and sharp 2e, half and half."""
    halves = Calibration(temperature=(math.log(2), 0.0), none=(0.5, 0.25), sharp=0.5)
    chances = probabilities(np.array([2.0, 1.0, 0.0]), 2, halves)
    by_hand = [
        sum(math.exp(heat * score) / (math.exp(2 * heat) + 2 * math.exp(heat) + 1) for heat in (2, 2 * math.e)) / 2
        for score in (2, 1, 0, 1)
    ]
    assert chances == pytest.approx(by_hand)
    assert chances.sum() == pytest.approx(1.0)


def test_how_sure_scores_are_goes_over_to_that_of_a_large_library_as_a_library_grows() -> None:
    """A clinic's first solved case must not move the probabilities of all its other patients."""
    assert [library_share(blocks) for blocks in (0, 1, 250, 500, 935)] == [0.0, 0.002, 0.5, 1.0, 1.0]
    alone = Calibration(temperature=(0.0, 0.2), none=(4.0, 0.5), sharp=0.6)
    large = Calibration(temperature=(1.0, 0.4), none=(6.0, 0.1), sharp=0.8)
    assert alone.towards(large, library_share(0)) == alone
    assert alone.towards(large, library_share(500)) == large
    half = alone.towards(large, library_share(250))
    assert [*half.temperature, *half.none, half.sharp] == pytest.approx([0.5, 0.3, 5.0, 0.3, 0.7])


def test_solved_cases_of_a_disease_far_away_leave_the_probabilities_as_they_are(hpo_facts: Facts) -> None:
    """Two cases of Marfan syndrome, in a library that had none, beside somebody with quite other findings."""
    knowledge = Knowledge.of(hpo_facts)
    solved = [SolvedCase("OMIM:154700", f"clinic:{name}", ("HP:0001083",)) for name in ("A", "B")]
    joined = knowledge.with_library(Library.of(solved, hpo_facts.ontology))
    case = Case.of(["HP:0000978", "HP:0001382", "HP:0000963", "HP:0001065"])
    before, after = rank(case, knowledge).top(3), rank(case, joined).top(3)
    assert [one.disease.id for one in after] == [one.disease.id for one in before]
    assert [one.probability for one in after] == pytest.approx([one.probability for one in before], abs=0.005)


def test_the_contributions_add_up_to_the_score(knowledge: Knowledge) -> None:
    for candidate in rank(Case.of([SPECIAL], [ELSEWHERE], sex="male", age=30), knowledge).top(5):
        assert math.fsum(one.log_lr for one in candidate.contributions) == pytest.approx(candidate.score, abs=1e-9)


@pytest.mark.parametrize("observed", [(), ("HP:9999999",), ("HP:0001419",)])
def test_without_a_usable_finding_there_is_no_list(knowledge: Knowledge, observed: tuple[str, ...]) -> None:
    with pytest.raises(NothingToRankError, match="no finding that HPO 2024-02-01 knows"):
        rank(Case.of(observed), knowledge)


PAGE = """# How the ranking works

Made from `tests/spec/test_ranking_spec.py` by `make docs`; every number below is tested there. All logarithms
are natural.

## 1. How often a disease has a finding

| What is stated | Share |
| --- | --- |
| counts, of all publications together | (n + {m0:g} · {pi:g}) / (m + {m0:g}) |
| a percentage without its denominator | as counts of {percent:g} patients |
| only bands, such as very frequent (80-99 %) | the middle of the band |
| that it occurs, without any frequency | {unstated:g} |
| `NOT`, 0 of m, or excluded | none |

A disease has a finding at least as often as anything more special, so each share also counts for all ancestors,
and the largest stays. Arachnodactyly in Marfan syndrome, OMIM:154700 (which is the same disease as ORPHA:558):
124/197 in PMID:28050285 and PMID:33436942, so (124 + .6)/199 = .6261.

Solved cases of the case library are joined with it: (observed + w · share) / (assessed + w), where w is
{stated:g} people if the finding is stated and {notstated:g} if not. A publication weighs at most {saturation:g}
people, and of those in whom a report does not mention the finding {unmentioned:.0%} count as not having it.

The background b is the mean share over all diseases (at least {least:g}); the information content IC is -ln b.

## 2. A finding that was observed

The own part w(t) of a term t is what its share has beyond the largest share among its children (below {part:g} it
counts as none): how often the disease is described with t itself. p(t) is the part of t among the own parts of all
diseases, each finding having {undescribed:g} more. M is the sum of a disease's own parts, at least {least_length:g}.

LR = 1 + Σ w(t) · T(q|t)/p(q) / M^{power:g} over all terms t. T says how likely what is described as t is given as q:
{same:g} for t itself; {special:g} for its children together, and as much for its farther descendants; {general:g} for
its parents, and as much for its farther ancestors; within each of these by p. So a term near counts a little, and a
finding that a disease does not have changes nothing ([why](../decisions/0012-a-finding-as-a-translation.md)). A row of
an explanation names the t with the largest part of the sum.

In a made-up release of five diseases, where finding 21 is a kind of 16 and of 18, and every M is 1:

| Finding | Disease | LR | Reckoning |
| --- | --- | --- | --- |
{by_hand}

## 3. A finding that was excluded

LR = (1 - {softening:g} F)/(1 - {softening:g} b), and |ln LR| is at most {most:g}: F = .6 and b = .01 give
-.1954. Where somebody asked about it or looked for it in this very person it is the ratio of the chances of "no",
1 less that of "yes", which is {mistaken:g} + {right:g} F: -.8337. A report's list of what is not there may only
repeat its table of findings ([decision 0028](../decisions/0028-an-answer-no-counts-as-the-question-expected-it.md)).
What is excluded below an asked "no" counts for nothing more.

## 4. Onset, sex, and the whole picture

Onset and sex: ln of the chance in this disease over the chance in all; a disease of which nothing is known is
neutral. The whole picture: how the findings with all their ancestors, weighed by information content, fit what
is described.

## 5. The score, and the probability

A few learned weights, the same for every disease, add these up ([benchmarks](benchmarks.md) say how they were
learned, and what they are worth). What tells no disease from another counts for nothing. An ORPHA entry that
only groups diseases stays behind the best of them. The rows of an explanation add up to the score to 1e-9.
A disease starts ahead by how often it is reported: a learned weight of at most .3 on ln of the number of publications
that its annotations quote or its solved cases come from.

Probabilities are a mixture of two softmaxes over all diseases and "none of these", a milder and a sharper one; they
keep the order of the scores and sum to 1 ([why](../decisions/0008-two-softmaxes-make-the-probabilities.md)). How far
a score is trusted differs without a case library and with a large one. In between it goes from the one to the other
with the number of the library's blocks (a disease in a source): half the way at {half:g}, all of it from {whole:g} on.

## 6. Two candidates beside each other

`hoofbeat rank CASE --compare A B` lists the rows of both by how much they differ, and finds the one or two open
questions whose answers would reverse the order, two also where neither is enough alone; the case was ranked anew
to be sure. In Python: `compare` and `what_would_change` of `hoofbeat.diagnosis.compare`.
"""


def test_the_page_says_what_is_tested(knowledge: Knowledge, generated_doc: Callable[[str, str], None]) -> None:
    shown = [
        f"| {int(term[3:])} | {disease[1]} | {ratio(knowledge, term, disease):.3f} | {reckoning} |"
        for term, disease, _, reckoning in BY_HAND
    ]
    text = PAGE.format(
        m0=PRIOR_CASES,
        pi=PRIOR_SHARE,
        percent=PERCENT_CASES,
        unstated=UNSTATED_SHARE,
        stated=STATED_WEIGHT,
        notstated=UNSTATED_WEIGHT,
        saturation=SATURATION,
        unmentioned=UNMENTIONED,
        least=MIN_BACKGROUND,
        part=LEAST_PART,
        undescribed=UNDESCRIBED,
        least_length=LEAST_LENGTH,
        power=LENGTH_POWER,
        same=SAME,
        special=MORE_SPECIAL,
        general=MORE_GENERAL,
        softening=SOFTENING,
        mistaken=MISTAKEN,
        right=1 - MISTAKEN - MISSED,
        most=MOST_EXCLUSION,
        half=WHOLE_LIBRARY / 2,
        whole=WHOLE_LIBRARY,
        by_hand="\n".join(shown),
    )
    generated_doc("docs/reference/how-the-ranking-works.md", text)
