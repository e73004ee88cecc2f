"""The risk meter counts what a slow, obvious comparison counts, and saying less never makes anybody stand out more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofbeat.cases.case import Attribute, AttributeKind, Case
from hoofbeat.cases.finding import Finding, FindingState
from hoofbeat.cases.subject import Sex, Subject
from hoofbeat.cases.time_element import Age
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.network.broader_words import in_broader_words
from hoofbeat.network.disclosed_case import disclosed_case, parts_of, without_parts
from hoofbeat.network.gate import Detail
from hoofbeat.network.risk import Amplifier, Risk, Shape, risk
from tests.lattice_release import DISEASES, FINDING_TERMS, lattice_facts
from tests.small_release import row

ONTOLOGY = Knowledge.of(lattice_facts([row(DISEASES[0], FINDING_TERMS[0])])).ontology
LEVELS = st.sampled_from([Detail.FIVE_FINDINGS, Detail.FINDINGS, Detail.BACKGROUND])


def informs(hpo: str) -> float:
    return float(hpo[-4:])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    found = draw(st.dictionaries(st.sampled_from(FINDING_TERMS), st.sampled_from(FindingState), max_size=6))
    age = draw(st.none() | st.integers(0, 29))
    return Case(
        id="case",
        subject=Subject(
            sex=draw(st.sampled_from(Sex)), time_at_last_encounter=None if age is None else Age(f"P{age}Y")
        ),
        findings=tuple(Finding(id=one, state=state) for one, state in found.items()),
    )


def sent(case: Case, detail: Detail) -> Case:
    return disclosed_case(case, detail, pseudonym="x", informs=informs)


def slow(disclosed: Case, others: list[Case], ontology: Ontology) -> int:
    """How many others fit, by asking each finding of each."""

    def holds(case: Case, finding: str) -> bool:
        return any(ontology.is_a(ontology.index(own), ontology.index(finding)) for own in case.observed)

    fitting = 0
    for case in others:
        fits = all(holds(case, finding) for finding in disclosed.observed)
        told = [finding for finding in disclosed.excluded if not holds(disclosed, finding)]
        fits = fits and not any(holds(case, finding) for finding in told)
        if disclosed.sex is not Sex.UNKNOWN:
            fits = fits and case.sex is disclosed.sex
        if disclosed.subject.time_at_last_encounter is not None:
            theirs, ours = case.age_years, disclosed.subject.time_at_last_encounter
            first = round(ours.start.years() or 0)  # type: ignore[union-attr]
            fits = fits and theirs is not None and first <= theirs < first + 10
        fitting += fits
    return fitting


@given(case=cases(), others=st.lists(cases(), max_size=12), detail=LEVELS)
def test_it_counts_what_asking_everybody_about_everything_counts(
    case: Case, others: list[Case], detail: Detail
) -> None:
    disclosed = sent(case, detail)
    found = risk(disclosed, case, others, ontology=ONTOLOGY, informs=informs)
    assert (found.fitting, found.among) == (1 + slow(disclosed, others, ONTOLOGY), 1 + len(others))


@given(case=cases(), others=st.lists(cases(), max_size=8), detail=LEVELS, data=st.data())
def test_leaving_parts_out_never_makes_fewer_fit_and_says_nothing_new(
    case: Case, others: list[Case], detail: Detail, data: st.DataObject
) -> None:
    disclosed = sent(case, detail)
    parts = parts_of(disclosed)
    left_out = data.draw(st.sets(st.sampled_from(parts) if parts else st.nothing()))
    less = without_parts(disclosed, left_out)
    before = risk(disclosed, case, others, ontology=ONTOLOGY, informs=informs)
    after = risk(less, case, others, ontology=ONTOLOGY, informs=informs)
    assert after.fitting >= before.fitting
    assert set(parts_of(less)) == set(parts) - left_out
    assert {(one.id, one.state) for one in less.findings} <= {(one.id, one.state) for one in disclosed.findings}


@given(case=cases(), others=st.lists(cases(), max_size=8), detail=LEVELS)
def test_a_twin_of_the_case_always_fits(case: Case, others: list[Case], detail: Detail) -> None:
    disclosed = sent(case, detail)
    alone = risk(disclosed, case, others, ontology=ONTOLOGY, informs=informs)
    twin = risk(disclosed, case, [*others, case], ontology=ONTOLOGY, informs=informs)
    assert twin.fitting == alone.fitting + 1


def test_the_measured_figure_is_that_of_the_shape_and_none_where_nobody_has_measured() -> None:
    terms = sorted(FINDING_TERMS, key=lambda one: -informs(one))[:6]
    case = Case.of(terms)

    def shape(*said: str) -> Shape | None:
        return risk(Case.of(said), case, [], ontology=ONTOLOGY, informs=informs).shape

    assert shape(*terms) is Shape.ALL
    assert shape(*terms[:5]) is Shape.FIVE
    assert shape(*terms[:3]) is Shape.THREE
    assert shape(*terms[1:4]) is Shape.ANY_THREE
    assert shape(*terms[:4]) is None
    assert shape(*terms[1:3]) is None
    assert shape() is None
    two = Case.of(terms[:2])
    assert risk(two, two, [], ontology=ONTOLOGY, informs=informs).shape is None, "measured from three findings on"
    rate = risk(case, case, [], ontology=ONTOLOGY, informs=informs).base_rate
    assert rate is not None
    assert (rate.alone, rate.under_five) == (0.66, 0.83)


@pytest.mark.parametrize(
    ("others", "shape"), [(99, Shape.RAISED_100), (98, Shape.RAISED_20), (19, Shape.RAISED_20), (18, None)]
)
def test_broader_words_have_the_figure_of_how_many_patients_share_them(others: int, shape: Shape | None) -> None:
    own = max(FINDING_TERMS, key=lambda one: len(ONTOLOGY.ancestors[ONTOLOGY.index(one)]))
    case = Case.of([own, *[one for one in FINDING_TERMS if one != own][:2]])
    above = next(
        ONTOLOGY.id(int(one)) for one in ONTOLOGY.ancestors[ONTOLOGY.index(own)]
        if ONTOLOGY.id(int(one)) not in case.observed and ONTOLOGY.is_phenotype[int(one)]
    )  # fmt: skip
    broader = Case.of([above, *case.observed[1:]])
    found = risk(broader, case, [broader] * others, ontology=ONTOLOGY, informs=informs)
    assert found.shape is shape
    beside = Case.of([above, *case.observed[1:], *case.observed[:1]])
    assert risk(beside, case, [beside] * 200, ontology=ONTOLOGY, informs=informs).shape is None


def test_how_it_runs_in_the_family_is_named_apart() -> None:
    case = Case(id="x", attributes=(Attribute(AttributeKind.INHERITANCE, "HP:0000006"),))
    assert risk(case, case, [], ontology=ONTOLOGY, informs=informs).amplifiers == (Amplifier.FAMILY,)
    bare = Case(id="x")
    assert risk(bare, bare, [], ontology=ONTOLOGY, informs=informs).amplifiers == ()


@pytest.mark.parametrize(("fitting", "among"), [(0, 3), (4, 3)])
def test_a_count_that_cannot_be_is_refused(fitting: int, among: int) -> None:
    with pytest.raises(ValueError, match="among"):
        Risk(fitting, among, None, ())


@given(cases(), st.lists(cases(), max_size=6), st.integers(1, 4))
def test_broader_words_say_what_the_record_says_and_enough_patients_share(
    case: Case, others: list[Case], least: int
) -> None:
    told = in_broader_words(case, others, least=least, ontology=ONTOLOGY, informs=informs)
    if told is None:
        return
    above = {int(one) for hpo in case.observed for one in ONTOLOGY.ancestors[ONTOLOGY.index(hpo)]}
    assert 1 <= len(told.findings) <= 3
    assert not told.excluded
    for one in told.findings:
        index = ONTOLOGY.index(one.id)
        assert index in above
        sharing = [
            each for each in (case, *others) if any(ONTOLOGY.is_a(ONTOLOGY.index(own), index) for own in each.observed)
        ]
        assert len(sharing) >= least
        assert (one.onset, one.severity) == (None, None)


def test_each_finding_gets_the_nearest_word_above_it_that_enough_have() -> None:
    own = max(FINDING_TERMS, key=lambda one: len(ONTOLOGY.ancestors[ONTOLOGY.index(one)]))
    case, alike = Case.of([own]), Case.of([own])
    above = [one for one in FINDING_TERMS if ONTOLOGY.is_a(ONTOLOGY.index(own), ONTOLOGY.index(one))]
    parent = next(one for one in above if one != own)
    others = [alike, *[Case.of([parent])] * 8]

    def deep(hpo: str) -> float:
        return len(ONTOLOGY.ancestors[ONTOLOGY.index(hpo)]) - 2.0

    def said(least: int) -> tuple[str, ...] | None:
        found = in_broader_words(case, others, least=least, ontology=ONTOLOGY, informs=deep)
        return None if found is None else found.observed

    assert (said(2), said(10), said(11)) == ((own,), (parent,), None)
