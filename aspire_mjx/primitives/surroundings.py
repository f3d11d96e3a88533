"""What the lanes' robots have seen around them, kept between calls: a height map each, renewed by every look, and what
was seen by name.

Programs never read it; planning keeps clear of it. What a look does not show keeps its last known height.
"""

from __future__ import annotations

import numpy as np

from aspire_mjx.planning import height_map, robot_spheres
from aspire_mjx.planning.height_map import HeightMap
from aspire_mjx.planning.obstacles import SURFACE
from aspire_mjx.primitives.sightings import sightings
from aspire_mjx.sensing.depth_image import DepthImages

_BODY_MARGIN = 0.02  #: m around the robot's own body that is not taken for surroundings


class Surroundings:
    """A view of some rows of one store of maps; views share the store, and :meth:`observe` writes to it."""

    def __init__(self, lanes: int) -> None:
        self._maps, self._below, self._rows = HeightMap.blank(lanes), np.zeros(lanes), np.arange(lanes)
        self._sightings = sightings(lanes)

    def take(self, rows: np.ndarray) -> Surroundings:
        """A view of some of the lanes."""
        view = object.__new__(Surroundings)
        view._maps, view._below, view._rows = self._maps, self._below, self._rows[rows]
        view._sightings = self._sightings
        return view

    @property
    def seen(self) -> np.ndarray:
        """``[N]`` bool, lanes that have looked at least once."""
        return self._maps.seen[self._rows]

    @property
    def below(self) -> np.ndarray:
        """``[N]`` m, how high above the support the fingertips closed last: so far what they hold may reach down."""
        return self._below[self._rows]

    @property
    def sightings(self) -> np.ndarray:
        """``[N]`` :class:`~aspire_mjx.primitives.sightings.Sightings` of the lanes."""
        return self._sightings[self._rows]

    def maps(self) -> HeightMap:
        """The lanes' maps, a copy."""
        return self._maps.take(self._rows)

    def forget(self) -> None:
        """The lanes have seen and held nothing."""
        self._maps.put(self._rows, HeightMap.blank(len(self._rows)))
        self._below[self._rows] = 0.0
        self._sightings[self._rows] = sightings(len(self._rows))

    def closed(self, height: np.ndarray) -> None:
        """The fingers have closed ``[N]`` m above the support."""
        self._below[self._rows] = np.maximum(height, 0.0)

    def observe(self, images: DepthImages, *, arm: np.ndarray, held: np.ndarray, support: float) -> None:
        """Renews the lanes' maps with what a camera sees now, without the robot's own body.

        Args:
            images: of the lanes.  arm: ``[N, 7]`` rad.
            held: ``[N]`` m that what is held reaches beyond the fingertips.  support: m, its height.
        """
        shown = height_map.from_depth(images.depth, images.intrinsics, images.position, images.rotation)
        shown = shown.without(
            lambda points: robot_spheres.hides(arm, held, points, margin=_BODY_MARGIN), above=support + SURFACE
        )
        self._maps.put(self._rows, self.maps().updated(shown))
