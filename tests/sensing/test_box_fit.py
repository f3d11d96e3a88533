"""From masked points to upright boxes."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from aspire_mjx.sensing.box_fit import MIN_POINTS, FittedBox, fit_box, quantiles
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.render import cast
from aspire_mjx.sensing.scene import GEOM_KINDS, Scene
from aspire_mjx.sensing.window import noisy_patch, window_points
from tests.support.floor_scenes import front_camera, yaw_matrix
from tests.support.sensor_calls import EXACT, sensor_call

Boxes = list[tuple[tuple[float, ...], tuple[float, ...], float]]


def _fit_one(boxes: Boxes) -> FittedBox:
    """Fit to the exact image of one thing that is made of boxes."""
    return _fit(boxes, whole=True)


def _fit(boxes: Boxes, *, target: int = 0, height: int = 120, whole: bool = False) -> FittedBox:
    """Fit to the exact image of boxes (centre, sides, yaw) on the floor."""
    camera: Camera = front_camera(height=height, width=height * 4 // 3)
    count = len(boxes) + 1
    scene = Scene(
        kind=(GEOM_KINDS["plane"], *[GEOM_KINDS["box"]] * len(boxes)),
        instance=(-1, *([0] * len(boxes) if whole else range(len(boxes)))),
        size=np.array([[(0.0, 0.0, 1.0), *(0.5 * np.array(size) for _, size, _ in boxes)]]),
        position=np.array([[(0.0, 0.0, 0.0), *(centre for centre, _, _ in boxes)]]),
        rotation=np.stack([np.eye(3), *(yaw_matrix(np.asarray(yaw)) for _, _, yaw in boxes)])[None],
        rgb=np.full((1, count, 3), 0.5),
        present=np.ones((1, count), bool),
    )
    seen = cast(scene, camera)
    patch = noisy_patch(
        jnp.asarray(seen.depth[0]),
        jnp.asarray(seen.segmentation[0]),
        jnp.int32(target),
        sensor_call(EXACT),
        jnp.float32(0.5),
    )
    pose = (jnp.asarray(camera.position, jnp.float32), jnp.asarray(camera.rotation, jnp.float32))
    window = window_points(patch, pose, focal=camera.focal, height=camera.height, width=camera.width)
    return fit_box(window)


@pytest.mark.parametrize("yaw", [-1.3, -0.7, -0.2, 0.0, 0.5, 1.0, 1.5])
def test_a_lone_box_is_recovered(yaw: float) -> None:
    box = _fit([((-0.1, -0.1, 0.05), (0.09, 0.05, 0.1), yaw)])
    np.testing.assert_allclose(box.position, [-0.1, -0.1, 0.05], atol=0.004)
    np.testing.assert_allclose(box.extent, [0.09, 0.05, 0.1], atol=0.008)
    assert abs((box.yaw - yaw + np.pi / 2) % np.pi - np.pi / 2) < np.radians(6)


def test_a_larger_image_gives_a_better_box() -> None:
    box = _fit([((-0.1, -0.1, 0.05), (0.09, 0.05, 0.1), 0.6)], height=480)
    np.testing.assert_allclose(box.position, [-0.1, -0.1, 0.05], atol=0.0015)
    np.testing.assert_allclose(box.extent, [0.09, 0.05, 0.1], atol=0.003)


def test_a_hanging_box_has_its_own_bottom() -> None:
    box = _fit([((-0.1, 0.0, 0.25), (0.06, 0.06, 0.08), 0.0)])
    np.testing.assert_allclose(box.position, [-0.1, 0.0, 0.25], atol=0.006)
    assert float(box.extent[2]) == pytest.approx(0.08, abs=0.012)


def test_a_box_behind_another_reaches_down_to_the_support() -> None:
    behind, front = ((-0.15, 0.0, 0.07), (0.05, 0.05, 0.14), 0.0), ((-0.02, 0.0, 0.03), (0.05, 0.2, 0.06), 0.0)
    box = _fit([behind, front])
    np.testing.assert_allclose(box.position, behind[0], atol=0.006)
    assert float(box.extent[2]) == pytest.approx(0.14, abs=0.005)


def test_occlusion_from_one_side_shifts_the_box_and_is_not_hidden() -> None:
    cover = ((0.1, 0.07, 0.1), (0.02, 0.1, 0.2), 0.0)
    free = _fit([((-0.1, 0.0, 0.05), (0.05, 0.1, 0.1), 0.0)])
    half = _fit([((-0.1, 0.0, 0.05), (0.05, 0.1, 0.1), 0.0), cover])
    assert half.points < 0.85 * free.points
    assert half.position[1] < free.position[1] - 0.003


def test_nothing_seen_is_no_box() -> None:
    assert _fit([((-0.1, 0.0, 0.05), (0.05, 0.1, 0.1), 0.0)], target=5).points < MIN_POINTS


def test_quantiles_are_numpys_to_the_bisection() -> None:
    rng = np.random.default_rng(0)
    values, weights = rng.normal(size=(4, 300)).astype(np.float32), rng.random((4, 300)) < 0.6
    weights[3] = False
    found = np.asarray(quantiles(jnp.asarray(values), jnp.asarray(weights), jnp.array([0.1, 0.5, 0.9, 0.5])))
    for row, q in ((0, 0.1), (1, 0.5), (2, 0.9)):
        expected = np.quantile(values[row][weights[row]], q, method="inverted_cdf")
        assert found[row] == pytest.approx(expected, abs=float(np.ptp(values[row])) / 1500)
    assert found[3] == 0.0


def test_what_is_seen_beyond_the_edge_of_a_table_is_not_what_a_thing_stands_on() -> None:
    table = ((-0.12, 0.0, 0.2), (0.05, 0.05, 0.4), 0.0)
    cover = ((-0.05, 0.0, 0.22), (0.02, 0.05, 0.44), 0.0)
    box = _fit([((-0.12, 0.0, 0.47), (0.05, 0.05, 0.14), 0.0), table, cover])
    assert 0.44 < box.position[2] < 0.52 and box.extent[2] < 0.16


@pytest.mark.parametrize("yaw", [0.0, 0.6])
def test_a_narrow_top_stands_in_the_middle(yaw: float) -> None:
    """A carton: what its top hides behind it is not missing from the box."""
    turn = np.array([[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]])
    at = turn @ [-0.1, 0.0]
    body = ((*at, 0.05), (0.055, 0.055, 0.1), yaw)
    plain = _fit([((*at, 0.065), (0.055, 0.055, 0.13), yaw)])
    carton = _fit_one([body, ((*at, 0.115), (0.03, 0.03, 0.03), yaw)])
    assert np.linalg.norm(carton.position[:2] - at) < np.linalg.norm(plain.position[:2] - at) + 0.005
    assert np.linalg.norm(carton.position[:2] - at) < 0.006


def test_nothing_hides_behind_a_wall_across_the_back() -> None:
    """A holder, open to the camera: its highest part is its end, not its middle."""
    floor, back = ((-0.1, 0.0, 0.02), (0.15, 0.4, 0.04), 0.0), ((-0.1715, 0.0, 0.08), (0.007, 0.4, 0.16), 0.0)
    holder = _fit_one([floor, back])
    np.testing.assert_allclose(holder.position[:2], [-0.1, 0.0], atol=0.008)
    np.testing.assert_allclose(holder.extent[:2], [0.4, 0.15], atol=0.015)


def test_the_near_side_of_a_plate_is_not_taken_for_a_face() -> None:
    rim = [
        ((-0.1 + 0.06 * x, 0.06 * y, 0.01), (0.02, 0.1, 0.02) if x else (0.1, 0.02, 0.02), 0.0)
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))
    ]
    plate = _fit_one([((-0.1, 0.0, 0.005), (0.12, 0.12, 0.01), 0.0), *rim])
    np.testing.assert_allclose(plate.position[:2], [-0.1, 0.0], atol=0.004)
    np.testing.assert_allclose(plate.extent[:2], 0.14, atol=0.012)
