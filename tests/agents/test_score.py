"""Scores add up and carry Wilson's interval."""

from __future__ import annotations

from aspire_mjx.agents.score import Score


def test_scores_add():
    assert Score(1, 0, 2) + Score(3, 2, 4) == Score(4, 2, 6)


def test_interval_holds_the_rate():
    low, high = Score(9, 8, 10).interval
    assert 0.55 < low < 0.9 < high < 1.0
    assert Score(0, 0, 0).rate == 0.0 and Score(0, 0, 0).interval == (0.0, 1.0)


def test_summary_form():
    assert Score(1, 0, 2).as_dict() == {
        "passes": 1,
        "trials": 2,
        "rate": 0.5,
        "wilson_low": 0.0945,
        "wilson_high": 0.9055,
        "strict_passes": 0,
    }
