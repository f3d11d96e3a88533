"""Factor effects: the range that matters, the exact test, the correction."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from aspire_mjx.faults.factors import factor_effects, join_starts, start_conditions
from aspire_mjx.faults.statistics import unpaired_difference, wilson


def effects(handmade, **more):
    batch = handmade.build()
    return factor_effects(batch, batch.passes(), np.arange(len(batch)), **more)


def test_the_factor_that_decides_is_found(handmade):
    generator = np.random.default_rng(1)
    for k in range(40):
        factors = {"mass": k / 40, "yaw": float(generator.random()), "constant": 1.0}
        handmade.add([], passed=k < 20, factors=factors, tunables={"depth": float(k % 2)})
    first, *others = effects(handmade)
    assert (first.kind, first.name, first.low, first.high) == ("factor", "mass", None, pytest.approx(19 / 40))
    assert (first.inside_passes, first.inside_trials, first.outside_passes, first.outside_trials) == (20, 20, 0, 20)
    assert first.difference == 1.0
    assert first.interval == unpaired_difference((20, 20), (0, 20), wilson(20, 20), wilson(0, 20))
    assert first.p_value == 0.001 and first.p_adjusted == pytest.approx(0.003) and first.significant
    assert {(e.kind, e.name) for e in others} == {("factor", "yaw"), ("tunable", "depth")}
    assert not any(e.significant for e in others)
    assert first.sentence.startswith(
        "factor mass <= 0.475: 20/20 pass, else 0/20 (difference +1.00, 95% +0.77 to +1.00"
    )


def test_a_table_up_or_down_is_the_cause(handmade):
    """Both ways are wrong: a cut at any place would see little."""
    for k in range(64):
        height = (k - 31.5) / 31.5 * 0.05
        handmade.add([], passed=abs(height) < 0.02, factors={"table": height, "mass": float(k % 7)})
    first, second = effects(handmade)
    assert first.name == "table" and first.p_value == 0.001 and not second.significant
    assert first.low is not None and (first.low, first.high) == pytest.approx((-0.02, 0.02), abs=0.003)
    assert "factor -0.0" in first.sentence and "<= table <=" in first.sentence


def test_two_valued_and_lopsided_columns_are_split_where_they_can(handmade):
    for k in range(20):
        handmade.add([], passed=k >= 5, tunables={"two": float(k >= 5), "lopsided": float(k == 0)})
    (only,) = effects(handmade)
    assert (only.name, only.low, only.high, only.inside_trials, only.outside_trials) == ("two", None, 0.0, 5, 15)


def test_rollouts_without_a_factor_are_left_out(handmade):
    for k in range(12):
        handmade.add([], passed=bool(k % 2), factors={"mass": float(k)} if k < 8 else {})
    (only,) = effects(handmade)
    assert only.inside_trials + only.outside_trials == 8


def test_nothing_to_split(handmade):
    for k in range(10):
        handmade.add([], passed=k < 5, factors={"mass": 1.0})
    assert effects(handmade) == ()


def test_a_dose_that_only_its_seeds_luck_goes_with_is_not_blamed(handmade):
    """Ten tasks of one seed that pass or fail together are one observation of the dose, not ten."""
    for seed in range(12):
        for task in range(10):
            passed = seed in (0, 1, 2, 3, 7)
            handmade.add([], seed=seed, task=f"suite/{task}", passed=passed, factors={"mass": float(seed)})
    (only,) = effects(handmade)
    assert stats.fisher_exact([[40, 20], [10, 50]]).pvalue < 1e-6  # pyright: ignore[reportAttributeAccessIssue]
    assert 0.05 < only.p_value < 0.5


def test_a_setting_that_only_another_tunables_luck_goes_with_is_not_blamed(handmade):
    """Twenty seeds of one setting are one observation of each of its tunables."""
    for setting in range(6):
        for seed in range(20):
            tunables = {"good": float(setting < 3), "order": float(setting)}
            handmade.add([], seed=seed, passed=setting < 3, tunables=tunables)
    first, second = effects(handmade)
    assert (first.name, second.name) == ("good", "order") and second.p_value == 1.0
    assert first.p_value == pytest.approx(2 / 20, abs=0.03)  # three settings of six, and the other way round


def test_a_tunable_that_each_seed_has_at_both_values_is_compared_seed_by_seed(handmade):
    for seed in range(10):
        for depth in (0.0, 1.0):
            handmade.add([], seed=seed, passed=bool(depth) and seed < 8, tunables={"depth": depth})
    (only,) = effects(handmade)
    assert only.p_value == pytest.approx(2 / 2**8, abs=0.006)  # of eight pairs that differ, all one way


def test_a_task_that_is_hard_is_no_effect_of_where_its_things_stand(handmade):
    values = []
    for seed in range(20):
        for task in range(2):
            handmade.add([], seed=seed, task=f"suite/{task}", passed=task == 0)
            values.append(0.3 * task + 0.001 * seed)
    (only,) = effects(handmade, starts={"thing 1 x": np.array(values)})
    assert only.difference == 1.0 and only.p_value == 1.0


def test_where_things_stood_first_is_read_off_the_judges_evidence(handmade):
    for k in range(30):
        handmade.add(handmade.draft_calls() if k else [], passed=k < 10, task=f"suite/{k % 2}")
    batch = handmade.build()
    batch.calls["true_objects"][:, 0] = 0.01 * batch.calls["rollout"][:, None] + 0.1 * batch.calls["call"][:, None]
    starts = start_conditions(batch)
    assert sorted(starts) == ["thing 1 x", "thing 1 y", "thing 1 z"]
    assert np.isnan(starts["thing 1 x"][0]) and starts["thing 1 x"][7] == pytest.approx(0.07)
    first = effects(handmade, starts=starts)[0]
    assert first.kind == "start" and first.significant and first.high == pytest.approx(0.09, abs=0.011)
    parts = [(len(part), start_conditions(part)) for part in (batch.select(range(12)), batch.select(range(12, 30)))]
    joined = join_starts([(0, {}), *parts, (2, {})])
    assert np.array_equal(joined["thing 1 y"], [*starts["thing 1 y"], np.nan, np.nan], equal_nan=True)
