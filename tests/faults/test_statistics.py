"""Exact tests and intervals against published values and against their formulas."""

from __future__ import annotations

import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aspire_mjx.faults.statistics import (
    Interval,
    clustered,
    flipped_seeds,
    holm,
    mcnemar,
    paired_difference,
    unpaired_difference,
    wilson,
)
from experiments.studies.independence import design_effect


def test_wilson_known_values():
    # Newcombe (Statistics in Medicine 17, 1998), table I, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 0.999))
def test_wilson_is_its_formula(counts, confidence):
    passes, trials = counts
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    rate, scale = passes / trials, 1 + z * z / trials
    centre = (rate + z * z / (2 * trials)) / scale
    half = z / scale * math.sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials))
    assert wilson(passes, trials, confidence=confidence) == pytest.approx((centre - half, centre + half), abs=1e-9)


def test_wilson_edges():
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(7, 7).high == 1.0 and wilson(0, 7).low == 0.0
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_one_sided_binomial_test(gains, losses):
    pairs = gains + losses
    expected = sum(math.comb(pairs, k) for k in range(gains, pairs + 1)) / 2**pairs
    assert mcnemar(gains, losses) == pytest.approx(expected, rel=1e-9)


def test_mcnemar_by_counting_every_outcome():
    for gains, losses in itertools.product(range(5), range(5)):
        coins = list(itertools.product((0, 1), repeat=gains + losses))
        assert mcnemar(gains, losses) == sum(sum(c) >= gains for c in coins) / len(coins)


def test_counts_that_are_none_are_refused():
    with pytest.raises(ValueError, match="-1 and 2"):
        mcnemar(-1, 2)
    for counts in (((4, 3), (0, 1)), ((0, 1), (4, 3))):
        with pytest.raises(ValueError, match="4 of 3"):
            unpaired_difference(*counts, Interval(0.0, 1.0), Interval(0.0, 1.0))


def test_holm_known_example():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == [] and holm([0.9, 0.8]) == [1.0, 1.0]


TASKS, SEEDS, REPETITIONS = 10, 50, 500
EASE = np.linspace(0.0, 2.0, TASKS)[:, None]  # of each task: it passes where ease, seed's luck and own luck sum above 0


def _draws(shared: float) -> tuple[float, np.ndarray]:
    """The true pooled rate, and verdicts [repetitions, tasks, seeds] where ``shared`` of the luck is the seed's."""
    random = np.random.default_rng(0)
    luck = np.sqrt(shared) * random.standard_normal((REPETITIONS, 1, SEEDS))
    own = np.sqrt(1.0 - shared) * random.standard_normal((REPETITIONS, TASKS, SEEDS))
    return float(stats.norm.cdf(EASE).mean()), EASE + luck + own > 0.0


def _rows(verdicts: np.ndarray) -> tuple[list[bool], list[int]]:
    return verdicts.ravel().tolist(), np.broadcast_to(np.arange(SEEDS), verdicts.shape).ravel().tolist()


def test_the_interval_holds_the_rate_of_rows_that_share_seeds_and_wilsons_does_not():
    true, draws = _draws(0.66)
    assert np.mean([design_effect(verdicts) for verdicts in draws]) == pytest.approx(3.7, abs=0.15)
    intervals = [clustered(*_rows(verdicts)) for verdicts in draws]
    narrow = [wilson(int(verdicts.sum()), verdicts.size) for verdicts in draws]
    assert np.mean([low <= true <= high for low, high in intervals]) >= 0.92
    assert np.mean([low <= true <= high for low, high in narrow]) < 0.80
    assert all(c.low <= w.low and w.high <= c.high for c, w in zip(intervals, narrow, strict=True))


def test_on_independent_rows_it_is_nearly_wilsons():
    true, draws = _draws(0.0)
    widths, coverage = [], []
    for verdicts in draws[:100]:
        low, high = clustered(*_rows(verdicts))
        bound = wilson(int(verdicts.sum()), verdicts.size)
        widths.append((high - low) / (bound.high - bound.low))
        coverage.append(low <= true <= high)
    assert min(widths) >= 1.0 and np.mean(widths) < 1.1 and np.mean(coverage) >= 0.92


def test_wilsons_stands_where_no_seed_is_shared_or_all_are_alike():
    verdicts = [True, True, False, True, False, True]
    assert clustered(verdicts, [1, 2, 3, 4, 5, 6]) == wilson(4, 6)
    assert clustered(verdicts, [1, 1, 1, 2, 2, 2]) == wilson(4, 6)
    assert clustered([True] * 6, [1, 1, 2, 2, 3, 3]) == wilson(6, 6)
    assert clustered([], []) == Interval(0.0, 1.0)
    with pytest.raises(ValueError, match="2 verdicts and 1 seeds"):
        clustered([True, False], [1])


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=1, max_size=60), st.randoms())
@settings(max_examples=30)
def test_rows_in_another_order_give_the_same_interval_never_narrower_than_wilsons(rows, random):
    found = clustered(*zip(*rows, strict=True))
    bound = wilson(sum(passed for passed, _ in rows), len(rows))
    assert 0.0 <= found.low <= bound.low <= bound.high <= found.high <= 1.0
    random.shuffle(rows)
    assert clustered(*zip(*rows, strict=True)) == found


def test_unpaired_difference_known_values():
    # Newcombe (Statistics in Medicine 17, 1998, unpaired differences), table II, method 10.
    for first, second, low, high in (
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ):
        found = unpaired_difference(first, second, wilson(*first), wilson(*second))
        assert found == pytest.approx((low, high), abs=5e-5)
    assert unpaired_difference((0, 0), (1, 2), wilson(0, 0), wilson(1, 2)) == (-1.0, 1.0)


@given(st.integers(0, 40), st.integers(0, 40))
def test_one_pair_a_seed_is_mcnemars_two_sided_test(gains, losses):
    expected = min(1.0, 2 * min(mcnemar(gains, losses), mcnemar(losses, gains)))
    assert flipped_seeds([1] * gains + [-1] * losses + [0]) == pytest.approx(expected, rel=1e-9)


@given(st.lists(st.integers(-4, 4), max_size=8))
def test_flipped_seeds_by_counting_every_way_to_exchange_the_programs(differences):
    signs = list(itertools.product((-1, 1), repeat=len(differences)))
    sums = [sum(sign * each for sign, each in zip(row, differences, strict=True)) for row in signs]
    expected = sum(abs(each) >= abs(sum(differences)) for each in sums) / len(sums)
    assert flipped_seeds(differences) == pytest.approx(expected, rel=1e-9)


def pairs(both: int, lost: int, gained: int, neither: int) -> tuple[list[bool], list[bool]]:
    before = [True] * both + [True] * lost + [False] * gained + [False] * neither
    return before, [True] * both + [False] * lost + [True] * gained + [False] * neither


def test_paired_difference_known_values():
    # Newcombe (Statistics in Medicine 17, 1998, paired differences), method 10; its difference is before less after.
    for counts, low, high in (((36, 12, 2, 0), 0.0569, 0.3404), ((20, 12, 2, 16), 0.0562, 0.3292)):
        found = paired_difference(*pairs(*counts), range(50))
        assert (-found.high, -found.low) == pytest.approx((low, high), abs=5e-5)


def test_pairs_of_one_seed_that_change_together_widen_the_interval():
    before, after = pairs(20, 10, 30, 40)
    alone = paired_difference(before, after, range(100))
    together = paired_difference(before, after, [row // 10 for row in range(100)])
    assert together.low < alone.low and together.high > alone.high
    assert paired_difference([], [], []) == (-1.0, 1.0)
    with pytest.raises(ValueError, match="pairs with seeds"):
        paired_difference([True], [True], [])
