"""The cameras of worlds, and what they give."""

from __future__ import annotations

import mujoco
import numpy as np
import pytest

from aspire_mjx import geometry
from aspire_mjx.errors import UnknownNameError
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.memory import fresh_memories
from aspire_mjx.primitives.perception import CameraRig, camera_at, views_of
from aspire_mjx.sensing.camera import Camera, ImageSize
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.viewpoint import CAMERAS
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds


def _worlds(count: int, suite: str = "libero_goal", **factors: float) -> Worlds:
    task = load_suite(suite)[0]
    return make_worlds([WorldSpec(task, 1000 + i, Perturbation(**factors)) for i in range(count)])


def _lanes(worlds: Worlds, *, qpos: np.ndarray | None = None) -> Lanes:
    n = len(worlds)
    qpos = worlds.qpos if qpos is None else qpos
    return Lanes(worlds, qpos, np.zeros((n, 9)), np.full(n, 100), np.zeros(n, int), fresh_memories(n))


def test_the_wrist_camera_is_fixed_to_the_hand() -> None:
    worlds = _worlds(4, base=0.05)
    qpos = worlds.qpos.copy()
    qpos[:, worlds.template.arm_qpos] += np.random.default_rng(0).uniform(-0.4, 0.4, (4, 7))
    for lane, view in enumerate(views_of(worlds, qpos, "wrist")):
        data = mujoco.MjData(worlds.model_of(lane))
        data.qpos[:] = qpos[lane]
        mujoco.mj_kinematics(worlds.model_of(lane), data)
        hand = data.body("hand")
        axis_x, axis_z = hand.xmat.reshape(3, 3)[:, 0], hand.xmat.reshape(3, 3)[:, 2]
        np.testing.assert_allclose(view.position, hand.xpos + 0.05 * axis_x, atol=1e-6)
        looks = -geometry.to_matrix(np.array(view.quaternion))[:, 2]
        np.testing.assert_allclose(looks, axis_z, atol=1e-6)
        assert np.degrees(view.fovy) == pytest.approx(75)


def test_both_cameras_see_the_table_where_it_is() -> None:
    worlds = _worlds(2, noise=0.0)
    lanes = _lanes(worlds)
    top = worlds.template.support - worlds.base[0, 2]
    for camera in ("agentview", "wrist"):
        images = CameraRig().depth(lanes, camera)
        assert images.depth.shape == (2, 120, 160) and images.depth.dtype == np.float32
        height = images.points()[..., 2]
        assert (np.abs(height - top) < 1e-3).mean() > 0.2, camera


def test_the_resolution_is_a_parameter() -> None:
    worlds = _worlds(1, noise=0.0)
    small, large = (CameraRig(size=ImageSize(80 * k, 60 * k)).depth(_lanes(worlds)) for k in (1, 3))
    assert large.depth.shape == (1, 180, 240)
    np.testing.assert_allclose(small.intrinsics[0, 0, 0] * 3, large.intrinsics[0, 0, 0])
    middle = large.depth[0, 1::3, 1::3]
    assert (np.abs(small.depth[0] - middle) < 2e-3).mean() > 0.95


def test_lanes_of_several_fields_of_view_keep_their_order() -> None:
    task = load_suite("libero_goal")[0]
    fields = (1.0, 1.3, 1.0, 0.8)
    specs = [WorldSpec(task, 1000, Perturbation(fov=fov)) for fov in fields]
    images = CameraRig().depth(_lanes(make_worlds(specs)))
    for lane, spec in enumerate(specs):
        alone = CameraRig().depth(_lanes(make_worlds([spec])))
        np.testing.assert_array_equal(images.depth[lane], alone.depth[0])
        np.testing.assert_array_equal(images.intrinsics[lane], alone.intrinsics[0])


def test_an_unknown_camera_is_named() -> None:
    with pytest.raises(UnknownNameError, match="agentview"):
        CameraRig().depth(_lanes(_worlds(1)), "ceiling")


def _mujoco_image(
    model: mujoco.MjModel, qpos: np.ndarray, camera: Camera, doubted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Depth and geom of every pixel by MuJoCo's own rays; 0 and -1 for nothing.

    ``mj_multiRay`` leaves out what its precomputed volumes exclude, now and then wrongly; pixels whose depth differs
    from ``doubted`` are asked about once more, with a single ray that leaves out nothing.
    """
    data = mujoco.MjData(model)
    data.qpos[:] = qpos
    mujoco.mj_forward(model, data)
    row, column = np.mgrid[0 : camera.height, 0 : camera.width]
    pixel = np.stack([column, row, np.ones_like(row)], axis=-1).reshape(-1, 3)
    rays = pixel @ np.linalg.inv(camera.intrinsics).T @ np.asarray(camera.rotation).T
    geom, distance = np.zeros(len(rays), np.int32), np.zeros(len(rays))
    cameras, one = np.asarray(camera.position), np.zeros(1, np.int32)
    mujoco.mj_multiRay(model, data, cameras, rays.reshape(-1), None, True, -1, geom, distance, None, len(rays), 1e9)
    distance = np.where(geom >= 0, distance, 0.0)
    for i in np.flatnonzero(np.abs(distance - doubted.ravel()) > 1e-3):
        distance[i] = max(mujoco.mj_ray(model, data, cameras, rays[i], None, True, -1, one), 0.0)
        geom[i] = one[0]
    return distance.reshape(row.shape), geom.reshape(row.shape)


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("suite", ["libero_object", "libero_goal", "libero_10", "libero_spatial_swap", "libero_90"])
def test_images_of_worlds_are_mujocos(suite: str, camera: str) -> None:
    """20 worlds each, 200 in all: depth within 1 mm where both rays meet the same geom, ids equal on 99.5 %."""
    tasks = [t for t in load_suite(suite) if t.workspace == load_suite(suite)[0].workspace]
    specs = [WorldSpec(tasks[i % len(tasks)], 2000 + i, Perturbation(camera=0.05, colour=0.3)) for i in range(20)]
    worlds = make_worlds(specs)
    qpos = worlds.qpos.copy()
    qpos[:, worlds.template.arm_qpos] += np.random.default_rng(len(suite)).uniform(-0.2, 0.2, (20, 7))
    views = views_of(worlds, qpos, camera)
    seen = CameraRig().look(worlds, qpos, views)
    for lane, view in enumerate(views):
        one = camera_at([view])
        one = Camera(position=one.position[0], rotation=one.rotation[0], fovy=one.fovy)
        depth, geom = _mujoco_image(worlds.model_of(lane), qpos[lane], one, seen.depth[lane])
        slot = np.append(worlds.template.geom_slot, -1)[geom]
        assert (seen.segmentation[lane] == slot).mean() >= 0.995
        off = np.abs(seen.depth[lane] - depth)
        assert off[seen.geom[lane] == geom].max() < 1e-3
        assert (off < 1e-3).mean() >= 0.995  # flush faces of two geoms are as deep
