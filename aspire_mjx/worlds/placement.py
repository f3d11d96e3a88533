"""Where things stand at the start: the benchmark's region sampler, seeded.

Fixtures come first, then objects on the table or floor, then what stands on or in other things. The benchmark shrinks
each region by the object's radius and, in its table and floor problems, inverts the range when the radius is the larger
one; so the half width that counts there is ``|half width - radius|``. Elsewhere, and for fixtures, the region's own
counts.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import mujoco
import numpy as np

from aspire_mjx.errors import WorldError
from aspire_mjx.geometry import from_yaw
from aspire_mjx.worlds import panda
from aspire_mjx.worlds.assets import Asset
from aspire_mjx.worlds.furnish import base_of, parking_place
from aspire_mjx.worlds.occupants import Occupant, occupants
from aspire_mjx.worlds.overlap import Boxes, nearest_gap, rise
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.poses import Moves, ThingPose
from aspire_mjx.worlds.predicates import find_region, joints_of
from aspire_mjx.worlds.streams import WorldSeed
from aspire_mjx.worlds.tasks import Literal, Region, Task
from aspire_mjx.worlds.template import CONTACT_GEOMS, Template
from aspire_mjx.worlds.workspaces import workspace

_DROP = 0.30  # m, the height from which an object may be let fall on a fixture in its way
_LEAN = 0.03  # m, the same on another object, such as the rim of a plate
_CLEARANCE = 0.001  # m above what it stands on, before settling
_RAISED = 0.01  # m; upstream sets fixtures so far above the underside of the table, by its idea of where they end
_TRIES, _RESTARTS = 20, 50  # draws of one placement, and of all, before it is given up
_INVERTING = ("tabletop", "floor")  # workspaces whose sampler inverts ranges
_UNMOVED = Moves(np.zeros((1, 3)), np.zeros(1))
_WITHIN_REACH = (-0.25, -0.30), (0.20, 0.30)  # m, where distractors may stand, relative to the workspace's origin


@dataclass(frozen=True)
class Layout:
    """One world's start.

    Attributes:
      qpos: ``[nq]`` m, rad.
      fixture_poses: position [3] and quaternion [4] of each fixture slot, world frame.
      moved: of each slot, how the perturbation moved what starts there.
      redrawn: how many placements were drawn again because they were not free.
    """

    qpos: np.ndarray
    fixture_poses: tuple[tuple[np.ndarray, np.ndarray], ...]
    moved: Moves
    redrawn: int


@dataclass
class _Scene:
    """What has been placed so far."""

    task: Task
    seed: int
    perturbation: Perturbation
    occupants: tuple[Occupant, ...]
    robot: Boxes
    things: dict[str, ThingPose] = field(default_factory=dict)
    streams: dict[tuple[str, ...], np.random.Generator] = field(default_factory=dict)
    redrawn: int = 0

    @property
    def support(self) -> float:
        """Height of the surface, m."""
        return workspace(self.task.workspace).support + self.perturbation.table

    def random(self, *purpose: str) -> np.random.Generator:
        """The random numbers of one purpose, from where they were left; drawing for one does not change another."""
        if purpose not in self.streams:
            self.streams[purpose] = WorldSeed(self.task.key, self.seed).stream(*purpose)
        return self.streams[purpose]


@functools.lru_cache(maxsize=4096)  # a world is asked for when it is checked, settled and run
def lay_out(template: Template, task: Task, seed: int, perturbation: Perturbation) -> Layout:
    """The start of a task before settling: robot at home, everything in its region and nothing inside anything else.

    Raises:
      WorldError: a literal or region that makes no sense, or no free place after many draws.
    """
    if perturbation.table and template.table_geom < 0:
        raise WorldError(
            f"perturbation table={perturbation.table:g}: task {task.key} happens on the floor; leave it out."
        )
    if (perturbation.fixture or perturbation.fixture_yaw) and not task.fixtures:
        raise WorldError(f"perturbation {perturbation}: task {task.key} has no fixtures; leave those doses out.")
    random = WorldSeed(task.key, seed)
    arm = np.array(panda.HOME)
    if perturbation.joints:
        arm += perturbation.joints * random.stream("joints").choice([-1.0, 1.0], 7)
    robot = _robot(template, tuple(arm.tolist()), tuple(base_of(template, perturbation, random).tolist()))
    scene = _Scene(task, seed, perturbation, occupants(task, perturbation, seed), robot)
    _put_fixtures(scene, [o for o in scene.occupants if o.slot >= template.movables])
    _put_objects(scene, [o for o in scene.occupants if o.slot < template.movables])
    qpos = template.model.qpos0.copy()
    qpos[template.arm_qpos] = arm
    qpos[template.finger_qpos] = panda.OPEN_WIDTH / 2
    poses = [(parking_place(slot), np.array([1.0, 0, 0, 0])) for slot in range(len(template.things))]
    moved = [_UNMOVED] * len(template.things)
    for occupant in scene.occupants:
        thing, slot = scene.things[occupant.name], template.things[occupant.slot]
        poses[occupant.slot], moved[occupant.slot] = (thing.position[0], thing.quaternion[0]), thing.moved
        for link, address in zip(slot.links, slot.link_qpos, strict=True):
            qpos[address] = thing.joints[link][0]
    for slot, address in enumerate(template.slot_qpos):
        qpos[address : address + 3], qpos[address + 3 : address + 7] = poses[slot]
    return Layout(qpos, tuple(poses[template.movables :]), Moves.concatenate(moved), scene.redrawn)


@functools.lru_cache(maxsize=1024)
def _robot(template: Template, arm: tuple[float, ...], base: tuple[float, ...]) -> Boxes:
    """What of the robot touches things, ``[1, 4]``, its arm at ``arm [7]`` rad and its base at ``base [3]`` m."""
    model, data = template.model, mujoco.MjData(template.model)
    data.qpos[template.arm_qpos], data.qpos[template.finger_qpos] = arm, panda.OPEN_WIDTH / 2
    mujoco.mj_kinematics(model, data)
    geoms = [model.geom(name).id for name in CONTACT_GEOMS]
    centre = data.geom_xpos[geoms] + np.subtract(base, template.base)
    return Boxes(centre[None], data.geom_xmat[geoms].reshape(1, -1, 3, 3), model.geom_size[geoms][None])


def _pose(what: Asset, position: np.ndarray, yaw: float, moved: Moves | None = None) -> ThingPose:
    joints = {link.name: np.zeros(1) for link in what.links}
    at = np.asarray(position, float)[None]
    return ThingPose(what, at, from_yaw(np.array([yaw])), joints, moved or _UNMOVED)


def _put_fixtures(scene: _Scene, fixtures: Sequence[Occupant]) -> None:
    task, dose = scene.task, scene.perturbation
    place = workspace(task.workspace)
    origin, thickness = place.origin, place.table[2] if place.table else 0.0
    height = origin[2] + _RAISED - thickness + dose.table
    for occupant in fixtures:
        region = _surface_region(task, occupant.name)
        if region is None:
            raise WorldError(f"task {task.key}: fixture {occupant.name} stands on no region of the {task.surface}.")
        xy = _in_rectangle(region, origin, scene.random("place", occupant.name).uniform(-1.0, 1.0, size=2))
        low, high = region.yaw or (0.0, 0.0)
        yaw = low + scene.random("turn", occupant.name).uniform(0.0, 1.0) * (high - low)
        shift = dose.fixture * _direction(scene.random("fixture", occupant.name).uniform(-1.0, 1.0))
        turn = dose.fixture_yaw * scene.random("fixture_yaw", occupant.name).choice([-1.0, 1.0])
        position = np.array([*(xy + shift), height - occupant.asset.bottom_offset])
        moved = Moves.about(np.array([*xy, 0.0]), np.array([*shift, dose.table]), turn)
        scene.things[occupant.name] = _pose(occupant.asset, position, yaw + turn, moved)
    for literal in task.init:
        if len(literal) == 2:
            _set_joint(scene, literal, scene.random("joint", *literal).uniform(0.0, 1.0))


def _direction(turn: float) -> np.ndarray:
    """Unit vector ``[2]`` at ``turn`` half turns."""
    return np.array([np.cos(np.pi * turn), np.sin(np.pi * turn)])


def _set_joint(scene: _Scene, literal: Literal, fraction: float) -> None:
    """Open, Close, Turnon, Turnoff at the start: the joint is drawn from the range that its kind starts with."""
    predicate, name = literal
    thing, links = joints_of(scene.task, name, scene.things)
    owner = next(instance for instance, other in scene.things.items() if other is thing)
    for link in links:
        part = thing.link(link)
        low, high = part.open_start if predicate in ("Open", "Turnon") else part.closed_start
        thing = replace(thing, joints={**thing.joints, link: np.array([low + fraction * (high - low)])})
    scene.things[owner] = thing


def _put_objects(scene: _Scene, objects: Sequence[Occupant]) -> None:
    """Objects in slot order; those that stand on or in other things wait until these are placed."""
    fixtures = dict(scene.things)
    for _ in range(_RESTARTS):
        blocked = _try_objects(scene, objects)
        if blocked is None:
            return
        scene.things = dict(fixtures)  # whatever stands in its way may have been drawn badly: all objects again
    raise WorldError(
        f"task {scene.task.key}, seed {scene.seed}: no free place for {blocked.name} ({blocked.asset.category}) after "
        f"{scene.redrawn} draws. Make its region larger, or the perturbation smaller."
    )


def _try_objects(scene: _Scene, objects: Sequence[Occupant]) -> Occupant | None:
    """One attempt to place all; the object without a free place, if any. Low ones first: a bowl leans on a plate."""
    named, waiting = dict(scene.task.objects), list(objects)
    while waiting:
        ready = [occupant for occupant in waiting if _support_of(scene, occupant) is not None]
        if not ready:
            raise WorldError(
                f"task {scene.task.key}: {', '.join(o.name for o in waiting)} cannot be placed; they stand on nothing, "
                f"or on each other in a circle. Give each one (On ...) or (In ...) in :init."
            )
        for occupant in sorted(ready, key=lambda one: (one.name not in named, one.asset.size[2])):
            waiting.remove(occupant)
            low, high = occupant.asset.yaw
            yaw = low + scene.random("turn", occupant.name).uniform() * (high - low)
            yaw += scene.random("yaw", occupant.name).choice([-1.0, 1.0]) * scene.perturbation.yaw
            if not _put_object(scene, occupant, yaw):
                return occupant
    return None


def _support_of(scene: _Scene, occupant: Occupant) -> Literal | None:
    """The literal that says where an object starts, once what it names is placed; a distractor stands anywhere."""
    if occupant.name not in dict(scene.task.objects):
        return "On", occupant.name, scene.task.surface
    for literal in scene.task.init:
        if len(literal) == 3 and literal[1] == occupant.name:
            holder = literal[2]
            known = holder in scene.things or scene.task.surface_region(holder) is not None
            if known or any(holder.startswith(f"{thing}_") for thing in scene.things):
                return literal
    return None


def _put_object(scene: _Scene, occupant: Occupant, yaw: float) -> bool:
    """Whether a free place was found."""
    literal = _support_of(scene, occupant)
    assert literal is not None
    sample = _sampler(scene, literal, occupant.asset, yaw)
    mentioned = occupant.name in dict(scene.task.objects)
    lying = mentioned and scene.task.surface_region(literal[2]) is not None
    neighbours = [other for other in scene.things.values() if lying and not other.asset.fixture]
    fixtures = [other for other in scene.things.values() if other.asset.fixture and mentioned]
    for _ in range(_TRIES):
        shift = scene.random("place", occupant.name).uniform(-1.0, 1.0, size=2)
        offset = scene.perturbation.position * _direction(scene.random("position", occupant.name).uniform(-1.0, 1.0))
        moved = Moves.about(np.zeros(3), np.array([*offset, scene.perturbation.table]), 0.0)
        thing = _pose(occupant.asset, sample(shift, offset), yaw, moved)
        if not any(_too_near(thing, other) for other in neighbours):
            free = _is_free(thing, scene.things.values())
            if not free:
                thing = _raised(_raised(thing, fixtures, _DROP), neighbours, _LEAN)
            if (free or _is_free(thing, scene.things.values())) and _clear_of(thing, scene.robot):
                scene.things[occupant.name] = thing
                return True
        scene.redrawn += 1
    return False


def _sampler(
    scene: _Scene, literal: Literal, what: Asset, yaw: float
) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Start position ``[3]`` m, given a draw ``[2]`` in -1 to 1 within the region and an offset ``[2]`` m."""
    task, (predicate, _, holder) = scene.task, literal
    origin, height = workspace(task.workspace).origin, scene.support + what.origin_height + _CLEARANCE
    region = task.surface_region(holder)
    if holder == task.surface:
        region = Region("anywhere", task.surface, *_WITHIN_REACH)
    if region is not None:
        inset = what.horizontal_radius if task.workspace in _INVERTING else 0.0
        return lambda shift, offset: np.array([*(_in_rectangle(region, origin, shift, inset) + offset), height])
    if holder in scene.things:
        below = scene.things[holder]
        centre, spread = below.position[0], np.zeros(2)
    else:
        below, site = find_region(task, holder, scene.things)
        (centre,), _ = below.region(site)
        # Things on a region spread over half of it, along the world's axes whatever its turn, less the radius and the
        # other way round where that is larger; upstream drops what is in one into its middle.
        spread = np.abs(np.asarray(site.half_size[:2]) / 2 - what.horizontal_radius) * (predicate == "On")

    def sample(shift: np.ndarray, offset: np.ndarray) -> np.ndarray:
        xy = centre[:2] + shift * spread + offset
        height = rest_height(below, what, xy, yaw, centre[2], inside=predicate == "In")
        return np.array([*xy, height + _CLEARANCE])

    return sample


def _in_rectangle(region: Region, origin: Sequence[float], shift: np.ndarray, inset: float = 0.0) -> np.ndarray:
    low, high = np.asarray(region.low), np.asarray(region.high)
    half = np.abs((high - low) / 2 - inset)
    return (low + high) / 2 + np.asarray(origin[:2]) + shift * half


def _surface_region(task: Task, name: str) -> Region | None:
    wanted = [literal[2] for literal in task.init if literal[0] == "On" and literal[1] == name]
    return next((region for region in task.regions if region.name in wanted), None)


def rest_height(
    below: ThingPose, what: Asset, xy: np.ndarray, yaw: float, region_height: float, *, inside: bool
) -> float:
    """Height of the origin at which a thing just stands on another, or on the floor of its inside, m."""
    start = below.position[0, 2]
    thing = _pose(what, np.array([*xy, start]), yaw)
    boxes = _facing(thing, below, 2)
    if boxes is not None and inside:  # what is above the region is its ceiling
        boxes = boxes.subset(np.flatnonzero(boxes.centre[0, :, 2] < region_height))
    lift = rise(thing.boxes, boxes)[0] if boxes is not None else -np.inf
    return float(start + (lift if np.isfinite(lift) else region_height - start + what.origin_height))


def _too_near(thing: ThingPose, other: ThingPose) -> bool:
    """Upstream's rule for two things on one surface: their circles meet. Flat and wide ones overlap all the same."""
    (x, y, _), (their_x, their_y, _) = thing.position[0].tolist(), other.position[0].tolist()
    return math.hypot(x - their_x, y - their_y) <= thing.asset.horizontal_radius + other.asset.horizontal_radius


def _raised(thing: ThingPose, others: Sequence[ThingPose], most: float) -> ThingPose:
    """The thing above those that it would stand in: upstream drops objects from above, and some land on others."""
    if _is_free(thing, others):
        return thing
    lift = max(_lift(thing, other) for other in others)
    if lift > most:
        return thing
    return replace(thing, position=thing.position + np.array([0.0, 0.0, lift + _CLEARANCE]))


def _lift(thing: ThingPose, below: ThingPose) -> float:
    """How far a thing must rise to be clear of another from there on, m; minus infinity where it never meets it."""
    boxes = _facing(thing, below, 2)
    return -np.inf if boxes is None else float(rise(thing.boxes, boxes)[0])


def _is_free(thing: ThingPose, others: Iterable[ThingPose]) -> bool:
    """Whether the thing is inside none of the others."""
    return all(
        (boxes := _facing(thing, other, 3)) is None or nearest_gap(thing.boxes, boxes)[0] >= 0.0 for other in others
    )


def _clear_of(thing: ThingPose, robot: Boxes) -> bool:
    """Whether the thing is outside the robot."""
    (low,), (high,), (lows, highs) = *thing.hull, (bound[0] for bound in robot.bounds())
    which = np.flatnonzero(((highs > low) & (lows < high)).all(axis=1))
    return not len(which) or bool(nearest_gap(thing.boxes, robot.subset(which))[0] >= 0.0)


def _facing(thing: ThingPose, other: ThingPose, axes: int) -> Boxes | None:
    """The other's boxes that lie within the thing's bounds along the first two or all three axes, if any do."""
    (x, y, _), (their_x, their_y, _) = thing.position[0].tolist(), other.position[0].tolist()
    if math.hypot(x - their_x, y - their_y) > thing.bounding_radius + other.bounding_radius:
        return None
    (low,), (high,) = thing.hull
    (lowest,), (highest,) = other.hull
    if (highest <= low)[:axes].any() or (lowest >= high)[:axes].any():
        return None
    (lows,), (highs,) = other.bounds
    meets = (highs[:, :axes] > low[:axes]) & (lows[:, :axes] < high[:axes])
    which = np.flatnonzero(meets.all(axis=1))
    return other.boxes.subset(which) if len(which) else None
