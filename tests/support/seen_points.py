"""Height maps of points, for tests of what plans with them."""

from __future__ import annotations

import numpy as np

from aspire_mjx.planning.height_map import HeightMap, cell_index


def seen_points(points: np.ndarray) -> HeightMap:
    """The map of one lane that has seen the points ``[P, 3]`` m, all of them on the map."""
    maps = HeightMap.blank(1)
    np.maximum.at(maps.height[0], cell_index(points[:, 0], points[:, 1]), points[:, 2].astype(np.float32))
    return maps
