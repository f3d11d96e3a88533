"""Contacts of boxes in MuJoCo-MJX as C MuJoCo has them: every point once, and every corner that is in a plane.

Left to itself MJX differs in two ways, and things that are pushed turn otherwise than in C MuJoCo. Where two boxes
touch in one point or along an edge, it gives that point up to four times over, and each copy pulls like a contact of
its own. And of a box in a plane it drops the corners that are 1 mm less deep than the deepest.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Protocol

import jax
import jax.numpy as jnp
import numpy as np
from mujoco import mjtGeom

from aspire_mjx.worlds.releases import require_tested

_PLANE, _BOX = int(mjtGeom.mjGEOM_PLANE), int(mjtGeom.mjGEOM_BOX)  # equal to those of MJX
_POINTS = 4  # of one pair, in MJX as in the functions here
_SAME = 1e-5  # m; copies of a point differ by rounding alone
_APART = 1.0  # m; at that distance a contact is none
_CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)

_Contacts = tuple[jax.Array, jax.Array, jax.Array]  # [4 P] m, [4 P, 3] m, [4 P, 3, 3] whose first row is the normal


class _Collide(Protocol):
    """A collision function of MJX for pairs of geoms ``[P, 2]``."""

    ncon: int

    def __call__(self, m: Any, d: Any, key: Any, geom: jax.Array) -> _Contacts: ...


@contextlib.contextmanager
def contacts_of_boxes() -> Iterator[None]:
    """What JAX traces meanwhile collides boxes that way; MJX is as it was afterwards."""
    functions = _collision_functions()
    before = dict(functions)
    functions[_PLANE, _BOX] = _PlaneBox()
    functions[_BOX, _BOX] = _Distinct(before[_BOX, _BOX])
    try:
        yield
    finally:
        functions.update(before)


def _collision_functions() -> dict[Any, _Collide]:
    """MJX's own table, pair of geom types to collision function; there is no public way to change how a pair collides.

    Raises:
        EngineError: a release of MJX in which the table may be another.
    """
    require_tested("mujoco-mjx", user="engine mjx")
    from mujoco.mjx._src import collision_driver

    return collision_driver._COLLISION_FUNC


class _PlaneBox:
    """The four lowest corners of each box over its plane."""

    ncon = _POINTS

    def __call__(self, m: Any, d: Any, key: Any, geom: jax.Array) -> _Contacts:
        plane, box = geom.T
        normal, side, ahead = (d.geom_xmat[plane][:, :, axis] for axis in (2, 0, 1))
        local = _CORNERS * m.geom_size[box][:, None]
        corners = d.geom_xpos[box][:, None] + jnp.einsum("pij,pkj->pki", d.geom_xmat[box], local)
        height = jnp.einsum("pki,pi->pk", corners - d.geom_xpos[plane][:, None], normal)
        lowest, which = jax.lax.top_k(-height, _POINTS)
        points = jnp.take_along_axis(corners, which[..., None], axis=1) + 0.5 * lowest[..., None] * normal[:, None]
        frames = jnp.repeat(jnp.stack([normal, side, ahead], axis=1), _POINTS, axis=0)
        return -lowest.reshape(-1), points.reshape(-1, 3), frames


class _Distinct:
    """Another collision function, without the points that it gives again."""

    ncon = _POINTS

    def __init__(self, collide: _Collide) -> None:
        self._collide = collide

    def __call__(self, m: Any, d: Any, key: Any, geom: jax.Array) -> _Contacts:
        dist, pos, frame = self._collide(m, d, key, geom)
        each = pos.reshape(-1, _POINTS, 3)
        same = jnp.abs(each[:, :, None] - each[:, None]).max(axis=-1) < _SAME
        again = jnp.tril(same, k=-1).any(axis=2).reshape(-1)
        return jnp.where(again, _APART, dist), pos, frame
