"""The way to a target around what a robot has seen: which lanes are refused and why, and where the others pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.planning.free_path import BlockedRegion, free_paths
from aspire_mjx.planning.obstacles import Obstacles
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.surroundings import height_maps
from aspire_mjx.status import Status

#: Shares of a sphere's radius that the arm may be in what was seen, at the start and at the goal: maps err by a cell.
_START, _GOAL = 0.7, 0.33


@dataclass(frozen=True, eq=False)
class ClearWay:
    """How ``N`` lanes get to where their last, straight stretch begins.

    Attributes:
        points: ``[N, W, 7]`` rad, joined by straight lines in joint space; points may repeat.
        status: ``[N]`` OK, or START_IN_COLLISION, GOAL_IN_COLLISION, PLANNING_ERROR.
        blocked: what is in the way of those.
    """

    points: np.ndarray
    status: np.ndarray
    blocked: BlockedRegion

    def message(self, lane: int) -> str:
        """What is in the way of a refused lane, "" for one that is not refused."""
        if self.status[lane] == Status.OK:
            return ""
        at, size = self.blocked.centre[lane], self.blocked.size[lane]
        if np.isnan(at).any():
            return "no path that stays above the surface"
        where = f"something {size[0]:.2f} x {size[1]:.2f} x {size[2]:.2f} m at ({at[0]:.2f}, {at[1]:.2f}, {at[2]:.2f})"
        return {
            Status.START_IN_COLLISION: f"the arm stands in {where} as last seen",
            Status.GOAL_IN_COLLISION: f"at the target the arm would touch {where}",
            Status.PLANNING_ERROR: f"no free path past {where}",
        }[Status(int(self.status[lane]))]


def clear_way(lanes: Lanes, current: np.ndarray, approach: np.ndarray, wanted: np.ndarray) -> ClearWay:
    """From ``current`` to the first way-point of an approach, and along the approach to its last one.

    Lanes that have seen nothing go straight. What lies between the fingers at the start and at the goal does not
    count: a hand comes near what it grasps.

    Args:
        lanes: ``N`` lanes, whose looks are in their maps.
        current: ``[N, 7]`` rad.
        approach: ``[N, W, 7]`` rad, ``W`` at least 1; points may repeat.
        wanted: ``[N]`` bool, lanes that are to be planned for.
    """
    count, straight = len(lanes), np.stack([current, approach[:, 0]], axis=1)
    way = ClearWay(straight, np.full(count, Status.OK), BlockedRegion.none(count))
    rows = np.flatnonzero(wanted & [memory.seen for memory in lanes.memory])
    if not len(rows):
        return way
    seen = lanes.take(rows)
    points, status, blocked = _around(seen, current[rows], approach[rows])
    way.status[rows], way.blocked.centre[rows], way.blocked.size[rows] = status, blocked.centre, blocked.size
    longer = np.repeat(approach[:, :1], points.shape[1], axis=1)
    longer[:, 0], longer[rows] = current, points
    return ClearWay(longer, way.status, way.blocked)


def _around(lanes: Lanes, start: np.ndarray, approach: np.ndarray) -> tuple[np.ndarray, np.ndarray, BlockedRegion]:
    """Way-points ``[N, W, 7]``, status ``[N]`` and what blocks, for lanes that have all seen something."""
    own, goal = np.arange(len(lanes)), approach[:, -1]
    maps = height_maps(lanes.memory)
    obstacles = Obstacles.of(
        maps,
        start,
        goal,
        support=lanes.support_height,
        width=lanes.width,
        held_object_reach=lanes.held_object_reach,
    )
    blocked, status = BlockedRegion.none(len(lanes)), np.full(len(lanes), Status.OK)

    def refuse(which: np.ndarray, why: Status, q: np.ndarray) -> None:
        rows = np.flatnonzero(which & (status == Status.OK))
        if len(rows):
            status[rows] = why
            samples = q[rows].reshape(-1, 7)
            touch = obstacles.take(rows).touched(samples, np.repeat(np.arange(len(rows)), len(samples) // len(rows)))
            blocked.record(touch, rows, lanes.support_height)

    ends = obstacles.touched(np.concatenate([start, goal]), np.concatenate([own, own]))
    at_start, at_goal = ends.depth.reshape(2, -1)
    refuse(at_start > _START, Status.START_IN_COLLISION, start)
    refuse(at_goal > _GOAL, Status.GOAL_IN_COLLISION, goal)
    obstacles.allow_contact(ends, np.asarray(status == Status.OK))
    whole = np.concatenate([start[:, None], approach], axis=1)
    moves = (whole[:, 1:] != whole[:, :-1]).any(axis=2)  # [N, W] legs
    moves[:, 0] = True  # the way to the approach is asked about even where it is a point
    hit = moves & (status == Status.OK)[:, None]
    lane, leg = np.nonzero(hit)
    hit[lane, leg] = obstacles.legs_hit(whole[lane, leg], whole[lane, leg + 1], lane)
    refuse(hit[:, 1:].any(axis=1), Status.PLANNING_ERROR, approach)
    paths = free_paths(obstacles, start, approach[:, 0], hit[:, 0] & (status == Status.OK))
    lost = ~paths.found
    status[lost] = Status.PLANNING_ERROR
    blocked.centre[lost], blocked.size[lost] = paths.blocked.centre[lost], paths.blocked.size[lost]
    return paths.points, status, blocked
