"""Where things stand at the start: the benchmark's region sampler, seeded.

Fixtures come first, then objects on the table or floor, then what stands on or in other things. The benchmark shrinks
each region by the object's radius and, in its table and floor problems, inverts the range when the radius is the larger
one; so the half width that counts there is ``|half width - radius|``. Elsewhere, and for fixtures, it is the region's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from aspire_mjx.errors import WorldError
from aspire_mjx.geometry import from_yaw
from aspire_mjx.worlds import panda
from aspire_mjx.worlds.assets import Asset, asset
from aspire_mjx.worlds.families import occupants
from aspire_mjx.worlds.furnish import parking_place
from aspire_mjx.worlds.overlap import Boxes, nearest_gap
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.poses import ThingPose
from aspire_mjx.worlds.predicates import find_region, joints_of
from aspire_mjx.worlds.tasks import Literal, Region, Task
from aspire_mjx.worlds.template import Template
from aspire_mjx.worlds.workspaces import workspace

_CLEARANCE = 0.001  # m above what it stands on, before settling
_TRIES = 200  # draws of a placement before it is given up
_INVERTING = ("tabletop", "floor")  # workspaces whose sampler inverts ranges
_STEP = 0.001  # m, heights that are tried over a thing with hollows
_OBJECTS, _YAW, _FIXTURES, _JOINTS = 0x0B1EC7, 0x7A4, 0xF17, 0x301  # streams of random numbers


@dataclass(frozen=True)
class Layout:
    """One world's start.

    Attributes:
      qpos: ``[nq]`` m, rad.  fixture_poses: position [3] and quaternion [4] of each fixture slot, world frame.
      redrawn: how many placements were drawn again because they were not free.
    """

    qpos: np.ndarray
    fixture_poses: tuple[tuple[np.ndarray, np.ndarray], ...]
    redrawn: int


@dataclass
class _Scene:
    """What has been placed so far."""

    task: Task
    seed: int
    perturbation: Perturbation
    things: dict[str, ThingPose] = field(default_factory=dict)
    redrawn: int = 0

    def put(self, name: str, position: np.ndarray, yaw: float) -> None:
        what = asset(self.task.category_of(name))
        self.things[name] = _pose(what, position, yaw, {link.name: 0.0 for link in what.links})


def lay_out(template: Template, task: Task, seed: int, perturbation: Perturbation) -> Layout:
    """The start of a task before settling: robot at home, everything in its region and nothing inside anything else.

    Raises:
      WorldError: a literal or region that makes no sense, or no free place after many draws.
    """
    scene = _Scene(task, seed, perturbation)
    seats = occupants(task)
    _put_fixtures(scene)
    _put_objects(scene, sorted((name for name, _ in task.objects), key=lambda name: seats[name]))
    qpos = template.model.qpos0.copy()
    qpos[template.arm_qpos] = panda.HOME
    qpos[template.finger_qpos] = panda.OPEN_WIDTH / 2
    poses = [(parking_place(slot), np.array([1.0, 0, 0, 0])) for slot in range(len(template.things))]
    for name, slot in seats.items():
        thing = scene.things[name]
        poses[slot] = thing.position[0], thing.quaternion[0]
        for link, address in zip(template.things[slot].links, template.things[slot].link_qpos, strict=True):
            qpos[address] = thing.joints[link][0]
    for slot, address in enumerate(template.slot_qpos):
        qpos[address : address + 3], qpos[address + 3 : address + 7] = poses[slot]
    return Layout(qpos, tuple(poses[template.movables :]), scene.redrawn)


def _pose(what: Asset, position: np.ndarray, yaw: float, joints: dict[str, float]) -> ThingPose:
    values = {name: np.array([value]) for name, value in joints.items()}
    return ThingPose(what, np.asarray(position, float)[None], from_yaw(np.array([yaw])), values)


def _put_fixtures(scene: _Scene) -> None:
    task, random = scene.task, np.random.default_rng([scene.seed, _FIXTURES])
    place = workspace(task.workspace)
    for name, category in task.fixtures:
        region = _surface_region(task, name)
        if region is None:
            raise WorldError(f"task {task.key}: fixture {name} stands on no region of the {task.surface}.")
        xy = _in_rectangle(region, place.origin, *random.uniform(-1.0, 1.0, size=(1, 2)))
        turn = random.uniform(0.0, 1.0)
        low, high = region.yaw or (0.0, 0.0)
        scene.put(name, np.array([*xy, place.support + asset(category).stand]), low + turn * (high - low))
    joints = np.random.default_rng([scene.seed, _JOINTS])
    for literal in task.init:
        if len(literal) == 2:
            _set_joint(scene, literal, joints.uniform(0.0, 1.0))


def _set_joint(scene: _Scene, literal: Literal, fraction: float) -> None:
    """Open, Close, Turnon, Turnoff at the start: the joint is drawn from the range that its kind starts with."""
    predicate, name = literal
    _, links = joints_of(scene.task, name, scene.things)
    owner = name if name in scene.things else next(n for n in scene.things if name.startswith(f"{n}_"))
    for link in links:
        part = scene.things[owner].link(link)
        low, high = part.open_start if predicate in ("Open", "Turnon") else part.closed_start
        scene.things[owner].joints[link][:] = low + fraction * (high - low)


def _put_objects(scene: _Scene, order: list[str]) -> None:
    """Objects in slot order; those that stand on or in other things wait until these are placed."""
    random = np.random.default_rng([scene.seed, _OBJECTS])
    # One draw each, in slot order, whatever it stands on: one object's place does not depend on another's kind.
    first = {name: random.uniform(-1.0, 1.0, size=(2, 2)) for name in order}
    turns = dict(zip(order, np.random.default_rng([scene.seed, _YAW]).uniform(0.0, 1.0, len(order)), strict=True))
    waiting = list(order)
    while waiting:
        ready = [name for name in waiting if _support_of(scene, name) is not None]
        if not ready:
            raise WorldError(
                f"task {scene.task.key}: {', '.join(waiting)} cannot be placed; each stands on nothing, or they stand on "
                f"each other in a circle. Give each one (On ...) or (In ...) in :init."
            )
        for name in ready:
            what = asset(scene.task.category_of(name))
            yaw = what.yaw[0] + turns[name] * (what.yaw[1] - what.yaw[0])
            _put_object(scene, name, what, yaw, first[name], random)
            waiting.remove(name)


def _support_of(scene: _Scene, name: str) -> Literal | None:
    """The literal that says where an object starts, once what it names is placed."""
    for literal in scene.task.init:
        if len(literal) == 3 and literal[1] == name:
            holder = literal[2]
            known = holder in scene.things or any(region.name == holder for region in scene.task.regions)
            if known or any(holder.startswith(f"{thing}_") for thing in scene.things):
                return literal
    return None


def _put_object(
    scene: _Scene, name: str, what: Asset, yaw: float, shift: np.ndarray, random: np.random.Generator
) -> None:
    literal = _support_of(scene, name)
    assert literal is not None
    sample = _sampler(scene, literal, what, yaw)
    for _ in range(_TRIES):
        position = sample(shift)
        thing = _pose(what, position, yaw, {})
        if _is_free(scene, thing):
            scene.things[name] = thing
            return
        scene.redrawn += 1
        shift = random.uniform(-1.0, 1.0, size=(2, 2))
    raise WorldError(
        f"task {scene.task.key}, seed {scene.seed}: no free place for {name} ({what.category}) in {literal[2]} after "
        f"{_TRIES} draws. Make its region larger, or the perturbation smaller."
    )


def _sampler(scene: _Scene, literal: Literal, what: Asset, yaw: float) -> Callable[[np.ndarray], np.ndarray]:
    """Start position ``[3]`` m as a function of draws ``[2, 2]`` in -1 to 1: within the region, and by the dose."""
    task, (_, _, holder) = scene.task, literal
    place, dose = workspace(task.workspace), scene.perturbation.position
    region = next((region for region in task.regions if region.name == holder), None)
    if region is not None:
        inset = what.horizontal_radius if task.workspace in _INVERTING else 0.0
        height = place.support + what.origin_height + _CLEARANCE
        return lambda shift: np.array(
            [*_in_rectangle(region, place.origin, shift[0], inset) + shift[1] * dose, height]
        )
    if holder in scene.things:
        below = scene.things[holder]
        centre, spread = below.position[0], np.zeros(2)
    else:
        below, site = find_region(task, holder, scene.things)
        (centre,), (turn,) = below.region(site)
        reach = np.abs(turn @ np.asarray(site.half_size))[:2]
        spread = np.maximum(reach - np.asarray(what.size[:2]).max() / 2, 0.0)
        if literal[0] == "In":
            spread = spread * 0.0  # upstream drops it into the middle

    def sample(shift: np.ndarray) -> np.ndarray:
        xy = centre[:2] + shift[0] * spread + shift[1] * dose
        return np.array([*xy, _rest_height(below, what, xy, yaw, centre[2], inside=literal[0] == "In")])

    return sample


def _in_rectangle(region: Region, origin: tuple[float, ...], shift: np.ndarray, inset: float = 0.0) -> np.ndarray:
    low, high = np.asarray(region.low), np.asarray(region.high)
    half = np.abs((high - low) / 2 - inset)
    return (low + high) / 2 + np.asarray(origin[:2]) + shift * half


def _surface_region(task: Task, name: str) -> Region | None:
    wanted = [literal[2] for literal in task.init if literal[0] == "On" and literal[1] == name]
    return next((region for region in task.regions if region.name in wanted), None)


def _rest_height(
    below: ThingPose, what: Asset, xy: np.ndarray, yaw: float, region_height: float, *, inside: bool
) -> float:
    """Height of the origin at which a thing stands on another, or inside it, just clear of it, m."""
    boxes = below.boxes()
    low, high = boxes.bounds()
    if inside:
        start, stop = low[0, :, 2].min(), region_height + 0.5 * what.size[2]
    else:
        start, stop = region_height - what.size[2], high[0, :, 2].max()
    heights = np.arange(start, stop + _STEP, _STEP) + what.origin_height
    upright = _pose(what, np.array([*xy, 0.0]), yaw, {}).boxes()
    raised = Boxes(
        upright.centre + np.array([[[0.0, 0.0, 1.0]]]) * heights[:, None, None],
        np.broadcast_to(upright.rotation, (len(heights), *upright.rotation.shape[1:])),
        np.broadcast_to(upright.half, (len(heights), *upright.half.shape[1:])),
    )
    free = np.flatnonzero(nearest_gap(raised, boxes) > 0.0)
    if inside:
        # The lowest pocket above the lowest floor: below the first free height something holds it up.
        blocked = np.flatnonzero(nearest_gap(raised, boxes) <= 0.0)
        free = free[free > blocked.min(initial=0)] if len(blocked) else free
        return float(heights[free[0]] if len(free) else heights[-1])
    blocked = np.flatnonzero(nearest_gap(raised, boxes) <= 0.0)
    return float(heights[blocked[-1]] + _STEP if len(blocked) else heights[-1])


def _is_free(scene: _Scene, thing: ThingPose) -> bool:
    """Nothing inside anything else, and the benchmark's own rule for two objects of the same height."""
    boxes = thing.boxes()
    low, high = (corner[0] for corner in boxes.bounds())
    for other in scene.things.values():
        theirs = other.boxes()
        their_low, their_high = (corner[0] for corner in theirs.bounds())
        if (low.min(0) > their_high.max(0)).any() or (their_low.min(0) > high.max(0)).any():
            continue
        if nearest_gap(boxes, theirs)[0] < 0.0:
            return False
    return True
