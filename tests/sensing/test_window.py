"""The samples around one instance."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from aspire_mjx.sensing.render import cast
from aspire_mjx.sensing.window import SIDE, Patch, Window, noisy_patch, window_points
from tests.support.floor_scenes import floor_scene, front_camera
from tests.support.sensor_calls import EXACT, sensor_call


def _look(*, height: int = 120, target: int = 6) -> tuple[Patch, Window, np.ndarray]:
    camera = front_camera(height=height, width=height * 4 // 3)
    scene = floor_scene(1, seed=2)[0]
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
    return patch, window, seen.segmentation[0] == target


@pytest.mark.parametrize(("height", "target", "stride"), [(120, 0, 1), (120, 6, 1), (480, 0, 2), (480, 6, 4)])
def test_the_window_holds_the_whole_instance(height: int, target: int, stride: int) -> None:
    patch, _, mask = _look(height=height, target=target)
    assert int(patch.stride) == stride
    rows, columns = (int(start) + stride * np.arange(SIDE) for start in (patch.row, patch.column))
    expected = mask[np.clip(rows, 0, len(mask) - 1)][:, np.clip(columns, 0, mask.shape[1] - 1)]
    np.testing.assert_array_equal(np.asarray(patch.mask), expected)
    assert rows[0] < np.nonzero(mask.any(axis=1))[0][0] and rows[-1] > np.nonzero(mask.any(axis=1))[0][-1]


def test_masked_points_lie_on_the_object_and_the_ring_around_it() -> None:
    _, window, _ = _look(target=0)
    _, _, centres, sizes, _ = floor_scene(1, seed=2)
    centre, size = centres[0, 0], sizes[0, 0]
    points, ring = np.asarray(window.points)[np.asarray(window.mask)], np.asarray(window.ring)
    assert np.all(np.abs(points[:, :2] - centre[:2]) < 0.5 * np.hypot(*size[:2]) + 1e-4)
    assert points[:, 2].min() > -1e-4 and points[:, 2].max() == pytest.approx(size[2], abs=1e-4)
    assert ring.sum() > 20 and not np.any(ring & np.asarray(window.mask))
    assert np.asarray(window.points)[ring][:, 2].min() == pytest.approx(0.0, abs=1e-4)


def test_nothing_visible_gives_an_empty_mask() -> None:
    patch, window, _ = _look(target=99)
    assert not np.any(np.asarray(patch.mask)) and not np.any(np.asarray(window.ring))
