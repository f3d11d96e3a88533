"""States in which a goal holds, set by hand: to check predicates with, and to show what a task asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from aspire_mjx.geometry import yaw_of
from aspire_mjx.worlds.placement import rest_height
from aspire_mjx.worlds.predicates import Things, find_region, joints_of, on_region, region_moved
from aspire_mjx.worlds.tasks import Literal
from aspire_mjx.worlds.workspaces import workspace
from aspire_mjx.worlds.worlds import Worlds

#: Joint positions well inside what each predicate asks of each kind of fixture, m or rad.
_JOINTS = {
    ("Open", "cabinet"): -0.15,
    ("Open", "microwave"): -1.8,
    ("Close", "cabinet"): 0.006,
    ("Close", "microwave"): 0.0,
    ("Turnon", "stove"): 1.0,
    ("Turnoff", "stove"): -0.003,
}
_SINK = 0.0002  # m, how far a thing is set into what it stands on, so that the two touch
_APART = 0.05  # m between things that share a region


def goal_qpos(worlds: Worlds, qpos: np.ndarray) -> np.ndarray:
    """The state ``qpos [nq]`` of a batch of one world, changed so that its goal holds: a picture of it, not physics.

    Raises:
      WorldError: a goal that names what the task does not have.
    """
    (spec,) = worlds.specs
    after = np.array(qpos, np.float64)
    slots = {occupant.name: occupant.slot for occupant in spec.occupants}
    for literal in spec.task.goal:
        if len(literal) == 2:
            things = worlds.things(after[None])
            thing, links = joints_of(spec.task, literal[1], things)
            owner = worlds.template.things[next(o.slot for o in spec.occupants if o.asset is thing.asset)]
            for link in links:
                after[owner.link_qpos[owner.links.index(link)]] = _JOINTS[literal[0], thing.asset.fixture]
    for literal in _supports_first(spec.task.goal):
        if len(literal) == 3:
            address = worlds.template.slot_qpos[slots[literal[1]]]
            after[address : address + 3] = _place(worlds, literal, worlds.things(after[None]))
    return after


def _supports_first(goal: Sequence[Literal]) -> list[Literal]:
    """A goal's literals so that what something is put on is put somewhere before."""
    moved = {literal[1] for literal in goal if len(literal) == 3}
    return sorted(goal, key=lambda literal: literal[-1] in moved)


def _place(worlds: Worlds, literal: Literal, things: Things) -> np.ndarray:
    """Where the object of an ``On`` or ``In`` must be, ``[3]`` m."""
    (spec,) = worlds.specs
    predicate, name, holder = literal
    held, yaw = things[name], float(yaw_of(things[name].quaternion)[0])
    sharing = [goal[1] for goal in spec.task.goal if len(goal) == 3 and goal[2] == holder]
    aside = (sharing.index(name) - (len(sharing) - 1) / 2) * _APART
    if holder in things:
        below = things[holder]
        (centre,) = below.position
        height = rest_height(below, held.asset, centre[:2], yaw, centre[2], inside=False)
        return np.array([*centre[:2], height - _SINK])
    surface = spec.task.surface_region(holder)
    if surface is not None:
        place = workspace(spec.task.workspace)
        xy = (np.asarray(surface.low) + np.asarray(surface.high)) / 2 + np.asarray(place.origin[:2])
        at = np.array([[*xy, place.support + held.asset.origin_height]])
        return region_moved(spec.task, surface, held, things).forth(at)[0]
    below, region = find_region(spec.task, holder, things)
    (centre,), (turn,) = below.region(region)
    reach = np.abs(turn @ np.asarray(region.half_size))[:2]
    centre = centre + aside * np.array([*(reach == reach.max()).astype(float), 0.0])
    if predicate == "In":
        return centre
    # Along the region's normal, as upstream reads it, from where the window above the region begins to where it ends.
    heights = region.half_size[2] + np.arange(-0.0045, 0.0995, 0.0005)
    positions = centre + heights[:, None] * turn[2]
    same = np.zeros(len(heights), int)
    margins = on_region(replace(held.take(same), position=positions), below.take(same), region)
    return positions[np.argmax(margins)]
