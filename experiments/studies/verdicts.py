"""Benchmark case of agreement: the same scripted rollouts on both engines, and how many end in the same verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from aspire_mjx.geometry import from_yaw, multiply, rotate
from aspire_mjx.language.program import Program
from aspire_mjx.physics.engines import make
from aspire_mjx.rollout.simulator import Job, Simulator
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.assets import Grasp
from aspire_mjx.worlds.poses import ThingPose
from aspire_mjx.worlds.predicates import Things, find_region
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.workspaces import workspace
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds

SUITES = ("libero_object", "libero_spatial", "libero_goal")
_LANES = 16  # of mjx, by default
_DOWN = np.array([0.0, 1.0, 0.0, 0.0])
_NUMBERS = ("x", "y", "z", "turn_1", "turn_2", "to_x", "to_y", "to_z", "amount")
_READ = "".join(f"{name} = tunable({name!r}, 0.0, low=-3.0, high=3.0)\n" for name in _NUMBERS)
# Blind, since what is compared is the physics, and short, since an engine that is slow on a CPU runs them too. Each
# ends with the hand off the thing and still, so that no verdict hangs on the instant at which something falls.
_SCRIPTS = {
    "pick": """
down = [0.0, turn_1, turn_2, 0.0]
goto_pose([x, y, z], down, z_approach=0.06)
close_gripper()
goto_pose([x, y, z + 0.12], down)
goto_pose([to_x, to_y, to_z + 0.12], down)
goto_pose([to_x, to_y, to_z + 0.02], down)
open_gripper()
goto_pose([to_x, to_y, to_z + 0.10], down)
""",
    "push": """
down = [0.0, turn_1, turn_2, 0.0]
close_gripper()
goto_pose([x, y, z], down, z_approach=0.08)
push([to_x - x, to_y - y, 0.0], amount)
goto_pose([x + 0.5 * (to_x - x), y + 0.5 * (to_y - y), z + 0.10], down)
""",
    "pull": """
down = [0.0, turn_1, turn_2, 0.0]
goto_pose([x, y, z], down, z_approach=0.12)
close_gripper()
pull([to_x - x, to_y - y, 0.0], amount)
open_gripper()
wait(0.2)
""",
    "turn": """
down = [0.0, turn_1, turn_2, 0.0]
goto_pose([x, y, z], down, z_approach=0.06)
close_gripper()
pull_arc([to_x, to_y, to_z], [0.0, 0.0, 1.0], amount)
open_gripper()
wait(0.2)
""",
}
_PROGRAMS = {name: Program(_READ + text, f"{name}.py") for name, text in _SCRIPTS.items()}
_CYCLE = ("pick", "push", "pick", "pull", "pick", "turn")  # half of the rollouts carry something
_BEHIND = 0.012  # m, from the edge of what is pushed to the closed hand's middle when it touches
_OFF_HANDLE = (0.029, 0.006)  # m, off the drawer's front and up: one finger goes behind the bar


def scripted(count: int) -> list[Job]:
    """``count`` jobs on tasks of three suites, by turns: carry, push a packet, pull a drawer, turn the knob.

    Pushes, pulls and turns go a random way, so that some reach the goal and others do not; seeds from 1000 on.
    """
    tasks = [task for suite in SUITES for task in load_suite(suite)]
    carried = [task for task in tasks if len(task.goal[0]) == 3 and task.goal[0][1] != "plate_1"]
    carried = [carried[i] for i in np.random.default_rng(0).permutation(len(carried))]  # a few are a fair sample
    scene = {task.goal[0][0]: task for task in tasks if task.suite == "libero_goal" and len(task.goal[0]) == 2}
    (plate,) = (task for task in tasks if task.goal[0][1] == "plate_1")
    # The cabinet is where a hand would be that pushes the plate; no other handle is above that of the top drawer.
    packet = replace(plate, goal=(("On", "cream_cheese_1", plate.goal[0][2]),))
    drawer = replace(scene["Open"], goal=(("Open", "wooden_cabinet_1_top_region"),))
    others = {"push": packet, "pull": drawer, "turn": scene["Turnon"]}
    jobs = []
    for i in range(count):
        name, round_ = _CYCLE[i % len(_CYCLE)], i // len(_CYCLE)
        carry = 3 * round_ + i % len(_CYCLE) // 2
        task = carried[carry % len(carried)] if name == "pick" else others[name]
        jobs.append(_job(name, task, 1000 + (carry // len(carried) if name == "pick" else round_)))
    return jobs


def _job(name: str, task: Task, seed: int) -> Job:
    """A script told where to put the hand, which way to go and how far."""
    worlds = make_worlds([WorldSpec(task, seed)])
    things, base = worlds.things(worlds.qpos), worlds.base[0]
    share = float(np.random.default_rng([seed, len(name)]).uniform())
    hand, turn, to, amount = TELL[name](task, things, share)
    told = [*(hand - base), *turn[1:3], *(to - base), amount]
    return Job(_PROGRAMS[name], task, seed, tuple(zip(_NUMBERS, map(float, told), strict=True)), label=name)


Told = tuple[np.ndarray, np.ndarray, np.ndarray, float]  # hand [3] m and [4], where to [3] m, how far m or rad


def _pick(task: Task, things: Things, share: float) -> Told:
    """To hold the goal's object, and where the hand must be when the goal holds."""
    _, held, holder = task.goal[0]
    hand, turn = _grip(things[held], things[held].asset.grasps[0])
    return hand, turn, _target(task, holder, things) + hand - things[held].position[0], share


def _push(task: Task, things: Things, share: float) -> Told:
    """Behind the goal's object, towards its region; up to 6 cm less or more than it takes."""
    _, held, holder = task.goal[0]
    start, to = things[held].position[0], _target(task, holder, things)
    way = (to - start) * (1.0, 1.0, 0.0)
    away = float(np.linalg.norm(way))
    behind = start - way / away * (min(things[held].asset.size[:2]) / 2 + _BEHIND + 0.03)
    hand = np.array([*behind[:2], to[2] + _BEHIND])
    along = multiply(from_yaw(np.arctan2(way[1], way[0])), _DOWN)  # the broad side of the closed fingers in front
    return hand, along, hand + way, away + 0.03 + 0.12 * (share - 0.5)


def _pull(task: Task, things: Things, share: float) -> Told:
    """At a drawer's handle, one finger behind it; 7 to 19 cm out, of which the drawer needs 14."""
    owner, region = find_region(task, task.goal[0][1], things)
    handle = next(grasp for grasp in owner.asset.grasps if grasp.link == region.link)
    out = rotate(owner.quaternion[0], np.array([0.0, -1.0, 0.0]))
    hand = owner.place(np.array([handle.centre]), np.array([[1.0, 0.0, 0.0, 0.0]]), handle.link)[0][0, 0]
    hand = hand + _OFF_HANDLE[0] * out + (0.0, 0.0, _OFF_HANDLE[1])
    return hand, _DOWN, hand + out, 0.07 + 0.12 * share


def _turn(task: Task, things: Things, share: float) -> Told:
    """On the stove's knob, about its axis; 0.2 to 1 rad, of which the goal needs 0.5."""
    stove = things[task.goal[0][1]]
    (handle,) = stove.asset.grasps
    hand, turn = _grip(stove, handle)
    return hand, turn, stove.position[0], 0.2 + 0.8 * share


TELL = {"pick": _pick, "push": _push, "pull": _pull, "turn": _turn}


def _grip(thing: ThingPose, grasp: Grasp) -> tuple[np.ndarray, np.ndarray]:
    """Position ``[3]`` m and quaternion ``[4]`` of the hand that holds a thing from above."""
    (hand,), _ = thing.place(np.array([grasp.centre]), np.array([[1.0, 0.0, 0.0, 0.0]]), grasp.link)
    (closing,) = rotate(thing.quaternion, np.asarray(grasp.closing))
    return hand[0], multiply(from_yaw(np.arctan2(closing[1], closing[0]) - np.pi / 2), _DOWN)


def _target(task: Task, holder: str, things: Things) -> np.ndarray:
    """Where the object's origin belongs, ``[3]`` m."""
    if holder in things:
        return things[holder].position[0]
    surface = task.surface_region(holder)
    if surface is not None:
        place = workspace(task.workspace)
        xy = np.add(surface.low, surface.high) / 2 + place.origin[:2]
        return np.array([*xy, place.support])
    owner, region = find_region(task, holder, things)
    return owner.region(region)[0][0]


def verdicts(capacity: int, rollouts: int) -> dict[str, Any]:
    """Scripted rollouts of three suites on mjx and on native: how many verdicts agree, in all and by script."""
    jobs = scripted(rollouts)
    labels, equal, passed, differing = [], [], [], []
    for where in ("floor", "tabletop"):
        own = [job for job in jobs if job.task.workspace == where]
        mjx, native = (run(engine, own, capacity or _LANES) for engine in ("mjx", "native"))
        same = mjx.passes() == native.passes()
        labels += [job.label for job in own]
        equal += same.tolist()
        passed += native.passes().tolist()
        differing += [f"{own[i].label} {own[i].task.key} {own[i].seed}" for i in np.flatnonzero(~same)]
    by_script = {
        name: {
            "rollouts": labels.count(name),
            "equal": sum(e for e, label in zip(equal, labels, strict=True) if label == name),
            "native_passes": sum(p for p, label in zip(passed, labels, strict=True) if label == name),
        }
        for name in _SCRIPTS
    }
    share = round(float(np.mean(equal)), 4)
    return {"suites": SUITES, "rollouts": rollouts, "equal_share": share, "scripts": by_script, "differing": differing}


def run(engine: str, jobs: list[Job], capacity: int) -> TraceBatch:
    """The traces of jobs of one workspace; the lanes of mjx decide how fast it is, and may decide last bits."""
    lanes = capacity if engine == "mjx" else 0
    return Simulator(make(engine, jobs[0].world.template, capacity=lanes)).run(jobs)
