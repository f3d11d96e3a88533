"""Own geometry beside upstream's: how far apart are the starts, the verdicts, the physics and the scores?

The case ``parity`` of the benchmark command needs a LIBERO checkout; what it reads there stays there.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import stats

from aspire_mjx.experiments.libero_pro import FIRST_PROGRAM
from aspire_mjx.geometry import from_axis_angle, from_yaw, multiply, rotate, yaw_of
from aspire_mjx.language.program import Program
from aspire_mjx.physics.engine import State
from aspire_mjx.physics.engines import make
from aspire_mjx.plain.runner import run_plain
from aspire_mjx.rollout.plain_robot import PlainRobot
from aspire_mjx.rollout.simulator import Job, Simulator, Simulators
from aspire_mjx.worlds.assets import asset
from aspire_mjx.worlds.checkout import checkout_at
from aspire_mjx.worlds.goal_state import goal_qpos
from aspire_mjx.worlds.overlap import nearest_gap, rise
from aspire_mjx.worlds.panda import REST
from aspire_mjx.worlds.predicates import Things, find_region, goal_margin, literal_margin
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.tables import table
from aspire_mjx.worlds.tasks import Literal, Region, Task
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds
from experiments.studies.upstream_reading import Reader, sample_places

SUITES = ("libero_spatial", "libero_object", "libero_goal", "libero_10", "libero_90")
_SIGNIFICANCE = 0.05
_PUSHED = (
    "alphabet_soup",
    "butter",
    "cream_cheese",
    "chocolate_pudding",
    "milk",
    "orange_juice",
    "cookies",
    "akita_black_bowl",
    "porcelain_mug",
    "moka_pot",
)
_DROP, _LEANS, _LEAN_TO = 0.10, (0.05, 0.1, 0.2), 8  # m, rad, directions
_STROKE, _CLEAR = 0.11, 0.012  # m
_PUSH_AT = (
    0.2,
    0.25,
    0.3,
    0.35,
    0.4,
)  # heights of pushes, shares of the thing's narrower side: so low that few things topple
_DRAWN = -0.14  # m, a drawer that things are put into
_LEVEL = 3.0  # mm
#: Other ways to set a thing down: lying along x and y, either side up, and standing turned by a quarter.
_TURNS = [
    from_axis_angle(np.array(axis), np.array(side * np.pi / 2))
    for axis in ((0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    for side in (1.0, -1.0)
]
_SHOVES = ((0.005, 0.0), (-0.005, 0.0), (0.0, 0.005), (0.0, -0.005))  # m
_TOUCH = 1e-4  # m, between things that count as touching: light things rest on contacts that come and go
_UPRIGHT = 0.94  # cosine of the angle that a thing may tilt by when it comes to rest
_ASIDE = sorted(
    itertools.product(np.arange(-0.04, 0.041, 0.01).round(3), repeat=2), key=lambda xy: math.hypot(*xy)
)  # m
_SECOND = 50  # control ticks
_PUSH = """
import numpy as np
DOWN = np.array([0.0, 1.0, 0.0, 0.0])
close_gripper()
start = np.array({start})
goto_pose(start, DOWN, z_approach=0.12)
goto_pose(start + np.array([{stroke}, 0.0, 0.0]), DOWN)
"""


def parity(libero_root: str, *, seeds: int = 200, states: int = 5000) -> dict[str, Any]:
    """All figures.

    Args:
        libero_root: a LIBERO checkout.
        seeds: starts of each scene in the comparison of placements.
        states: states of each suite in the comparison of verdicts.

    Raises:
        WorldError: no checkout there.
    """
    root = checkout_at(libero_root)
    return {
        "placements": {suite: placements(suite, root, seeds) for suite in SUITES},
        "verdicts": {suite: verdicts(suite, root, states) for suite in SUITES},
        "heights": heights(root),
        "displacements": displacements(root),
        "success": success("libero_object", root, range(51, 56)),
    }


def placements(suite: str, root: str, seeds: int) -> dict[str, Any]:
    """Two-sample Kolmogorov-Smirnov tests of our sampler against upstream's rule, one for each thing and coordinate."""
    scenes = {(task.init, task.regions, task.objects, task.fixtures): task for task in load_suite(suite)}
    tests: list[tuple[str, float, float]] = []
    for number, task in enumerate(scenes.values()):
        original = replace(task, checkout=root)
        theirs = [sample_places(original, np.random.default_rng([number, seed])) for seed in range(seeds)]
        ours = _starts(make_worlds([WorldSpec(task, 1000 + seed) for seed in range(seeds)]))
        for name in theirs[0]:
            for axis in range(2):
                # To a micrometre: some regions leave no room at all, and rounding is no difference.
                drawn = np.round([place[name][axis] for place in theirs], 6)
                test: Any = stats.ks_2samp(drawn, np.round(ours[name][:, axis], 6))
                tests.append((f"{task.key} {name}", float(test.statistic), float(test.pvalue)))
    statistic, chance = np.array([numbers for _, *numbers in tests]).T
    return {
        "scenes": len(scenes),
        "seeds": seeds,
        "tests": len(tests),
        "share_p_below_0.05": round(float((chance < _SIGNIFICANCE).mean()), 4),
        "largest_statistic": round(float(statistic.max()), 4),
        "median_statistic": round(float(np.median(statistic)), 4),
        "rejected_bonferroni_0.05": sorted({name for name, _, p in tests if p < _SIGNIFICANCE / len(tests)}),
    }


def _starts(worlds: Worlds) -> dict[str, np.ndarray]:
    """Instance name to start positions ``[B, 3]``, m."""
    things = worlds.things(worlds.qpos)
    return {name: thing.position for name, thing in things.items()}


def verdicts(suite: str, root: str, states: int) -> dict[str, Any]:
    """Agreement of our judge with the second reading, on upstream's geometry and on ours in the same states."""
    tasks, random = load_suite(suite), np.random.default_rng(7)
    agreed, own_agreed, holding = 0, 0, 0
    apart: Counter[str] = Counter()
    counts = [states // len(tasks) + (i < states % len(tasks)) for i in range(len(tasks))]
    for task, count in zip(tasks, counts, strict=True):
        original = replace(task, checkout=root)
        worlds = make_worlds([WorldSpec(original, 51)])
        reader = Reader(original, worlds.models[0])
        qpos = _varied(worlds, count, random)
        things = worlds.take(np.zeros(count, int)).things(qpos)
        own = {name: replace(thing, asset=asset(thing.asset.category)) for name, thing in things.items()}
        said = np.array([reader.goal_holds(state) for state in qpos])
        same = said == (goal_margin(original, things) > 0)
        same_own = said == (goal_margin(original, own) > 0)
        agreed, own_agreed, holding = agreed + same.sum(), own_agreed + same_own.sum(), holding + said.sum()
        if not same_own.all():
            apart["+".join(literal[0] for literal in task.goal)] += int((~same_own).sum())
    return {
        "states": states,
        "goal_holds": round(float(holding / states), 4),
        "agreement": round(float(agreed / states), 5),
        "agreement_own_boxes": round(float(own_agreed / states), 5),
        "disagreements_own_boxes": dict(apart),
    }


def _varied(worlds: Worlds, count: int, random: np.random.Generator) -> np.ndarray:
    """States ``[count, nq]``: a third anywhere in the workspace, the others near the goal at many scales."""
    template, (spec,) = worlds.template, worlds.specs
    goal = goal_qpos(worlds, worlds.qpos[0])
    qpos = np.repeat(goal[None], count, axis=0)
    scale = 10.0 ** random.uniform(-4.0, -1.3, count)  # m: 0.1 mm to 5 cm
    scale[: count // 3] = np.inf
    for address in template.slot_qpos:
        anywhere = random.uniform((-0.3, -0.35, template.support), (0.3, 0.35, template.support + 0.3), (count, 3))
        near = goal[address : address + 3] + np.minimum(scale, 1.0)[:, None] * random.normal(size=(count, 3))
        far = np.isinf(scale)
        qpos[:, address : address + 3] = np.where(far[:, None], anywhere, near)
        turn = from_yaw(np.where(far, random.uniform(-np.pi, np.pi, count), scale * random.normal(size=count)))
        qpos[:, address + 3 : address + 7] = multiply(turn, goal[address + 3 : address + 7])
    for occupant in spec.occupants:
        for link, address in zip(occupant.asset.links, template.things[occupant.slot].link_qpos, strict=True):
            low, high = link.range
            near = np.clip(goal[address] + np.minimum(scale, 1.0) * random.normal(size=count), low, high)
            qpos[:, address] = np.where(np.isinf(scale), random.uniform(low, high, count), near)
    return qpos


def alone(category: str) -> Task:
    """A task of one thing on an empty table."""
    surface = "kitchen_table"
    place = Region(f"{surface}_middle", surface, (-0.001, -0.001), (0.001, 0.001))
    return Task(
        suite="parity",
        index=0,
        name=category,
        language=f"Look at the {category}",
        workspace="kitchen",
        objects=((f"{category}_1", category),),
        fixtures=(),
        surface=surface,
        regions=(place,),
        init=(("On", f"{category}_1", place.name),),
        goal=(("On", f"{category}_1", place.name),),
    )


def movable_categories() -> list[str]:
    """Every category that can be carried."""
    return [category for category in table("assets") if not asset(category).fixture]


def heights(root: str) -> dict[str, Any]:
    """Settled heights, own less original: of each thing on a table, and of each that a goal puts on or in another."""
    lone = {c: _height_gap(alone(c), f"{c}_1", "", root, inside=False) for c in movable_categories()}
    stacked: dict[str, float] = {}
    for task in (task for suite in SUITES for task in load_suite(suite)):
        for predicate, name, *holder in (literal for literal in task.goal if len(literal) == 3):
            pair = f"{task.category_of(name)} {predicate.lower()} {_kind(task, holder[0])}"
            if holder[0] not in {region.name for region in task.regions} and pair not in stacked:
                stacked[pair] = _height_gap(task, name, holder[0], root, inside=predicate == "In")
    placed = {pair: gap for pair, gap in stacked.items() if not math.isnan(gap)}
    return {
        "categories": len(lone),
        "largest_mm": round(max(map(abs, lone.values())), 2),
        "pairs": len(placed),
        "pairs_within_3_mm": int(sum(abs(gap) <= _LEVEL for gap in placed.values())),
        "pairs_median_mm": round(float(np.median(np.abs(list(placed.values())))), 2),
        "beyond_3_mm": {n: round(gap, 1) for n, gap in {**lone, **placed}.items() if abs(gap) > _LEVEL},
        "no_rest_on_original": sorted(stacked.keys() - placed.keys()),
    }


def _kind(task: Task, holder: str) -> str:
    """What a goal names, by category: ``basket contain region``."""
    category = task.category_of(holder)
    names = [name for name, _ in (*task.objects, *task.fixtures) if holder.startswith(name)]
    return category + holder.removeprefix(max(names, key=len, default="")).replace("_", " ")


def _height_gap(task: Task, name: str, holder: str, root: str, *, inside: bool) -> float:
    """Height of a thing a second after it is let go, own less original, mm; set down on ``holder`` if there is one.

    It is let go straight over the middle of ``holder`` or, where it does not come to rest there on LIBERO's geometry (a
    bottle on end on a slope, a book across a compartment), at the nearest of other places and turns where it does, also
    from half a centimetre beside. Not a number where there is none.
    """
    scenes = [_at_rest(one) for one in (replace(task, checkout=root), task)]
    if not holder:
        theirs, own = (_let_go(worlds, start.qpos)[name].position[0, 2] for worlds, start in scenes)
        return float(1000 * (own - theirs))
    literal = ("In" if inside else "On", name, holder)
    (worlds, start), (our_worlds, our_start) = scenes
    slope = _slopes(worlds, start.qpos, holder)
    for aside, turn in itertools.product(_ASIDE, _TURNS[2:] if slope else (None, *_TURNS)):
        found = _comes_to_rest(worlds, start.qpos, literal, turn, aside)
        if found is None or not all(
            _set_down(worlds, start.qpos, literal, turn, np.add(aside, shove)) is None
            or _comes_to_rest(worlds, start.qpos, literal, turn, np.add(aside, shove)) is not None
            for shove in _SHOVES
        ):
            continue
        put = _set_down(our_worlds, our_start.qpos, literal, turn, aside)
        return math.inf if put is None else float(1000 * (_let_go(our_worlds, put)[name].position[0, 2] - found))
    return math.nan


def _slopes(worlds: Worlds, qpos: np.ndarray, holder: str) -> bool:
    """Whether no axis of a region is upright, as on the wine rack: things lie there."""
    things = worlds.things(qpos)
    if holder in things:
        return False
    owner, region = find_region(worlds.specs[0].task, holder, things)
    return bool(np.abs(owner.region(region)[1][0, 2]).max() < 0.99)


def _comes_to_rest(
    worlds: Worlds, start: np.ndarray, literal: Literal, turn: np.ndarray | None, aside: Sequence[float] | np.ndarray
) -> float | None:
    """Height, m, of a thing that is set down and still stands as it was put a second later, its literal true."""
    put = _set_down(worlds, start, literal, turn, aside)
    if put is None:
        return None
    before, after = worlds.things(put)[literal[1]], _let_go(worlds, put)
    thing = after[literal[1]]
    upright = rotate(np.stack([before.quaternion[0], thing.quaternion[0]]), np.array([0.0, 0.0, 1.0]))
    holds = literal_margin(worlds.specs[0].task, literal, after)[0] > -_TOUCH and upright[0] @ upright[1] > _UPRIGHT
    return float(thing.position[0, 2]) if holds else None


def _set_down(
    worlds: Worlds, start: np.ndarray, literal: Literal, turn: np.ndarray | None, aside: Sequence[float] | np.ndarray
) -> np.ndarray | None:
    """The state ``start [1, nq]`` with a thing just above what it is to stand on or in; its drawer is open.

    None where it meets the holder at all heights that the region allows.

    Args:
        worlds: the one world.
        start: its state.
        literal: what stands on or in what.
        turn: world_from_thing, about the thing's middle; None: as it starts, its origin over the holder's.
        aside: m, off the middle along the world's x and y.
    """
    (spec,), template, (predicate, name, holder) = worlds.specs, worlds.template, literal
    slots = {occupant.name: occupant.slot for occupant in spec.occupants}
    address, qpos = template.slot_qpos[slots[name]], start.copy()
    qpos[0, address : address + 3] = (3.0, 3.0, 3.0)  # out of the way of what it is put on
    things = worlds.things(qpos)
    if holder in things:
        owner, centre = things[holder], things[holder].position[0]
    else:
        owner, region = find_region(spec.task, holder, things)
        if region.link:
            thing = template.things[slots[next(n for n, t in things.items() if t is owner)]]
            qpos[0, thing.link_qpos[thing.links.index(region.link)]] = _DRAWN
            owner, region = find_region(spec.task, holder, worlds.things(qpos))
        centre = owner.region(region)[0][0]
    held = things[name]
    yaw = np.pi / 2 * round(float(yaw_of(held.quaternion)[0]) / (np.pi / 2))  # straight, so that books fit in
    placed = replace(held, position=centre[None], quaternion=from_yaw(np.array([yaw])) if turn is None else turn[None])
    if turn is not None:  # the middle is that of our own boxes: both geometries start from one pose
        low, high = replace(placed, asset=asset(held.asset.category)).hull
        placed = replace(placed, position=placed.position + centre - (low + high) / 2)
    placed = replace(placed, position=placed.position + np.array([*aside, 0.0]))
    if predicate == "In":
        reach = float(np.abs(owner.region(region)[1][0] @ np.asarray(region.half_size))[2])
        lowest = template.support + placed.position[0, 2] - float(placed.hull[0][0, 2])  # it stands on the table
        tried = np.arange(max(centre[2] - reach - 0.01, lowest + 0.001), centre[2] + reach, 0.001)
        if not len(tried):
            return None
        many = np.stack([np.r_[placed.position[0, :2], z] for z in tried])
        rows = np.zeros(len(tried), int)
        at = replace(placed, position=many, quaternion=placed.quaternion[rows])
        free = np.flatnonzero(nearest_gap(at.boxes, owner.boxes.take(rows)) > 0.0)
        if not len(free):
            return None
        height = float(tried[free[0]])
    else:
        height = float(placed.position[0, 2] + rise(placed.boxes, owner.boxes)[0]) + 0.001
        if not np.isfinite(height):
            return None
    qpos[0, address : address + 7] = np.r_[placed.position[0, :2], height, placed.quaternion[0]]
    return qpos


def _let_go(worlds: Worlds, qpos: np.ndarray) -> Things:
    """Everything a second later."""
    return worlds.things(_run(worlds, qpos, _SECOND).qpos)


def _at_rest(task: Task) -> tuple[Worlds, State]:
    spec = WorldSpec(task, 51)
    return Simulator(make("native", spec.template, capacity=1)).settled([spec])


def _run(worlds: Worlds, qpos: np.ndarray, ticks: int) -> State:
    """From rest, everything awake."""
    engine = make("native", worlds.template, capacity=1)
    state = replace(engine.reset(worlds), qpos=qpos)
    return engine.advance(worlds, state, np.tile(REST, (1, ticks, 1)), np.array([ticks]))[0]


def displacements(root: str) -> dict[str, Any]:
    """How far ten things go, own over original: let fall askew, mean of 24 drops; pushed, median of five pushes."""
    ratios: dict[str, dict[str, float]] = {"drop": {}, "push": {}}
    toppled: dict[str, list[int]] = {}
    for category in _PUSHED:
        (own, pushed, falls), (theirs, pushed_theirs, falls_theirs) = (
            _gone(replace(alone(category), checkout=checkout), category) for checkout in ("", root)
        )
        ratios["drop"][category] = round(own / theirs, 3)
        ratios["push"][category] = round(pushed / pushed_theirs, 3)
        if falls or falls_theirs:
            toppled[category] = [falls, falls_theirs]
    within = {way: sum(abs(ratio - 1) <= 0.15 for ratio in found.values()) for way, found in ratios.items()}
    return {"within_15_percent": within, "of": len(_PUSHED), "own_over_original": ratios, "toppled_of_24": toppled}


def _gone(task: Task, category: str) -> tuple[float, float, int]:
    """Of one thing: how far it goes when let fall and when pushed by the closed hand, m; how often it topples."""
    worlds, rest = _at_rest(task)
    slot = worlds.specs[0].occupants[0].slot
    address = worlds.template.slot_qpos[slot]
    where, turn = slice(address, address + 3), slice(address + 3, address + 7)
    upright = rotate(rest.qpos[0, turn], np.array([0.0, 0.0, 1.0]))
    fallen, toppled = [], 0
    for lean, azimuth in itertools.product(_LEANS, np.arange(_LEAN_TO) * 2 * np.pi / _LEAN_TO):
        high = rest.qpos.copy()
        high[0, address + 2] += _DROP
        axis = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
        high[0, turn] = multiply(from_axis_angle(axis, np.array(lean)), high[0, turn])
        end = _run(worlds, high, _SECOND).qpos[0]
        fallen.append(np.linalg.norm(end[where] - high[0, where]))
        toppled += rotate(end[turn], np.array([0.0, 0.0, 1.0])) @ upright < 0.8
    pushed = [_pushed(worlds, rest.qpos[0, where], share * min(asset(category).size[:2])) for share in _PUSH_AT]
    return float(np.mean(fallen)), float(np.median(pushed)), int(toppled)


def _pushed(worlds: Worlds, start: np.ndarray, height: float) -> float:
    """How far the closed hand pushes the only thing of a world, its fingertips at a height above the table, m."""
    (spec,), template = worlds.specs, worlds.template
    (occupant,) = spec.occupants
    address = template.slot_qpos[occupant.slot]
    x, y, _ = start - template.base
    low = template.support - template.base[2] + max(height, _CLEAR)
    behind = [float(x - occupant.asset.size[0] / 2 - 0.04), float(y), float(low)]
    robot = PlainRobot(Simulator(make("native", template, capacity=1)), spec)
    run_plain(Program(_PUSH.format(start=behind, stroke=_STROKE), "push"), robot)
    return float(np.linalg.norm(robot.state.qpos[0, address : address + 3] - start))


def success(suite: str, root: str, seeds: Sequence[int]) -> dict[str, Any]:
    """Passes of the first program on both geometries, benchmark and strict verdicts."""
    program = Program.shipped(FIRST_PROGRAM)
    figures: dict[str, Any] = {"program": program.name, "suite": suite, "seeds": f"{seeds[0]}-{seeds[-1]}"}
    passed = []
    for geometry, checkout in (("own", ""), ("original", root)):
        jobs = [Job(program, replace(task, checkout=checkout), seed) for task in load_suite(suite) for seed in seeds]
        batch = Simulators("native", capacity=len(seeds)).run(jobs)
        passes = batch.passes()
        passed.append(passes)
        figures[geometry] = {
            "benchmark": int(passes.sum()),
            "strict": int(batch.passes("strict").sum()),
            "trials": len(jobs),
            "by_task": passes.reshape(-1, len(seeds)).sum(axis=1).tolist(),
        }
    figures["same_verdict"] = int((passed[0] == passed[1]).sum())
    return figures
