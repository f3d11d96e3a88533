"""Self and floor collisions of the capsule model."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from aspire_mjx import geometry
from aspire_mjx.planning import collision, grasp, ik
from aspire_mjx.planning.kinematics import HOME


def test_top_down_grasps_at_floor_level_are_free():
    random = np.random.default_rng(0)
    count = 200
    position = np.stack([random.uniform(0.3, 0.7, count), random.uniform(-0.3, 0.3, count), np.full(count, 0.005)], 1)
    grasps = grasp.top_down(position, random.uniform(-3, 3, count), np.full((count, 3), 0.01), support_height=0.0)
    solution = ik.solve(grasps.position, grasps.quaternion, current=np.tile(HOME, (count, 1)))
    assert solution.reachable.all()
    assert not collision.check_collisions(solution.q).colliding.any()
    assert not collision.check_collisions(HOME[None]).colliding.any()


def test_below_the_floor_is_reported_with_its_height():
    target, down = np.array([[0.5, 0.0, -0.02]]), np.array([[0.0, 1.0, 0.0, 0.0]])
    solution = ik.solve(target, down, current=HOME[None])
    found = collision.check_collisions(solution.q)
    assert found.colliding[0] and found.pairs[0] == ("fingers", "floor")
    assert found.clearance[0] == pytest.approx(-0.02, abs=1e-4)
    assert not collision.check_collisions(solution.q, floor_height=-0.05).colliding[0]


def test_a_hand_in_the_robots_own_base_is_reported():
    target = np.array([[0.12, 0.0, 0.15]])
    back = geometry.from_axis_angle(np.array([[0.0, 1.0, 0.0]]), np.array([-0.7 * np.pi]))
    solution = ik.solve(target, back, current=HOME[None])
    folded = np.array([[0.0, 0.5, 0.0, -3.0, 0.0, 0.1, 0.785]])
    found = collision.check_collisions(np.concatenate([solution.q, folded]))
    assert found.colliding[1] and "floor" not in found.pairs[1]


def test_bad_numbers_collide_and_batches_do_not_matter():
    random = np.random.default_rng(1)
    q = random.uniform(-2, 2, (50, 7))
    whole = collision.check_collisions(q)
    for lane in (0, 13, 49):
        alone = collision.check_collisions(q[lane : lane + 1])
        assert alone.clearance[0] == whole.clearance[lane] and alone.pairs[0] == whole.pairs[lane]
    assert collision.check_collisions(np.full((1, 7), np.nan)).colliding[0]


def test_segment_distance_against_a_numerical_minimum():
    random = np.random.default_rng(2)
    points = random.normal(size=(4, 20, 3))
    points[3, 0] = points[2, 0] + (points[1, 0] - points[0, 0])  # a parallel pair
    ours = collision._segment_distance(*[p[..., None] for p in points])[:, 0]
    for pair in range(20):
        a, b, c, d = points[:, pair]

        def squared(st, a=a, b=b, c=c, d=d):
            return float(np.sum((a + st[0] * (b - a) - c - st[1] * (d - c)) ** 2))

        best = minimize(squared, [0.5, 0.5], bounds=[(0, 1), (0, 1)], options={"ftol": 1e-15, "gtol": 1e-12})
        assert ours[pair] == pytest.approx(np.sqrt(best.fun), abs=1e-5)
