"""The primitives that take no simulated time: looking, computing, asking."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.planning import collision, ik, kinematics
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.perception import CameraRig
from aspire_mjx.primitives.registry import Family, Primitive
from aspire_mjx.primitives.results import Answer, Results
from aspire_mjx.primitives.seeing import sense
from aspire_mjx.status import Status

INSTANT = frozenset({Family.QUERY, Family.SENSE, Family.PLAN})  #: families served here


def serve(primitive: Primitive, lanes: Lanes, arguments: Mapping, cameras: CameraRig) -> Answer:
    """Answers a QUERY, SENSE or PLAN request."""
    if primitive.family is Family.SENSE:
        return sense(primitive, lanes, arguments, cameras)
    return Answer(_computed(primitive, lanes, arguments), lanes.memory)


#: What the robot reads of itself: columns in the order of the declared fields.
_READINGS: dict[str, Callable[[Lanes], Sequence[Any]]] = {
    "get_eef_pose": lambda lanes: kinematics.hand_pose(lanes.arm),
    "get_gripper_width": lambda lanes: [lanes.width],
    "get_joint_positions": lambda lanes: [lanes.arm],
    "is_holding": lambda lanes: [lanes.holding.astype(np.float64)],
    "steps_left": lambda lanes: [lanes.ticks_left.astype(np.float64)],
    "task_language": lambda lanes: [tuple(spec.task.language for spec in lanes.worlds.specs)],
}


def _computed(primitive: Primitive, lanes: Lanes, arguments: Mapping) -> Results:
    if primitive.name == "solve_ik":
        return _solve_ik(primitive, lanes, arguments)
    names = [field.name for field in primitive.fields]
    fields = dict(zip(names, _READINGS[primitive.name](lanes), strict=True))
    return Results(primitive, np.zeros(len(lanes), np.int16), fields, ("",) * len(lanes))


def _solve_ik(primitive: Primitive, lanes: Lanes, arguments: Mapping) -> Results:
    found = ik.solve(
        arguments["position"],
        arguments["quaternion_wxyz"],
        current=lanes.command[:, :7],
        clearance=lambda q, _: collision.check_collisions(q, floor_height=lanes.support_height).clearance,
    )
    status = np.where(found.reachable, Status.OK, Status.IK_INFEASIBLE).astype(np.int16)
    fields = {
        "joints": found.q,
        "position_error": found.position_error,
        "rotation_error": found.rotation_error,
        "joint_margin": found.margin,
    }
    messages = tuple(
        "" if ok else f"the closest configuration is {1e3 * p:.0f} mm and {np.degrees(r):.0f} degrees off"
        for ok, p, r in zip(found.reachable, found.position_error, found.rotation_error, strict=True)
    )
    return Results(primitive, status, fields, messages)
