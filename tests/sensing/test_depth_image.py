"""Whole depth images as the robot gets them."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from aspire_mjx.sensing.depth_image import DepthImages, around, depth_images
from aspire_mjx.sensing.noise import NoiseModel
from aspire_mjx.sensing.render import GBuffer, cast
from aspire_mjx.sensing.window import SIDE, noisy_patch
from tests.support.floor_scenes import floor_scene, front_camera
from tests.support.sensor_calls import EXACT, sensor_call, sensor_calls

_LANES = 6
_BASE = np.array([-0.6, 0.1, 0.02])


def _seen() -> GBuffer:
    return cast(floor_scene(_LANES, seed=21)[0], front_camera())


def _taken(seen: GBuffer, *, noise: NoiseModel, number: int = 0, seeds=None, calls=None) -> DepthImages:
    seeds = np.arange(len(seen)) if seeds is None else seeds
    calls = np.zeros(len(seen), int) if calls is None else calls
    sensor = sensor_calls(noise, seeds, calls)
    return depth_images(seen, front_camera(), number=number, sensor=sensor, base_position=_BASE)


def _edges(depth: np.ndarray) -> np.ndarray:
    step = np.stack([np.abs(np.asarray(around(jnp.asarray(image))) - image[None]).max(axis=0) for image in depth])
    return step > 0.02


def test_without_noise_the_points_are_where_things_are() -> None:
    seen = _seen()
    images = _taken(seen, noise=EXACT)
    np.testing.assert_array_equal(images.depth, seen.depth)
    points = images.points()
    floor = (seen.segmentation == -1) & (seen.depth > 0)
    assert np.abs(points[floor][:, 2] + _BASE[2]).max() < 1e-4
    assert np.isnan(points[seen.depth == 0]).all()
    pixel = front_camera().project(points[0, 60, 80] + _BASE)
    np.testing.assert_allclose(pixel, [80, 60, seen.depth[0, 60, 80]], atol=1e-2)


def test_noise_grows_with_the_square_of_distance_and_with_the_dose() -> None:
    seen, errors = _seen(), {}
    quiet = (seen.depth > 0) & ~_edges(seen.depth)
    for dose in (1.0, 3.0):
        images = _taken(seen, noise=NoiseModel(dose=dose))
        read = quiet & (images.depth > 0)
        relative = ((images.depth - seen.depth) / seen.depth**2)[read]
        errors[dose] = relative.std()
        near, far = seen.depth[read] < 0.8, seen.depth[read] > 1.2
        assert near.sum() > 1000 and far.sum() > 1000
        assert abs(relative[near].std() / relative[far].std() - 1) < 0.05
    np.testing.assert_allclose([errors[1.0], errors[3.0]], [0.0015, 0.0045], rtol=0.03)


def test_edges_drop_out_more_than_surfaces() -> None:
    seen = _seen()
    edge = _edges(seen.depth) & (seen.depth > 0)
    quiet = (seen.depth > 0) & ~edge
    for dose in (1.0, 2.0):
        lost = _taken(seen, noise=NoiseModel(dose=dose)).depth == 0
        np.testing.assert_allclose(lost[edge].mean(), 0.15 * dose, rtol=0.15)
        np.testing.assert_allclose(lost[quiet].mean(), 0.005 * dose, rtol=0.2)


def test_each_camera_has_a_miscalibration_of_its_own_once_a_world() -> None:
    seen = _seen()
    seen = seen.take(np.tile(np.arange(_LANES), 40))
    seeds = np.arange(len(seen))
    exact = _taken(seen, noise=EXACT, seeds=seeds)
    shifts = []
    for number in (0, 1):
        first = _taken(seen, noise=NoiseModel(), number=number, seeds=seeds)
        later = _taken(seen, noise=NoiseModel(), number=number, seeds=seeds, calls=seeds + 5)
        np.testing.assert_array_equal(first.position, later.position)
        np.testing.assert_array_equal(first.rotation, later.rotation)
        shifts.append(first.position - exact.position)
        np.testing.assert_allclose(shifts[-1].std(), 0.0015, rtol=0.1)
        turn = np.einsum("nji,njk->nik", exact.rotation, first.rotation)
        np.testing.assert_allclose(turn[:, 0, 1].std(), np.radians(0.1), rtol=0.15)
    assert abs(np.corrcoef(shifts[0].ravel(), shifts[1].ravel())[0, 1]) < 0.15


def test_the_image_is_what_the_box_of_the_same_call_is_fitted_to() -> None:
    seen, noise = _seen(), NoiseModel()
    images = _taken(seen, noise=noise, seeds=np.full(_LANES, 3), calls=np.full(_LANES, 7))
    sensor = sensor_call(noise, seed=3, call=7)
    swing = sensor.uniforms(jnp.arange(1))[0, 0]
    shown = (jnp.asarray(seen.depth[0]), jnp.asarray(seen.segmentation[0]))
    patch = noisy_patch(*shown, jnp.int32(2), sensor, swing)
    rows, columns = (int(at) + int(patch.stride) * np.arange(SIDE) for at in (patch.row, patch.column))
    inside = np.ix_((rows >= 0) & (rows < 120), (columns >= 0) & (columns < 160))
    np.testing.assert_allclose(
        np.asarray(patch.depth)[inside],
        images.depth[0][np.ix_(rows[(rows >= 0) & (rows < 120)], columns[(columns >= 0) & (columns < 160)])],
        atol=1e-6,
    )


def test_lanes_are_independent_bit_for_bit() -> None:
    seen = _seen()
    whole = _taken(seen, noise=NoiseModel(), calls=np.arange(_LANES))
    for row in (0, 4):
        alone = _taken(seen.take(np.array([row])), noise=NoiseModel(), seeds=np.array([row]), calls=np.array([row]))
        for one, many in zip(vars(alone).values(), vars(whole).values(), strict=True):
            np.testing.assert_array_equal(one[0], many[row])
