"""Where bodies and geoms are, from joint positions: batched forward kinematics of a template."""

from __future__ import annotations

import mujoco
import numpy as np

from aspire_mjx.geometry import from_axis_angle, multiply, rotate, to_matrix
from aspire_mjx.worlds.template import Template


def body_poses(template: Template, qpos: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """World poses of all bodies for ``qpos [N, nq]``: positions ``[N, nbody, 3]`` m, quaternions ``[N, nbody, 4]``."""
    model, n = template.model, len(qpos)
    position = np.zeros((n, model.nbody, 3))
    quaternion = np.zeros((n, model.nbody, 4))
    quaternion[:, 0, 0] = 1.0
    for body in range(1, model.nbody):
        parent, joint = model.body_parentid[body], model.body_jntadr[body]
        kind = model.jnt_type[joint] if joint >= 0 else None
        address = model.jnt_qposadr[joint] if joint >= 0 else 0
        if kind == mujoco.mjtJoint.mjJNT_FREE:
            position[:, body] = qpos[:, address : address + 3]
            quaternion[:, body] = qpos[:, address + 3 : address + 7]
            continue
        position[:, body] = position[:, parent] + rotate(quaternion[:, parent], model.body_pos[body])
        quaternion[:, body] = multiply(quaternion[:, parent], model.body_quat[body])
        if kind == mujoco.mjtJoint.mjJNT_HINGE:
            turn = from_axis_angle(model.jnt_axis[joint], qpos[:, address])
            quaternion[:, body] = multiply(quaternion[:, body], turn)
        elif kind == mujoco.mjtJoint.mjJNT_SLIDE:
            slide = qpos[:, address, None] * model.jnt_axis[joint]
            position[:, body] += rotate(quaternion[:, body], slide)
    return position, quaternion


def geom_poses(template: Template, geom_pos: np.ndarray, qpos: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """World poses of all geoms: positions ``[N, G, 3]`` m and rotations ``[N, G, 3, 3]``.

    Args:
      geom_pos: ``[N, G, 3]`` m, the worlds' own geom offsets (a batched leaf).
      qpos: ``[N, nq]``.
    """
    model = template.model
    position, quaternion = body_poses(template, qpos)
    owner = model.geom_bodyid
    world = position[:, owner] + rotate(quaternion[:, owner], geom_pos)
    return world, to_matrix(
        multiply(quaternion[:, owner], np.broadcast_to(model.geom_quat, quaternion[:, owner].shape))
    )
