"""Rotations and poses on numpy and JAX arrays alike.

Quaternions are ``wxyz``, unit, ``[..., 4]``; rotations act on column vectors. A pose is a pair
``(position [..., 3], quaternion [..., 4])`` named ``a_from_b``: it maps coordinates in frame b to frame a.
Leading axes broadcast. A function answers with the array type it was given, and works under ``jax.jit``;
plain lists and numbers are taken as numpy arrays. No function normalises its input silently except
:func:`normalize`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any  #: a numpy array, a JAX array or a JAX tracer
Pose = tuple[Array, Array]  #: (position [..., 3] m, quaternion [..., 4] wxyz)

IDENTITY = np.array([1.0, 0.0, 0.0, 0.0])
IDENTITY.setflags(write=False)


def _namespace(*arrays: Array) -> Any:
    """The array namespace of the first argument that is not a numpy array; numpy when there is none."""
    for array in arrays:
        if not isinstance(array, np.ndarray) and hasattr(array, "__array_namespace__"):
            return array.__array_namespace__()
    return np


def _arrays(*values: Array) -> tuple[Any, ...]:
    """The namespace of the values, and each of them as one of its arrays."""
    xp = _namespace(*values)
    return xp, *map(xp.asarray, values)


def multiply(a_from_b: Array, b_from_c: Array) -> Array:
    """Quaternion ``a_from_c`` of two rotations, ``[..., 4]``."""
    xp, p, q = _arrays(a_from_b, b_from_c)
    pw, px, py, pz = p[..., 0], p[..., 1], p[..., 2], p[..., 3]
    qw, qx, qy, qz = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    return xp.stack(
        [
            pw * qw - px * qx - py * qy - pz * qz,
            pw * qx + px * qw + py * qz - pz * qy,
            pw * qy - px * qz + py * qw + pz * qx,
            pw * qz + px * qy - py * qx + pz * qw,
        ],
        axis=-1,
    )


def conjugate(a_from_b: Array) -> Array:
    """The inverse rotation ``b_from_a`` of a unit quaternion, ``[..., 4]``."""
    xp, q = _arrays(a_from_b)
    return xp.concatenate([q[..., :1], -q[..., 1:]], axis=-1)


def normalize(quaternion: Array) -> Array:
    """The quaternion scaled to length one, ``[..., 4]``. A zero quaternion gives NaN: check lengths first."""
    xp, q = _arrays(quaternion)
    return q / xp.sqrt(xp.sum(q * q, axis=-1, keepdims=True))


def canonical(quaternion: Array) -> Array:
    """Of the two quaternions of a rotation, the one with ``w >= 0``, ``[..., 4]``."""
    xp, q = _arrays(quaternion)
    return xp.where(q[..., :1] < 0, -q, q)


def rotate(a_from_b: Array, vector_b: Array) -> Array:
    """Vectors ``[..., 3]`` of frame b expressed in frame a."""
    xp, q, v = _arrays(a_from_b, vector_b)
    u = q[..., 1:]
    t = 2.0 * _cross(xp, u, v)
    return v + q[..., :1] * t + _cross(xp, u, t)


def _cross(xp: Any, a: Array, b: Array) -> Array:
    """Cross product ``[..., 3]`` with broadcasting, cheaper than ``xp.cross``."""
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    return xp.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)


def to_matrix(a_from_b: Array) -> Array:
    """Rotation matrices ``[..., 3, 3]``; the columns are the axes of frame b in frame a."""
    xp, q = _arrays(a_from_b)
    w, x, y, z = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    xx, yy, zz, xy, xz, yz, wx, wy, wz = x * x, y * y, z * z, x * y, x * z, y * z, w * x, w * y, w * z
    rows = [
        *(1 - 2 * (yy + zz), 2 * (xy - wz), 2 * (xz + wy)),
        *(2 * (xy + wz), 1 - 2 * (xx + zz), 2 * (yz - wx)),
        *(2 * (xz - wy), 2 * (yz + wx), 1 - 2 * (xx + yy)),
    ]
    return xp.stack(rows, axis=-1).reshape(*q.shape[:-1], 3, 3)


def matrix_product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Product ``[..., 3, K]`` of matrices ``[..., 3, 3]`` and ``[..., 3, K]``, the same bits in any batch."""
    first, second, third = (left[..., :, i, None] * right[..., i, None, :] for i in range(3))
    return first + second + third


def from_matrix(matrix: Array) -> Array:
    """Unit quaternions ``[..., 4]`` with ``w >= 0`` of rotation matrices ``[..., 3, 3]``.

    Each of the four components in turn could be the pivot of the conversion; the largest one is used, so the
    result keeps full precision at every angle.
    """
    xp, m = _arrays(matrix)
    xx, yy, zz = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    squares = xp.stack([1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz], axis=-1)
    wx, wy, wz = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    xy, xz, yz = m[..., 0, 1] + m[..., 1, 0], m[..., 0, 2] + m[..., 2, 0], m[..., 1, 2] + m[..., 2, 1]
    products = xp.stack(  # row i is 4 q_i q, diagonal included
        [
            xp.stack([squares[..., 0], wx, wy, wz], axis=-1),
            xp.stack([wx, squares[..., 1], xy, xz], axis=-1),
            xp.stack([wy, xy, squares[..., 2], yz], axis=-1),
            xp.stack([wz, xz, yz, squares[..., 3]], axis=-1),
        ],
        axis=-2,
    )
    pivot = xp.argmax(squares, axis=-1)[..., None, None]
    return canonical(normalize(xp.take_along_axis(products, pivot, axis=-2)[..., 0, :]))


def from_axis_angle(axis: Array, angle: Array) -> Array:
    """Quaternions ``[..., 4]`` that turn by ``angle`` (``[...]``, rad) about a unit ``axis`` (``[..., 3]``)."""
    xp = _namespace(axis, angle)
    axis, half = xp.asarray(axis), 0.5 * xp.asarray(angle)
    vector = axis * xp.sin(half)[..., None]
    scalar = xp.broadcast_to(xp.cos(half)[..., None], (*vector.shape[:-1], 1))
    return xp.concatenate([scalar, vector], axis=-1)


def to_rotation_vector(quaternion: Array) -> Array:
    """Axis times angle, ``[..., 3]`` rad, of the shorter way round (angle in ``[0, pi]``)."""
    xp = _namespace(quaternion)
    q = canonical(quaternion)
    sine = xp.sqrt(xp.sum(q[..., 1:] ** 2, axis=-1, keepdims=True))
    angle = 2.0 * xp.arctan2(sine, q[..., :1])
    safe = xp.where(sine > 1e-9, sine, 1.0)
    return q[..., 1:] * xp.where(sine > 1e-9, angle / safe, 2.0)


def angle_between(first: Array, second: Array) -> Array:
    """Smallest angle, ``[...]`` rad in ``[0, pi]``, that turns one orientation into the other."""
    xp = _namespace(first, second)
    q = multiply(conjugate(first), second)
    sine = xp.sqrt(xp.sum(q[..., 1:] ** 2, axis=-1))
    return 2.0 * xp.arctan2(sine, xp.abs(q[..., 0]))


def slerp(start: Array, end: Array, fraction: Array) -> Array:
    """Orientation ``[..., 4]`` at ``fraction`` (``[...]``, 0 to 1) of the shorter turn from start to end."""
    xp = _namespace(start, end, fraction)
    turn = to_rotation_vector(multiply(conjugate(start), end)) * xp.asarray(fraction)[..., None]
    angle = xp.sqrt(xp.sum(turn * turn, axis=-1))
    axis = turn / xp.where(angle > 0, angle, 1.0)[..., None]
    return multiply(start, from_axis_angle(axis, angle))


def from_yaw(yaw: Array) -> Array:
    """Quaternions ``[..., 4]`` of turns by ``yaw`` (``[...]``, rad) about z."""
    xp = _namespace(yaw)
    half = 0.5 * xp.asarray(yaw)
    zero = xp.zeros_like(half)
    return xp.stack([xp.cos(half), zero, zero, xp.sin(half)], axis=-1)


def yaw_of(quaternion: Array) -> Array:
    """Heading of the rotated x axis in the xy plane, ``[...]`` rad in ``(-pi, pi]``."""
    xp, q = _arrays(quaternion)
    w, x, y, z = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    return xp.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))


def wrap_angle(angle: Array, *, period: float = 2 * np.pi) -> Array:
    """Angles brought into ``(-period / 2, period / 2]``, rad. A rectangle's yaw has period pi."""
    xp = _namespace(angle)
    half = 0.5 * period
    return half - xp.mod(half - xp.asarray(angle), period)
