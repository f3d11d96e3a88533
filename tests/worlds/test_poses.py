"""Poses of things and of their boxes against MuJoCo's forward kinematics."""

from __future__ import annotations

import mujoco
import numpy as np
import pytest

from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds


@pytest.mark.parametrize(
    ("suite", "index"), [("libero_spatial", 4), ("libero_10", 3), ("libero_10", 9), ("libero_10", 2), ("libero_90", 80)]
)
def test_boxes_of_every_thing_are_where_mujoco_has_them(suite, index):
    worlds, random = make_worlds([WorldSpec(load_suite(suite)[index], 51)]), np.random.default_rng(0)
    model, template = worlds.models[0], worlds.template
    qpos = np.repeat(worlds.qpos, 5, axis=0)
    for thing in template.things:
        qpos[:, thing.link_qpos] = random.uniform(-0.15, 0.0, (5, len(thing.links)))
    states = worlds.take(np.zeros(5, int))
    data = mujoco.MjData(model)
    for name, pose in states.things(qpos).items():
        slot = next(occupant.slot for occupant in worlds.specs[0].occupants if occupant.name == name)
        boxes, geoms = pose.boxes, template.things[slot].geoms[: len(pose.asset.boxes)]
        for i in range(5):
            data.qpos[:] = qpos[i]
            mujoco.mj_kinematics(model, data)
            np.testing.assert_allclose(boxes.centre[i], data.geom_xpos[geoms], atol=1e-6)
            np.testing.assert_allclose(boxes.rotation[i].reshape(-1, 9), data.geom_xmat[geoms], atol=1e-5)
            np.testing.assert_allclose(boxes.half[i], model.geom_size[geoms])


def test_a_region_moves_with_the_drawer_that_carries_it():
    worlds = make_worlds([WorldSpec(load_suite("libero_goal")[0], 51)] * 2)
    slot = next(thing for thing in worlds.template.things if thing.name == "cabinet")
    qpos = worlds.qpos.copy()
    qpos[1, slot.link_qpos] = -0.16
    cabinet = worlds.things(qpos)["wooden_cabinet_1"]
    region = next(region for region in cabinet.asset.regions if region.name == "middle_region")
    position, _ = cabinet.region(region)
    np.testing.assert_allclose(np.linalg.norm(position[1] - position[0]), 0.16, atol=1e-9)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_one_state_has_the_boxes_it_has_among_others_in_either_precision(kind):
    """One state goes another way (its boxes are remembered), and mjx gives its positions in single precision."""
    worlds = make_worlds([WorldSpec(load_suite("libero_spatial")[4], seed) for seed in (51, 52)])
    qpos = worlds.qpos.astype(kind)
    both, alone = worlds.things(qpos), worlds.take(np.array([1])).things(qpos[1:])
    for name in both:
        np.testing.assert_allclose(alone[name].boxes.centre[0], both[name].boxes.centre[1], atol=1e-6)
        np.testing.assert_allclose(alone[name].boxes.rotation[0], both[name].boxes.rotation[1], atol=1e-6)
