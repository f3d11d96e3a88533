"""The Panda's forward kinematics, and how fast its joints may move.

Source: Franka Emika, "Robot and interface specifications" in the Franka Control Interface documentation
(https://frankaemika.github.io/docs/control_parameters.html): Denavit-Hartenberg parameters in Craig's (modified)
convention, and the Panda's joint position, velocity and acceleration limits.

Everything is in the robot *base frame*: origin on the mounting plane under joint 1, z up, x forwards. Functions
work on numpy arrays and on JAX arrays, also under ``jax.jit``; this module does not import JAX.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aspire_mjx import geometry
from aspire_mjx.worlds import panda
from aspire_mjx.worlds.panda import DENAVIT_HARTENBERG, FINGERTIP_OFFSET, FLANGE_OFFSET, HAND_TURN

JOINTS = 7

LOWER_LIMIT, UPPER_LIMIT = np.array(panda.JOINT_LIMITS).T.copy()  #: [7] rad each
VELOCITY_LIMIT = np.array([2.175, 2.175, 2.175, 2.175, 2.61, 2.61, 2.61])  #: [7] rad/s
ACCELERATION_LIMIT = np.array([15.0, 7.5, 10.0, 12.5, 15.0, 20.0, 20.0])  #: [7] rad/s^2

HOME = np.array(panda.HOME)  #: [7] rad

for _constant in (LOWER_LIMIT, UPPER_LIMIT, VELOCITY_LIMIT, ACCELERATION_LIMIT, HOME):
    _constant.setflags(write=False)

LinkFrame = tuple[Any, Any, Any, Any]  #: (origin, x, y, z axis), each [3, ...] in the base frame, lanes last


def chain(q: Any) -> list[LinkFrame]:
    """Joint frames 1 to 7 and the hand frame, for joint angles ``q`` ``[7, ...]`` rad *with lanes last*.

    The last axis runs along the lanes so that every operation is elementwise: a lane's numbers do not depend on
    its neighbours, and compilers vectorise well.
    """
    xp = np if isinstance(q, np.ndarray) else q.__array_namespace__()
    one, zero = xp.ones_like(q[0]), xp.zeros_like(q[0])
    origin = xp.stack([zero, zero, zero])
    x, y, z = xp.stack([one, zero, zero]), xp.stack([zero, one, zero]), xp.stack([zero, zero, one])
    frames = []
    for joint, (a, d, turns) in enumerate(DENAVIT_HARTENBERG):
        y, z = {0: (y, z), 1: (z, -y), -1: (-z, y)}[turns]
        if a:
            origin = origin + a * x
        if d:
            origin = origin + d * z
        cosine, sine = xp.cos(q[joint]), xp.sin(q[joint])
        x, y = cosine * x + sine * y, cosine * y - sine * x
        frames.append((origin, x, y, z))
    cosine, sine = float(np.cos(HAND_TURN)), float(np.sin(HAND_TURN))
    frames.append((origin + FLANGE_OFFSET * z, cosine * x + sine * y, cosine * y - sine * x, z))
    return frames


def body_frames(q: np.ndarray) -> list[LinkFrame]:
    """Frames 0 to 8 of ``q`` ``[N, 7]`` rad, each ``[3, N]``: the base, joint frames 1 to 7 and the hand."""
    axes = np.broadcast_to(np.eye(3)[:, :, None], (3, 3, len(q)))
    return [(np.zeros((3, len(q))), axes[0], axes[1], axes[2]), *chain(np.ascontiguousarray(q.T))]


def in_base(frame: LinkFrame, point: Any) -> Any:
    """A point of a link's frame, three numbers in m, in the base frame ``[3, ...]``."""
    origin, x, y, z = frame
    return origin + point[0] * x + point[1] * y + point[2] * z


def forward(q: Any) -> tuple[Any, Any]:
    """Pose ``base_from_fingertip`` of joint angles ``q`` ``[..., 7]`` rad.

    Returns the position ``[..., 3]`` m of the point between the fingertips and the rotation matrix ``[..., 3, 3]``
    of the hand: z points out of the hand, the fingers close along y.
    """
    xp = np if isinstance(q, np.ndarray) else q.__array_namespace__()
    origin, x, y, z = chain(xp.moveaxis(q, -1, 0))[-1]
    position = xp.moveaxis(origin + FINGERTIP_OFFSET * z, 0, -1)
    rotation = xp.stack([xp.moveaxis(axis, 0, -1) for axis in (x, y, z)], axis=-1)
    return position, rotation


def hand_pose(q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As :func:`forward`, the orientation as quaternions ``[..., 4]`` wxyz."""
    position, rotation = forward(q)
    return position, geometry.from_matrix(rotation)
