"""What the lanes' robots have seen around them: a height map each, renewed by every look; planning keeps clear of it.

What a look does not show keeps its last known height. A look costs nothing until a motion is planned around what it
showed: only then it is taken up into the map, after those before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from aspire_mjx.planning import height_map, robot_spheres
from aspire_mjx.planning.height_map import HeightMap
from aspire_mjx.planning.obstacles import SURFACE
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.memory import Look, RobotMemory
from aspire_mjx.sensing.depth_image import DepthImages

DepthCamera = Callable[[Lanes], DepthImages]  #: the depth images that lanes see at one moment

_BODY_MARGIN = 0.02  #: m around the robot's own body that is not taken for surroundings
_MOST_LOOKS = 16  # of a lane that wait: a program may look often without a motion that is planned around what it saw


def looked(lanes: Lanes, camera: DepthCamera) -> Lanes:
    """The lanes after a look around at this moment."""
    memory, moments, reach = lanes.memory.copy(), lanes.moment.tolist(), lanes.held_object_reach.tolist()
    for i, before in enumerate(lanes.memory):
        if before.looks and before.looks[-1].moment == moments[i]:
            continue  # a second look at one moment shows the same
        look = Look(lanes.qpos[i].copy(), moments[i], reach[i])
        memory[i] = replace(before, looks=(*before.looks, look))
    after = replace(lanes, memory=memory)
    many = max((len(each.looks) for each in memory), default=0) > _MOST_LOOKS
    return up_to_date(after, camera) if many else after


def up_to_date(lanes: Lanes, camera: DepthCamera) -> Lanes:
    """The lanes after all their looks are taken up into their maps."""
    memory: np.ndarray = lanes.memory.copy()
    looks = [each.looks for each in lanes.memory]
    for number in range(max(map(len, looks), default=0)):
        rows = [row for row, own in enumerate(looks) if len(own) > number]
        shown = _shown(lanes.take(rows), [looks[row][number] for row in rows], camera)
        maps = height_maps(memory[rows]).updated(shown)
        for row, height in zip(rows, maps.height, strict=True):
            memory[row] = replace(memory[row], height=height.copy(), looks=looks[row][number + 1 :])
    return replace(lanes, memory=memory)


def height_maps(memory: Sequence[RobotMemory] | np.ndarray) -> HeightMap:
    """The maps of robots as far as looks were taken up into them."""
    maps = HeightMap.blank(len(memory))
    for row, own in enumerate(memory):
        if own.height is not None:
            maps.height[row] = own.height
    return maps


def _shown(lanes: Lanes, looks: Sequence[Look], camera: DepthCamera) -> HeightMap:
    """What one look of each lane showed, without the robot's own body."""
    qpos, moment = np.array([look.qpos for look in looks]), np.array([look.moment for look in looks])
    then = replace(lanes, qpos=qpos, moment=moment)
    reach = np.array([look.held_object_reach for look in looks])
    seen = camera(then)
    return height_map.from_depth(seen.depth, seen.intrinsics, seen.position, seen.rotation).without(
        lambda points: robot_spheres.hides(then.arm, reach, points, margin=_BODY_MARGIN),
        above=lanes.support_height + SURFACE,
    )
