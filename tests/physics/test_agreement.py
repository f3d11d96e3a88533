"""mjx beside native in every workspace: free motion, touch, and the verdicts of short rollouts."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.physics.native import NativeEngine
from aspire_mjx.planning.kinematics import forward
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.worlds.goal_state import goal_qpos
from aspire_mjx.worlds.panda import REST
from aspire_mjx.worlds.predicates import literal_margin
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.workspaces import FAMILIES
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds
from experiments.studies.verdicts import run, scripted
from tests.support.mjx_engines import LANES, mjx_engine

_MILLIMETRE = 1e-3
_TICKS = 50  # 1 s


@pytest.mark.parametrize("workspace", FAMILIES)
def test_free_motion_agrees_within_a_millimetre(workspace):
    """All joints move, upwards and about, for one second; the fingertips' paths are compared every 0.2 s."""
    tasks = [task for name in suite_names() for task in load_suite(name) if task.workspace == workspace]
    worlds = make_worlds([WorldSpec(task, 60) for task in tasks[:: len(tasks) // LANES][:LANES]])
    swing = np.random.default_rng(0).uniform(-0.3, 0.3, (LANES, 7))
    swing[:, 1] = -np.abs(swing[:, 1])  # up, off the objects
    ctrl = np.tile(REST, (LANES, _TICKS, 1))
    ctrl[:, :, :7] += np.sin(np.linspace(0.0, np.pi / 2, _TICKS))[:, None] * swing[:, None]
    ctrl[:, :, 7:] -= np.linspace(0.0, 0.02, _TICKS)[:, None]
    engines = (mjx_engine(workspace), NativeEngine(worlds.template))
    states = [engine.reset(worlds) for engine in engines]
    arm, fingers = worlds.template.arm_qpos, worlds.template.finger_qpos
    for start in range(0, _TICKS, 10):
        piece, ticks = ctrl[:, start : start + 10], np.full(LANES, 10)
        states = [e.advance(worlds, s, piece, ticks)[0] for e, s in zip(engines, states, strict=True)]
        (ours, _), (theirs, _) = (forward(state.qpos[:, arm].astype(np.float64)) for state in states)
        assert np.linalg.norm(ours - theirs, axis=1).max() < _MILLIMETRE
        assert np.abs(states[0].qpos[:, fingers] - states[1].qpos[:, fingers]).max() < _MILLIMETRE
    moved, _ = forward(states[1].qpos[:, arm])
    assert np.linalg.norm(moved - forward(np.array(REST[:7]))[0], axis=1).min() > 0.05


def test_a_bowl_that_rests_on_a_plate_touches_it_on_both_engines():
    tasks = load_suite("libero_spatial")[:LANES]
    worlds = make_worlds([WorldSpec(task, 60) for task in tasks])
    for engine in (mjx_engine("tabletop"), NativeEngine(template_of("tabletop"))):
        start = engine.reset(worlds)
        for lane in range(LANES):
            start.qpos[lane] = goal_qpos(worlds.take(np.array([lane])), worlds.qpos[lane])
        end, _ = engine.advance(worlds, start, np.tile(REST, (LANES, _TICKS, 1)), np.full(LANES, _TICKS))
        for lane, task in enumerate(tasks):
            things = worlds.take(np.array([lane])).things(end.qpos[lane : lane + 1])
            assert task.goal == (("On", "akita_black_bowl_1", "plate_1"),)
            assert literal_margin(task, task.goal[0], things)[0] > 0, (engine.name, task.key)


def test_short_rollouts_end_in_the_same_verdict():
    """A sample of what the benchmark's case ``verdicts`` runs 500 of."""
    jobs = [job for job in scripted(60) if job.task.workspace == "tabletop" and job.label == "pick"][:LANES]
    ours, theirs = Simulator(mjx_engine("tabletop")).run(jobs), run("native", jobs, LANES)
    assert (ours.passes() != theirs.passes()).sum() <= 2
    assert theirs.passes().sum() >= 2
