"""Factor effects: the split, the exact test, the correction."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from aspire_mjx.faults.factors import factor_effects
from aspire_mjx.faults.statistics import fisher, wilson


def effects(handmade):
    batch = handmade.build()
    return factor_effects(batch, batch.passes(), np.arange(len(batch)))


def test_the_factor_that_decides_is_found(handmade):
    generator = np.random.default_rng(1)
    for k in range(40):
        factors = {"mass": k / 40, "yaw": float(generator.random()), "constant": 1.0}
        handmade.add([], passed=k < 20, factors=factors, tunables={"depth": float(k % 2)})
    first, *others = effects(handmade)
    assert (first.kind, first.name) == ("factor", "mass")
    assert (first.low_passes, first.low_trials, first.high_passes, first.high_trials) == (20, 20, 0, 20)
    assert first.threshold == pytest.approx(19 / 40)
    assert first.p_value == pytest.approx(stats.fisher_exact([[20, 0], [0, 20]])[1])
    assert (
        first.p_adjusted == pytest.approx(3 * first.p_value)
        and wilson(first.low_passes, first.low_trials).low > wilson(first.high_passes, first.high_trials).high
    )
    assert {(e.kind, e.name) for e in others} == {("factor", "yaw"), ("tunable", "depth")}
    assert all(e.p_adjusted > 0.05 for e in others)
    assert "factor mass: 20/20 pass at <= 0.475, 0/20 above" in first.sentence


def test_two_valued_and_lopsided_columns_are_split_where_they_can(handmade):
    for k in range(20):
        handmade.add([], passed=k >= 5, tunables={"two": float(k >= 5), "lopsided": float(k == 0)})
    (only,) = effects(handmade)
    assert (only.name, only.threshold, only.low_trials, only.high_trials) == ("two", 0.0, 5, 15)


def test_rollouts_without_a_factor_are_left_out(handmade):
    for k in range(12):
        handmade.add([], passed=bool(k % 2), factors={"mass": float(k)} if k < 8 else {})
    (only,) = effects(handmade)
    assert only.low_trials + only.high_trials == 8


def test_nothing_to_split(handmade):
    for _ in range(10):
        handmade.add([], factors={"mass": 1.0})
    assert effects(handmade) == ()


def test_a_dose_that_only_its_seeds_luck_goes_with_is_not_blamed(handmade):
    """Ten tasks of one seed that pass or fail together are one observation of the dose, not ten."""
    for seed in range(12):
        for task in range(10):
            passed = seed in (0, 1, 2, 3, 7)
            handmade.add([], seed=seed, task=f"suite/{task}", passed=passed, factors={"mass": float(seed)})
    (only,) = effects(handmade)
    assert (only.low_passes, only.low_trials, only.high_passes, only.high_trials) == (40, 60, 10, 60)
    assert fisher(40, 60, 10, 60) < 1e-6
    assert 0.2 < only.p_value < 0.4  # 4 of 6 seeds against 1 of 6


def test_a_tunable_that_each_seed_has_at_both_values_keeps_fishers_test(handmade):
    for seed in range(10):
        for depth in (0.0, 1.0):
            handmade.add([], seed=seed, passed=bool(depth) and seed < 8, tunables={"depth": depth})
    (only,) = effects(handmade)
    assert only.p_value == pytest.approx(stats.fisher_exact([[0, 10], [8, 2]])[1])
