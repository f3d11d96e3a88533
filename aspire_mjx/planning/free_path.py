"""Paths through free space: straight in joint space where that is free, else over or around what stands in the way.

The search is small and fixed, so that it is the same in any batch: from points straight above the start to points
straight above the goal, directly or by way of one of :func:`stations`, and of all that are free the quickest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from aspire_mjx import geometry
from aspire_mjx.columns import Columns
from aspire_mjx.planning import collision, ik, kinematics
from aspire_mjx.planning.height_map import CELL
from aspire_mjx.planning.kinematics import HOME, VELOCITY_LIMIT
from aspire_mjx.planning.obstacles import ObstacleContact, Obstacles, sampled

RISES = (0.0, 0.08, 0.16, 0.24, 0.32)  #: m above the start and above the goal
POINTS = 5  #: of a path: start, above it, a station, above the goal, goal
_LARGEST_TURN = 1.2  # rad that a joint may turn from one rise to the next: more is another branch
_PAUSE = 0.3  # s that a stop costs when paths are compared
_CLUSTER = 0.15  # m around the first cell touched that belongs to what blocks
_DOWN = np.array([0.0, 1.0, 0.0, 0.0])


@dataclass(frozen=True, eq=False)
class BlockedRegion(Columns):
    """Boxes that block ``N`` lanes, base frame; NaN where nothing does.

    Attributes:
        centre: ``[N, 3]`` m.
        size: ``[N, 3]`` m, from the support to the highest point touched.
    """

    centre: np.ndarray
    size: np.ndarray

    @classmethod
    def none(cls, lanes: int) -> BlockedRegion:
        """Nothing blocks."""
        return cls(np.full((lanes, 3), np.nan), np.full((lanes, 3), np.nan))

    def record(self, touch: ObstacleContact, lanes: np.ndarray, support: float) -> None:
        """Notes for ``lanes``, those of ``touch.lane``, what was touched around the cell that was touched first."""
        for number, lane in enumerate(lanes.tolist()):
            own = np.flatnonzero(touch.lane == number)
            if not len(own):
                continue
            first = own[np.argmin(touch.sample[own])]
            near = np.hypot(touch.x[own] - touch.x[first], touch.y[own] - touch.y[first]) < _CLUSTER
            x, y, top = touch.x[own][near], touch.y[own][near], float(touch.top[own][near].max())
            low, high = np.array([x.min(), y.min(), support]), np.array([x.max(), y.max(), top])
            self.centre[lane] = 0.5 * (low + high)
            self.size[lane] = high - low + (CELL, CELL, 0.0)


@dataclass(frozen=True, eq=False)
class Paths:
    """Way-points of ``N`` lanes, joined by straight lines in joint space.

    Attributes:
        points: ``[N, POINTS, 7]`` rad, the first where the arm stands; points may repeat, a straight line's do.
        found: ``[N]`` bool, the path is free; otherwise it is the straight line.
        blocked: what the straight line meets where there is no path.
    """

    points: np.ndarray
    found: np.ndarray
    blocked: BlockedRegion


def free_paths(obstacles: Obstacles, start: np.ndarray, goal: np.ndarray, hit: np.ndarray) -> Paths:
    """Free paths from ``start`` to ``goal [N, 7]`` rad, both of which must be free.

    Args:
        obstacles: of the lanes.
        start: ``[N, 7]`` rad.
        goal: ``[N, 7]`` rad.
        hit: ``[N]`` bool, lanes whose straight line is not free; the others take it.
    """
    lanes = len(start)
    points = np.repeat(goal[:, None], POINTS, axis=1)
    points[:, 0] = start
    found, blocked = np.ones(lanes, bool), BlockedRegion.none(lanes)
    rows = np.flatnonzero(hit)
    if not len(rows):
        return Paths(points, found, blocked)
    detour = _Detours(obstacles.take(rows), start[rows], goal[rows])
    points[rows], found[rows] = detour.best()
    lost = rows[~found[rows]]
    if len(lost):
        q, leg = sampled(start[lost], goal[lost])  # the lanes of ``lost`` are numbered from 0 here
        blocked.record(obstacles.take(lost).touched(q, leg), lost, obstacles.support)
    return Paths(points, found, blocked)


class _Detours:
    """The ways around for ``R`` lanes whose straight line is not free."""

    def __init__(self, obstacles: Obstacles, start: np.ndarray, goal: np.ndarray) -> None:
        self._obstacles = obstacles
        self._start = start
        self._goal = goal
        self._lanes = np.arange(len(start))
        above, free = self._rises(np.concatenate([start, goal]))  # [2 R, H, 7] and [2 R, H] bool
        self._above_start, self._above_goal = np.split(above, 2)
        self._leaves, self._comes = np.split(free, 2)
        self._cost = np.full(len(start), np.inf)
        self._points = np.repeat(goal[:, None], POINTS, axis=1)
        self._points[:, 0] = start

    def best(self) -> tuple[np.ndarray, np.ndarray]:
        """Way-points ``[R, POINTS, 7]`` and whether they are a free path ``[R]``; the straight line where not."""
        self._over()
        if (rows := np.flatnonzero(np.isinf(self._cost))).size:
            self._by_station(rows)
        return self._points, np.isfinite(self._cost)

    def _rises(self, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Configurations straight above ``q [2 R, 7]``, and which of them a straight leg from ``q`` reaches freely."""
        (position, quaternion), previous = kinematics.hand_pose(q), q
        above, free = [q], [np.ones(len(q), bool)]
        for rise in RISES[1:]:
            solved = ik.solve(position + (0.0, 0.0, rise), quaternion, current=previous, restarts=False)
            above.append(solved.q)
            free.append(solved.reachable & (np.abs(solved.q - previous).max(axis=1) < _LARGEST_TURN))
            previous = np.where(solved.reachable[:, None], solved.q, previous)
        points, reached = np.stack(above, axis=1), np.stack(free, axis=1)
        row, rise = np.nonzero(reached[:, 1:])
        hit = self._obstacles.legs_hit(q[row], points[row, rise + 1], np.tile(self._lanes, 2)[row])
        reached[row[hit], rise[hit] + 1] = False
        return points, reached

    def _over(self) -> None:
        """From above the start straight to above the goal."""
        lane, i, j = np.nonzero(self._leaves[:, :, None] & self._comes[:, None, :])
        self._consider(lane, self._above_start[lane, i], None, self._above_goal[lane, j])

    def _by_station(self, rows: np.ndarray) -> None:
        """By way of a station, from the start itself or the highest free point above it, and to the goal likewise."""
        through = stations()
        ends = []
        for above, free in ((self._above_start, self._leaves), (self._above_goal, self._comes)):
            highest = len(RISES) - 1 - np.argmax(free[rows, ::-1], axis=1)
            choices = np.stack([np.zeros_like(highest), highest], axis=1)  # [R, 2]
            points = above[rows[:, None], choices]
            row, choice, station = (a.ravel() for a in np.indices((len(rows), 2, len(through))))
            hit = self._obstacles.legs_hit(points[row, choice], through[station], rows[row])
            ends.append((points, ~hit.reshape(len(rows), 2, len(through))))
        (leave, off), (come, on) = ends
        row, i, j, station = np.nonzero(off[:, :, None] & on[:, None, :])
        self._consider(rows[row], leave[row, i], through[station], come[row, j])

    def _consider(self, lane: np.ndarray, first: np.ndarray, via: np.ndarray | None, last: np.ndarray) -> None:
        """Keeps the quickest of some ways; without a station, the leg between is checked here."""
        middle = first if via is None else via
        points = np.stack([self._start[lane], first, middle, last, self._goal[lane]], axis=1)
        legs = (np.abs(np.diff(points, axis=1)) / VELOCITY_LIMIT).max(axis=2)
        cost = legs.sum(axis=1) + _PAUSE * (legs > 0).sum(axis=1)
        if via is None and len(lane):
            cost = np.where(self._obstacles.legs_hit(first, last, lane), np.inf, cost)
        for way in np.lexsort((cost, lane)).tolist():
            if cost[way] < self._cost[lane[way]]:
                self._cost[lane[way]] = cost[way]
                self._points[lane[way]] = points[way]


@lru_cache(maxsize=1)
def stations() -> np.ndarray:
    """Configurations ``[K, 7]`` rad with the hand down all over the workspace, and home: where a detour may pass."""
    radius, bearing, height = (
        a.ravel() for a in np.meshgrid((0.35, 0.5, 0.65), np.linspace(-1, 1, 7), (0.2, 0.4, 0.6))
    )
    position = np.stack([radius * np.cos(bearing), radius * np.sin(bearing), height], axis=1)
    hand = geometry.multiply(geometry.from_yaw(bearing), _DOWN)
    solved = ik.solve(position, hand, current=np.tile(HOME, (len(position), 1)), restarts=False)
    usable = solved.reachable & ~collision.check_collisions(solved.q).colliding
    return np.concatenate([HOME[None], solved.q[usable]])
