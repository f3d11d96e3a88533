"""What only the judge knows of each call: where the goal's things were, what was held, what moved that should not.

Task-level evidence for the analysis of faults, read off the simulator's states before and after calls. Programs never
see it; its columns in a trace begin with ``true_``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from aspire_mjx.geometry import conjugate, multiply, rotate
from aspire_mjx.planning.kinematics import forward
from aspire_mjx.rollout.let_go import PADS, robot_boxes
from aspire_mjx.traces.schema import CALLS
from aspire_mjx.worlds.overlap import Boxes, nearest_gap
from aspire_mjx.worlds.poses import ThingPose
from aspire_mjx.worlds.predicates import Things, find_region, joints_of, literal_margin, region_moved
from aspire_mjx.worlds.tasks import Literal, Task
from aspire_mjx.worlds.workspaces import workspace
from aspire_mjx.worlds.worlds import Worlds

(LITERALS,) = CALLS["true_margins"].shape  #: of a goal that are followed; no task of the suites has more
_MOVED = 0.005  # m or rad, less is settling
_FELL = np.cos(np.pi / 4)  # cosine of how far a thing's vertical tilts when it falls over
_NEAR = 0.05  # m, hulls that are farther apart do not touch

Columns = dict[str, np.ndarray]  #: of ``schema.CALLS``, ``[N, ...]``


def evidence(
    task: Task,
    worlds: Worlds,
    before: np.ndarray,
    after: np.ndarray,
    point: np.ndarray,
    text: Callable[[str], int],
) -> Columns:
    """What became of the goal's things in ``N`` calls.

    Args:
        task: of all ``N`` worlds, which hold the same things.
        worlds: theirs.
        before: ``[N, nq]`` states when the calls began.
        after: ``[N, nq]`` states when they ended.
        point: ``[N, 3]`` m, what calls were about, world frame: where a motion was asked to go or a look reported
            something; NaN for others.
        text: numbers the texts of a trace.
    """
    old, new = worlds.things(before), worlds.things(after)
    names = np.array([text(name) for name in new])
    held, carried = _gripped(worlds, new, after), _gripped(worlds, old, before)
    idle = ~(held | carried)  # what the hand carries does not move by itself
    moved = idle * np.stack([_moved(old[name], new[name]) for name in new], axis=1)
    fell = idle & np.stack([_fell(old[name], new[name]) for name in new], axis=1)
    most = moved.argmax(axis=1)
    by = moved[np.arange(len(moved)), most]
    return {
        "true_held": np.where(held.any(axis=1), names[held.argmax(axis=1)], -1),
        "true_moved": np.where(by > _MOVED, names[most], -1),
        "true_moved_by": np.where(by > _MOVED, by, np.nan),
        "true_fell": np.where(fell.any(axis=1), names[fell.argmax(axis=1)], -1),
        "true_fingertip": forward(after[:, worlds.template.arm_qpos])[0] + worlds.base,
        **_near(old, point, names),
        **_literals(task, new),
    }


def _near(things: Things, point: np.ndarray, names: np.ndarray) -> Columns:
    """The thing nearest to the point of each call, and the offset of the point from it."""
    centres = np.stack([_middle(thing) for thing in things.values()], axis=1)
    known = np.asarray(np.isfinite(point).all(axis=1))
    offset = np.where(known[:, None], point, 0.0)[:, None] - centres
    nearest = np.linalg.norm(offset, axis=2).argmin(axis=1)
    return {
        "true_near": np.where(known, names[nearest], -1),
        "true_near_offset": np.where(known[:, None], offset[np.arange(len(offset)), nearest], np.nan),
    }


def _middle(thing: ThingPose) -> np.ndarray:
    """``[N, 3]`` m, of what it fills along the world's axes."""
    low, high = thing.hull
    return (low + high) / 2


def _gripped(worlds: Worlds, things: Things, qpos: np.ndarray) -> np.ndarray:
    """``[N, T]`` bool, which of the things both pads touch."""
    robot = robot_boxes(worlds, qpos)
    pads = [robot.subset(pad) for pad in PADS]
    return np.stack([np.all([_touch(pad, thing) for pad in pads], axis=0) for thing in things.values()], axis=1)


def _touch(pad: Boxes, thing: ThingPose) -> np.ndarray:
    """``[N]`` bool."""
    (low, high), (least, most) = thing.hull, (corner[:, 0] for corner in pad.bounds())
    rows = np.flatnonzero(np.maximum(low - most, least - high).max(axis=1) < _NEAR)
    touching = np.zeros(len(low), bool)
    if len(rows):
        touching[rows] = nearest_gap(pad.take(rows), thing.boxes.take(rows)) < 0.0
    return touching


def _moved(old: ThingPose, new: ThingPose) -> np.ndarray:
    """``[N]`` m that a thing moved, or a moving part of it (m or rad)."""
    joints = [np.abs(new.joints[link] - old.joints[link]) for link in new.joints]
    return np.max([np.linalg.norm(new.position - old.position, axis=1), *joints], axis=0)


def _fell(old: ThingPose, new: ThingPose) -> np.ndarray:
    """``[N]`` bool, a thing does not stand upon what it stood on: its vertical is tilted."""
    tilt = multiply(new.quaternion, conjugate(old.quaternion))
    return rotate(tilt, np.array([0.0, 0.0, 1.0]))[:, 2] < _FELL


def _literals(task: Task, things: Things) -> Columns:
    """Where the thing of each literal is, where it should be, and the literal's margin; NaN for what there is not."""
    count = len(next(iter(things.values())).position)
    columns = {
        "true_objects": np.full((count, LITERALS, 3), np.nan),
        "true_places": np.full((count, LITERALS, 3), np.nan),
        "true_margins": np.full((count, LITERALS), np.nan),
    }
    for number, literal in enumerate(task.goal[:LITERALS]):
        columns["true_margins"][:, number] = literal_margin(task, literal, things)
        if literal[1] in things and not things[literal[1]].asset.fixture:
            columns["true_objects"][:, number] = _middle(things[literal[1]])
        else:
            owner, links = joints_of(task, literal[1], things)
            columns["true_objects"][:, number] = owner.boxes_of(links).centre.mean(axis=1)
        if len(literal) == 3:
            columns["true_places"][:, number] = _place(task, literal, things)
    return columns


def _place(task: Task, literal: Literal, things: Things) -> np.ndarray:
    """Where the thing of an ``On`` or ``In`` should be, ``[N, 3]`` m: the middle of what the goal names."""
    _, name, holder = literal
    if holder in things:
        return things[holder].position
    surface = task.surface_region(holder)
    if surface is None:
        owner, region = find_region(task, holder, things)
        return owner.region(region)[0]
    place = workspace(task.workspace)
    middle = (np.asarray(surface.low) + np.asarray(surface.high)) / 2 + np.asarray(place.origin)[:2]
    moves = region_moved(task, surface, things[name], things)
    return moves.forth(np.tile([*middle, place.region_height], (len(moves.yaw), 1)))
