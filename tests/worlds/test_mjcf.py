"""A world as MJCF: read back, it is the same model."""

from __future__ import annotations

import mujoco
import numpy as np
import pytest

from aspire_mjx.worlds.mjcf import KEYFRAME, world_mjcf
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds

DOSES = Perturbation(size=1.2, mass=2.0, friction=0.5, colour=0.5, gain=1.5, base=0.02, table=0.01, fixture=0.02)
#: Arrays that say what the file adds (camera, light, key), names, or what MuJoCo makes of numbers for its own use.
OTHER = ("cam_", "light_", "key_", "name", "_sizes", "bvh_", "body_simple", "body_sameframe", "tex", "mat_", "vis")
#: In a file absent things take part in the search for contacts, as in the template; in its world they do not.
SEARCHED = ("geom_contype", "geom_conaffinity", "body_contype", "body_conaffinity")


def world(suite: str, index: int, perturbation: Perturbation) -> Worlds:
    return make_worlds([WorldSpec(find_task(suite, index), 3, perturbation)])


def read_back(worlds: Worlds, folder) -> mujoco.MjModel:
    path = folder / "world.xml"
    path.write_text(world_mjcf(worlds, worlds.qpos[0]))
    return mujoco.MjModel.from_xml_path(str(path))


WORLDS = [
    ("libero_object", 0, Perturbation()),
    ("libero_goal", 3, DOSES),
    ("libero_10", 3, Perturbation(distractors=2)),
    ("libero_10", 5, Perturbation(camera=0.1, fov=1.2)),
    ("libero_10", 6, Perturbation(light=0.5)),
]


@pytest.mark.parametrize(("suite", "index", "perturbation"), WORLDS)
def test_the_file_gives_the_worlds_own_numbers(suite, index, perturbation, tmp_path):
    worlds = world(suite, index, perturbation)
    found, wanted = read_back(worlds, tmp_path), worlds.model_of(0)
    weighty = wanted.body_mass > 0  # where the mass of nothing is does not matter
    loose = [
        thing.body for thing in worlds.template.things[: worlds.template.movables]
    ]  # they start where the state has them
    still = np.setdiff1d(np.arange(wanted.nbody), loose)
    rows = {"body_pos": still, "body_quat": still, "body_ipos": weighty, "body_iquat": weighty}
    compared = 0
    for name in dir(wanted):
        array = getattr(wanted, name)
        left_out = name.startswith((*OTHER, *SEARCHED, "qpos"))
        if isinstance(array, np.ndarray) and array.dtype.kind in "fiu" and not left_out:
            chosen = rows.get(name, slice(None))
            np.testing.assert_allclose(getattr(found, name)[chosen], array[chosen], rtol=1e-4, atol=1e-6, err_msg=name)
            compared += 1
    assert compared > 100
    for name in ("timestep", "integrator", "solver", "iterations", "cone", "impratio", "disableflags"):
        assert getattr(found.opt, name) == getattr(wanted.opt, name)


@pytest.mark.parametrize(("suite", "index", "perturbation"), WORLDS[:3])
def test_the_keyframe_is_the_start_and_everything_is_where_it_was(suite, index, perturbation, tmp_path):
    worlds = world(suite, index, perturbation)
    model, ours = read_back(worlds, tmp_path), worlds.model_of(0)
    shown, known = mujoco.MjData(model), mujoco.MjData(ours)
    mujoco.mj_resetDataKeyframe(model, shown, model.key(KEYFRAME).id)
    known.qpos[:] = worlds.qpos[0]
    for data, of in ((shown, model), (known, ours)):
        mujoco.mj_forward(of, data)
    np.testing.assert_allclose(shown.geom_xpos, known.geom_xpos, atol=1e-5)
    np.testing.assert_allclose(shown.geom_xmat, known.geom_xmat, atol=1e-5)
    mujoco.mj_resetData(model, shown)  # as the viewer opens it
    mujoco.mj_kinematics(model, shown)
    loose = [thing.body for thing in worlds.template.things[: worlds.template.movables]]
    np.testing.assert_allclose(shown.xpos[loose], known.xpos[loose], atol=1e-5)
    mujoco.mj_resetDataKeyframe(model, shown, 0)
    mujoco.mj_step(model, shown, 100)
    known.ctrl[:] = shown.ctrl
    mujoco.mj_step(ours, known, 100)
    np.testing.assert_allclose(shown.xpos[loose], known.xpos[loose], atol=1e-3)


def test_the_camera_and_the_light_are_the_worlds(tmp_path):
    dim, turned = (
        world("libero_10", 6, Perturbation(light=0.5)),
        world("libero_10", 5, Perturbation(camera=0.1, fov=1.2)),
    )
    bright = read_back(world("libero_10", 6, Perturbation()), tmp_path)
    np.testing.assert_allclose(read_back(dim, tmp_path).light_diffuse, 0.5 * bright.light_diffuse)
    model, (view,) = read_back(turned, tmp_path), [spec.view for spec in turned.specs]
    np.testing.assert_allclose(model.camera("agentview").pos, view.position, atol=1e-5)
    np.testing.assert_allclose(np.radians(model.camera("agentview").fovy[0]), view.fovy, rtol=1e-5)
