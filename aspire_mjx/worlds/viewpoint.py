"""Where the cameras of a world are.

The benchmark's fixed one is moved and turned by the dose that the world asks for; the other is on the robot's hand.
"""

from __future__ import annotations

import functools
import math
from typing import NamedTuple

import numpy as np

from aspire_mjx.geometry import from_axis_angle, multiply
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.streams import WorldSeed
from aspire_mjx.worlds.workspaces import workspace

#: The cameras of every world, by number: the fixed one, and the one on the hand.
CAMERAS = ("agentview", "wrist")
#: Where the hand carries its camera, hand frame (z out of the hand): as robosuite's ``eye_in_hand`` of the Panda,
#: 5 cm beside the hand's axis and looking along it. m; quaternion wxyz in MuJoCo's convention; rad.
WRIST_POSITION = (0.05, 0.0, 0.0)
WRIST_QUATERNION = (0.0, math.sqrt(0.5), math.sqrt(0.5), 0.0)
WRIST_FOVY = math.radians(75.0)


class Viewpoint(NamedTuple):
    """A camera pose in MuJoCo's convention (looking along -z, y up).

    Attributes:
      position: m, world frame.
      quaternion: wxyz.
      fovy: vertical field of view, rad.
    """

    position: tuple[float, ...]
    quaternion: tuple[float, ...]
    fovy: float


def viewpoint(workspace_name: str, perturbation: Perturbation, seed: WorldSeed) -> Viewpoint:
    """The ``agentview`` camera of a world.

    Raises:
      UnknownNameError: no such workspace.
    """
    moves = perturbation.camera or perturbation.camera_turn
    return _viewpoint(
        workspace_name, perturbation.camera, perturbation.camera_turn, perturbation.fov, seed if moves else None
    )


@functools.lru_cache(maxsize=4096)
def _viewpoint(workspace_name: str, move: float, turn: float, fov: float, seed: WorldSeed | None) -> Viewpoint:
    view = workspace(workspace_name)
    position, quaternion = np.asarray(view.camera_position), np.asarray(view.camera_quaternion)
    if seed:
        direction, axis = (seed.stream(purpose).normal(size=3) for purpose in ("camera", "camera_turn"))
        position = position + move * direction / np.linalg.norm(direction)
        quaternion = multiply(from_axis_angle(axis / np.linalg.norm(axis), np.asarray(turn)), quaternion)
    return Viewpoint(tuple(position.tolist()), tuple(quaternion.tolist()), math.radians(view.camera_fovy) * fov)
