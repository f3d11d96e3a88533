"""Batched forward kinematics against MuJoCo's own."""

from __future__ import annotations

import mujoco
import numpy as np
import pytest

from aspire_mjx.physics.kinematics import POSE_LEAVES, geom_poses
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.workspaces import FAMILIES


@pytest.mark.parametrize("workspace", FAMILIES)
def test_geom_poses_match_mujoco(workspace):
    template, random = template_of(workspace), np.random.default_rng(0)
    model = template.model
    data = mujoco.MjData(model)
    qpos = np.tile(model.qpos0, (20, 1))
    qpos[:, template.arm_qpos] = random.uniform(-1, 1, (20, 7)) - np.array([0, 0, 0, 1.5, 0, -1.5, 0])
    qpos[:, template.finger_qpos] = random.uniform(0, 0.04, (20, 2))
    for thing in template.things:
        qpos[:, thing.link_qpos] = random.uniform(-0.1, 0.1, (20, len(thing.links)))
    for address in template.slot_qpos:
        pose = random.normal(size=(20, 7))
        pose[:, 3:] /= np.linalg.norm(pose[:, 3:], axis=1, keepdims=True)
        qpos[:, address : address + 7] = pose
    leaves = {name: np.repeat(getattr(model, name)[None], 20, axis=0) for name in POSE_LEAVES}
    position, rotation = geom_poses(template, leaves, qpos)
    for i in range(20):
        data.qpos[:] = qpos[i]
        mujoco.mj_kinematics(model, data)
        np.testing.assert_allclose(position[i], data.geom_xpos, atol=1e-9)
        np.testing.assert_allclose(rotation[i].reshape(-1, 9), data.geom_xmat, atol=1e-9)
