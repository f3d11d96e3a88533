"""Exact tests and intervals against published values and against their formulas."""

from __future__ import annotations

import itertools
import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspire_mjx.faults.statistics import fisher, holm, mcnemar, wilson


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


@given(*[st.integers(0, 30)] * 4)
def test_fisher_sums_the_tables_that_are_no_more_likely(a, b, c, d):
    tables = range(max(0, a + c - (c + d)), min(a + b, a + c) + 1)
    ways = {k: math.comb(a + b, k) * math.comb(c + d, a + c - k) for k in tables}
    expected = sum(way for way in ways.values() if way <= ways[a]) / sum(ways.values())
    assert fisher(a, a + b, c, c + d) == pytest.approx(expected, rel=1e-6)


def test_counts_that_are_none_are_refused():
    with pytest.raises(ValueError, match="-1 and 2"):
        mcnemar(-1, 2)
    with pytest.raises(ValueError, match="4 of 3"):
        fisher(4, 3, 0, 1)


def test_fisher_refuses_more_passes_than_trials_in_either_group():
    for counts in ((3, 2, 1, 2), (1, 2, 3, 2)):
        with pytest.raises(ValueError, match="3 of 2"):
            fisher(*counts)


def test_fisher_of_thousands_is_quick_and_finite():
    assert fisher(1900, 2000, 1700, 2000) < 1e-20 and fisher(1000, 2000, 1000, 2000) == 1.0


def test_holm_known_example():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == [] and holm([0.9, 0.8]) == [1.0, 1.0]
