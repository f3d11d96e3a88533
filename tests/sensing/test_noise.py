"""The sensor's errors: seeded, dosed, and local to a pixel."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.extend.random import threefry_2x32

from aspire_mjx.sensing.noise import (
    NoiseModel,
    exposures,
    gaussian,
    miscalibrated,
    noisy_depth,
    noisy_mask,
    threefry,
    uniforms,
)
from tests.support.sensor_calls import EXACT, sensor_call, sensor_calls

_WORLD, _LOOK = jnp.array([51, 7], jnp.uint32), (jnp.uint32(2), jnp.uint32(9))


def _dosed(noise: NoiseModel) -> NoiseModel:
    """Its errors in one lane."""
    return sensor_call(noise).noise


def test_draws_are_fixed_for_every_release_of_jax() -> None:
    draws = uniforms(jnp.array([3, 5], jnp.uint32), (jnp.uint32(7), jnp.uint32(1)), jnp.arange(2))
    expected = [[0.7407103, 0.3668996, 0.939702, 0.5061035], [0.983381, 0.0731075, 0.068023, 0.0896612]]
    np.testing.assert_allclose(draws.T, expected, atol=1e-7)


def test_draws_depend_on_world_moment_look_and_pixel_alone() -> None:
    whole = uniforms(_WORLD, _LOOK, jnp.arange(1000))
    np.testing.assert_array_equal(uniforms(_WORLD, _LOOK, jnp.array([[7, 400]]))[:, 0], whole[:, [7, 400]])
    (moment, look), one = _LOOK, jnp.uint32(1)
    others = [(_WORLD, (moment + one, look)), (_WORLD, (moment, look + one))]
    others += [(_WORLD + jnp.array(word, jnp.uint32), _LOOK) for word in ([1, 0], [0, 1])]
    for world, other in others:
        assert not np.any(np.asarray(uniforms(world, other, jnp.arange(1000)) == whole).all(axis=0))


def test_draws_are_uniform_and_gaussian() -> None:
    draws = np.asarray(uniforms(_WORLD, _LOOK, jnp.arange(20000)))
    assert draws.min() >= 0 and draws.max() < 1
    np.testing.assert_allclose(draws.mean(axis=1), 0.5, atol=0.01)
    np.testing.assert_allclose(np.corrcoef(draws), np.eye(4), atol=0.03)
    normal = np.asarray(gaussian(jnp.asarray(draws)))
    np.testing.assert_allclose([normal.mean(), normal.std()], [0, 1], atol=0.02)


def test_dose_zero_is_an_exact_sensor() -> None:
    rng = np.random.default_rng(0)
    depth = jnp.asarray(rng.uniform(0.5, 2.0, 500), jnp.float32)
    mask, around = jnp.asarray(rng.random(500) < 0.5), jnp.asarray(rng.random((4, 500)) < 0.5)
    neighbours = jnp.asarray(rng.uniform(0.5, 2.0, (4, 500)), jnp.float32)
    draws = uniforms(_WORLD, _LOOK, jnp.arange(500))
    np.testing.assert_array_equal(noisy_depth(depth, neighbours, draws[:3], _dosed(EXACT)), depth)
    np.testing.assert_array_equal(noisy_mask(mask, around, draws[3], jnp.float32(0.0)), mask)
    position, rotation = miscalibrated(jnp.ones(3), jnp.eye(3), sensor_call(EXACT))
    np.testing.assert_array_equal(position, np.ones(3))
    np.testing.assert_array_equal(rotation, np.eye(3))


@pytest.mark.parametrize("depth", [0.5, 1.0, 2.0])
def test_depth_noise_grows_with_the_square_of_depth(depth: float) -> None:
    noise = _dosed(NoiseModel(depth_sigma=0.002, dropout_probability=0.0))
    true = jnp.full(20000, depth)
    read = noisy_depth(true, jnp.stack([true] * 4), uniforms(_WORLD, _LOOK, jnp.arange(20000))[:3], noise)
    assert float(jnp.std(read)) == pytest.approx(0.002 * depth**2, rel=0.03)
    assert float(jnp.mean(read)) == pytest.approx(depth, abs=1e-4)


def test_edges_drop_out_and_fly() -> None:
    noise = _dosed(
        NoiseModel(depth_sigma=0.0, dropout_probability=0.1, edge_dropout_probability=0.4, edge_flying_probability=0.3)
    )
    true = jnp.ones(20000)
    draws = uniforms(_WORLD, _LOOK, jnp.arange(20000))[:3]
    flat = np.asarray(noisy_depth(true, jnp.stack([true] * 4), draws, noise))
    edge = np.asarray(noisy_depth(true, jnp.stack([true, true, true, true + 0.2]), draws, noise))
    assert (flat == 0).mean() == pytest.approx(0.1, abs=0.01) and set(flat) == {0.0, 1.0}
    assert (edge == 0).mean() == pytest.approx(0.4, abs=0.015)
    flying = edge[(edge > 0) & (edge != 1.0)]
    assert len(flying) / 20000 == pytest.approx(0.3 * 0.6, abs=0.015)
    assert flying.min() > 1.0 and flying.max() < 1.2
    nothing = noisy_depth(jnp.zeros(5), jnp.ones((4, 5)), draws[:, :5], noise)
    assert not np.any(np.asarray(nothing))


def test_the_largest_step_to_a_neighbour_makes_an_edge_whatever_its_sign() -> None:
    rng = np.random.default_rng(0)
    steps = rng.permuted(np.repeat([[-0.3], [0.1], [0.0], [0.02]], 500, axis=1), axis=0) * rng.choice([-1, 1], (4, 500))
    noise = _dosed(
        NoiseModel(depth_sigma=0.0, dropout_probability=0.0, edge_dropout_probability=0.0, edge_flying_probability=1.0)
    )
    draws = uniforms(_WORLD, _LOOK, jnp.arange(500))[:3]
    true = jnp.ones(500)
    read = jax.jit(noisy_depth)(true, jnp.asarray(1.0 + steps, jnp.float32), draws, noise)
    largest = steps[np.abs(steps).argmax(axis=0), np.arange(500)]
    np.testing.assert_allclose(read, 1.0 + draws[1] * largest, atol=1e-6)


@pytest.mark.parametrize("swing", [-0.5, 0.5])
def test_masks_change_at_their_boundary_only(swing: float) -> None:
    mask = np.zeros((60, 60), bool)
    mask[20:40, 20:40] = True
    around = np.stack([np.roll(mask, shift, axis) for axis in (0, 1) for shift in (1, -1)])
    draws = uniforms(_WORLD, _LOOK, jnp.arange(3600).reshape(60, 60))
    seen = np.asarray(noisy_mask(jnp.asarray(mask), jnp.asarray(around), draws[3], jnp.float32(swing)))
    inner, outer = mask & ~around.all(axis=0), ~mask & around.any(axis=0)
    changed = seen != mask
    assert not np.any(changed & ~(inner if swing < 0 else outer))
    assert changed.sum() / (inner if swing < 0 else outer).sum() == pytest.approx(abs(swing), abs=0.15)


def test_miscalibration_is_per_world_and_of_the_stated_size() -> None:
    noise = NoiseModel(position_sigma=0.01, rotation_sigma=0.02)
    sensor = sensor_calls(noise, np.arange(2000), np.arange(2000) % 7)
    position, rotation = jax.vmap(lambda own: miscalibrated(jnp.zeros(3), jnp.eye(3), own))(sensor)
    np.testing.assert_allclose(np.std(position, axis=0), 0.01, rtol=0.06)
    angles = np.asarray(rotation)[:, [2, 0, 1], [1, 2, 0]]
    np.testing.assert_allclose(angles.std(axis=0), 0.02, rtol=0.06)


def test_dose_scales_lanes_and_cuts_probabilities() -> None:
    dosed = NoiseModel(miss_probability=0.4, dose=np.array([0.0, 1.0, 3.0])).dosed(3)
    np.testing.assert_array_equal([column[0] for column in jax.tree.leaves(dosed)], np.zeros(12))
    np.testing.assert_allclose(dosed.miss_probability, [0.0, 0.4, 1.0])
    sigma = np.asarray(dosed.depth_sigma)
    np.testing.assert_allclose(sigma[2], 3 * sigma[1])


def test_the_words_of_a_counter_are_those_of_jax() -> None:
    key, counts = (
        jnp.array([0x5E150000, 0xFFFFFFFF], jnp.uint32),
        np.random.default_rng(0).integers(0, 1 << 32, (2, 64)),
    )
    counts = jnp.asarray(counts, jnp.uint32)
    words = threefry((key[0], key[1]), (counts[0], counts[1]))
    np.testing.assert_array_equal(jnp.concatenate(words), threefry_2x32(key, counts.reshape(-1)))


def test_exposure_varies_with_the_dose_and_not_without_noise() -> None:
    seeds, calls = np.arange(2000), np.arange(2000) % 7
    np.testing.assert_array_equal(exposures(0, sensor_calls(EXACT, seeds, calls)), 1.0)
    for dose in (1.0, 3.0):
        got = exposures(0, sensor_calls(NoiseModel(dose=dose), seeds, calls))
        np.testing.assert_allclose([got.mean(), got.std()], [1.0, 0.03 * dose], atol=0.003 * dose)


def test_each_camera_and_call_has_its_own() -> None:
    seeds = np.arange(8)
    first = exposures(0, sensor_calls(NoiseModel(), seeds, np.zeros(8, int)))
    np.testing.assert_array_equal(first[3:4], exposures(0, sensor_calls(NoiseModel(), seeds[3:4], np.zeros(1, int))))
    for number, call in ((1, 0), (0, 1)):
        assert (first != exposures(number, sensor_calls(NoiseModel(), seeds, np.full(8, call)))).all()
