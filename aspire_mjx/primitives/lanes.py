"""What the primitives are given of the lanes they serve: the robot's own state, and the world behind its camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.primitives.object_memory import object_memories
from aspire_mjx.primitives.surroundings import Surroundings
from aspire_mjx.worlds.panda import OPEN_WIDTH
from aspire_mjx.worlds.worlds import Worlds

EMPTY_WIDTH = 0.002  #: m, fingers closer than this hold nothing


@dataclass(frozen=True, eq=False)
class Lanes:
    """``N`` lanes at one moment.

    Attributes:
      worlds: their worlds.  Only the camera and the engine look at these; programs never do.
      qpos: ``[N, nq]`` m, rad.
      command: ``[N, 9]`` servo targets in force: arm (rad), fingers (m).
      ticks_left: ``[N]`` control ticks left in the episode.
      call: ``[N]`` how many primitives each rollout has called before.
      image_memory: ``[N]`` :class:`~aspire_mjx.primitives.image_memory.ImageMemory` of each rollout; None where
        nobody looks at images that were taken before.
      surroundings: what they have seen so far; None where nobody keeps it.
    """

    worlds: Worlds
    qpos: np.ndarray
    command: np.ndarray
    ticks_left: np.ndarray
    call: np.ndarray
    image_memory: np.ndarray | None = None
    surroundings: Surroundings | None = None

    def __len__(self) -> int:
        return len(self.qpos)

    def take(self, rows: np.ndarray) -> Lanes:
        """Some of the lanes."""
        columns = (self.qpos, self.command, self.ticks_left, self.call)
        image_memory = None if self.image_memory is None else self.image_memory[rows]
        surroundings = None if self.surroundings is None else self.surroundings.take(rows)
        return Lanes(
            self.worlds.take(rows),
            *(column[rows] for column in columns),
            image_memory=image_memory,
            surroundings=surroundings,
        )

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
        below = np.zeros(len(self)) if self.surroundings is None else self.surroundings.below
        return np.where(self.holding, below, 0.0)

    @property
    def memories(self) -> np.ndarray:
        """``[N]`` :class:`~aspire_mjx.primitives.object_memory.ObjectMemory`, fresh ones where nobody keeps them."""
        return object_memories(len(self)) if self.surroundings is None else self.surroundings.memories

    @property
    def commanded_open(self) -> np.ndarray:
        """``[N]`` bool, the gripper was last told to open."""
        return self.command[:, 7] > OPEN_WIDTH / 4

    @property
    def support_height(self) -> float:
        """Height of the floor or table in the robot's base frame, m."""
        return self.worlds.template.support - float(self.worlds.template.base[2])
