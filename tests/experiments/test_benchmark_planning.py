"""The planning benchmark on a small scale: its figures are the acceptance figures of the project."""

from __future__ import annotations

from aspire_mjx.experiments import benchmark_planning


def test_reachable_targets_are_reached_and_far_ones_never():
    found = benchmark_planning.inverse_kinematics(600)
    assert found["reached"] >= 0.99 and found["falsely_reached"] == 0


def test_paths_through_clutter_that_are_reported_free_are_free():
    found = benchmark_planning.clutter(30)
    assert found["reported_free"] > 30 and found["free_share"] >= 0.95
    assert found["refused"]["GOAL_IN_COLLISION"] > 0
