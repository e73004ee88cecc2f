"""Ranks, averages, intervals and calibration, with values that can be checked by hand."""

import math

import numpy as np
import pytest

from hoofbeat.statistics.averages import bootstrap, macro_mean, micro_mean
from hoofbeat.statistics.calibration import expected_calibration_error, reliability_table
from hoofbeat.statistics.places import mid_rank, reciprocal, within

NAN = float("nan")


def test_equal_scores_share_the_mean_of_their_places() -> None:
    # 9 is first; the three 5s take places 2, 3 and 4; 1 is fifth.
    scores = [5.0, 9.0, 5.0, 1.0, 5.0]
    assert [mid_rank(scores, index) for index in range(5)] == [3.0, 1.0, 3.0, 5.0, 3.0]


def test_two_that_are_equally_good_are_neither_of_them_first() -> None:
    assert mid_rank([2.0, 2.0], 0) == 1.5
    assert within([1.5], 1).tolist() == [0.0]
    assert within([1.5], 3).tolist() == [1.0]


def test_what_was_not_placed_takes_no_place_and_counts_as_a_failure() -> None:
    assert math.isnan(mid_rank([1.0, NAN], 1))
    assert mid_rank([1.0, NAN], 0) == 1.0
    assert within([1.0, NAN], 10).tolist() == [1.0, 0.0]
    assert reciprocal([1.0, 4.0, NAN]).tolist() == [1.0, 0.25, 0.0]


def test_a_macro_mean_lets_a_large_group_speak_once() -> None:
    hits, diseases = [1.0, 1.0, 1.0, 0.0], ["a", "a", "a", "b"]
    assert micro_mean(hits) == 0.75
    assert macro_mean(hits, diseases) == 0.5


def test_nothing_has_no_mean() -> None:
    assert math.isnan(micro_mean([]))
    assert math.isnan(macro_mean([], []))
    micro, macro = bootstrap([], [], [])
    assert math.isnan(micro.mean)
    assert math.isnan(macro.high)


def test_a_single_cluster_gives_an_interval_without_width() -> None:
    # Whatever is drawn is the same cluster again.
    micro, macro = bootstrap([1.0, 0.0, 1.0], ["p", "p", "p"], ["a", "a", "b"])
    assert [micro.mean, micro.low, micro.high] == pytest.approx([2 / 3] * 3)
    assert [macro.mean, macro.low, macro.high] == pytest.approx([0.75] * 3)


def test_items_of_one_cluster_count_as_one_observation() -> None:
    # 100 items, half of them hits. One by one: a standard error of .05, so about .40 to .60. In two clusters, a draw
    # has both, or one of them twice: with probability 1/4 each 0 and 1, so the interval is all of 0 to 1.
    hits = [1.0] * 50 + [0.0] * 50
    apart, _ = bootstrap(hits, list(range(100)), ["a"] * 100)
    together, _ = bootstrap(hits, ["p"] * 50 + ["q"] * 50, ["a"] * 100)
    assert [apart.low, apart.high] == pytest.approx([0.40, 0.60], abs=0.02)
    assert [together.low, together.high] == pytest.approx([0.0, 1.0], abs=0.02)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    generator = np.random.default_rng(7)
    hits, clusters = generator.integers(0, 2, 60).astype(float), generator.integers(0, 20, 60).tolist()
    first = bootstrap(hits, clusters, clusters, seed=1)
    assert first == bootstrap(hits, clusters, clusters, seed=1)
    assert first != bootstrap(hits, clusters, clusters, seed=2)


def test_calibration_compares_what_was_stated_with_what_came_true() -> None:
    # Two bins: .2 and .4 (mean .3, one of two true), .9 (mean .9, true). (2 * .2 + 1 * .1) / 3 = .1667
    table = reliability_table([0.2, 0.4, 0.9], [1.0, 0.0, 1.0], n_bins=2)
    low, high = table
    assert [low.count, low.mean_probability, low.share_true] == pytest.approx([2, 0.3, 0.5])
    assert [high.count, high.mean_probability, high.share_true] == pytest.approx([1, 0.9, 1.0])
    assert expected_calibration_error(table) == pytest.approx(0.5 / 3)


def test_there_are_fifteen_bins_that_hold_zero_and_one() -> None:
    table = reliability_table([0.0, 1 / 15, 1.0], [0.0, 0.0, 1.0])
    assert len(table) == 15
    assert [row.count for row in table] == [2] + [0] * 13 + [1]
    assert math.isnan(table[1].share_true)


def test_no_statement_has_no_calibration_error() -> None:
    assert math.isnan(expected_calibration_error(reliability_table([], [])))


@pytest.mark.parametrize(("stated", "true"), [([1.1], [1]), ([-0.1], [1]), ([NAN], [1]), ([0.5], [1, 0])])
def test_what_is_no_probability_is_refused(stated: list[float], true: list[float]) -> None:
    with pytest.raises(ValueError, match=r"probability"):
        reliability_table(stated, true)
