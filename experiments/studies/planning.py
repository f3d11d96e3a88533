"""Benchmark case of planning: inverse kinematics, paths through clutter checked by physics, and what they cost."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from aspire_mjx import geometry
from aspire_mjx.experiments.libero_pro import FIRST_PROGRAM
from aspire_mjx.language.program import Program
from aspire_mjx.physics.engines import make
from aspire_mjx.planning import ik, kinematics
from aspire_mjx.planning.kinematics import HOME
from aspire_mjx.rollout.simulator import Job, Simulator
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.worlds import make_worlds

FIRST_SEED = 1000  # far from the seeds that have roles
PROGRAMS = (FIRST_PROGRAM, "careful_pick_and_place")  #: whose time is measured
REFUSED = (Status.START_IN_COLLISION, Status.GOAL_IN_COLLISION, Status.PLANNING_ERROR, Status.IN_COLLISION)
_DOWN = np.array([0.0, 1.0, 0.0, 0.0])
_BESIDE = 0.05  # m from a thing's outline to the fingertips between which it is
_NUMBERS = ("x0", "y0", "z0", "w0", "x1", "y1", "z1", "w1")
# One look from home, then to a low place among the things and on to another one.
_PROGRAM = Program(
    "".join(f"{name} = tunable({name!r}, 0.0, low=-4.0, high=4.0)\n" for name in _NUMBERS)
    + """import numpy as np

get_object_pose("basket")
if goto_pose([x0, y0, z0], [0.0, np.cos(w0), np.sin(w0), 0.0], avoid_collisions=True):
    goto_pose([x1, y1, z1], [0.0, np.cos(w1), np.sin(w1), 0.0], avoid_collisions=True)
""",
    "through_clutter.py",
)


def planning() -> dict[str, Any]:
    """Everything above at full size."""
    return {"ik": inverse_kinematics(10_000), "clutter": clutter(500), "time": shares()}


def inverse_kinematics(targets: int) -> dict[str, Any]:
    """How many poses of random joint angles are reached, whether that is true, and CPU seconds for 1,024 of them."""
    low, high = kinematics.LOWER_LIMIT + 0.03, kinematics.UPPER_LIMIT - 0.03
    position, rotation = kinematics.forward(np.random.default_rng(0).uniform(low, high, (targets, 7)))
    quaternion, home = geometry.from_matrix(rotation), np.tile(HOME, (targets, 1))
    found = ik.solve(position, quaternion, current=home)
    far = ik.solve(position * (3.0, 3.0, 1.0), quaternion, current=home)
    begun = time.process_time()
    ik.solve(position[:1024], quaternion[:1024], current=home[:1024])
    seconds = time.process_time() - begun
    return {
        "targets": targets,
        "reached": round(float((found.reachable & _there(found.q, position, quaternion)).mean()), 4),
        "falsely_reached": int((far.reachable & ~_there(far.q, position * (3.0, 3.0, 1.0), quaternion)).sum()),
        "cpu_s_for_1024": round(seconds, 3),
    }


def _there(q: np.ndarray, position: np.ndarray, quaternion: np.ndarray) -> np.ndarray:
    """Within 1 mm and 0.5 degrees, by forward kinematics, ``[N]`` bool."""
    reached, rotation = kinematics.forward(q)
    off = np.sqrt(((reached - position) ** 2).sum(axis=1))
    return (off < 1e-3) & (geometry.angle_between(geometry.from_matrix(rotation), quaternion) < np.deg2rad(0.5))


def clutter(scenes: int) -> dict[str, Any]:
    """Motions between low random places among the things of ``scenes`` floors, and what the physics says of them.

    A motion that was not refused is *free* when nothing touched the hand, fingers or wrist on the way but the thing
    at the fingers where it began or ended.
    """
    tasks, random = load_suite("libero_object"), np.random.default_rng(FIRST_SEED)
    jobs = []
    for scene in range(scenes):
        low, high = (0.35, -0.30, 0.03, -1.2), (0.70, 0.30, 0.18, 1.2)
        numbers = random.uniform((*low, *low), (*high, *high))
        task = tasks[scene % len(tasks)]
        jobs.append(Job(_PROGRAM, task, FIRST_SEED + scene, tuple(zip(_NUMBERS, numbers.tolist(), strict=True))))
    batch = Simulator(make("native", jobs[0].world.template)).run(jobs)
    rows = np.flatnonzero(batch.call_text("primitive") == "goto_pose")
    status = batch.calls["status"][rows]
    refused = np.isin(status, REFUSED) | (status == Status.IK_INFEASIBLE)
    touched = batch.calls["peak_force"][rows] > 0
    meant = np.array([_meant(batch, jobs, row) for row in rows.tolist()])
    told = rows[~refused]
    return {
        "scenes": scenes,
        "motions": len(rows),
        "refused": {s.name: int((status == s).sum()) for s in (*REFUSED, Status.IK_INFEASIBLE)},
        "reported_free": len(told),
        "touched_on_the_way": int((touched & ~meant & ~refused).sum()),
        "free_share": round(float(1.0 - (touched & ~meant)[~refused].mean()), 4),
    }


def _meant(batch: TraceBatch, jobs: list[Job], row: int) -> bool:
    """Whether what a motion touched is a thing between or beside the fingers at its goal, or where it started."""
    job = jobs[int(batch.calls["rollout"][row])]
    worlds = make_worlds([job.world])
    ends = (
        batch.calls["inputs"][[row, row - 1], :3] if batch.calls["call"][row] > 1 else batch.calls["inputs"][[row], :3]
    )
    name = batch.call_text("contact_b")[row]
    things = worlds.things(worlds.qpos)
    named = [thing for thing in things.values() if thing.asset.category == name]
    return any(
        np.hypot(*(thing.position[0] - worlds.base[0] - end)[:2]) < np.hypot(*thing.asset.size[:2]) / 2 + _BESIDE
        for thing in named
        for end in ends
    )


def shares(seeds: int = 30) -> dict[str, dict[str, float]]:
    """What programs spend on native by part: sensing and planning together beside physics, wall seconds."""
    return {name: _share(Program.shipped(name), seeds) for name in PROGRAMS}


def _share(program: Program, seeds: int) -> dict[str, float]:
    jobs = [Job(program, task, FIRST_SEED + seed) for task in load_suite("libero_object_swap") for seed in range(seeds)]
    simulator = Simulator(make("native", jobs[0].world.template))
    simulator.run(jobs[:10])  # what is compiled once
    batch = simulator.run(jobs)
    timing, moves = batch.meta["timing"], int((batch.call_text("primitive") == "goto_pose").sum())
    return {
        "rollouts": len(jobs),
        "engine_s": round(timing["engine_s"], 2),
        "sense_s": round(timing["sense_s"], 2),
        "plan_s": round(timing["plan_s"], 2),
        "ms_a_motion": round(1e3 * timing["plan_s"] / moves, 3),
        "share_of_physics": round((timing["sense_s"] + timing["plan_s"]) / timing["engine_s"], 3),
    }
