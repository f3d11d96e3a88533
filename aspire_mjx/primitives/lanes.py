"""What the primitives are given of the lanes they serve: the robot's own state, and the world behind its camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.worlds.panda import OPEN_WIDTH
from aspire_mjx.worlds.worlds import Worlds

EMPTY_WIDTH = 0.002  #: m, fingers closer than this hold nothing


@dataclass(frozen=True, eq=False)
class Lanes(Columns):
    """``N`` lanes at one moment.

    Attributes:
        worlds: their worlds. Only the camera and the engine look at these; programs never do.
        qpos: ``[N, nq]`` m, rad.
        command: ``[N, 9]`` servo targets in force: arm (rad), fingers (m).
        ticks_left: ``[N]`` control ticks left in the episode.
        moment: ``[N]`` control ticks of the episode that are over.
        memory: ``[N]`` :class:`~aspire_mjx.primitives.memory.RobotMemory` of each rollout.
    """

    worlds: Worlds
    qpos: np.ndarray
    command: np.ndarray
    ticks_left: np.ndarray
    moment: np.ndarray
    memory: np.ndarray

    @property
    def arm(self) -> np.ndarray:
        """``[N, 7]`` rad."""
        return self.qpos[:, self.worlds.template.arm_qpos].astype(np.float64)

    @property
    def width(self) -> np.ndarray:
        """``[N]`` m between the fingertips."""
        return self.qpos[:, self.worlds.template.finger_qpos].astype(np.float64).sum(axis=1)

    @property
    def holding(self) -> np.ndarray:
        """``[N]`` bool, the fingers were told to close and something keeps them apart."""
        return ~self.commanded_open & (self.width > EMPTY_WIDTH)

    @property
    def held_object_reach(self) -> np.ndarray:
        """``[N]`` m that what the hand holds may reach beyond the fingertips, 0 where it holds nothing."""
        return np.where(self.holding, np.array([each.grip_height for each in self.memory]), 0.0)

    @property
    def commanded_open(self) -> np.ndarray:
        """``[N]`` bool, the gripper was last told to open."""
        return self.command[:, 7] > OPEN_WIDTH / 4

    @property
    def support_height(self) -> float:
        """Height of the floor or table in the robot's base frame, m."""
        return self.worlds.template.support - float(self.worlds.template.base[2])
