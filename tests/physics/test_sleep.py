"""Sleeping in C MuJoCo: what rests sleeps, what is touched wakes, and nothing of it depends on chunks or threads."""

from __future__ import annotations

import copy
import dataclasses

import mujoco
import numpy as np
import pytest

from aspire_mjx.physics.engine import State
from aspire_mjx.physics.native import NativeEngine
from aspire_mjx.planning import ik
from aspire_mjx.worlds.panda import REST
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds

_DOWN = np.array([[0.0, 1.0, 0.0, 0.0]])
_LANES, _TICKS = 6, 120


@pytest.fixture(scope="module")
def worlds():
    tasks = load_suite("libero_goal")
    return make_worlds([WorldSpec(tasks[i % 3], 51 + i) for i in range(_LANES)])


@pytest.fixture(scope="module")
def engine():
    return NativeEngine(template_of("tabletop"), capacity=_LANES, threads=2)


@pytest.fixture(scope="module")
def settled(engine, worlds) -> State:
    still = np.tile(REST, (_LANES, 60, 1))
    return engine.advance(worlds, engine.reset(worlds), still, np.full(_LANES, 60))[0]


@pytest.fixture(scope="module")
def sweep(worlds, settled) -> np.ndarray:
    """Controls ``[B, T, 9]``: the closed hand comes down beside the bowl and pushes it along the table."""
    stops = [np.tile(REST[:7], (_LANES, 1))]
    bowl = (
        np.stack(
            [
                worlds.take(np.array([lane])).things(settled.qpos[[lane]])["akita_black_bowl_1"].position[0]
                for lane in range(_LANES)
            ]
        )
        - worlds.base
    )
    for shift, height in ((-0.12, 0.2), (-0.12, 0.03), (0.02, 0.03)):
        target = bowl + (shift, 0.0, 0.0)
        target[:, 2] = worlds.template.support - worlds.template.base[2] + height
        found = ik.solve(target, np.repeat(_DOWN, _LANES, axis=0), current=stops[-1])
        assert found.reachable.all()
        stops.append(found.q)
    legs = np.linspace(0.0, 3.0, _TICKS)
    leg, share = np.minimum(legs.astype(int), 2), legs - np.minimum(legs.astype(int), 2)
    path = np.stack(stops)  # [4, B, 7]
    arm = path[leg] + share[:, None, None] * (path[leg + 1] - path[leg])
    return np.concatenate([arm.transpose(1, 0, 2), np.zeros((_LANES, _TICKS, 2))], axis=2)


def _same(first: State, second: State) -> bool:
    return all(np.array_equal(column, getattr(second, name)) for name, column in vars(first).items())


def test_all_that_rests_sleeps_and_the_robot_does_not(engine, settled):
    robot = engine.template.model.dof_treeid[engine.template.arm_dof[0]]
    things = np.delete(settled.asleep, robot, axis=1)
    assert (settled.asleep[:, robot] < 0).all() and (things >= 0).all()
    dofs = np.flatnonzero(engine.template.model.dof_treeid != robot)
    assert (settled.qvel[:, dofs] == 0).all()


def test_what_is_pushed_wakes_and_moves_and_the_others_sleep_on(engine, worlds, settled, sweep):
    after, felt = engine.advance(worlds, settled, sweep, np.full(_LANES, _TICKS))
    for lane in range(_LANES):
        one, rows = worlds.take(np.array([lane])), np.array([lane])
        before, moved = one.things(settled.qpos[rows]), one.things(after.qpos[rows])
        gone = {name: np.linalg.norm(moved[name].position - before[name].position) for name in before}
        assert max(gone.values()) > 0.03, gone
        assert sum(distance == 0.0 for distance in gone.values()) >= 3, gone  # whatever the hand did not reach
    assert (felt.peak_force > 0).all()


@pytest.mark.parametrize("ticks", [1, 7, 50])
def test_chunks_change_no_bit_while_things_fall_asleep_and_wake(engine, worlds, settled, sweep, ticks):
    back = np.concatenate([sweep, sweep[:, ::-1], np.repeat(sweep[:, :1], 40, axis=1)], axis=1)
    whole, _ = engine.advance(worlds, settled, back, np.full(_LANES, back.shape[1]))
    state = settled
    for start in range(0, back.shape[1], ticks):
        piece = back[:, start : start + ticks]
        state, _ = engine.advance(worlds, state, piece, np.full(_LANES, piece.shape[1]))
    assert _same(whole, state)
    assert (whole.asleep >= 0).any(axis=1).all()


def test_threads_and_neighbours_change_no_bit(worlds, settled, sweep):
    order = np.array([4, 1, 5, 0, 3, 2])
    ticks = np.full(_LANES, _TICKS)
    alone, _ = NativeEngine(worlds.template, threads=1).advance(worlds, settled, sweep, ticks)
    other, _ = NativeEngine(worlds.template, threads=3).advance(
        worlds.take(order), settled.take(order), sweep[order], ticks
    )
    assert _same(alone.take(order), other)


def test_a_sleeper_lies_where_it_would_lie_awake(engine, worlds, settled):
    """Two seconds of the same physics without sleep: all that a sleeper loses is its creep."""
    models = tuple(copy.copy(model) for model in worlds.models)
    for model in models:
        model.opt.enableflags &= ~int(mujoco.mjtEnableBit.mjENBL_SLEEP)
    sleepless = Worlds(worlds.template, worlds.specs, models, worlds.variant, worlds.qpos, worlds.shift, worlds.yaw)
    still, ticks = np.tile(REST, (_LANES, 100, 1)), np.full(_LANES, 100)
    first, _ = engine.advance(worlds, settled, still, ticks)
    awake = dataclasses.replace(settled, asleep=engine.reset(worlds).asleep)
    second, _ = engine.advance(sleepless, awake, still, ticks)
    assert (second.asleep < 0).all() and not np.array_equal(first.qpos, second.qpos)
    assert np.abs(first.qpos - second.qpos).max() < 1e-3


def test_a_guard_leaves_the_sleepers_of_its_tick(engine, worlds, settled, sweep):
    guarded, felt = engine.advance(worlds, settled, sweep, np.full(_LANES, _TICKS), np.full((_LANES, 2), (0.5, np.inf)))
    assert (felt.ticks < _TICKS).all()
    told, _ = engine.advance(worlds, settled, sweep, felt.ticks)
    assert _same(guarded, told)
