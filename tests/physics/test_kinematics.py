"""Batched forward kinematics against MuJoCo's own."""

from __future__ import annotations

import mujoco
import numpy as np

from aspire_mjx.physics.kinematics import geom_poses
from aspire_mjx.worlds.template import template_of


def test_geom_poses_match_mujoco():
    template, random = template_of("floor"), np.random.default_rng(0)
    model = template.model
    data = mujoco.MjData(model)
    qpos = np.tile(model.qpos0, (20, 1))
    qpos[:, template.arm_qpos] = random.uniform(-1, 1, (20, 7)) - np.array([0, 0, 0, 1.5, 0, -1.5, 0])
    qpos[:, template.finger_qpos] = random.uniform(0, 0.04, (20, 2))
    for address in template.slot_qpos:
        pose = random.normal(size=(20, 7))
        pose[:, 3:] /= np.linalg.norm(pose[:, 3:], axis=1, keepdims=True)
        qpos[:, address : address + 7] = pose
    position, rotation = geom_poses(template, np.broadcast_to(model.geom_pos, (20, model.ngeom, 3)), qpos)
    for i in range(20):
        data.qpos[:] = qpos[i]
        mujoco.mj_kinematics(model, data)
        np.testing.assert_allclose(position[i], data.geom_xpos, atol=1e-9)
        np.testing.assert_allclose(rotation[i].reshape(-1, 9), data.geom_xmat, atol=1e-9)
