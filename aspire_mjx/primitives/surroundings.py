"""What the lanes' robots have seen around them, kept between calls: a height map each, renewed by every look, and what
was seen by name.

Programs never read it; planning keeps clear of it. What a look does not show keeps its last known height. A look costs
nothing until a motion is planned around what it showed: only then it is taken up into the map, after those before it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aspire_mjx.planning import height_map, robot_spheres
from aspire_mjx.planning.height_map import HeightMap
from aspire_mjx.planning.obstacles import SURFACE
from aspire_mjx.primitives.object_memory import object_memories
from aspire_mjx.sensing.depth_image import DepthImages

if TYPE_CHECKING:
    from aspire_mjx.primitives.lanes import Lanes

_BODY_MARGIN = 0.02  #: m around the robot's own body that is not taken for surroundings
_MOST_LOOKS = 16  # of a lane that wait: a program may look for ever without moving


class _Look(NamedTuple):
    """One look of one lane: enough to see again what it showed.

    Attributes:
        qpos: ``[nq]`` state of the world.  call: index of the call in the rollout.
        held_object_reach: m that what is held reaches beyond the fingertips.
    """

    qpos: np.ndarray
    call: int
    held_object_reach: float


class Surroundings:
    """A view of some rows of one store of maps; views share the store, and write to it.

    Args:
        lanes: how many.
        camera: the depth images that lanes see at one moment.
    """

    def __init__(self, lanes: int, camera: Callable[[Lanes], DepthImages]) -> None:
        self._camera, self._rows = camera, np.arange(lanes)
        self._maps, self._seen, self._below = HeightMap.blank(lanes), np.zeros(lanes, bool), np.zeros(lanes)
        self._memories = object_memories(lanes)
        self._waiting: list[list[_Look]] = [[] for _ in range(lanes)]  # looks that are not in the maps yet

    def take(self, rows: np.ndarray) -> Surroundings:
        """A view of some of the lanes."""
        view = object.__new__(Surroundings)
        vars(view).update(vars(self) | {"_rows": self._rows[rows]})
        return view

    @property
    def seen(self) -> np.ndarray:
        """``[N]`` bool, lanes that have looked at least once."""
        return self._seen[self._rows]

    @property
    def below(self) -> np.ndarray:
        """``[N]`` m, how high above the support the fingertips closed last: so far what they hold may reach down."""
        return self._below[self._rows]

    @property
    def memories(self) -> np.ndarray:
        """``[N]`` :class:`~aspire_mjx.primitives.object_memory.ObjectMemory` of the lanes."""
        return self._memories[self._rows]

    def forget(self) -> None:
        """The lanes have seen and held nothing."""
        self._maps.overwrite(self._rows, HeightMap.blank(len(self._rows)))
        self._seen[self._rows], self._below[self._rows] = False, 0.0
        self._memories[self._rows] = object_memories(len(self._rows))
        for row in self._rows.tolist():
            self._waiting[row].clear()

    def closed(self, height: np.ndarray) -> None:
        """The fingers have closed ``[N]`` m above the support."""
        self._below[self._rows] = np.maximum(height, 0.0)

    def observe(self, lanes: Lanes) -> None:
        """The lanes, of which these are the surroundings, look at this moment."""
        self._seen[self._rows] = True
        calls, held, most = lanes.call.tolist(), lanes.held_object_reach.tolist(), 0
        for i, row in enumerate(self._rows.tolist()):
            self._waiting[row].append(_Look(lanes.qpos[i].copy(), calls[i], held[i]))
            most = max(most, len(self._waiting[row]))
        if most > _MOST_LOOKS:
            self.maps(lanes)

    def maps(self, lanes: Lanes) -> HeightMap:
        """The maps of the lanes, of which these are the surroundings, after all their looks; a copy."""
        waiting = [self._waiting[row] for row in self._rows.tolist()]
        for number in range(max(map(len, waiting), default=0)):
            rows = np.array([i for i, looks in enumerate(waiting) if len(looks) > number])
            self._renew(self._rows[rows], lanes.take(rows), [waiting[i][number] for i in rows.tolist()])
        for looks in waiting:
            looks.clear()
        return self._maps.take(self._rows)

    def _renew(self, rows: np.ndarray, lanes: Lanes, looks: Sequence[_Look]) -> None:
        """Renews maps with what was seen at one look of each lane, without the robot's own body."""
        qpos, call, held = (np.array(column) for column in zip(*looks, strict=True))
        then = dataclasses.replace(lanes, qpos=qpos, call=call)
        shown = height_map.from_depth(*self._camera(then)).without(
            lambda points: robot_spheres.hides(then.arm, held, points, margin=_BODY_MARGIN),
            above=lanes.support_height + SURFACE,
        )
        self._maps.overwrite(rows, self._maps.take(rows).updated(shown))
