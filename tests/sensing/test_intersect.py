"""Ray intersections at their edges; random scenes are compared with MuJoCo in test_render."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from aspire_mjx.sensing.intersect import INTERSECT, half_extents, normal
from aspire_mjx.sensing.scene import GEOM_KINDS

_SIZE = np.array([0.1, 0.2, 0.3], np.float32)


def _down(kind: str, x: float, y: float, height: float = 1.0) -> float:
    origin = tuple(jnp.float32(v) for v in (x, y, height))
    direction = tuple(jnp.float32(v) for v in (0.0, 0.0, -1.0))
    return float(INTERSECT[GEOM_KINDS[kind]](origin, direction, tuple(jnp.asarray(_SIZE))))


@pytest.mark.parametrize(("kind", "top"), [("plane", 0.0), ("capsule", 0.3), ("box", 0.3)])
def test_a_ray_along_the_axis_hits_the_top(kind: str, top: float) -> None:
    assert _down(kind, 0.0, 0.0) == pytest.approx(1.0 - top, abs=1e-6)


@pytest.mark.parametrize("kind", sorted(GEOM_KINDS))
def test_a_ray_beside_misses(kind: str) -> None:
    assert np.isinf(_down(kind, 0.11, 0.21))


@pytest.mark.parametrize("kind", sorted(GEOM_KINDS))
def test_nothing_behind_or_around_the_camera_is_seen(kind: str) -> None:
    assert np.isinf(_down(kind, 0.0, 0.0, height=-1.0))
    assert np.isinf(_down(kind, 0.0, 0.0, height=0.0))


@pytest.mark.parametrize("kind", sorted(set(GEOM_KINDS) - {"plane"}))
def test_normals_point_out_of_the_top_and_extents_hold_the_geom(kind: str) -> None:
    top = 1.0 - _down(kind, 0.0, 0.0)
    above = tuple(jnp.array([0.0, 0.0, top]))
    np.testing.assert_allclose(normal(GEOM_KINDS[kind], above, tuple(jnp.asarray(_SIZE))), [0, 0, 1], atol=1e-5)
    assert float(half_extents(GEOM_KINDS[kind], jnp.asarray(_SIZE))[2]) == pytest.approx(top, abs=1e-6)
