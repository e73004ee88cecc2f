"""What must hold of knowledge whatever the files say: columns keep what they get, twins ignore order."""

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofbeat.knowledge.columns import Lists, Texts
from hoofbeat.knowledge.crossreferences import Link, Relation
from hoofbeat.knowledge.disease_ids import disease_source
from hoofbeat.knowledge.stated_frequency import BANDS, UNKNOWN, Counts, Percent, from_columns, limits, parse_frequency
from hoofbeat.knowledge.twins import Entry, Twins, merge_twins, normal_name

frequencies = st.one_of(
    st.just(UNKNOWN),
    st.integers(1, 10**6).flatmap(lambda m: st.builds(Counts, st.integers(0, m), st.just(m))),
    st.builds(Percent, st.floats(0, 1)),
    st.sampled_from(list(BANDS.values())),
)

numbers = st.integers(1, 4)
genes = st.frozensets(st.integers(1, 3), max_size=2)
names = st.lists(st.sampled_from(["Marfan syndrome", "marfan Syndrome", "Type I A", "A, type 1", "B"]), min_size=1)


@st.composite
def entry_lists(draw: st.DrawFn) -> list[Entry]:
    ids = draw(st.sets(st.builds("{}:{}".format, st.sampled_from(["OMIM", "ORPHA", "DECIPHER"]), numbers), max_size=9))
    return [Entry(identifier, tuple(draw(names)), draw(genes)) for identifier in sorted(ids)]


link_lists = st.dictionaries(
    st.tuples(st.builds("ORPHA:{}".format, numbers), st.builds("OMIM:{}".format, numbers)),
    st.sampled_from(Relation),
    max_size=8,
).map(lambda chosen: [Link(orpha, omim, relation, "test") for (orpha, omim), relation in chosen.items()])


def plain_twins(entries: list[Entry], links: list[Link]) -> set[frozenset[str]]:
    """The rule of the specification, pair by pair, as slowly and plainly as it can be written."""
    relation = {frozenset({link.orpha, link.omim}): link.relation for link in links}
    annotated = {entry.id for entry in entries}

    def is_exact(one: str, other: str) -> bool:
        return relation.get(frozenset({one, other})) is Relation.EXACT

    def has_an_exact_link(one: str) -> bool:
        return any(is_exact(one, other) for other in annotated)

    def are_one(first: Entry, second: Entry) -> bool:
        if is_exact(first.id, second.id):
            return True
        if has_an_exact_link(first.id) or has_an_exact_link(second.id):
            return False
        if disease_source(first.id) == disease_source(second.id):
            return False
        if not {normal_name(name) for name in first.names} & {normal_name(name) for name in second.names}:
            return False
        if frozenset({first.id, second.id}) in relation or first.genes & second.genes:
            return True
        both = {disease_source(first.id), disease_source(second.id)}
        return not links and both == {"OMIM", "ORPHA"} and not (first.genes and second.genes)

    groups = [{entry.id} for entry in entries]
    for first, second in combinations(entries, 2):
        if are_one(first, second):
            one = next(group for group in groups if first.id in group)
            other = next(group for group in groups if second.id in group)
            if one is not other:
                one |= other
                groups.remove(other)
    result: set[frozenset[str]] = set()
    for group in groups:
        sources = [disease_source(entry) for entry in group]
        clear = len(set(sources)) == len(sources)
        result |= {frozenset(group)} if clear else {frozenset({entry}) for entry in group}
    return result


@given(entry_lists(), link_lists)
def test_twins_are_those_of_the_plain_rule(entries: list[Entry], links: list[Link]) -> None:
    assert {frozenset(group) for group in merge_twins(entries, links).groups} == plain_twins(entries, links)


@given(entry_lists(), link_lists, st.randoms(use_true_random=False))
def test_twins_do_not_depend_on_the_order_of_input(
    entries: list[Entry], links: list[Link], chance: random.Random
) -> None:
    def shuffled() -> Twins:
        return merge_twins(chance.sample(entries, len(entries)), chance.sample(links, len(links)))

    assert shuffled() == merge_twins(entries, links)


@given(entry_lists(), link_lists)
def test_every_entry_is_in_one_group_and_no_group_has_two_of_one_source(
    entries: list[Entry], links: list[Link]
) -> None:
    groups = merge_twins(entries, links).groups
    members = [member for group in groups for member in group]
    assert sorted(members) == sorted(entry.id for entry in entries)
    for group in groups:
        assert len({disease_source(member) for member in group}) == len(group)


@given(st.lists(st.text()))
def test_texts_come_back_as_they_went_in(texts: list[str]) -> None:
    encodable = [text.encode("utf-8", "ignore").decode() for text in texts]
    column = Texts.of(encodable)
    assert list(column) == encodable
    assert [column[index] for index in range(len(column))] == encodable


@given(st.sets(st.text(alphabet="ab:1é")), st.text(alphabet="ab:1é"))
def test_a_search_in_ascending_texts_agrees_with_looking_at_each(texts: set[str], wanted: str) -> None:
    ascending = sorted(texts)
    expected = ascending.index(wanted) if wanted in texts else None
    assert Texts.of(ascending).position(wanted) == expected


@given(st.lists(st.lists(st.integers(0, 9), max_size=5)))
def test_lists_come_back_and_turning_twice_changes_nothing_but_order(lists: list[list[int]]) -> None:
    column = Lists.of(lists)
    assert [row.tolist() for row in column] == lists
    turned = column.turned(10)
    for value in range(10):
        assert turned[value].tolist() == [index for index, row in enumerate(lists) for entry in row if entry == value]
    assert [row.tolist() for row in turned.turned(len(lists))] == [sorted(row) for row in lists]


@given(frequencies)
def test_a_frequency_survives_its_columns(frequency: Counts | Percent) -> None:
    n, m = (frequency.n, frequency.m) if isinstance(frequency, Counts) else (0, 0)
    low, high = limits(frequency)
    assert 0 <= low <= high <= 1
    assert from_columns(int(frequency.kind), n, m, low, high) == frequency


@given(st.integers(0, 999), st.integers(0, 999))
def test_counts_are_read_where_they_can_be_and_refused_where_not(n: int, m: int) -> None:
    if m >= max(n, 1):
        assert parse_frequency(f"{n}/{m}") == Counts(n, m)
        return
    with pytest.raises(ValueError, match=f"{n}/{m}"):
        parse_frequency(f"{n}/{m}")
