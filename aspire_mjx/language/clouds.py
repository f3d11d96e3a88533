"""What the points of clouds say: which of them are noise, the upright box around them, how far apart two clouds are.

The helper functions of programs call these, so that both ways of running a program compute the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

NEIGHBOURS, DEVIATIONS = 20, 2.0  #: statistical outliers: of how many nearest points, and how many standard deviations
RADIUS, CROWD = 0.005, 10  #: crowded points: so many of them, the point itself counted, within so many m
_SPREAD, _WIDEST = 1.5, 0.03  # of the usual distance to the last point of a crowd; m
_ANGLES = np.arange(90) * (np.pi / 180)
_BLOCK = 20_000  # places whose nearest are looked up at a time: bounds the memory
_FEWEST = 4  # points of a box


def without_outliers(points: Any) -> np.ndarray:
    """``[K]`` bool, the points ``[K, 3]`` m whose mean distance to their 20 nearest is not unusual.

    Unusual is what lies more than 2 standard deviations above the mean over all points. A point is one of its nearest.
    """
    cloud = _cloud(points)
    if len(cloud) < 2:
        return np.zeros(len(cloud), bool)
    mean = _of_nearest(cloud, NEIGHBOURS, lambda distance, taken: (distance * taken).sum(axis=1) / taken.sum(axis=1))
    return mean <= mean.mean() + DEVIATIONS * mean.std(ddof=1)


def crowded(points: Any) -> np.ndarray:
    """``[K]`` bool, the points ``[K, 3]`` m of the clusters of DBSCAN: 10 within 5 mm, or near such a point.

    Where most points have fewer neighbours than that, as in images of few pixels, the radius is 1.5 times the median
    distance to a point's ninth neighbour, up to 3 cm.

    Raises:
        ValueError: no points.
    """
    cloud = _cloud(points)
    if not len(cloud):
        raise ValueError("found 0 points; at least one is needed")
    reach = _of_nearest(cloud, CROWD, _last_of_crowd)
    radius = RADIUS
    if np.median(reach) > RADIUS:
        radius = min(max(_SPREAD * float(np.median(reach)), RADIUS), _WIDEST)
    core = reach <= radius
    if not core.any():
        return core
    return _to_nearest(cloud[core], cloud) <= radius


def gap(points: Any, others: Any) -> float:
    """Shortest distance between two clouds ``[K, 3]`` and ``[M, 3]``, m; infinite where one of them is empty."""
    cloud, there = _cloud(points), _cloud(others)
    return float(_to_nearest(there, cloud).min()) if len(cloud) and len(there) else np.inf


def upright_box(points: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centre ``[3]``, extent ``[3]`` and rotation ``[3, 3]`` of the smallest upright box around points ``[K, 3]``, m.

    The columns of the rotation are the box's axes: the longer horizontal side, the shorter one, up. To 1 degree.

    Raises:
        RuntimeError: fewer than four points.
    """
    cloud = _cloud(points)
    if len(cloud) < _FEWEST:
        raise RuntimeError(f"a box needs {_FEWEST} points, got {len(cloud)}")
    x, y, z = cloud.T.copy()
    turns = ((c * x + s * y, c * y - s * x) for c, s in zip(np.cos(_ANGLES), np.sin(_ANGLES), strict=True))
    sides = np.array([[(axis.min(), axis.max()) for axis in turn] for turn in turns])
    lengths = sides[:, :, 1] - sides[:, :, 0]
    best = int(np.argmin(lengths[:, 0] * lengths[:, 1]))
    c, s = np.cos(_ANGLES[best]), np.sin(_ANGLES[best])
    along, aside = sides[best].mean(axis=1)
    centre = np.array([c * along - s * aside, s * along + c * aside, (z.min() + z.max()) / 2])
    axes = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    extent = np.array([*lengths[best], z.max() - z.min()])
    if extent[0] < extent[1]:
        extent = extent[[1, 0, 2]]
        axes = np.stack([axes[:, 1], -axes[:, 0], axes[:, 2]], axis=1)
    return centre, extent, axes


def _cloud(points: Any) -> np.ndarray:
    cloud = np.asarray(points, dtype=np.float64)
    if cloud.ndim != 2 or cloud.shape[1] != 3:
        raise ValueError(f"points have the shape (K, 3), not {cloud.shape}")
    if not np.isfinite(cloud).all():
        raise ValueError("points must be finite numbers; leave out pixels without depth")
    return cloud


def _last_of_crowd(distance: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Distance to the last point of a crowd around each place; infinite where there are too few points for one."""
    return np.where(taken.sum(axis=1) < CROWD, np.inf, (distance * (taken > 0)).max(axis=1))


def _of_nearest(cloud: np.ndarray, count: int, measure: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
    """A measure of each point, ``[K]``, from ``[N, M]`` distances to places near it, and how many points are there.

    Points at one place are looked up once: a tree of many of them would be slow.
    """
    places, own, copies = np.unique(cloud, axis=0, return_inverse=True, return_counts=True)
    tree, ranks, found = _tree(places), range(1, min(count, len(places)) + 1), []
    for start in range(0, len(places), _BLOCK):
        distance, index = tree.query(places[start : start + _BLOCK], k=ranks)
        after = np.cumsum(copies[index], axis=1)
        found.append(measure(distance, np.clip(count - (after - copies[index]), 0, copies[index])))
    return np.concatenate(found)[own.reshape(-1)]


def _to_nearest(there: np.ndarray, cloud: np.ndarray) -> np.ndarray:
    """Distance from each point of a cloud to the nearest of the points ``there``."""
    return _tree(np.unique(there, axis=0)).query(cloud)[0]


def _tree(places: np.ndarray) -> Any:
    """A tree of places that all differ."""
    from scipy.spatial import KDTree  # where it is needed: it takes long to import

    return KDTree(places)
