"""A dose acts on what moves: on both engines, in every workspace."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from aspire_mjx.geometry import angle_between, from_matrix, yaw_of
from aspire_mjx.physics.engine import Engine, State
from aspire_mjx.physics.native import NativeEngine
from aspire_mjx.planning.kinematics import forward
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.worlds.assets import Asset, SiteRegion, asset
from aspire_mjx.worlds.panda import HOME, REST
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.placement import rest_height
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.workspaces import FAMILIES
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds
from tests.support.mjx_engines import LANES, mjx_engine

_GRAVITY, _TICK = 9.81, 0.02
_STIFF = 1000.0  # N/m, of a finger's servo
_HEAVY = 100.0  # dose of mass: grams would not slip out of fingers that press with 20 N
_ASIDE = (3.0, 1.0)  # m, where nothing else is; the surface goes on


@functools.cache
def _native(workspace: str) -> NativeEngine:
    return NativeEngine(template_of(workspace), capacity=LANES)


on_both_engines = pytest.mark.parametrize("engine_of", [_native, mjx_engine], ids=["native", "mjx"])
everywhere = pytest.mark.parametrize("workspace", FAMILIES)


def _loose(workspace: str) -> Iterator[tuple[Task, int, Asset]]:
    """Tasks of the workspace, each with the slots and the figures of its loose things."""
    for task in (task for suite in suite_names() for task in load_suite(suite) if task.workspace == workspace):
        for occupant in WorldSpec(task, 51).occupants:
            if not occupant.asset.fixture:
                yield task, occupant.slot, occupant.asset


@functools.cache
def _flattest(workspace: str) -> tuple[Task, int, Asset]:
    return min(_loose(workspace), key=lambda each: each[2].size[2] / min(each[2].size[:2]))


@functools.cache
def _easiest_to_hold(workspace: str) -> tuple[Task, int, Asset]:
    """What is flat and can be held about its middle."""
    held = [each for each in _loose(workspace) if each[2].grasps and each[2].grasps[0].name == "body"]
    return min(held, key=lambda each: each[2].size[2] / min(each[2].size[:2]))


def _lanes(task: Task, doses: Sequence[Perturbation]) -> Worlds:
    return make_worlds([WorldSpec(task, 51, dose) for dose in doses])


def _wait(engine: Engine, worlds: Worlds, state: State, ticks: int, *, fingers: float = REST[-1]) -> State:
    ctrl = np.tile(REST, (LANES, ticks, 1))
    ctrl[:, :, 7:] = fingers
    return engine.advance(worlds, state, ctrl, np.full(LANES, ticks))[0]


def _put(worlds: Worlds, slot: int, position: np.ndarray, quaternion: np.ndarray | None = None) -> None:
    """Lets a thing start at ``[3]`` or ``[B, 3]`` m, turned as it was or by ``[4]`` or ``[B, 4]``."""
    where = worlds.template.slot_qpos[slot]
    worlds.qpos[:, where : where + 3] = position
    if quaternion is not None:
        worlds.qpos[:, where + 3 : where + 7] = quaternion


@everywhere
@on_both_engines
def test_what_slides_slows_down_by_the_dosed_friction(workspace, engine_of):
    """A thing sent over the surface, away from all else, loses speed at the dose times g: the surface's figure is 1."""
    engine, (task, slot, thing) = engine_of(workspace), _flattest(workspace)
    doses = np.array([0.01, 0.03, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0])
    worlds = _lanes(task, [Perturbation(friction=dose) for dose in doses.tolist()])
    template = worlds.template
    _put(worlds, slot, np.array([*_ASIDE, template.support + thing.origin_height]))
    state = _wait(engine, worlds, engine.reset(worlds), 10)
    speed = template.model.jnt_dofadr[template.model.body_jntadr[template.things[slot].body]]
    loss = doses * _GRAVITY * _TICK * 20
    sent = state.qvel.copy()
    sent[:, speed] = 1.5 * loss
    end = _wait(engine, worlds, replace(state, qvel=sent), 20)
    slowed = (sent[:, speed] - end.qvel[:, speed]) / loss
    np.testing.assert_allclose(slowed[doses < 0.5], 1.0, rtol=0.03)
    np.testing.assert_allclose(slowed[doses > 0.5], 1.0, rtol=0.12)  # a plate hops


def _grip(worlds: Worlds, slot: int, thing: Asset, base: np.ndarray) -> float:
    """Puts the thing between the pads of the arm at home, had that its base ``[B, 3]`` m there; returns its width."""
    grasp = thing.grasps[0]
    position, hand = forward(np.array(REST[:7]))
    closing, approach = np.array(grasp.closing), np.array(grasp.approach)
    turn = hand @ np.array([np.cross(closing, approach), closing, approach])
    _put(worlds, slot, base + position - turn @ np.array(grasp.centre), from_matrix(turn))
    worlds.qpos[:, worlds.template.finger_qpos] = grasp.width / 2
    return grasp.width


@everywhere
def test_at_the_greatest_friction_things_stay_as_they_were_put(workspace):
    """Beyond it the contacts of what stands on edges are too stiff to stand still: at 10 bottles fell at the start."""
    tasks = (*load_suite("libero_object")[::3], *load_suite("libero_goal")[::9], *load_suite("libero_10"))
    greatest = next(f for f in dataclasses.fields(Perturbation) if f.name == "friction").metadata["high"]
    specs = [WorldSpec(task, 1, Perturbation(friction=greatest)) for task in tasks if task.workspace == workspace]
    worlds, state = Simulator(_native(workspace)).settled(specs)
    for row in range(len(specs)):
        own = worlds.take([row])
        start, end = own.things(own.qpos), own.things(state.qpos[[row]])
        for name, thing in start.items():
            assert angle_between(thing.quaternion, end[name].quaternion)[0] < 0.35, (specs[row].task.key, name)


@everywhere
@on_both_engines
def test_what_is_held_slips_where_friction_is_below_weight(workspace, engine_of):
    """Pads press with F each: a thing of mass m stays where 2 F times the friction is above m g, and falls below."""
    engine, (task, slot, thing) = engine_of(workspace), _easiest_to_hold(workspace)
    width = thing.grasps[0].width
    limit = _HEAVY * thing.mass * _GRAVITY / (2 * _STIFF * width / 2)
    shares, masses = np.array([0.1, 0.3, 0.7, 1.5, 3.0, 2.0, 0.5, 0.5]), np.array([1, 1, 1, 1, 1, 1, 0.25, 0.1])
    doses = [Perturbation(friction=limit * s, mass=_HEAVY * m) for s, m in zip(shares, masses, strict=True)]
    worlds = _lanes(task, doses)
    _grip(worlds, slot, thing, worlds.base)
    state = engine.reset(worlds)
    end = _wait(engine, worlds, state, 10, fingers=0.0)
    height, arm = worlds.template.slot_qpos[slot] + 2, worlds.template.arm_qpos
    before, after = (each.qpos[:, height] - forward(each.qpos[:, arm])[0][:, 2] for each in (state, end))
    sunk, holds = before - after, shares / masses > 1.0  # the arm itself gives way by a centimetre
    assert (sunk[holds] < 0.005).all() and (sunk[~holds] > 0.03).all(), sunk
    assert (np.diff(sunk[:4]) < 0).all(), sunk


@everywhere
@on_both_engines
def test_the_arm_stands_where_the_dose_of_its_base_says(workspace, engine_of):
    """The fingers close on a thing where the hand of a moved base is, and on nothing where it would have been."""
    engine, (task, slot, thing) = engine_of(workspace), _easiest_to_hold(workspace)
    worlds = _lanes(task, [Perturbation(base=dose) for dose in (0.0, 0.05, 0.1, 0.2, 0.1, 0.12, 0.16, 0.2)])
    moved = np.arange(LANES) < 4
    width = _grip(worlds, slot, thing, np.where(moved[:, None], worlds.base, worlds.template.base))
    end = _wait(engine, worlds, engine.reset(worlds), 15, fingers=0.0)
    between = end.qpos[:, worlds.template.finger_qpos].sum(axis=1)
    np.testing.assert_allclose(between[moved], width, atol=0.003)
    assert (between[~moved] < 0.003).all(), between


@everywhere
@on_both_engines
def test_servos_follow_faster_the_higher_their_gain(workspace, engine_of):
    engine, (task, *_) = engine_of(workspace), _flattest(workspace)
    worlds = _lanes(task, [Perturbation(gain=dose) for dose in (0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.5, 5.0)])
    ctrl = np.tile(REST, (LANES, 2, 1))
    ctrl[:, :, 1] -= 0.01
    end, _ = engine.advance(worlds, engine.reset(worlds), ctrl, np.full(LANES, 2))
    left = end.qpos[:, worlds.template.arm_qpos[1]] - ctrl[0, 0, 1]
    assert (np.diff(left) < 0).all() and left[0] > 2 * left[-1] > 0, left


@everywhere
@on_both_engines
def test_the_arm_stays_where_the_dose_of_its_joints_put_it(workspace, engine_of):
    """Its servos hold it there until the program moves it: it does not spring home while the world settles."""
    engine, (task, *_) = engine_of(workspace), _flattest(workspace)
    doses = np.linspace(0.0, 0.28, LANES)
    worlds = _lanes(task, [Perturbation(joints=dose) for dose in doses.tolist()])
    ctrl = np.repeat(worlds.rest[:, None], 20, axis=1)
    end, _ = engine.advance(worlds, engine.reset(worlds), ctrl, np.full(LANES, 20))
    off = np.abs(end.qpos[:, worlds.template.arm_qpos] - HOME)
    np.testing.assert_allclose(off, np.tile(doses[:, None], 7), atol=0.01)


@everywhere
@on_both_engines
def test_things_rest_at_the_height_that_size_and_table_say(workspace, engine_of):
    engine, (task, slot, thing) = engine_of(workspace), _flattest(workspace)
    sizes, raised = [0.5, 0.8, 1.0, 1.1, 1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0, -0.1, -0.03, 0.05, 0.1]
    if workspace == "floor":
        raised = [0.0] * LANES
    worlds = _lanes(task, [Perturbation(size=s, table=t) for s, t in zip(sizes, raised, strict=True)])
    rest = worlds.template.support + np.array(raised) + np.array(sizes) * thing.origin_height
    _put(worlds, slot, np.stack([np.full(LANES, _ASIDE[0]), np.full(LANES, _ASIDE[1]), rest + 0.01], axis=1))
    end = _wait(engine, worlds, engine.reset(worlds), 20)
    np.testing.assert_allclose(end.qpos[:, worlds.template.slot_qpos[slot] + 2], rest, atol=0.001)


def _with_free_top(workspace: str) -> tuple[Task, str, SiteRegion]:
    """A task of the workspace with a fixture on top of which nothing stands: the task, the fixture, its upper side."""
    for task in (task for suite in suite_names() for task in load_suite(suite) if task.workspace == workspace):
        for name, category in task.fixtures:
            for region in asset(category).regions:
                taken = f"{name}_{region.name}" in [literal[-1] for literal in task.init]
                if region.name == "top_side" and not taken:
                    return task, name, region
    raise AssertionError(workspace)


@pytest.mark.parametrize("workspace", ["tabletop", "kitchen", "study"])
@on_both_engines
def test_a_thing_rests_on_a_fixture_where_doses_moved_and_turned_it(workspace, engine_of):
    engine, (task, name, top) = engine_of(workspace), _with_free_top(workspace)
    worlds = _lanes(task, [Perturbation(fixture=0.03 * i, fixture_yaw=0.05 * i) for i in range(LANES)])
    below = worlds.things(worlds.qpos)[name]
    what = min((o for o in worlds.specs[0].occupants if not o.asset.fixture), key=lambda o: o.asset.size[2])
    places, (turns,) = below.region(top)[0], np.split(below.quaternion, 1)
    for lane in range(LANES):
        one, yaw = below.take(np.array([lane])), float(yaw_of(turns)[lane])
        places[lane, 2] = rest_height(one, what.asset, places[lane, :2], yaw, places[lane, 2], inside=False)
    _put(worlds, what.slot, places + (0, 0, 0.001), turns)
    end = _wait(engine, worlds, engine.reset(worlds), 15)
    where = worlds.template.slot_qpos[what.slot]
    np.testing.assert_allclose(end.qpos[:, where : where + 3], places, atol=0.002)
    assert (np.linalg.norm(places - places[0], axis=1)[1:] > 0.02).all()
