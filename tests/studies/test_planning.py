"""The planning benchmark on a small scale: its figures are the acceptance figures of the project."""

from __future__ import annotations

from experiments.studies import planning


def test_reachable_targets_are_reached_and_far_ones_never():
    found = planning.inverse_kinematics(600)
    assert found["reached"] >= 0.99 and found["falsely_reached"] == 0


def test_paths_through_clutter_that_are_reported_free_are_free():
    found = planning.clutter(30)
    assert found["reported_free"] > 30 and found["free_share"] >= 0.95
    assert found["refused"]["GOAL_IN_COLLISION"] > 0


def test_time_is_told_for_both_programs_beside_that_of_physics():
    found = planning.shares(seeds=1)
    assert list(found) == ["pick_and_place", "careful_pick_and_place"]
    for times in found.values():
        assert times["rollouts"] == 10 and min(times.values()) > 0
        share = (times["sense_s"] + times["plan_s"]) / times["engine_s"]
        assert abs(times["share_of_physics"] - share) < 0.1 * share
