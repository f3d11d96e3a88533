"""Where rays meet geoms. Rays are ``origin + t * direction`` in the geom frame; all functions are elementwise.

``t`` is the depth along the optical axis because directions have unit camera-z. Only the outside of a geom is seen:
a camera inside one looks through it. A miss is ``inf``.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp

from aspire_mjx.sensing.scene import GEOM_KINDS

#: Nothing nearer than this is seen, m.
NEAR = 0.01

Triple = tuple[jax.Array, jax.Array, jax.Array]

# jnp.maximum and jnp.minimum propagate NaN, which costs half of the slab test on a CPU; nothing here is NaN.


def _larger(a: jax.Array, b: jax.Array) -> jax.Array:
    return jnp.where(a > b, a, b)


def _smaller(a: jax.Array, b: jax.Array) -> jax.Array:
    return jnp.where(a < b, a, b)


def _nonzero(value: jax.Array) -> jax.Array:
    return jnp.where(jnp.abs(value) < 1e-9, 1e-9, value)


def _seen(hit: jax.Array, t: jax.Array) -> jax.Array:
    return jnp.where(hit & (t > NEAR), t, jnp.inf)


def _slab(origin: jax.Array, direction: jax.Array, half: jax.Array) -> tuple[jax.Array, jax.Array]:
    inverse = 1.0 / _nonzero(direction)
    middle, reach = -origin * inverse, half * jnp.abs(inverse)
    return middle - reach, middle + reach


def plane(origin: Triple, direction: Triple, size: Triple) -> jax.Array:
    """The z = 0 plane seen from above; half sides ``size[0]``, ``size[1]``, where 0 is infinite."""
    t = -origin[2] / _nonzero(direction[2])
    inside = jnp.asarray(True)
    for axis in (0, 1):
        reach = jnp.where(size[axis] > 0, size[axis], jnp.inf)
        inside = inside & (jnp.abs(origin[axis] + t * direction[axis]) <= reach)
    return _seen(inside & (direction[2] < 0), t)


def box(origin: Triple, direction: Triple, size: Triple) -> jax.Array:
    """A box of half sides ``size``."""
    near, far = _slab(origin[0], direction[0], size[0])
    for axis in (1, 2):
        low, high = _slab(origin[axis], direction[axis], size[axis])
        near, far = _larger(near, low), _smaller(far, high)
    return _seen(near <= far, near)


def _ball(origin: Triple, direction: Triple, radius: jax.Array) -> jax.Array:
    o = tuple(a / radius for a in origin)
    d = tuple(a / radius for a in direction)
    square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2]
    nearest = -(o[0] * d[0] + o[1] * d[1] + o[2] * d[2]) / square
    p = tuple(a + nearest * b for a, b in zip(o, d, strict=True))
    slack = 1.0 - (p[0] * p[0] + p[1] * p[1] + p[2] * p[2])
    return _seen(slack >= 0, nearest - jnp.sqrt(_larger(slack, jnp.zeros_like(slack)) / square))


def capsule(origin: Triple, direction: Triple, size: Triple) -> jax.Array:
    """A capsule along z of radius ``size[0]`` and half length ``size[1]`` between the centres of its ends."""
    square = direction[0] * direction[0] + direction[1] * direction[1]
    square = jnp.where(square < 1e-12, 1e-12, square)
    nearest = -(origin[0] * direction[0] + origin[1] * direction[1]) / square
    x, y = origin[0] + nearest * direction[0], origin[1] + nearest * direction[1]
    slack = size[0] * size[0] - x * x - y * y
    hit, side = slack >= 0, nearest - jnp.sqrt(_larger(slack, jnp.zeros_like(slack)) / square)
    height = origin[2] + side * direction[2]
    end = jnp.where(height > 0, size[1], -size[1])
    cap = _ball((origin[0], origin[1], origin[2] - end), direction, size[0])
    return jnp.where(jnp.abs(height) <= size[1], _seen(hit, side), jnp.where(hit, cap, jnp.inf))


#: Intersection function by geom kind.
INTERSECT = {
    GEOM_KINDS["plane"]: plane,
    GEOM_KINDS["capsule"]: capsule,
    GEOM_KINDS["box"]: box,
}


def half_extents(kind: int, size: jax.Array) -> jax.Array:
    """Half sides `[..., 3]` of the box around a geom of one kind in its own frame, from its size `[..., 3]`, m."""
    if kind != GEOM_KINDS["capsule"]:
        return size
    radius, length = size[..., 0], size[..., 1]
    return jnp.stack([radius, radius, radius + length], axis=-1)


def normal(kind: int, point: Triple, size: Triple) -> Triple:
    """Outward unit normal in the geom frame at points of the surface of a geom of one kind."""
    x, y, z = point
    if kind == GEOM_KINDS["plane"]:
        return jnp.zeros_like(x), jnp.zeros_like(x), jnp.ones_like(x)
    if kind == GEOM_KINDS["box"]:
        relative = tuple(p / jnp.where(s > 0, s, 1.0) for p, s in zip(point, size, strict=True))
        a, b, c = (jnp.abs(r) for r in relative)
        first, second = (a >= b) & (a >= c), b >= c
        faces = first, ~first & second, ~first & ~second
        x, y, z = (jnp.where(face, jnp.sign(r), 0.0) for face, r in zip(faces, relative, strict=True))
        return x, y, z
    z = z - jnp.clip(z, -size[1], size[1])
    length = jnp.maximum(jnp.sqrt(x * x + y * y + z * z), 1e-9)
    return x / length, y / length, z / length
