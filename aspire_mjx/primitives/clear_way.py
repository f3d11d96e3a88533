"""The way to a target around what a robot has seen, and what was seen in the way where none is free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.planning import kinematics
from aspire_mjx.planning.free_path import BlockedRegion, free_paths
from aspire_mjx.planning.obstacles import Obstacles
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.surroundings import height_maps
from aspire_mjx.status import Status

#: Shares of a sphere's radius that the arm may be in what was seen, at the start and at the goal: maps err by a cell.
_START, _GOAL = 0.7, 0.33
#: m that the fingertip point goes straight whatever was seen: a push in small steps is not taken over the pushed thing.
_SHORT = 0.08
_STANDS_OFF = 0.002  # m that the arm stands beside where it was sent: 8 cm from there are a short way
_NOTES = {
    Status.OK: "",
    Status.START_IN_COLLISION: "start_in_collision",
    Status.GOAL_IN_COLLISION: "goal_in_collision",
    Status.PLANNING_ERROR: "no_free_path",
}


@dataclass(frozen=True, eq=False)
class Obstruction(Columns):
    """What was seen in the way of ``N`` motions.

    Attributes:
        why: ``[N]`` OK, or the first that holds of START_IN_COLLISION, GOAL_IN_COLLISION and PLANNING_ERROR.
        region: what is in the way of those.
    """

    why: np.ndarray
    region: BlockedRegion

    @classmethod
    def none(cls, lanes: int) -> Obstruction:
        """Nothing is in the way."""
        return cls(np.full(lanes, Status.OK), BlockedRegion.none(lanes))

    def notes(self) -> tuple[str, ...]:
        """``N`` words for it, "" where nothing is in the way."""
        return tuple(_NOTES[Status(code)] for code in self.why.tolist())

    def message(self, lane: int) -> str:
        """What is in the way of a lane, "" where nothing is."""
        if self.why[lane] == Status.OK:
            return ""
        at, size = self.region.centre[lane], self.region.size[lane]
        if np.isnan(at).any():
            return "no path that stays above the surface"
        where = f"something {size[0]:.2f} x {size[1]:.2f} x {size[2]:.2f} m at ({at[0]:.2f}, {at[1]:.2f}, {at[2]:.2f})"
        return {
            Status.START_IN_COLLISION: f"the arm stands in {where} as last seen",
            Status.GOAL_IN_COLLISION: f"at the target the arm would touch {where}",
            Status.PLANNING_ERROR: f"no free path past {where}",
        }[Status(int(self.why[lane]))]


@dataclass(frozen=True, eq=False)
class ClearWay:
    """How ``N`` lanes get to where their last, straight stretch begins.

    Attributes:
        points: ``[N, W, 7]`` rad, joined by straight lines in joint space; points may repeat. Where no way around what
            was seen is free it is the straight one.
        obstruction: what was seen in the way.
    """

    points: np.ndarray
    obstruction: Obstruction


def clear_way(
    lanes: Lanes, current: np.ndarray, approach: np.ndarray, wanted: np.ndarray, careful: np.ndarray
) -> ClearWay:
    """From ``current`` to the first way-point of an approach, and along the approach to its last one.

    Lanes that have seen nothing go straight, and so do those that are not ``careful`` with a short way, or after a
    motion that a contact stopped: what pushes back there has not been seen rightly, and a way around it leads into it.
    What lies between the fingers at the start and at the goal does not count: a hand comes near what it grasps.

    Args:
        lanes: ``N`` lanes, whose looks are in their maps.
        current: ``[N, 7]`` rad.
        approach: ``[N, W, 7]`` rad, ``W`` at least 1; points may repeat.
        wanted: ``[N]`` bool, lanes that are to be planned for.
        careful: ``[N]`` bool, lanes that go around what was seen on a short way, too.
    """
    straight, obstruction = np.stack([current, approach[:, 0]], axis=1), Obstruction.none(len(lanes))
    rows = np.flatnonzero(wanted & [memory.seen for memory in lanes.memory])
    if not len(rows):
        return ClearWay(straight, obstruction)
    points, found = _around(lanes.take(rows), current[rows], approach[rows], careful[rows])
    longer = np.repeat(approach[:, :1], points.shape[1], axis=1)
    longer[:, 0], longer[rows] = current, points
    return ClearWay(longer, obstruction.put(rows, found))


def _around(
    lanes: Lanes, start: np.ndarray, approach: np.ndarray, careful: np.ndarray
) -> tuple[np.ndarray, Obstruction]:
    """Way-points ``[N, W, 7]`` and what is in the way, for lanes that have all seen something."""
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
    obstruction = Obstruction.none(len(lanes))
    why, region = obstruction.why, obstruction.region

    def note(which: np.ndarray, reason: Status, q: np.ndarray) -> None:
        rows = np.flatnonzero(which & (why == Status.OK))
        if len(rows):
            why[rows] = reason
            samples = q[rows].reshape(-1, 7)
            touch = obstacles.take(rows).touched(samples, np.repeat(np.arange(len(rows)), len(samples) // len(rows)))
            region.record(touch, rows, lanes.support_height)

    ends = obstacles.touched(np.concatenate([start, goal]), np.concatenate([own, own]))
    at_start, at_goal = ends.depth.reshape(2, -1)
    note(at_start > _START, Status.START_IN_COLLISION, start)
    note(at_goal > _GOAL, Status.GOAL_IN_COLLISION, goal)
    obstacles.allow_contact(ends)
    whole = np.concatenate([start[:, None], approach], axis=1)
    hit = (whole[:, 1:] != whole[:, :-1]).any(axis=2)  # [N, W] legs
    hit[:, 0] = True  # the way to the approach is asked about even where it is a point
    lane, leg = np.nonzero(hit)
    hit[lane, leg] = obstacles.legs_hit(whole[lane, leg], whole[lane, leg + 1], lane)
    stuck = np.array([memory.blocked for memory in lanes.memory], bool)
    hit[:, 0] &= careful | (_tip_distance(start, approach[:, 0]) > _SHORT + _STANDS_OFF) & ~stuck
    note(hit[:, 1:].any(axis=1), Status.PLANNING_ERROR, approach)
    paths = free_paths(obstacles, start, approach[:, 0], hit[:, 0])
    lost = np.flatnonzero(~paths.found & (why == Status.OK))
    why[lost] = Status.PLANNING_ERROR
    region.centre[lost], region.size[lost] = paths.blocked.centre[lost], paths.blocked.size[lost]
    return paths.points, obstruction


def _tip_distance(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Distances ``[N]`` m between the fingertip points at joint angles ``[N, 7]``."""
    return np.linalg.norm(kinematics.forward(end)[0] - kinematics.forward(start)[0], axis=1)
