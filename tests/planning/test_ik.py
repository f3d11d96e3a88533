"""Inverse kinematics: reach, honesty about what cannot be reached, independence of the batch."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx import geometry
from aspire_mjx.planning import ik, kinematics
from aspire_mjx.planning.kinematics import HOME, LOWER_LIMIT, UPPER_LIMIT

DOWN = np.array([0.0, 1.0, 0.0, 0.0])


def _within_limits(q: np.ndarray) -> bool:
    return bool(((q >= kinematics.LOWER_LIMIT) & (q <= kinematics.UPPER_LIMIT)).all())


def homes(count: int) -> np.ndarray:
    return np.tile(HOME, (count, 1))


def reachable(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Poses of random joint angles over nearly the whole joint range."""
    low, high = kinematics.LOWER_LIMIT + 0.03, kinematics.UPPER_LIMIT - 0.03
    position, rotation = kinematics.forward(np.random.default_rng(seed).uniform(low, high, (count, 7)))
    return position, geometry.from_matrix(rotation)


def test_random_reachable_poses_are_reached():
    position, quaternion = reachable(500)
    solution = ik.solve(position, quaternion, current=homes(500))
    reached, rotation = kinematics.forward(solution.q)
    distance = np.linalg.norm(reached - position, axis=1)
    angle = geometry.angle_between(geometry.from_matrix(rotation), quaternion)
    assert np.mean((distance < 1e-3) & (angle < np.deg2rad(0.5))) >= 0.99
    assert np.allclose(solution.position_error, distance, atol=1e-9)
    assert np.allclose(solution.rotation_error, angle, atol=1e-7)
    assert np.array_equal(solution.reachable, (distance < ik.POSITION_TOLERANCE) & (angle < ik.ROTATION_TOLERANCE))
    assert _within_limits(solution.q)


def test_workspace_grasp_poses_need_no_restart_and_keep_the_elbow():
    random = np.random.default_rng(2)
    position = np.stack(
        [random.uniform(0.35, 0.65, 200), random.uniform(-0.3, 0.3, 200), random.uniform(0, 0.3, 200)], 1
    )
    solution = ik.solve(position, np.tile(DOWN, (200, 1)), current=homes(200), restarts=False)
    assert solution.reachable.all()
    assert solution.position_error.max() < 1e-5
    assert np.abs(solution.q - HOME).max() < 1.6


@pytest.mark.parametrize(
    "position", [(0.95, 0.0, 0.1), (0.7, 0.7, 0.05), (0.5, 0.0, -0.7), (0.0, 0.0, 1.5), (30.0, 0.0, 0.0)]
)
def test_poses_out_of_reach_are_reported_and_not_moved(position):
    solution = ik.solve(np.array([position]), DOWN[None], current=homes(1))
    assert not solution.reachable[0]
    reached, _ = kinematics.forward(solution.q)
    assert solution.position_error[0] == pytest.approx(np.linalg.norm(reached[0] - position))
    assert solution.position_error[0] > 0.01 or solution.rotation_error[0] > 0.01
    assert _within_limits(solution.q)


def test_random_directions_beyond_reach_are_never_ok():
    random = np.random.default_rng(3)
    direction = random.normal(size=(64, 3))
    direction[:, 2] = -np.abs(
        direction[:, 2]
    )  # the shoulder stands 0.333 m high: beyond 0.9 m only at or below the base
    position = random.uniform(0.95, 3.0, (64, 1)) * direction / np.linalg.norm(direction, axis=1, keepdims=True)
    quaternion = geometry.normalize(random.normal(size=(64, 4)))
    below = np.tile([0.5, 0.0, -0.7], (64, 1))
    assert not ik.solve(
        np.concatenate([1.3 * position, below]), np.tile(quaternion, (2, 1)), current=homes(128)
    ).reachable.any()


def test_nothing_is_called_reached_that_is_not(seed=9):
    """Poses a little or far outside the reachable set, and poses inside it: the answer is checked by kinematics."""
    position, quaternion = reachable(300, seed)
    random = np.random.default_rng(seed)
    position = position * random.uniform(0.9, 1.6, (300, 1))
    solution = ik.solve(position, quaternion, current=homes(300))
    reached, rotation = kinematics.forward(solution.q)
    there = (np.linalg.norm(reached - position, axis=1) < 1e-3) & (
        geometry.angle_between(geometry.from_matrix(rotation), quaternion) < np.deg2rad(0.5)
    )
    assert np.array_equal(solution.reachable, there)
    assert 30 < there.sum() < 270
    assert np.array_equal(solution.margin, np.minimum(solution.q - LOWER_LIMIT, UPPER_LIMIT - solution.q).min(1))
    assert (solution.margin >= ik.LIMIT_MARGIN - 1e-9).all()


def test_only_what_no_configuration_reaches_is_given_up_at_once():
    position, quaternion = reachable(4000, 10)
    assert ik._in_reach(position, geometry.to_matrix(quaternion)).all()
    assert not ik._in_reach(np.array([[1.2, 0.0, 0.1]]), geometry.to_matrix(DOWN[None])).any()


def test_a_configuration_that_collides_is_replaced_by_a_free_one_where_there_is_one():
    def right_elbow(q, lanes):
        """Free where the elbow leans to the right of the base's x axis; lane 1 is never free."""
        elbow = kinematics.chain(np.ascontiguousarray(q.T))[3][0]
        return np.where(lanes == 1, -1.0, -elbow[1] - 0.02)

    position, quaternion = np.array([[0.45, 0.1, 0.3]]), DOWN[None]
    first = ik.solve(position, quaternion, current=homes(1))
    chosen = ik.solve(np.tile(position, (2, 1)), np.tile(DOWN, (2, 1)), current=homes(2), clearance=right_elbow)
    assert chosen.reachable.all() and first.reachable[0]
    assert right_elbow(first.q, np.zeros(1, int))[0] < 0 <= chosen.clearance[0] and chosen.clearance[1] == -1.0
    assert kinematics.chain(chosen.q[0][:, None])[3][0][1, 0] < -0.02


def test_what_is_no_pose_is_not_ok_and_disturbs_nobody():
    position, quaternion = reachable(4)
    alone = ik.solve(position, quaternion, current=homes(4))
    position, quaternion = position.copy(), quaternion.copy()
    position[1, 0], quaternion[2] = np.nan, 0.0
    mixed = ik.solve(position, quaternion, current=homes(4))
    assert not mixed.reachable[1] and not mixed.reachable[2]
    assert np.isinf(mixed.position_error[1]) and np.isfinite(mixed.q).all()
    assert np.array_equal(mixed.q[[0, 3]], alone.q[[0, 3]])


def test_a_lane_is_the_same_bit_for_bit_in_any_batch():
    position, quaternion = reachable(150)
    position[::7, 0] += 2.0  # some fail and go through the restarts
    whole = ik.solve(position, quaternion, current=homes(150))
    order = np.random.default_rng(4).permutation(150)
    shuffled = ik.solve(position[order], quaternion[order], current=homes(150))
    assert np.array_equal(shuffled.q, whole.q[order])
    assert np.array_equal(shuffled.position_error, whole.position_error[order])
    for lane in (0, 1, 7, 149):
        alone = ik.solve(position[lane : lane + 1], quaternion[lane : lane + 1], current=homes(1))
        assert np.array_equal(alone.q[0], whole.q[lane])
        assert alone.position_error[0] == whole.position_error[lane]
        assert alone.rotation_error[0] == whole.rotation_error[lane]


def test_one_compilation_serves_any_number():
    for count in (0, 1, 64, 65, 200):
        position, quaternion = reachable(count)
        assert ik.solve(position, quaternion, current=homes(count)).q.shape == (count, 7)
    assert ik._iterate._cache_size() == 1  # pyright: ignore[reportAttributeAccessIssue]


def test_paths_are_continuous_and_report_what_is_not_reachable():
    points = np.linspace([0.5, 0.1, 0.2], [0.5, 0.1, 0.02], 7)
    far = np.linspace([0.6, 0.0, 0.2], [1.1, 0.0, 0.2], 7)
    positions = np.stack([points, far])
    current = ik.solve(positions[:, 0], np.tile(DOWN, (2, 1)), current=homes(2)).q
    path = ik.solve_path(positions, np.tile(DOWN, (2, 7, 1)), current=current)
    assert path.reachable.tolist() == [True, False]
    assert path.continuous[0]
    reached, _ = kinematics.forward(path.q[0])
    assert np.allclose(reached, points, atol=1e-5)
    assert path.position_error[1] > 0.05
