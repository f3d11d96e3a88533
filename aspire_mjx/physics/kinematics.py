"""Where geoms are, from joint positions: batched forward kinematics of a template."""

from __future__ import annotations

from collections.abc import Mapping

import mujoco
import numpy as np

from aspire_mjx.geometry import from_axis_angle, multiply, rotate, to_matrix
from aspire_mjx.worlds.template import Template

#: The worlds' own numbers that poses depend on.
POSE_LEAVES = ("body_pos", "body_quat", "geom_pos", "geom_quat")


def geom_poses(template: Template, leaves: Mapping[str, np.ndarray], qpos: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """World poses of all geoms: positions ``[N, G, 3]`` m and rotations ``[N, G, 3, 3]``.

    Args:
      template: of the worlds.
      leaves: the worlds' own :data:`POSE_LEAVES`, ``[N, ...]``.
      qpos: ``[N, nq]``.
    """
    model, n = template.model, len(qpos)
    # Of bodies, parents before their children.
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
        position[:, body] = position[:, parent] + rotate(quaternion[:, parent], leaves["body_pos"][:, body])
        quaternion[:, body] = multiply(quaternion[:, parent], leaves["body_quat"][:, body])
        if kind == mujoco.mjtJoint.mjJNT_HINGE:
            turn = from_axis_angle(model.jnt_axis[joint], qpos[:, address])
            quaternion[:, body] = multiply(quaternion[:, body], turn)
        elif kind == mujoco.mjtJoint.mjJNT_SLIDE:
            slide = qpos[:, address, None] * model.jnt_axis[joint]
            position[:, body] += rotate(quaternion[:, body], slide)
    owner = model.geom_bodyid
    world = position[:, owner] + rotate(quaternion[:, owner], leaves["geom_pos"])
    return world, to_matrix(multiply(quaternion[:, owner], leaves["geom_quat"]))
