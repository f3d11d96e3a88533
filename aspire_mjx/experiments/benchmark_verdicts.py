"""Benchmark case of agreement: the same scripted rollouts on both engines, and how many end in the same verdict."""

from __future__ import annotations

from typing import Any

import numpy as np

from aspire_mjx.compiler.program import Program
from aspire_mjx.geometry import from_yaw, multiply, rotate
from aspire_mjx.jax_setup import enable_compilation_cache
from aspire_mjx.physics.engines import make
from aspire_mjx.rollout import Job, Simulator
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.predicates import Things, find_region
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.workspaces import workspace
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds

SUITES = ("libero_object", "libero_spatial", "libero_goal")
_LANES = 16  # of mjx, by default
_DOWN = np.array([0.0, 1.0, 0.0, 0.0])
_NUMBERS = ("x", "y", "z", "turn_1", "turn_2", "to_x", "to_y", "to_z")
_READ = "".join(f"{name} = tunable({name!r}, 0.0, low=-2.0, high=2.0)\n" for name in _NUMBERS)
# Short, since an engine that is slow on a CPU runs them too, and blind: what is compared is the physics.
_SCRIPTS = {
    "reach": """
goto_pose([x, y, z + 0.05], [0.0, turn_1, turn_2, 0.0])
""",
    "push": """
close_gripper()
goto_pose([x - 0.10, y, z], [0.0, 1.0, 0.0, 0.0], z_approach=0.08)
goto_pose([x + 0.04, y, z], [0.0, 1.0, 0.0, 0.0])
""",
    "pick": """
down = [0.0, turn_1, turn_2, 0.0]
goto_pose([x, y, z], down, z_approach=0.06)
close_gripper()
goto_pose([x, y, z + 0.12], down)
goto_pose([to_x, to_y, to_z + 0.12], down)
goto_pose([to_x, to_y, to_z + 0.02], down)
open_gripper()
""",
}
_PROGRAMS = {name: Program(_READ + text, f"{name}.py") for name, text in _SCRIPTS.items()}


def scripted(count: int) -> list[Job]:
    """``count`` jobs: scripts in turn over the tasks of three suites that move something, then the next seed."""
    tasks = [task for suite in SUITES for task in load_suite(suite) if len(task.goal[0]) == 3]
    cases = [(name, task) for task in tasks for name in _PROGRAMS]
    cases = [cases[i] for i in np.random.default_rng(0).permutation(len(cases))]  # so that a few are a fair sample
    drawn = [(*cases[i % len(cases)], 51 + i // len(cases)) for i in range(count)]
    return [_job(name, task, seed) for name, task, seed in drawn]


def _job(name: str, task: Task, seed: int) -> Job:
    """A script told where the task's object can be held, and where its hand must be when the goal holds."""
    worlds = make_worlds([WorldSpec(task, seed)])
    _, held, holder = task.goal[0]
    before = worlds.things(worlds.qpos)
    thing, (grasp,) = before[held], before[held].asset.grasps[:1]
    (hand,), _ = thing.place(np.array([grasp.centre]), np.array([[1.0, 0.0, 0.0, 0.0]]))
    (closing,) = rotate(thing.quaternion, np.asarray(grasp.closing))
    turn = multiply(from_yaw(np.arctan2(closing[1], closing[0]) - np.pi / 2), _DOWN)
    to = _target(task, holder, before) + (hand - thing.position)[0]
    told = [*(hand[0] - worlds.base[0]), *turn[1:3], *(to - worlds.base[0])]
    return Job(_PROGRAMS[name], task, seed, tuple(zip(_NUMBERS, map(float, told), strict=True)), label=name)


def _target(task: Task, holder: str, things: Things) -> np.ndarray:
    """Where the object's origin belongs, ``[3]`` m."""
    if holder in things:
        return things[holder].position[0]
    surface = next((region for region in task.regions if region.name == holder), None)
    if surface is not None:
        place = workspace(task.workspace)
        xy = np.add(surface.low, surface.high) / 2 + place.origin[:2]
        return np.array([*xy, place.support])
    owner, region = find_region(task, holder, things)
    return owner.region(region)[0][0]


def verdicts(capacity: int, rollouts: int) -> dict[str, Any]:
    """Scripted rollouts of three suites on mjx and on native: how many verdicts agree, in all and by script."""
    enable_compilation_cache()
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
