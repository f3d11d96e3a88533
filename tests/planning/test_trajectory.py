"""Trajectories: exact ends, limits kept at every tick, independence of the batch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspire_mjx import geometry
from aspire_mjx.planning import trajectory
from aspire_mjx.planning.trajectory import MotionLimits

LIMITS = MotionLimits.panda()
BOTH = pytest.mark.parametrize("plan", [trajectory.stop_at_each, trajectory.pass_through])


def random_waypoints(lanes: int, points: int, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.uniform(-1.5, 1.5, (lanes, 1, 7)) + np.cumsum(random.normal(0, 0.2, (lanes, points, 7)), axis=1)


def worst(plan: trajectory.Trajectory, start: np.ndarray, tick: float = trajectory.TICK) -> tuple[float, float]:
    """Largest velocity and acceleration as shares of the limits, with rest before and after."""
    rest = np.repeat(start[:, None], 2, axis=1)
    path = np.concatenate([rest, plan.ctrl, plan.ctrl[:, -1:]], axis=1)
    velocity = np.diff(path, axis=1) / tick
    acceleration = np.diff(velocity, axis=1) / tick
    return float((np.abs(velocity) / LIMITS.velocity).max()), float((np.abs(acceleration) / LIMITS.acceleration).max())


@BOTH
@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), points=st.integers(1, 8))
def test_limits_and_ends(plan, seed, points):
    waypoints = random_waypoints(6, points, seed)
    count = np.random.default_rng(seed).integers(1, points + 1, 6)
    result = plan(waypoints, count, limits=LIMITS)
    velocity, acceleration = worst(result, waypoints[:, 0])
    assert velocity <= 1 + 1e-6 and acceleration <= 1 + 1e-6
    for lane in range(6):
        end = waypoints[lane, count[lane] - 1]
        assert np.array_equal(
            result.ctrl[lane, result.ticks[lane] - 1 :],
            np.tile(end, (result.ctrl.shape[1] - result.ticks[lane] + 1, 1)),
        )
    assert result.ticks.min() >= 1 and result.ctrl.shape[1] == result.ticks.max()


@BOTH
def test_a_lane_is_the_same_bit_for_bit_in_any_batch(plan):
    waypoints = random_waypoints(20, 6)
    count = np.arange(20) % 6 + 1
    whole = plan(waypoints, count, limits=LIMITS)
    for lane in range(20):
        alone = plan(waypoints[lane : lane + 1, : count[lane]], limits=LIMITS)
        ticks = whole.ticks[lane]
        assert alone.ticks[0] == ticks
        assert np.array_equal(alone.ctrl[0], whole.ctrl[lane, :ticks])


def test_stops_meet_every_way_point_and_are_fast():
    waypoints = random_waypoints(5, 4)
    result = trajectory.stop_at_each(waypoints, limits=LIMITS)
    for lane in range(5):
        for point in waypoints[lane]:
            met = np.abs(result.ctrl[lane] - point).max(-1).min()
            assert met == 0.0 or np.array_equal(point, waypoints[lane, 0])
    velocity, acceleration = worst(result, waypoints[:, 0])
    assert max(velocity, acceleration) > 0.9


def test_no_motion_takes_one_tick():
    still = np.tile(np.arange(7.0), (3, 4, 1))
    for plan in (trajectory.stop_at_each, trajectory.pass_through):
        result = plan(still, limits=LIMITS)
        assert result.ticks.tolist() == [1, 1, 1] and np.array_equal(result.ctrl[:, 0], still[:, 0])


def test_join_runs_one_after_the_other():
    first = trajectory.stop_at_each(random_waypoints(4, 2, 1), limits=LIMITS)
    second = trajectory.stop_at_each(np.stack([first.ctrl[:, -1], random_waypoints(4, 1, 2)[:, 0]], 1), limits=LIMITS)
    both = trajectory.join(first, second)
    for lane in range(4):
        n, m = first.ticks[lane], second.ticks[lane]
        assert both.ticks[lane] == n + m
        assert np.array_equal(both.ctrl[lane, : n + m], np.concatenate([first.ctrl[lane, :n], second.ctrl[lane, :m]]))
        assert np.array_equal(both.ctrl[lane, n + m :], np.tile(second.ctrl[lane, -1], (both.ctrl.shape[1] - n - m, 1)))
    assert both.take(np.array([2])).ctrl.shape[1] == both.ticks[2]


def test_line_poses_are_straight_with_exact_ends():
    start = (np.array([[0.4, 0.0, 0.3], [0.5, 0.1, 0.1]]), np.tile([0.0, 1.0, 0.0, 0.0], (2, 1)))
    turned = geometry.multiply(geometry.from_yaw(np.array([0.0, 0.9])), start[1])
    end = (np.array([[0.4, 0.0, 0.1], [0.5, 0.1, 0.1]]), turned)
    position, quaternion, count = trajectory.line_poses(start, end, spacing=0.05)
    assert count.tolist() == [5, 6]
    assert np.array_equal(position[0, 4:], np.tile(end[0][0], (2, 1)))
    assert np.array_equal(quaternion[1, 5], end[1][1])
    assert np.allclose(position[0, :5, 2], [0.3, 0.25, 0.2, 0.15, 0.1])
    turns = geometry.angle_between(quaternion[1, :-1], quaternion[1, 1:])
    assert np.allclose(turns, 0.18)


@pytest.mark.parametrize("factor", [0.0, -1.0, 1.1, float("nan")])
def test_bad_arguments(factor):
    with pytest.raises(ValueError, match="speed factor"):
        MotionLimits.panda(factor)
    with pytest.raises(ValueError, match="counts"):
        trajectory.stop_at_each(np.zeros((2, 3, 7)), np.array([1, 4]), limits=LIMITS)
    with pytest.raises(ValueError, match="shape"):
        trajectory.pass_through(np.zeros((3, 7)), limits=LIMITS)
