"""Laws of rotations and poses, on numpy and on JAX arrays."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from aspire_mjx import geometry

RANDOM = np.random.default_rng(0)
QUATERNIONS = geometry.normalize(RANDOM.normal(size=(200, 4)))
OTHERS = geometry.normalize(RANDOM.normal(size=(200, 4)))
VECTORS = RANDOM.normal(size=(200, 3))


def reference(quaternion):
    """The same rotation as scipy has it."""
    return Rotation.from_quat(np.asarray(quaternion)[..., [1, 2, 3, 0]])


def same_rotation(a, b, tolerance=1e-9):
    """Whether quaternions agree up to sign."""
    return np.all(np.abs(np.abs(np.sum(np.asarray(a) * np.asarray(b), axis=-1)) - 1) < tolerance)


def test_rotate_multiply_and_matrix_agree_with_an_independent_library():
    assert np.allclose(geometry.rotate(QUATERNIONS, VECTORS), reference(QUATERNIONS).apply(VECTORS))
    assert np.allclose(geometry.to_matrix(QUATERNIONS), reference(QUATERNIONS).as_matrix())
    product = geometry.multiply(QUATERNIONS, OTHERS)
    assert np.allclose(geometry.to_matrix(product), (reference(QUATERNIONS) * reference(OTHERS)).as_matrix())
    vectors = geometry.to_rotation_vector(QUATERNIONS)
    assert np.allclose(vectors, reference(QUATERNIONS).as_rotvec())


def test_conjugate_is_the_inverse():
    assert np.allclose(geometry.multiply(QUATERNIONS, geometry.conjugate(QUATERNIONS)), geometry.IDENTITY)
    assert np.allclose(geometry.rotate(geometry.conjugate(QUATERNIONS), geometry.rotate(QUATERNIONS, VECTORS)), VECTORS)


def test_matrix_round_trip_also_at_half_turns():
    half_turns = np.concatenate([np.eye(4), geometry.from_axis_angle(np.eye(3), np.full(3, np.pi - 1e-7))])
    for quaternions in (QUATERNIONS, half_turns):
        back = geometry.from_matrix(geometry.to_matrix(quaternions))
        assert same_rotation(back, quaternions)
        assert np.all(back[..., 0] >= 0)


def test_axis_angle_and_angle_between():
    axes = VECTORS / np.linalg.norm(VECTORS, axis=-1, keepdims=True)
    angles = RANDOM.uniform(0, np.pi, size=200)
    turned = geometry.multiply(QUATERNIONS, geometry.from_axis_angle(axes, angles))
    assert np.allclose(geometry.angle_between(QUATERNIONS, turned), angles)
    assert np.allclose(geometry.angle_between(QUATERNIONS, -QUATERNIONS), 0)
    assert geometry.from_axis_angle([0.0, 0.0, 1.0], 0.3).shape == (4,)
    assert geometry.from_axis_angle([0.0, 0.0, 1.0], np.zeros(5)).shape == (5, 4)


def test_slerp_ends_and_middle():
    assert same_rotation(geometry.slerp(QUATERNIONS, OTHERS, np.zeros(200)), QUATERNIONS)
    assert same_rotation(geometry.slerp(QUATERNIONS, OTHERS, np.ones(200)), OTHERS)
    middle = geometry.slerp(QUATERNIONS, OTHERS, np.full(200, 0.5))
    total = geometry.angle_between(QUATERNIONS, OTHERS)
    assert np.allclose(geometry.angle_between(QUATERNIONS, middle), total / 2)
    assert np.allclose(geometry.slerp(QUATERNIONS, QUATERNIONS, np.full(200, 0.3)), QUATERNIONS)


def test_yaw_round_trip_and_wrapping():
    yaw = RANDOM.uniform(-np.pi, np.pi, size=200)
    assert np.allclose(geometry.yaw_of(geometry.from_yaw(yaw)), yaw)
    assert np.allclose(geometry.wrap_angle(yaw + 6 * np.pi), yaw)
    assert geometry.wrap_angle(-np.pi) == pytest.approx(np.pi)
    assert geometry.wrap_angle(np.deg2rad(100.0), period=np.pi) == pytest.approx(np.deg2rad(-80.0))


@pytest.mark.parametrize(
    "function, arguments",
    [
        (geometry.multiply, (QUATERNIONS, OTHERS)),
        (geometry.rotate, (QUATERNIONS, VECTORS)),
        (geometry.to_matrix, (QUATERNIONS,)),
        (geometry.from_matrix, (geometry.to_matrix(QUATERNIONS),)),
        (geometry.angle_between, (QUATERNIONS, OTHERS)),
        (geometry.yaw_of, (QUATERNIONS,)),
        (geometry.wrap_angle, (VECTORS * 10,)),
        (geometry.slerp, (QUATERNIONS, OTHERS, np.linspace(0, 1, 200))),
    ],
)
def test_jax_gives_the_same_as_numpy_under_jit(function, arguments):
    result = jax.jit(function)(*[jnp.asarray(a, jnp.float32) for a in arguments])
    assert isinstance(result, jax.Array)
    assert np.allclose(result, function(*arguments), atol=2e-5)


def test_numpy_and_jax_mix_to_jax():
    assert isinstance(geometry.rotate(QUATERNIONS[0], jnp.ones(3)), jax.Array)
    assert isinstance(geometry.rotate(QUATERNIONS[0], [1.0, 0.0, 0.0]), np.ndarray)
