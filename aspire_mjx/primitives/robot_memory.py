"""What one rollout's robot remembers between its calls. Programs never read it; a call gives back the next memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from aspire_mjx.primitives.object_memory import ObjectMemory

MOST_IMAGES = 256  #: images that are remembered, the latest ones


class ImageRecord(NamedTuple):
    """One image taken: enough to see it again.

    Attributes:
        camera: name of the camera.
        qpos: ``[nq]`` state of the world.
        call: index of the call in the rollout.
    """

    camera: str
    qpos: np.ndarray
    call: int


class Look(NamedTuple):
    """One look around: enough to see again what it showed.

    Attributes:
        qpos: ``[nq]`` state of the world.
        call: index of the call in the rollout.
        held_object_reach: m that what is held reaches beyond the fingertips.
    """

    qpos: np.ndarray
    call: int
    held_object_reach: float


@dataclass(frozen=True, eq=False)
class RobotMemory:
    """The memory of one robot at one moment.

    Attributes:
        images: the latest images that its cameras took, by content: states, not pixels. Of equal ones, the last counts.
        objects: what it has seen by name.
        height: ``[X, Y]`` map of what stands around it, m (planning/height_map.py); None before the first look.
        looks: those that are not in the map yet, the latest last.
        grip_height: m above the support at which the fingers closed last: so far what they hold may reach down.
    """

    images: Mapping[str, ImageRecord] = field(default_factory=dict)
    objects: ObjectMemory = ObjectMemory()
    height: np.ndarray | None = None
    looks: tuple[Look, ...] = ()
    grip_height: float = 0.0

    @property
    def seen(self) -> bool:
        """Whether the robot has looked at least once."""
        return self.height is not None or bool(self.looks)


def fresh_memories(count: int) -> np.ndarray:
    """``[count]`` :class:`RobotMemory` of robots that have seen and held nothing."""
    return np.full(count, RobotMemory(), object)
