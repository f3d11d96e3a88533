"""The scan for the range that parts verdicts best: its statistic and its p-value, computed another way."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats
from scipy.special import xlogy

from aspire_mjx.faults.scan import Range, scan


def ratio(inside: np.ndarray, passed: np.ndarray) -> float:
    """Log likelihood of two rates less that of one."""

    def likelihood(verdicts):
        good, count = verdicts.sum(), len(verdicts)
        return xlogy(good, good / count) + xlogy(count - good, 1 - good / count)

    return float(likelihood(passed[inside]) + likelihood(passed[~inside]) - likelihood(passed))


def best_ratio(values: np.ndarray, passed: np.ndarray) -> float:
    """The largest over all ranges of values with at least three rollouts in and outside."""
    distinct = np.unique(values)
    masks = [(values >= a) & (values <= b) for a, b in itertools.combinations_with_replacement(distinct, 2)]
    return max(ratio(mask, passed) for mask in masks if min(mask.sum(), (~mask).sum()) >= 3)


def tried(values, passed, units=None, cells=None) -> Range | None:
    count = len(passed)
    units, cells = np.arange(count) if units is None else units, np.zeros(count, int) if cells is None else cells
    (found,) = scan([np.asarray(values, float)], np.asarray(passed), units, cells)
    return found


def alone(values, passed, units=None, cells=None) -> Range:
    found = tried(values, passed, units, cells)
    assert found is not None
    return found


def test_the_statistic_and_its_p_value_by_going_through_every_range_and_shuffle():
    values, passed = np.arange(9.0), np.array([1, 0, 1, 1, 1, 1, 0, 0, 0], bool)
    found = alone(values, passed)
    assert found.ratio == pytest.approx(best_ratio(values, passed))
    ways = [np.isin(np.arange(9), places) for places in itertools.combinations(range(9), 5)]
    exact = float(np.mean([best_ratio(values, way) >= found.ratio - 1e-9 for way in ways]))
    assert 0.02 < exact < 0.5 and found.p_value == pytest.approx(exact, abs=3 * (exact / 999) ** 0.5)


@pytest.mark.parametrize("seed", range(5))
def test_ranges_of_random_verdicts(seed):
    random = np.random.default_rng(seed)
    values, passed = random.integers(0, 12, 40).astype(float), random.random(40) < 0.6
    found = alone(values, passed)
    assert found.ratio == pytest.approx(best_ratio(values, passed))
    low, high = values[found.inside].min(), values[found.inside].max()
    assert found.high == high and found.low in (low, -np.inf)
    assert found.inside.tolist() == ((values >= found.low) & (values <= found.high)).tolist()


def test_of_two_values_it_is_nearly_fishers_test():
    values, passed = np.repeat([0.0, 1.0], 20), np.arange(40) % 20 < np.repeat([14, 7], 20)
    fisher = stats.fisher_exact([[14, 6], [7, 13]])[1]
    assert alone(values, passed).p_value == pytest.approx(fisher, abs=0.02)


def test_a_range_is_open_unless_a_closed_one_says_clearly_more():
    values = np.arange(40.0)
    assert alone(values, (values < 20) & (values > 0)).low == -np.inf
    two_sided = alone(values, (values > 9) & (values < 30))
    assert (two_sided.low, two_sided.high) == (10.0, 29.0)


def test_many_values_fall_into_bins_whose_ends_occur():
    values = np.random.default_rng(0).normal(size=500)
    found = alone(values, np.abs(values) < 0.5)
    assert found.low in values and found.high in values and found.p_value == 0.001
    assert (found.low, found.high) == pytest.approx((-0.5, 0.5), abs=0.15)


def test_nothing_to_part():
    assert tried([1.0] * 8, [True, False] * 4) is None
    assert tried(np.arange(8.0), [True] * 8) is None
    assert tried([0.0] * 6 + [1.0, 2.0], [True, False] * 4) is None
    assert tried([0.0, 0.0, 1.0, 1.0, 2.0, 2.0], [True, False] * 3) is None


def test_units_keep_their_verdicts_and_cells_their_rates():
    units = np.repeat(np.arange(8), 10)
    assert alone(units, units < 4).p_value < 0.01
    whole = alone(units, units < 4, units)
    assert whole.p_value == pytest.approx(8 / 70, abs=0.03)  # four of eight seeds in a row, or the other four
    tasks = np.repeat([0, 1], 40)
    assert alone(tasks, tasks == 0).p_value == 0.001
    assert alone(tasks, tasks == 0, None, tasks).p_value == 1.0
