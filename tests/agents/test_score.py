"""Scores add up, and their interval knows which rollouts share a seed."""

from __future__ import annotations

from aspire_mjx.agents.score import Score
from aspire_mjx.faults.statistics import wilson


def test_scores_add(toy):
    both = toy.score(1, 0, 2) + toy.score(3, 2, 4)
    assert (both.passes, both.strict_passes, both.trials) == (4, 2, 6)
    assert both.seeds == (0, 1, 0, 1, 2, 3)


def test_interval_holds_the_rate(toy):
    low, high = toy.score(9, 8, 10).interval
    assert 0.55 < low < 0.9 < high < 1.0
    assert Score().rate == 0.0 and Score().interval == (0.0, 1.0)


def test_pooled_scores_draw_seeds_as_wholes(toy):
    alone = toy.score(15, 12, 20)
    pooled = sum([alone] * 5, Score())
    assert alone.interval == wilson(15, 20) and alone.strict_interval == wilson(12, 20)
    for (low, high), bound in ((pooled.interval, wilson(75, 100)), (pooled.strict_interval, wilson(60, 100))):
        assert high - low > 1.8 * (bound.high - bound.low)  # five tasks that do the same on each seed are as one


def test_verdicts_of_a_batch(handmade):
    for seed, passed in ((7, True), (7, False), (8, True)):
        handmade.add([], seed=seed, passed=passed, strict=seed == 8)
    assert Score.of(handmade.build()) == Score((7, 7, 8), (True, False, True), (False, False, True))


def test_summary_form(toy):
    assert toy.score(1, 0, 2).as_dict() == {
        "passes": 1,
        "trials": 2,
        "rate": 0.5,
        "interval_low": 0.0945,
        "interval_high": 0.9055,
        "strict_passes": 0,
    }
