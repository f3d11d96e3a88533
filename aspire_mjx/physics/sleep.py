"""Things at rest sleep in C MuJoCo: they cost nothing until something that is awake touches them.

MuJoCo keeps who sleeps in ``MjData.tree_asleep`` and leaves it out of the states that it can save and load. Here it is
part of the state, so that a lane goes on bit for bit as if it had never been interrupted (https://mujoco.readthedocs.io,
"Computation", section on sleeping).
"""

from __future__ import annotations

import mujoco
import numpy as np

from aspire_mjx.worlds.releases import require_tested


def fresh_sleep(data: mujoco.MjData) -> np.ndarray:
    """Who sleeps in a new ``MjData``, ``[trees]``: nobody.

    Raises:
        EngineError: a release of MuJoCo in which sleeping may work otherwise.
    """
    require_tested("mujoco", user="engine native")
    return sleepers(data)


def sleepers(data: mujoco.MjData) -> np.ndarray:
    """Who sleeps, ``[trees]`` as MuJoCo wrote it: below 0 a tree is awake."""
    return data.tree_asleep.copy()


def load(
    model: mujoco.MjModel, data: mujoco.MjData, qpos: np.ndarray, qvel: np.ndarray, asleep: np.ndarray, robot: int
) -> None:
    """Puts a state into ``data``, whatever was in it, with some trees asleep.

    Args:
        model: of the world.
        data: what is overwritten.
        qpos: ``[nq]`` m, rad.
        qvel: ``[nv]`` m/s, rad/s.
        asleep: ``[trees]`` of :func:`sleepers`.
        robot: a tree that never sleeps.
    """
    mujoco.mj_resetData(model, data)
    data.qpos = qpos
    data.qvel = qvel
    if (asleep >= 0).any():
        mujoco.mj_fwdPosition(model, data)  # where the sleepers are is not computed again until they wake
        data.tree_asleep[:] = asleep
        data.tree_awake[:] = asleep < 0
        # The rest follows from these two as soon as MuJoCo sees that somebody woke up: the robot, who lay alone.
        data.tree_asleep[robot] = robot
        data.tree_awake[robot] = 1
    else:
        data.tree_asleep[:] = asleep
