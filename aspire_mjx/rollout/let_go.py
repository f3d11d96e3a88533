"""What the strict verdict asks beyond the goal: the robot has let go, and nothing was knocked over.

Decided by shape, in the state after holding still: robot and things touch where their boxes overlap, as in MuJoCo,
whose contacts have no margin here.
"""

from __future__ import annotations

import numpy as np

from aspire_mjx.geometry import rotate
from aspire_mjx.physics.kinematics import POSE_LEAVES, geom_poses
from aspire_mjx.worlds.overlap import Boxes, nearest_gap
from aspire_mjx.worlds.poses import ThingPose
from aspire_mjx.worlds.predicates import Things, find_region, joints_of
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import CONTACT_GEOMS
from aspire_mjx.worlds.worlds import Worlds

#: The finger pads in the order of CONTACT_GEOMS, each as the rows of its boxes.
PADS = [np.array([number]) for number, name in enumerate(CONTACT_GEOMS) if name.endswith("_pad")]
_LEAN = np.cos(np.pi / 4)  # cosine of the angle between a thing's axis and the vertical from which on it has fallen


def robot_boxes(worlds: Worlds, qpos: np.ndarray) -> Boxes:
    """What of the robot touches things, in the states ``qpos [N, nq]``: ``[N, 4]``, in the order of CONTACT_GEOMS."""
    model = worlds.template.model
    geoms = [model.geom(name).id for name in CONTACT_GEOMS]
    centre, rotation = geom_poses(worlds.template, worlds.leaves(POSE_LEAVES), qpos)
    half = np.broadcast_to(model.geom_size[geoms], (len(qpos), len(geoms), 3))
    return Boxes(centre[:, geoms], rotation[:, geoms], half)


def left_alone(task: Task, things: Things, robot: Boxes) -> np.ndarray:
    """``[N]`` bool, states in which the robot has nothing to do with the goal any more.

    It touches no object of an ``On`` or ``In``, and no door, drawer or knob that another literal names; and it holds
    nothing that something was put on or in.

    Args:
        task: whose goal it is.
        things: by instance name, ``N`` states.
        robot: what of it touches things, ``[N, 4]``.
    """
    alone = np.ones(len(robot.centre), bool)
    for _, name, *holders in task.goal:
        if holders:
            moved = things[name].boxes
        else:
            owner, links = joints_of(task, name, things)
            moved = owner.boxes_of(links)
        alone &= ~_touch(robot, moved)
        holder = _holder(task, holders[0], things) if holders else None
        if holder is not None and not holder.asset.fixture:
            alone &= ~np.all([_touch(robot.subset(pad), holder.boxes) for pad in PADS], axis=0)
    return alone


def nothing_fell(task: Task, things: Things) -> np.ndarray:
    """``[N]`` bool, states in which what was put on something, and has a right way up, stands. On a rack it lies."""
    standing = np.ones(len(next(iter(things.values())).position), bool)
    for predicate, *names in task.goal:
        if predicate == "On" and things[names[0]].asset.upright:
            holder = _holder(task, names[1], things)
            if holder is None or holder.asset.fixture != "wine_rack":
                standing &= rotate(things[names[0]].quaternion, np.array([0.0, 0.0, 1.0]))[:, 2] > _LEAN
    return standing


def _holder(task: Task, name: str, things: Things) -> ThingPose | None:
    """What something was put on or in; None for the table or the floor."""
    if name in things or task.surface_region(name) is not None:
        return things.get(name)
    return find_region(task, name, things)[0]


def _touch(robot: Boxes, thing: Boxes) -> np.ndarray:
    """``[N]`` bool."""
    return nearest_gap(robot, thing) < 0.0
