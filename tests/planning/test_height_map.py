"""Height maps of what was seen."""

from __future__ import annotations

import numpy as np

from aspire_mjx.planning import height_map
from aspire_mjx.planning.height_map import CELL, UNKNOWN, HeightMap, cell_index
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.depth_image import DepthImages
from tests.support.seen_points import seen_points


def height_at(maps: HeightMap, lane: int, x: float, y: float) -> float:
    i, j = cell_index(np.array(x), np.array(y))
    return float(maps.height[lane, i, j])


def test_a_cell_holds_its_highest_point_and_nothing_where_nothing_was_seen():
    """A camera 1 m above the floor whose pixels are 4 mm wide there, so that a cell of 10 mm has several of them."""
    fovy = 2 * np.arctan(0.06 * 0.5 * 4)
    camera = Camera.from_mujoco(np.array([0.5, 0.0, 1.0]), np.array([1.0, 0, 0, 0]), fovy=fovy, height=60, width=80)
    depth = np.random.default_rng(0).uniform(0.99, 1.0, (2, 60, 80)).astype(np.float32)
    depth[1, :, 40:] = 0.0  # no return
    position, rotation = (np.repeat(np.asarray(a)[None], 2, axis=0) for a in (camera.position, camera.rotation))
    intrinsics = np.repeat(camera.intrinsics[None], 2, axis=0)
    maps = height_map.from_depth(depth, intrinsics, position, rotation)
    points = DepthImages(depth, intrinsics, position, rotation).points().reshape(2, -1, 3)
    for lane, own in enumerate(points):
        expected = seen_points(own[np.isfinite(own).all(axis=1)]).height[0]
        known = expected != UNKNOWN
        assert np.array_equal(maps.height[lane] != UNKNOWN, known) and known.sum() > 200
        np.testing.assert_allclose(maps.height[lane][known], expected[known], atol=1e-6)


def test_a_newer_look_replaces_what_it_shows_and_keeps_the_rest():
    before = seen_points(np.array([[0.405, 0.105, 0.2], [0.605, 0.105, 0.3]]))
    after = before.updated(seen_points(np.array([[0.405, 0.105, 0.0], [0.705, 0.105, 0.1]])))
    heights = [height_at(after, 0, x, 0.105) for x in (0.405, 0.605, 0.705)]
    np.testing.assert_allclose(heights, [0.0, 0.3, 0.1], atol=1e-6)


def test_the_coarse_map_bounds_what_lies_within_its_reach():
    random = np.random.default_rng(0)
    height = np.where(random.random((3, *height_map.SHAPE)) < 0.01, random.random((3, *height_map.SHAPE)), UNKNOWN)
    maps = HeightMap(height.astype(np.float32))
    coarse, reach = maps.coarse(), height_map.BLOCK_MARGIN
    for lane, i, j in random.integers(0, (3, *height_map.SHAPE), (200, 3)):
        around = maps.height[lane, max(i - reach, 0) : i + reach + 1, max(j - reach, 0) : j + reach + 1]
        assert coarse[lane, i // height_map.BLOCK, j // height_map.BLOCK] >= around.max()


def test_depth_becomes_heights_and_lone_pixels_between_two_surfaces_do_not():
    """A camera that looks straight down on a floor 1 m below, with a block 0.2 m high and one flying pixel."""
    camera = Camera.from_mujoco(np.array([0.5, 0.0, 1.0]), np.array([1.0, 0, 0, 0]), fovy=0.8, height=120, width=160)
    depth = np.full((2, 120, 160), 1.0, np.float32)
    depth[:, 40:80, 60:100] = 0.8
    depth[:, 10, 10] = 0.5
    depth[1, :, :40] = 0.0  # no return
    position, rotation = (np.repeat(np.asarray(a)[None], 2, axis=0) for a in (camera.position, camera.rotation))
    maps = height_map.from_depth(depth, np.repeat(camera.intrinsics[None], 2, axis=0), position, rotation)
    known = maps.height[maps.height != UNKNOWN]
    assert known.max() < 0.2001 and known.min() > -1e-4
    block = (maps.height[0] > 0.19).sum() * CELL**2
    sides = np.array([40, 40]) / camera.focal * 0.8
    assert abs(block - sides.prod()) < 0.004
    assert (maps.height[1] != UNKNOWN).sum() < (maps.height[0] != UNKNOWN).sum()


def test_a_lane_is_the_same_bit_for_bit_in_any_batch():
    random = np.random.default_rng(1)
    depth = random.uniform(0.5, 1.5, (5, 24, 32)).astype(np.float32)
    camera = Camera.from_mujoco(np.array([0.5, 0.0, 1.0]), np.array([1.0, 0.1, 0, 0]), fovy=0.8, height=24, width=32)
    rest = [np.repeat(np.asarray(a)[None], 5, axis=0) for a in (camera.intrinsics, camera.position, camera.rotation)]
    whole = height_map.from_depth(depth, *rest)
    for lane in (0, 3):
        alone = height_map.from_depth(depth[lane : lane + 1], *[a[:1] for a in rest])
        assert np.array_equal(alone.height[0], whole.height[lane])
