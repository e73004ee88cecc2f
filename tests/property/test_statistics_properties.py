"""What must always hold of ranks, averages, intervals and calibration; slow and obvious implementations beside ours."""

import itertools
import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofbeat.statistics.averages import bootstrap, macro_mean, micro_mean
from hoofbeat.statistics.calibration import expected_calibration_error, reliability_table
from hoofbeat.statistics.places import first_places, mid_rank, place_in_order, reciprocal, within

SCORES = st.lists(st.sampled_from([-2.0, -0.5, 0.0, 0.25, 1.0, 3.0, math.nan]), min_size=1, max_size=8)
ITEMS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30
)  # value, cluster, group


def places_of(scores: list[float]) -> list[float]:
    return [mid_rank(scores, index) for index in range(len(scores))]


@given(SCORES)
def test_a_mid_rank_is_the_mean_place_over_all_ways_to_break_ties(scores: list[float]) -> None:
    present = [index for index, score in enumerate(scores) if not math.isnan(score)][:6]
    kept = [scores[index] for index in present]
    places: dict[int, list[int]] = defaultdict(list)
    for order in itertools.permutations(range(len(kept))):
        if all(kept[a] >= kept[b] for a, b in itertools.pairwise(order)):
            for place, index in enumerate(order, 1):
                places[index].append(place)
    for index in range(len(kept)):
        assert mid_rank(kept, index) == pytest.approx(np.mean(places[index]))


@given(st.lists(st.sampled_from([-2.0, 0.0, 0.25, 1.0]), min_size=1, max_size=30), st.integers(1, 12))
def test_the_first_places_are_the_beginning_of_a_stable_sort(scores: list[float], n: int) -> None:
    order = sorted(range(len(scores)), key=lambda index: -scores[index])
    values = np.array(scores)
    assert first_places(values, n) == order[:n]
    assert [place_in_order(values, index) for index in order] == list(range(1, len(scores) + 1))


@given(SCORES)
def test_places_do_not_depend_on_the_scale_of_the_scores(scores: list[float]) -> None:
    np.testing.assert_array_equal(places_of(scores), places_of([2 * score + 7 for score in scores]))


@given(SCORES, st.integers(1, 10))
def test_a_longer_list_holds_what_a_shorter_one_holds(scores: list[float], k: int) -> None:
    places = places_of(scores)
    assert np.all(within(places, k) <= within(places, k + 1))
    assert np.all(within(places, 1) <= reciprocal(places))
    assert np.all(reciprocal(places) <= 1)


@given(ITEMS)
def test_macro_is_micro_where_every_group_has_one_item(items: list[tuple[float, int, int]]) -> None:
    values = [value for value, _, _ in items]
    assert macro_mean(values, list(range(len(values)))) == pytest.approx(micro_mean(values))


@given(ITEMS)
def test_macro_is_the_mean_of_the_means_of_the_groups(items: list[tuple[float, int, int]]) -> None:
    by_group: dict[int, list[float]] = defaultdict(list)
    for value, _, group in items:
        by_group[group].append(value)
    slow = sum(sum(group) / len(group) for group in by_group.values()) / len(by_group)
    assert macro_mean([value for value, _, _ in items], [group for _, _, group in items]) == pytest.approx(slow)


@given(ITEMS, st.integers(0, 5))
def test_resampling_whole_clusters_gives_what_copying_their_items_would(
    items: list[tuple[float, int, int]], seed: int
) -> None:
    values, clusters, groups = ([item[at] for item in items] for at in range(3))
    names = list(dict.fromkeys(clusters))
    generator = np.random.default_rng(seed)
    micro, macro = [], []
    for drawn in generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=20):
        copies = [
            (value, group)
            for name, times in zip(names, drawn, strict=True)
            for _ in range(times)
            for value, cluster, group in items
            if cluster == name
        ]
        micro.append(micro_mean([value for value, _ in copies]))
        macro.append(macro_mean([value for value, _ in copies], [group for _, group in copies]))
    ours = bootstrap(values, clusters, groups, replicates=20, seed=seed)
    for interval, slow in zip(ours, (micro, macro), strict=True):
        moved = np.clip(np.array(slow) + interval.mean - np.mean(slow), min(values), max(values))
        assert (interval.low, interval.high) == pytest.approx(np.percentile(moved, [2.5, 97.5]))


@given(ITEMS)
def test_an_interval_lies_within_the_values(items: list[tuple[float, int, int]]) -> None:
    values, clusters, groups = ([item[at] for item in items] for at in range(3))
    for interval in bootstrap(values, clusters, groups, replicates=50):
        assert min(values) <= interval.low <= interval.high <= max(values)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_the_calibration_error_is_the_weighted_gap_of_the_bins(stated: list[tuple[float, bool]]) -> None:
    table = reliability_table([p for p, _ in stated], [float(true) for _, true in stated])
    assert sum(row.count for row in table) == len(stated)
    slow = 0.0
    for row in table:
        inside = [(p, true) for p, true in stated if row.low < p <= row.high or (p == 0 and row.low == 0)]
        assert len(inside) == row.count
        if inside:
            slow += abs(sum(p - true for p, true in inside)) / len(stated)
    assert expected_calibration_error(table) == pytest.approx(slow, abs=1e-12)
    assert 0 <= expected_calibration_error(table) <= 1


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_certainty_that_always_comes_true_is_perfectly_calibrated(outcomes: list[bool]) -> None:
    stated = [float(true) for true in outcomes]
    assert expected_calibration_error(reliability_table(stated, stated)) == 0
