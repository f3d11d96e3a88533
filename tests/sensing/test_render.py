"""The ray-caster, against MuJoCo's own rays; lanes do not influence each other."""

from __future__ import annotations

import dataclasses

import mujoco
import numpy as np
import pytest

from aspire_mjx.errors import WorldError
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.lanes import chunk_lanes, compiled
from aspire_mjx.sensing.render import GBuffer, _cast_lane, _view, cast, render
from aspire_mjx.sensing.scene import GEOM_KINDS, Scene
from tests.support.floor_scenes import compilations, floor_scene, front_camera

_NAMES = ("plane", *["box"] * 9, *["capsule"] * 9)


def _random_model(seed: int) -> tuple[mujoco.MjModel, mujoco.MjData]:
    rng = np.random.default_rng(seed)
    spec = mujoco.MjSpec()
    for name in _NAMES:
        body = spec.worldbody.add_body(
            pos=[0, 0, 0] if name == "plane" else rng.uniform([-0.35, -0.35, 0.0], [0.25, 0.35, 0.3]),
            quat=[1, 0, 0, 0] if name == "plane" else rng.normal(size=4),
        )
        size = [0, 0, 1] if name == "plane" else rng.uniform(0.02, 0.12, 3)
        body.add_geom(type=mujoco.mjtGeom(GEOM_KINDS[name]), size=size)
    model = spec.compile()
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    return model, data


def _scene(models: list[tuple[mujoco.MjModel, mujoco.MjData]]) -> Scene:
    lanes, geoms = len(models), len(_NAMES)
    return Scene(
        kind=tuple(int(k) for k in models[0][0].geom_type),
        instance=tuple(range(geoms)),
        size=np.stack([m.geom_size for m, _ in models]),
        position=np.stack([d.geom_xpos for _, d in models]),
        rotation=np.stack([d.geom_xmat.reshape(geoms, 3, 3) for _, d in models]),
        rgb=np.full((lanes, geoms, 3), 0.5),
        present=np.ones((lanes, geoms), bool),
    )


def _mujoco_image(model: mujoco.MjModel, data: mujoco.MjData, camera: Camera) -> tuple[np.ndarray, np.ndarray]:
    row, column = np.mgrid[0 : camera.height, 0 : camera.width]
    pixel = np.stack([column, row, np.ones_like(row)], axis=-1).reshape(-1, 3)
    rays = pixel @ np.linalg.inv(camera.intrinsics).T @ np.asarray(camera.rotation).T
    geom, distance = np.zeros(len(rays), np.int32), np.zeros(len(rays))
    mujoco.mj_multiRay(
        model, data, np.asarray(camera.position), rays.reshape(-1), None, True, -1, geom, distance, None, len(rays), 1e9
    )
    shape = camera.height, camera.width
    return np.where(geom >= 0, distance, 0.0).reshape(shape), geom.reshape(shape)


def test_depth_and_segmentation_are_mujocos() -> None:
    models = [_random_model(seed) for seed in range(6)]
    camera = front_camera()
    seen = cast(_scene(models), camera)
    agreed, worst = [], 0.0
    for lane, (model, data) in enumerate(models):
        depth, geom = _mujoco_image(model, data, camera)
        same = seen.segmentation[lane] == geom
        agreed.append(same.mean())
        worst = max(worst, np.abs(seen.depth[lane] - depth)[same].max())
    assert min(agreed) >= 0.999
    assert worst < 1e-4


def test_odd_image_sizes_and_one_camera_a_lane() -> None:
    models = [_random_model(seed) for seed in (7, 8)]
    lone = front_camera(height=50, width=67)
    many = dataclasses.replace(
        lone,
        position=np.stack([np.asarray(lone.position), np.asarray(lone.position) + 0.05]),
        rotation=np.stack([lone.rotation] * 2),
    )
    seen = cast(_scene(models), many)
    for lane, (model, data) in enumerate(models):
        depth, geom = _mujoco_image(model, data, dataclasses.replace(lone, position=np.asarray(many.position)[lane]))
        same = seen.geom[lane] == geom
        assert same.mean() > 0.998
        assert np.abs(seen.depth[lane] - depth)[same].max() < 1e-4


def _same(a: GBuffer, b: GBuffer) -> bool:
    return all(np.array_equal(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(GBuffer))


def _take(scene: Scene, lanes: np.ndarray) -> Scene:
    arrays = ("size", "position", "rotation", "rgb", "present")
    return dataclasses.replace(scene, **{name: getattr(scene, name)[lanes] for name in arrays})


def test_lanes_are_independent_bit_for_bit() -> None:
    lanes = chunk_lanes() + 3
    scene, camera = floor_scene(lanes, seed=1)[0], front_camera()
    seen = cast(scene, camera)
    order = np.random.default_rng(0).permutation(lanes)
    assert _same(cast(_take(scene, order), camera), seen.take(order))
    for lane in (0, lanes - 1):
        assert _same(cast(_take(scene, np.array([lane])), camera), seen.take(np.array([lane])))


def test_one_compilation_serves_any_number_of_lanes() -> None:
    camera = front_camera()
    scene = floor_scene(chunk_lanes() + 1, seed=2)[0]
    for lanes in (1, 3, chunk_lanes(), chunk_lanes() + 1):
        cast(_take(scene, np.arange(lanes)), camera)
    assert compilations(compiled(_cast_lane, (_view(scene, camera),))) == 1


def test_absent_and_non_finite_geoms_are_not_seen_and_hurt_no_neighbour() -> None:
    scene, camera = floor_scene(3, seed=3)[0], front_camera()
    seen = cast(scene, camera)
    present, position = scene.present.copy(), np.array(scene.position)
    present[1, 1] = False
    position[2] = np.nan
    other = cast(dataclasses.replace(scene, present=present, position=position), camera)
    assert seen.pixels[1, 0] > 0 and other.pixels[1, 0] == 0
    assert np.all(other.geom[2] == -1) and np.all(other.depth[2] == 0)
    assert _same(other.take(np.array([0])), seen.take(np.array([0])))


def test_pixels_and_distance_summarise_the_segmentation() -> None:
    scene, camera = floor_scene(2, seed=4)[0], front_camera()
    seen = cast(scene, camera)
    for instance in range(max(scene.instance) + 1):
        shows = seen.segmentation[1] == instance
        assert seen.pixels[1, instance] == shows.sum()
        if shows.any():
            assert seen.distance[1, instance] == pytest.approx(seen.depth[1][shows].mean(), abs=1e-3)


def test_colour_is_shaded_material_colour() -> None:
    scene, camera = floor_scene(2, seed=5)[0], front_camera()
    rgb = np.zeros_like(np.asarray(scene.rgb))
    rgb[:, 0], rgb[:, 1:] = (0, 1, 0), (1, 0, 0)
    seen, colours = render(dataclasses.replace(scene, rgb=rgb), camera)
    assert colours.shape == (2, 120, 160, 3) and colours.dtype == np.uint8
    item = colours[0][seen.segmentation[0] == 0]
    assert np.all(item[:, 1:] == 0) and item[:, 0].max() > 1.3 * item[:, 0].min() > 0  # top lighter than front
    floor = colours[0][(seen.segmentation[0] == -1) & (seen.depth[0] > 0)]
    assert np.ptp(floor, axis=0).max() == 0 and floor[0, 1] > 200


def test_a_camera_batch_of_another_size_is_refused() -> None:
    camera = dataclasses.replace(front_camera(), position=np.zeros((3, 3)))
    with pytest.raises(WorldError, match="3 poses for 2 lanes"):
        cast(floor_scene(2)[0], camera)
