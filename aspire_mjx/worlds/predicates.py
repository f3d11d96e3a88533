"""The benchmark's predicates, batched, with signed margins. Exact definitions: see docs/architecture.md, "Judging"."""

from __future__ import annotations

import numpy as np

from aspire_mjx.errors import UnknownNameError, WorldError
from aspire_mjx.geometry import rotate, to_matrix
from aspire_mjx.worlds.assets import contain_region
from aspire_mjx.worlds.placement import slot_order
from aspire_mjx.worlds.tasks import Literal, Task
from aspire_mjx.worlds.template import Template

_IN_BELOW = 0.01  #: m, how far below the region the benchmark's In still counts


def goal_margin(template: Template, task: Task, qpos: np.ndarray) -> np.ndarray:
    """Signed distance of states ``qpos [N, nq]`` to the goal's boundary, ``[N]`` m; above 0 the goal holds.

    Goals are conjunctions: the margin is the smallest of the literals'.

    Raises:
      UnknownNameError: a predicate that is not built in.
    """
    return np.min([_literal_margin(template, task, literal, qpos) for literal in task.goal], axis=0)


def _literal_margin(template: Template, task: Task, literal: Literal, qpos: np.ndarray) -> np.ndarray:
    predicate, *names = literal
    if predicate != "In":
        raise UnknownNameError("predicate", predicate, ("In",))
    order = [p.object for p in slot_order(task)]
    name, region = names
    holder = next((o for o in order if region.startswith(o + "_")), None)
    if name not in order or holder is None:
        raise WorldError(f"task {task.key}: literal {literal} names no object of the task; objects: {order}")
    position, _ = _slot_pose(template, order.index(name), qpos)
    return in_margin(position, *_slot_pose(template, order.index(holder), qpos), task.category_of(region))


def in_margin(point: np.ndarray, position: np.ndarray, quaternion: np.ndarray, container: str) -> np.ndarray:
    """``In``: the origin of an object lies in the world-aligned box around the container's region.

    Upstream takes ``|R @ half size|`` as the box's half size, R the region's rotation, and lets the object's origin
    reach 1 cm below it; there is no contact condition.

    Args:
      point: ``[N, 3]`` m, the object's origin.  position, quaternion: ``[N, 3]``, ``[N, 4]`` the container's pose.

    Returns:
      ``[N]`` m, distance to the nearest face, above 0 inside.
    """
    region = contain_region(container)
    centre = position + rotate(quaternion, np.broadcast_to(region.centre, position.shape))
    half = np.abs(to_matrix(quaternion) @ np.asarray(region.half_size))
    low, high = centre - half, centre + half
    low = low - np.array([0.0, 0.0, _IN_BELOW])
    return np.min(np.concatenate([point - low, high - point], axis=-1), axis=-1)


def _slot_pose(template: Template, slot: int, qpos: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    address = template.slot_qpos[slot]
    return qpos[:, address : address + 3], qpos[:, address + 3 : address + 7]
