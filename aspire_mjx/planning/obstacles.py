"""Which joint configurations and straight joint-space legs touch what the lanes have seen.

The robot is a set of spheres (:mod:`aspire_mjx.planning.robot_spheres`), the scene a height map of solid columns.
Spheres above everything within 8 cells are cleared at a glance; only the others are compared cell by cell. Numpy only,
elementwise: a lane's answer does not depend on the batch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from aspire_mjx.columns import SHARED, Columns
from aspire_mjx.planning import kinematics, robot_spheres
from aspire_mjx.planning.height_map import BLOCK, BLOCK_MARGIN, CELL, SHAPE, UNKNOWN, HeightMap, cell_centre, cell_index
from aspire_mjx.planning.kinematics import FINGERTIP_OFFSET
from aspire_mjx.planning.robot_spheres import RADII, ROBOT

MARGIN = 0.01  #: m kept from sensed points: their noise, and half the diagonal of a cell
SURFACE = 0.02  #: m; what rises less than that above the support is taken for the support itself
_BACK = 2  # cells
_SINK = 0.012  # m that a sphere may reach into the support: spheres are fatter than the robot
_EDGE = BLOCK_MARGIN  # cells around the map, so that no index leaves it
_STEP = 0.04  # m that the hand moves at most between two samples of a leg
_LEVER = np.array([0.85, 0.85, 0.6, 0.6, 0.3, 0.3, 0.12])  # m that the hand moves at most for each rad of a joint
_GRASPED = (0.12, 0.05)  # m, half the length and width (between the open fingers) of what a hand is about to hold
_CACHED = 4  # lanes whose maps fit into a processor's cache with all that is made of them
_GROWN = RADII + MARGIN
_RADII = np.unique(_GROWN).tolist()
_ABOVE = 0.03  # m that the fingertip point may be beside an end while it counts as above it
_PALM = 0.036  # m above the fingertip point, where the hand begins


@dataclass(frozen=True, eq=False)
class ObstacleContact:
    """Cells that configurations of some lanes touch.

    Attributes:
        lane: ``[T]`` lane of each.
        x: ``[T]`` m, middle of the cell.
        y: ``[T]`` m, middle of the cell.
        top: ``[T]`` m, top of the cell.
        sample: ``[T]`` which of the configurations touches it.
        depth: ``[M]`` how deep each configuration is inside something seen: that of its deepest sphere in shares of its
            radius with the margin, 0 for free ones, 1 where its centre is in.
    """

    lane: np.ndarray
    x: np.ndarray
    y: np.ndarray
    top: np.ndarray
    sample: np.ndarray
    depth: np.ndarray


@dataclass(frozen=True, eq=False)
class Obstacles(Columns):
    """What stands in the way of ``N`` lanes.

    A hand comes near what it grasps or lets go. So there are two scenes: the *whole* one, in which things have backs
    that were not seen, and the *bare* one without those, and without what is between the fingers, or is touched anyway,
    at either end of a motion. The bare one holds only while the fingertip point is (nearly) straight above an end.

    Attributes:
        height: ``[N, 2, X + 2 edges, Y + 2 edges]`` m, the maps without the support, :data:`UNKNOWN` around them:
            whole one, then bare one.
        coarse: ``[N, ...]`` upper bounds of :meth:`HeightMap.coarse`.
        highest: ``[N]`` m, of the whole map.
        ends: ``[N, 2, 2]`` m, of both ends x and y of the fingertip point.
        support: m, height of the floor or table.
        width: ``[N]`` m between the fingertips.
        held_object_reach: ``[N]`` m that what is held reaches beyond the fingertips, 0 for nothing.
    """

    height: np.ndarray
    coarse: np.ndarray
    highest: np.ndarray
    ends: np.ndarray
    support: float = field(metadata=SHARED)
    width: np.ndarray
    held_object_reach: np.ndarray

    @classmethod
    def of(
        cls,
        maps: HeightMap,
        start: np.ndarray,
        goal: np.ndarray,
        *,
        support: float,
        width: np.ndarray,
        held_object_reach: np.ndarray,
    ) -> Obstacles:
        """The obstacles that maps show to motions from ``start`` to ``goal [N, 7]`` rad."""
        lanes, (rows, columns) = len(maps), SHAPE
        height = np.full((lanes, 2, rows + 2 * _EDGE, columns + 2 * _EDGE), UNKNOWN, np.float32)
        whole, bare = (height[:, scene, _EDGE:-_EDGE, _EDGE:-_EDGE] for scene in (0, 1))
        coarse = np.zeros((lanes, rows // BLOCK, columns // BLOCK), np.float32)
        for some in (slice(lane, lane + _CACHED) for lane in range(0, lanes, _CACHED)):
            known = maps.height[some]
            bare[some] = above = np.where(known > support + SURFACE, known, np.float32(UNKNOWN))
            whole[some] = thick = _thickened(above, known == UNKNOWN)
            coarse[some] = HeightMap(thick).coarse()
        origin, x, y, z = kinematics.chain(np.ascontiguousarray(np.concatenate([start, goal]).T))[-1]
        tip = origin + FINGERTIP_OFFSET * z
        ends = tip[:2].reshape(2, 2, lanes).transpose(2, 1, 0)
        made = cls(height, coarse, coarse.max(axis=(1, 2)), ends, support, width, held_object_reach)
        _clear_grasped(made.scenes, np.tile(2 * np.arange(lanes) + 1, 2), tip, (x, y, z), support)
        return made

    @property
    def scenes(self) -> np.ndarray:
        """``[2 N, ...]`` the heights, of each lane the whole scene and then the bare one; a view."""
        return self.height.reshape(-1, *self.height.shape[2:])

    def allow_contact(self, contact: ObstacleContact) -> None:
        """Takes what is touched out of the bare scene, in place: the arm may at an end."""
        i, j = cell_index(contact.x, contact.y)
        self.height[contact.lane, 1, i + _EDGE, j + _EDGE] = UNKNOWN

    def touched(self, q: np.ndarray, lane: np.ndarray) -> ObstacleContact:
        """The cells that configurations ``q [M, 7]`` of lanes ``[M]`` touch."""
        probe, depth = _Probe.of(self, q, lane), np.zeros(len(q))
        parts = []
        for radius in _RADII:
            sample, gap, i, j = self._gaps(probe, probe.radius == radius, radius)
            np.maximum.at(depth, sample, 1.0 - np.sqrt(gap.min(axis=1)) / radius)
            sphere, cell = np.nonzero(gap < radius**2)
            side = math.isqrt(gap.shape[1])
            parts.append(np.stack([sample[sphere], i[sphere] + cell // side, j[sphere] + cell % side]))
        sample, i, j = np.concatenate(parts, axis=1)
        top = self.scenes[probe.scene[sample], i + _EDGE, j + _EDGE]
        return ObstacleContact(lane[sample], *cell_centre(i, j), top, sample, depth)

    def legs_hit(self, start: np.ndarray, end: np.ndarray, lane: np.ndarray) -> np.ndarray:
        """Whether straight legs in joint space from ``start`` to ``end [M, 7]``, ends included, touch something."""
        q, leg = sampled(start, end)
        probe = _Probe.of(self, q, lane[leg])
        hit = np.bincount(leg[probe.sunk | probe.buried], minlength=len(start)) > 0
        for radius in _RADII:
            sample, gap, _, _ = self._gaps(probe, (probe.radius == radius) & ~hit[leg[probe.sample]], radius)
            hit[leg[sample[gap.min(axis=1) < radius**2]]] = True
        return hit

    def _gaps(self, probe: _Probe, near: np.ndarray, radius: float) -> tuple[np.ndarray, ...]:
        """Squared distances of those spheres of a probe that are ``near [P]`` bool to the columns around them.

        Args:
            probe: the spheres.
            near: which of them.
            radius: theirs, m.

        Returns:
            Sample ``[R]`` of each sphere, squares ``[R, C]`` m^2 and the cell ``i, j [R]`` of the first of the columns,
            which form a square, row by row.
        """
        span = int(np.ceil(radius / CELL))
        offset = np.arange(-span, span + 1)
        rows = np.flatnonzero(near)
        sample, i, j = probe.sample[rows], probe.i[rows], probe.j[rows]
        if not len(rows):  # of most radii none is near anything
            return sample, np.zeros((0, len(offset) ** 2), np.float32), i, j
        x, y, z = probe.centre[:, rows]
        ci, cj = i[:, None] + offset, j[:, None] + offset
        px, py = cell_centre(ci, cj)
        rows, columns = (np.clip(c + _EDGE, 0, n + 2 * _EDGE - 1) for c, n in zip((ci, cj), SHAPE, strict=True))
        top = self.scenes[probe.scene[sample, None, None], rows[:, :, None], columns[:, None, :]]
        gap = np.maximum(z.astype(np.float32)[:, None, None] - top, np.float32(0))
        gap *= gap
        gap += ((px - x[:, None]) ** 2).astype(np.float32)[:, :, None]
        gap += ((py - y[:, None]) ** 2).astype(np.float32)[:, None, :]
        return sample, gap.reshape(len(gap), len(offset) ** 2), i - span, j - span


@dataclass(frozen=True, eq=False)
class _Probe:
    """Those of the spheres of ``M`` configurations that something within 8 cells may touch, ``P`` in all.

    Attributes:
        scene: ``[M]``, row of the heights that holds for each: the lane's whole or bare scene.
        radius: ``[P]`` m, with the margin.
        sample: ``[P]`` configuration of each.
        centre: ``[3, P]`` m.
        i: ``[P]`` cell along x.
        j: ``[P]`` cell along y.
        buried: ``[M]`` bool, a sphere's centre is under what was seen in its own cell.
        sunk: ``[M]`` bool, a sphere of the robot itself is in the support.
    """

    scene: np.ndarray
    radius: np.ndarray
    sample: np.ndarray
    centre: np.ndarray
    i: np.ndarray
    j: np.ndarray
    buried: np.ndarray
    sunk: np.ndarray

    @classmethod
    def of(cls, obstacles: Obstacles, q: np.ndarray, lane: np.ndarray) -> _Probe:
        centre, tip = robot_spheres.centres(
            q, width=obstacles.width[lane], held_object_reach=obstacles.held_object_reach[lane]
        )
        low = centre[:, 2] - RADII[:, None]
        off = [np.hypot(*(tip[:2] - obstacles.ends[lane, end].T)) for end in (0, 1)]
        scene = 2 * lane + (np.minimum(*off) < _ABOVE)
        sphere, sample = np.nonzero(low - MARGIN < obstacles.highest[lane])  # most are above all that was seen
        x, y, z = (centre[sphere, axis, sample] for axis in range(3))
        i, j = cell_index(np.clip(x, -9.0, 9.0), np.clip(y, -9.0, 9.0))
        on_map = (i > -_EDGE) & (i < SHAPE[0] + _EDGE - 1) & (j > -_EDGE) & (j < SHAPE[1] + _EDGE - 1)
        bi, bj = (np.clip(c, 0, n - 1) // BLOCK for c, n in zip((i, j), SHAPE, strict=True))
        near = np.flatnonzero(on_map & (low[sphere, sample] - MARGIN < obstacles.coarse[lane[sample], bi, bj]))
        sphere, sample, i, j = sphere[near], sample[near], i[near], j[near]
        buried = np.zeros(len(q), bool)
        buried[sample[z[near] < obstacles.scenes[scene[sample], i + _EDGE, j + _EDGE]]] = True
        sunk = np.asarray((low[:ROBOT] < obstacles.support - _SINK).any(axis=0))
        return cls(scene, _GROWN[sphere], sample, np.stack([x, y, z])[:, near], i, j, buried, sunk)


def _thickened(height: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """Heights in which what was seen goes on for :data:`_BACK` cells into cells that were not: a thing has a back."""
    for _ in range(_BACK):
        around = height.copy()
        np.maximum(around[:, 1:], height[:, :-1], out=around[:, 1:])
        np.maximum(around[:, :-1], height[:, 1:], out=around[:, :-1])
        both = around.copy()
        np.maximum(both[:, :, 1:], around[:, :, :-1], out=both[:, :, 1:])
        np.maximum(both[:, :, :-1], around[:, :, 1:], out=both[:, :, :-1])
        height = np.where(unknown, both, height)
    return height


def _clear_grasped(
    height: np.ndarray, rows: np.ndarray, tip: np.ndarray, axes: tuple[np.ndarray, ...], support: float
) -> None:
    """Takes what is between the open fingers of hands out of the padded maps ``rows``, in place."""
    reach = int(np.ceil(np.hypot(*_GRASPED) / CELL)) + 1
    window = np.arange(-reach, reach + 1)
    i, j = (np.clip(c, 0, n - 1) for c, n in zip(cell_index(tip[0], tip[1]), SHAPE, strict=True))
    i, j = (np.clip(c[:, None] + window, 0, n - 1) for c, n in zip((i, j), SHAPE, strict=True))
    cells = rows[:, None, None], i[:, :, None] + _EDGE, j[:, None, :] + _EDGE
    i, j, top = i[:, :, None], j[:, None, :], height[cells]
    place = (*cell_centre(i, j), np.maximum(top, support))
    offset = [p - t[:, None, None] for p, t in zip(place, tip, strict=True)]
    along, across, out = (sum(o * a[:, None, None] for o, a in zip(offset, axis, strict=True)) for axis in axes)
    between = (np.abs(along) < _GRASPED[0]) & (np.abs(across) < _GRASPED[1]) & (out > -_PALM)
    lane, row, column = np.nonzero(between)
    height[rows[lane], i[lane, row, 0] + _EDGE, j[lane, 0, column] + _EDGE] = UNKNOWN


def sampled(start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Configurations ``[M, 7]`` along straight legs ``[L, 7]``, ends included, and the leg of each ``[M]``."""
    way = end - start
    travel = np.zeros(len(way))
    for joint, lever in enumerate(_LEVER):
        travel += lever * np.abs(way[:, joint])
    count = np.ceil(travel / _STEP).astype(int) + 1
    leg = np.repeat(np.arange(len(way)), count)
    number = np.arange(len(leg)) - np.repeat(np.cumsum(count) - count, count)
    share = number / np.maximum(count - 1, 1)[leg]
    return start[leg] + share[:, None] * way[leg], leg
