"""The benchmark's predicates, batched, with signed margins. Exact definitions: see docs/worlds.md, "Judging"."""

from __future__ import annotations

import numpy as np

from aspire_mjx.errors import UnknownNameError, WorldError
from aspire_mjx.worlds.assets import SiteRegion
from aspire_mjx.worlds.overlap import nearest_gap
from aspire_mjx.worlds.poses import Moves, ThingPose
from aspire_mjx.worlds.tasks import Literal, Region, Task
from aspire_mjx.worlds.workspaces import workspace

ON_RADIUS = 0.03  #: m, horizontal distance of origins within which one object counts as on another
_ON_LOW, _ON_HIGH = -0.005, 0.10  # m, window above a region's upper face
_IN_BELOW = 0.01  # m, how far below the region In still counts
_SURFACE_HALF = 0.007  # m, half height of a region of the table or floor
_UP = 1.0  # m
#: What is asked of a fixture's joints: whether any suffices or all must, and by kind of fixture (threshold, sign) of
#: sign * (threshold - q) > 0. A cabinet's drawers are named by their regions.
_JOINTS = {
    "Open": (np.max, {"cabinet": (-0.14, 1.0), "microwave": (-1.3, 1.0)}),
    "Close": (np.min, {"cabinet": (0.0, -1.0), "microwave": (-0.005, -1.0)}),
    "Turnon": (np.max, {"stove": (0.5, -1.0)}),
    "Turnoff": (np.min, {"stove": (0.0, 1.0)}),
}
PREDICATES = ("On", "In", "Open", "Close", "Turnon", "Turnoff", "Up")

Things = dict[str, ThingPose]  #: by instance name


def goal_margin(task: Task, things: Things) -> np.ndarray:
    """Signed distance of ``N`` states to the goal's boundary, ``[N]``; above 0 the goal holds.

    Goals are conjunctions: the margin is the smallest of the literals', in m (rad for doors and knobs).

    Raises:
      UnknownNameError: a predicate that is not built in.
      WorldError: names that the task does not have.
    """
    return np.min([literal_margin(task, literal, things) for literal in task.goal], axis=0)


def literal_margin(task: Task, literal: Literal, things: Things) -> np.ndarray:
    """Margin of one literal, as :func:`goal_margin`."""
    predicate, *names = literal
    if predicate in ("On", "In") and len(names) == 2:
        return _between(task, predicate, names[0], names[1], things)
    if predicate == "Up":
        return _thing(task, names[0], things).position[:, 2] - _UP
    if predicate in _JOINTS:
        return _joint_margin(task, predicate, names[0], things)
    raise UnknownNameError(f"predicate in {literal} of task {task.key}:", predicate, PREDICATES)


def _between(task: Task, predicate: str, name: str, holder: str, things: Things) -> np.ndarray:
    held = _thing(task, name, things)
    if holder in things:
        return on_thing(held, things[holder])
    surface = task.surface_region(holder)
    if surface is not None:
        moved = region_moved(task, surface, held, things)
        return on_surface(moved.back(held.position), task.workspace, surface)
    owner, region = find_region(task, holder, things)
    return on_region(held, owner, region) if predicate == "On" else in_region(held.position, owner, region)


def on_thing(held: ThingPose, holder: ThingPose) -> np.ndarray:
    """``On`` of two objects: not lower than the other, touching it, origins within 3 cm seen from above."""
    offset = held.position - holder.position
    beside = ON_RADIUS - np.hypot(offset[:, 0], offset[:, 1])
    return np.minimum(np.minimum(offset[:, 2], beside), _contact(held, holder))


def region_moved(task: Task, region: Region, held: ThingPose, things: Things) -> Moves:
    """How the perturbation moved a region of the surface: with the thing that it lies beside, else with the surface.

    The words of a task name such a region by that thing ("to the right of the plate"), so it goes where that starts.
    """
    beside = task.beside(region)
    if beside is not None:
        return things[beside].moved
    level = held.moved.shift * np.array([0.0, 0.0, 1.0])
    return Moves(level, np.zeros(len(level)))


def on_surface(point: np.ndarray, workspace_name: str, region: Region) -> np.ndarray:
    """``On`` a region of the table or the floor: a box above it; no contact is needed, as upstream has it.

    Args:
      point: ``[N, 3]`` m, the object's origin, where it would be in the nominal world.
      workspace_name: where the surface is.
      region: of the surface.
    """
    place = workspace(workspace_name)
    low, high = np.asarray(region.low), np.asarray(region.high)
    centre = np.array([*((low + high) / 2 + np.asarray(place.origin)[:2]), place.region_height])
    half = np.array([*((high - low) / 2), _SURFACE_HALF])
    return _above(point - centre, half)


def on_region(held: ThingPose, owner: ThingPose, region: SiteRegion) -> np.ndarray:
    """``On`` a region of a thing: the origin in the window above it, and contact with the thing.

    Upstream takes the offset to the region times the region's rotation matrix (not its transpose).
    """
    position, rotation = owner.region(region)
    offset = np.einsum("nij,nj->ni", rotation, held.position - position)
    return np.minimum(_above(offset, np.asarray(region.half_size)), _contact(held, owner))


def in_region(point: np.ndarray, owner: ThingPose, region: SiteRegion) -> np.ndarray:
    """``In``: the origin of an object lies in the world-aligned box around the region.

    Upstream takes ``|R @ half size|`` as the box's half size, R the region's rotation, and lets the object's origin
    reach 1 cm below it; there is no contact condition.

    Args:
      point: ``[N, 3]`` m, the object's origin.
      owner: the thing that has the region.
      region: of the thing.

    Returns:
      ``[N]`` m, distance to the nearest face, above 0 inside.
    """
    centre, rotation = owner.region(region)
    half = np.abs(rotation @ np.asarray(region.half_size))
    low, high = centre - half, centre + half
    low = low - np.array([0.0, 0.0, _IN_BELOW])
    return np.min(np.concatenate([point - low, high - point], axis=-1), axis=-1)


def find_region(task: Task, name: str, things: Things) -> tuple[ThingPose, SiteRegion]:
    """The thing whose region is named, and the region.

    Raises:
      WorldError: no thing of the task has it.
    """
    for instance, thing in things.items():
        for region in thing.asset.regions:
            if name == f"{instance}_{region.name}":
                return thing, region
    known = [region.name for region in task.regions]
    known += [f"{instance}_{region.name}" for instance, thing in things.items() for region in thing.asset.regions]
    raise WorldError(f"task {task.key}: no region {name!r}; regions: {', '.join(known) or '(none)'}.")


def joints_of(task: Task, name: str, things: Things) -> tuple[ThingPose, list[str]]:
    """The thing and the links that a predicate on a fixture or on one of its regions speaks of.

    Raises:
      WorldError: no such fixture, or one without moving parts.
    """
    thing = things.get(name)
    links = [] if thing is None else [link.name for link in thing.asset.links]
    if thing is None:
        thing, region = find_region(task, name, things)
        links = [region.link] if region.link else [link.name for link in thing.asset.links]
    if not links:
        raise WorldError(
            f"task {task.key}: {name} ({thing.asset.category}) has no moving parts to open, close or turn."
        )
    return thing, links


def _joint_margin(task: Task, predicate: str, name: str, things: Things) -> np.ndarray:
    pick, rules = _JOINTS[predicate]
    owner, links = joints_of(task, name, things)
    if owner.asset.fixture not in rules:
        raise WorldError(
            f"task {task.key}: {name} ({owner.asset.category}) cannot do this; these can: {', '.join(rules)}."
        )
    threshold, sign = rules[owner.asset.fixture]
    return pick([sign * (threshold - owner.joints[link]) for link in links], axis=0)


def _thing(task: Task, name: str, things: Things) -> ThingPose:
    if name not in things:
        raise WorldError(f"task {task.key}: {name!r} names no object of the task; objects: {', '.join(things)}.")
    return things[name]


def _above(offset: np.ndarray, half: np.ndarray) -> np.ndarray:
    x, y, z = (offset[:, axis] for axis in range(3))
    inside = np.minimum(half[0] - np.abs(x), half[1] - np.abs(y))
    return np.minimum(inside, np.minimum(z - (half[2] + _ON_LOW), half[2] + _ON_HIGH - z))


def _contact(a: ThingPose, b: ThingPose) -> np.ndarray:
    """How deep two things are in each other, ``[N]`` m, above 0 where they touch: their contacts have no margin."""
    (low_a, high_a), (low_b, high_b) = a.hull, b.hull
    apart = np.maximum(low_a - high_b, low_b - high_a).max(axis=1)
    near = np.flatnonzero(apart < 0.0)
    distance = apart.copy()
    if len(near):
        distance[near] = nearest_gap(a.boxes.take(near), b.boxes.take(near))
    return -distance
