"""The drawing of a pedigree: what holds for every family, and how a known one looks."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from hoofbeat.web.clinic.pedigree import STEP_X, Drawing, Person, Symbol, lay_out

PARENT = st.one_of(st.none(), st.integers(0, 13))


@st.composite
def families(draw: st.DrawFn) -> list[Person]:
    """Any people with any parents, impossible ones included."""
    count = draw(st.integers(1, 14))
    return [
        Person(number, str(number), is_proband=number == 0, father=draw(PARENT), mother=draw(PARENT))
        for number in range(count)
    ]


def by_label(drawing: Drawing) -> dict[str, Symbol]:
    return {one.person.label: one for one in drawing.symbols}


def three_generations() -> list[Person]:
    return [
        Person("p", "patient", "female", "yes", is_proband=True, father="f", mother="m"),
        Person("b", "brother", "male", father="f", mother="m"),
        Person("f", "father", "male", father="ff", mother="fm"),
        Person("m", "mother", "female", father="mf", mother="mm"),
        Person("a", "aunt", "female", father="mf", mother="mm"),
        Person("u", "uncle", "male", father="ff", mother="fm"),
        *(Person(key, key, sex) for key, sex in [("ff", "male"), ("fm", "female"), ("mf", "male"), ("mm", "female")]),
    ]


@settings(max_examples=150, deadline=None)
@given(families())
def test_everybody_is_drawn_once_and_nobody_on_top_of_somebody(people: list[Person]) -> None:
    drawing = lay_out(people)
    assert sorted(str(one.person.key) for one in drawing.symbols) == sorted(str(one.key) for one in people)
    for one, other in combinations(drawing.symbols, 2):
        assert one.row != other.row or abs(one.x - other.x) >= STEP_X - 1e-6
        assert (one.row == other.row) == (one.y == other.y)


@settings(max_examples=150, deadline=None)
@given(families())
def test_a_child_is_below_its_parents_and_everything_is_on_the_sheet(people: list[Person]) -> None:
    drawing = lay_out(people)
    at = {one.person.key: one for one in drawing.symbols}
    for one in drawing.symbols:
        for parent in (one.person.father, one.person.mother):
            assert parent is None or at[parent].row < one.row
        assert 0 < one.x < drawing.width
        assert 0 < one.y < drawing.height
    for line in drawing.lines:
        assert min(line.x1, line.x2) >= 0
        assert max(line.x1, line.x2) <= drawing.width


@settings(max_examples=50, deadline=None)
@given(families())
def test_the_same_family_gives_the_same_drawing(people: list[Person]) -> None:
    assert lay_out(people) == lay_out(list(people))


def test_a_family_of_three_generations_stands_as_it_is_drawn_by_hand() -> None:
    at = by_label(lay_out(three_generations()))
    rows = [[label for label, _ in sorted(((k, s.x) for k, s in at.items() if s.row == row), key=lambda one: one[1])]
            for row in range(3)]  # fmt: skip
    assert rows == [["ff", "fm", "mf", "mm"], ["uncle", "father", "mother", "aunt"], ["patient", "brother"]]
    middle = (at["father"].x + at["mother"].x) / 2
    assert abs(middle - (at["patient"].x + at["brother"].x) / 2) < STEP_X / 4


def test_the_children_hang_on_the_line_between_their_parents() -> None:
    drawing = lay_out(three_generations())
    at = by_label(drawing)
    couples = [line for line in drawing.lines if line.kind == "couple"]
    assert len(couples) == 3
    middle = (at["father"].x + at["mother"].x) / 2
    assert any(line.kind == "descent" and line.x1 == line.x2 == middle for line in drawing.lines)


def test_parents_who_are_cousins_get_two_lines() -> None:
    people = [
        Person("g", "grandfather", "male"),
        Person("x", "one", "male", father="g"),
        Person("y", "other", "female", father="g"),
        Person("f", "father", "male", father="x"),
        Person("m", "mother", "female", father="y"),
        Person("p", "patient", is_proband=True, father="f", mother="m"),
    ]
    assert [line.kind for line in lay_out(people).lines if line.kind != "descent"] == ["kin"]


def test_a_circle_of_parents_is_cut_instead_of_running_for_ever() -> None:
    drawing = lay_out([Person(1, "one", father=2), Person(2, "two", father=1), Person(3, "three", mother=3)])
    assert len(drawing.symbols) == 3


def test_nobody_gives_an_empty_drawing() -> None:
    assert lay_out([]) == Drawing(0, 0, (), ())
