"""Paths around what was seen: the checks against brute force, a wall, and a wall that cannot be passed."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.planning import height_map, ik, kinematics, robot_spheres
from aspire_mjx.planning.free_path import free_paths
from aspire_mjx.planning.height_map import HeightMap
from aspire_mjx.planning.kinematics import HOME
from aspire_mjx.planning.obstacles import MARGIN, Obstacles, sampled
from aspire_mjx.planning.robot_spheres import RADII
from tests.support.seen_points import seen_points

DOWN = np.array([0.0, 1.0, 0.0, 0.0])


def block(x: tuple[float, float], y: tuple[float, float], height: float) -> np.ndarray:
    """Points on a block's top, one in every cell at least."""
    px, py = np.meshgrid(np.arange(*x, 0.005), np.arange(*y, 0.005))
    return np.stack([px.ravel(), py.ravel(), np.full(px.size, height)], axis=1)


def seen(*blocks: np.ndarray) -> HeightMap:
    return seen_points(np.concatenate([block((0.0, 1.0), (-0.6, 0.6), 0.0), *blocks]))


def joined(maps: list[HeightMap]) -> HeightMap:
    return HeightMap(np.concatenate([m.height for m in maps]))


def reach(*positions: tuple[float, float, float]) -> np.ndarray:
    count = len(positions)
    solved = ik.solve(np.array(positions), np.tile(DOWN, (count, 1)), current=np.tile(HOME, (count, 1)))
    assert solved.reachable.all()
    return solved.q


def obstacles(maps: HeightMap, start: np.ndarray, goal: np.ndarray) -> Obstacles:
    count = len(maps)
    return Obstacles.of(maps, start, goal, support=0.0, width=np.full(count, 0.08), held_object_reach=np.zeros(count))


LOW_LEFT, LOW_RIGHT = (0.5, 0.25, 0.08), (0.5, -0.25, 0.08)
FREE, WALL, BARRIER = (
    seen(),
    seen(block((0.3, 0.8), (-0.01, 0.01), 0.25)),
    seen(block((0.2, 1.0), (-0.01, 0.01), 0.95)),
)


def test_a_free_line_is_taken_and_a_wall_is_passed_over():
    start, goal = reach(LOW_LEFT, LOW_LEFT), reach(LOW_RIGHT, LOW_RIGHT)
    around = obstacles(joined([FREE, WALL]), start, goal)
    lanes = np.arange(2)
    assert around.legs_hit(start, goal, lanes).tolist() == [False, True]
    paths = free_paths(around, start, goal, around.legs_hit(start, goal, lanes))
    assert paths.found.all() and np.isnan(paths.blocked.centre).all()
    assert np.array_equal(paths.points[0, 1:], np.repeat(goal[:1], paths.points.shape[1] - 1, axis=0))
    assert np.array_equal(paths.points[:, 0], start) and np.array_equal(paths.points[:, -1], goal)
    for leg in range(paths.points.shape[1] - 1):
        assert not around.legs_hit(paths.points[:, leg], paths.points[:, leg + 1], lanes).any()
    q, _ = sampled(paths.points[1, :-1], paths.points[1, 1:])
    tip, _ = kinematics.forward(q)
    over = np.abs(tip[:, 1]) < 0.01
    assert over.any() and tip[over, 2].min() > 0.25


def test_a_wall_that_cannot_be_passed_is_refused_with_what_blocks():
    start, goal = reach(LOW_LEFT), reach(LOW_RIGHT)
    paths = free_paths(obstacles(BARRIER, start, goal), start, goal, np.ones(1, bool))
    assert not paths.found[0]
    assert abs(paths.blocked.centre[0, 1]) < 0.02 and 0.9 < paths.blocked.size[0, 2] < 1.0
    assert paths.blocked.size[0, 1] < 0.05


def test_depth_of_spheres_against_brute_force():
    random = np.random.default_rng(0)
    spots = random.uniform((0.3, -0.4), (0.8, 0.4), (25, 2))
    maps = seen(*[block((x, x + 0.05), (y, y + 0.05), random.uniform(0.05, 0.4)) for x, y in spots])
    positions = random.uniform((0.35, -0.3, 0.02), (0.7, 0.3, 0.4), (60, 3))
    q = reach(*map(tuple, positions))
    away = np.tile(HOME, (1, 1))  # both ends far away: the whole scene holds
    scene = obstacles(maps, away, away)
    ours = scene.touched(q, np.zeros(60, int)).depth
    whole = scene.height[0, 0]
    i, j = np.nonzero(np.isfinite(whole))
    x, y = height_map.cell_centre(i - height_map.BLOCK_MARGIN, j - height_map.BLOCK_MARGIN)
    centre, _ = robot_spheres.centres(q, width=np.full(60, 0.08), held_object_reach=np.zeros(60))
    for sample in range(60):
        below = np.maximum(centre[:, 2, sample, None] - whole[i, j], 0.0)
        gap = np.sqrt((centre[:, :1, sample] - x) ** 2 + (centre[:, 1:2, sample] - y) ** 2 + below**2)
        share = 1.0 - gap.min(axis=1) / (RADII + MARGIN)
        assert ours[sample] == pytest.approx(max(share.max(), 0.0), abs=1e-4)
    assert 5 < (ours > 0).sum() < 55


def test_what_is_between_the_fingers_at_the_goal_is_no_obstacle_but_beside_them_it_is():
    goal = reach((0.5, 0.0, 0.03))
    between, beside = block((0.46, 0.54), (-0.03, 0.03), 0.05), block((0.46, 0.54), (0.07, 0.13), 0.12)
    for what, touched in ((between, False), (beside, True)):
        around = obstacles(seen(what), np.tile(HOME, (1, 1)), goal)
        assert (around.touched(goal, np.zeros(1, int)).depth > 0)[0] == touched


def test_what_is_held_reaches_below_the_fingers():
    start, goal = reach((0.5, 0.25, 0.2)), reach((0.5, -0.25, 0.2))
    maps = seen(block((0.4, 0.6), (-0.02, 0.02), 0.12))
    for held, hit in ((0.0, False), (0.09, True)):
        around = Obstacles.of(
            maps, start, goal, support=0.0, width=np.full(1, 0.04), held_object_reach=np.full(1, held)
        )
        assert around.legs_hit(start, goal, np.zeros(1, int))[0] == hit


def test_a_lane_is_the_same_bit_for_bit_in_any_batch():
    start, goal = reach(LOW_LEFT, LOW_LEFT, LOW_LEFT), reach(LOW_RIGHT, LOW_RIGHT, LOW_RIGHT)
    maps = joined([WALL, FREE, BARRIER])
    around = obstacles(maps, start, goal)
    hit = around.legs_hit(start, goal, np.arange(3))
    whole = free_paths(around, start, goal, hit)
    assert hit.tolist() == [True, False, True]
    for lane in range(3):
        row = np.array([lane])
        around = obstacles(maps.take(row), start[row], goal[row])
        assert around.legs_hit(start[row], goal[row], np.zeros(1, int))[0] == hit[lane]
        alone = free_paths(around, start[row], goal[row], hit[row])
        assert np.array_equal(alone.points[0], whole.points[lane]) and alone.found[0] == whole.found[lane]
        np.testing.assert_array_equal(alone.blocked.centre[0], whole.blocked.centre[lane])


def test_lanes_whose_line_is_not_said_to_be_hit_go_straight():
    start, goal = reach(LOW_LEFT), reach(LOW_RIGHT)
    paths = free_paths(obstacles(BARRIER, start, goal), start, goal, np.zeros(1, bool))
    assert paths.found[0] and np.array_equal(paths.points[0, 1], goal[0])


def test_the_robots_own_body_is_told_from_what_is_beside_it():
    q = np.tile(HOME, (2, 1))
    tip, _ = kinematics.forward(HOME)
    flange = tip - (0.0, 0.0, -0.15)
    points = np.array(
        [[0, *flange], [0, *(tip + (0.0, 0.0, -0.1))], [1, 0.1, 0.05, 0.4], [1, *(tip + (0.0, 0.3, 0.0))]]
    )
    assert robot_spheres.hides(q, np.zeros(2), points, margin=0.02).tolist() == [True, False, True, False]
    assert robot_spheres.hides(q, np.full(2, 0.1), points, margin=0.02).tolist() == [True, True, True, False]
