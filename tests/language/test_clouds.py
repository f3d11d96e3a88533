"""Clouds of points: outliers, crowds and boxes against their definitions, and the helpers that programs call."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from aspire_mjx.language.clouds import RADIUS, crowded, gap, upright_box, without_outliers
from tests.support.table_robot import assert_agrees


def _surface(rng: np.random.Generator, count: int, spacing: float, *, noise: float) -> np.ndarray:
    side = int(np.sqrt(count))
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) * spacing
    return np.concatenate([grid, np.zeros((len(grid), 1))], axis=1) + noise * rng.normal(size=(len(grid), 3))


def _distances(points: np.ndarray) -> np.ndarray:
    return np.sort(np.linalg.norm(points[:, None] - points[None], axis=-1), axis=1)


@pytest.mark.parametrize("copies", [1, 3])
def test_outliers_are_far_from_their_twenty_nearest(copies: int) -> None:
    rng = np.random.default_rng(5)
    points = np.concatenate([_surface(rng, 400, 0.004, noise=0.001), rng.uniform(-0.2, 0.2, (25, 3))])
    points = np.repeat(points, copies, axis=0)
    mean = _distances(points)[:, :20].mean(axis=1)
    np.testing.assert_array_equal(without_outliers(points), mean <= mean.mean() + 2 * mean.std(ddof=1))
    assert without_outliers(points)[: 400 * copies].mean() > 0.97 and not without_outliers(points)[-10:].all()


@pytest.mark.parametrize("copies", [1, 12])
def test_dense_clouds_are_clustered_as_by_dbscan(copies: int) -> None:
    rng = np.random.default_rng(5)
    points = np.concatenate([_surface(rng, 900, 0.002, noise=0.0004), rng.uniform(-0.05, 0.1, (200, 3))])
    points = np.concatenate([points, np.repeat(rng.uniform(0.2, 0.3, (5, 3)), copies, axis=0)])
    near = np.linalg.norm(points[:, None] - points[None], axis=-1) <= RADIUS
    core = near.sum(axis=1) >= 10
    kept = crowded(points)
    np.testing.assert_array_equal(kept, (near & core).any(axis=1))
    assert 0 < kept.sum() < len(points) and kept[-1] == (copies == 12)


def test_the_points_of_small_images_are_no_noise() -> None:
    rng = np.random.default_rng(5)
    surface, lonely = _surface(rng, 400, 0.009, noise=0.002), np.array([[0.5, 0.5, 0.5], [0.08, 0.08, 0.1]])
    np.testing.assert_array_equal(crowded(np.concatenate([surface, lonely])), [*[True] * 400, False, False])
    assert not crowded(rng.uniform(0.0, 1.0, (50, 3))).any() and not crowded(np.zeros((9, 3))).any()


def test_points_at_one_place_take_no_longer() -> None:
    points = np.zeros((200_000, 3))
    assert crowded(points).all() and without_outliers(points).all() and gap(points, points) == 0.0


def test_large_clouds_take_little_memory() -> None:
    points = np.random.default_rng(5).uniform(size=(200_000, 3))
    upright_box(points[:100]), without_outliers(points[:100])
    tracemalloc.start()
    upright_box(points), without_outliers(points)
    assert tracemalloc.get_traced_memory()[1] < 100 << 20
    tracemalloc.stop()


def test_the_gap_of_two_clouds_is_their_shortest_distance() -> None:
    rng = np.random.default_rng(5)
    one, other = rng.uniform(0.0, 1.0, (40, 3)), rng.uniform(0.5, 2.0, (70, 3))
    assert gap(one, other) == pytest.approx(np.linalg.norm(one[:, None] - other[None], axis=-1).min())
    assert gap(one, one[:3]) == 0.0 and gap(one, np.zeros((0, 3))) == gap(np.zeros((0, 3)), one) == np.inf


@pytest.mark.parametrize("points", [np.zeros((3, 3)), np.zeros((0, 3))])
def test_few_points_have_no_box(points: np.ndarray) -> None:
    assert not without_outliers(points[:1]).any()
    with pytest.raises(RuntimeError, match="needs 4 points"):
        upright_box(points)


def test_what_is_no_cloud_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        without_outliers(np.full((5, 3), np.nan))
    with pytest.raises(ValueError, match=r"\(K, 3\)"):
        crowded(np.zeros(3))
    with pytest.raises(ValueError, match="0 points"):
        crowded(np.zeros((0, 3)))


_HELPERS = """
import numpy as np
rng = np.random.RandomState(int(steps_left()))
points = rng.uniform(0, 0.1, (int(rng.randint(300, 600)), 3))
points[:, 2] = points[:, 2] * 0.2
far = np.concatenate([points, points[:3] + 0.7])
box = get_oriented_bounding_box_from_3d_points(far)
print(np.round(box["center"], 6).tolist(), np.round(box["extent"], 6).tolist(), sorted(box), bool(box["R"][2, 2] == 1))
kept, colours = filter_noise(far, far * 2)
print(len(kept), bool((colours == kept * 2).all()), filter_noise(far)[1])
some = subsample_point_cloud(points, 100)
print(some.shape, np.round(some.sum(), 9), subsample_point_cloud(points).shape == points.shape)
for cloud in (points[:0], points[:3]):
    try:
        get_oriented_bounding_box_from_3d_points(cloud)
    except RuntimeError as error:
        print(error)
try:
    filter_noise(points[:0])
except ValueError as error:
    print(error)
"""


def test_helpers_are_the_same_compiled_and_plain() -> None:
    assert_agrees(_HELPERS, [0, 1, 2, 3])


_IMAGES = """
import numpy as np
K, pose = np.array([[150.0, 0, 9.5], [0, 150.0, 4.5], [0, 0, 1.0]]), np.eye(4)
depth = np.random.uniform(0.5, 1.5, (10, 20))
mask = depth > 1.0
points = mask_to_world_points(mask, depth, K, pose)
for kind in (bool, float, int, "uint8", "float32"):
    for m in (mask.astype(kind), mask.astype(kind)[:, :, None]):
        for d in (depth, depth[:, :, None]):
            assert (mask_to_world_points(m, d, K, pose) == points).all()
            assert len(plan_grasp(d, K, m)[1]) == len(plan_grasp(depth, K, mask)[1])
assert (depth_to_point_cloud(depth[:, :, None], K) == depth_to_point_cloud(depth, K)).all()
print(points.shape[1], mask_to_world_points(mask * 0, depth, K, pose).shape)
"""


def test_images_may_have_a_third_axis_and_masks_any_type() -> None:
    assert_agrees(_IMAGES, [0, 1])
