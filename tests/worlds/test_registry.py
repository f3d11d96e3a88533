"""Every task of every suite, on every engine: things stand where they were put, and the goal is not attained yet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from aspire_mjx.physics.engine import Engine, Readings, State
from aspire_mjx.physics.native import NativeEngine
from aspire_mjx.worlds.episode import SETTLE_TICKS
from aspire_mjx.worlds.panda import REST
from aspire_mjx.worlds.predicates import Things, goal_margin
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.workspaces import FAMILIES
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds
from tests.support.mjx_engines import LANES, mjx_engine

_SUNK = 0.01  # m below the surface
_FLOWN = 0.15  # m from the start, seen from above: what lands on the edge of a fixture slides off it
_RISEN = 0.01  # m
_RESTLESS = 0.005  # m in the second half second
_AJAR = 0.02  # m or rad, of a drawer, door or knob


def _tasks(workspace: str) -> list[Task]:
    return [task for name in suite_names() for task in load_suite(name) if task.workspace == workspace]


def _stand(engine: Engine, worlds: Worlds) -> tuple[list[State], Readings]:
    """States at the start, after 0.5 s and after 1 s of standing still."""
    states, readings = [engine.reset(worlds)], Readings.quiet(len(worlds))
    ctrl, ticks = np.tile(REST, (len(worlds), SETTLE_TICKS, 1)), np.full(len(worlds), SETTLE_TICKS)
    for _ in range(2):
        state, felt = engine.advance(worlds, states[-1], ctrl, ticks)
        states.append(state)
        readings.keep_peak(felt)
    return states, readings


def _complaints(engine: Engine, tasks: Sequence[Task], seeds: range) -> list[str]:
    """What is wrong with the tasks' worlds, in words."""
    specs, found = [WorldSpec(task, seed) for task in tasks for seed in seeds], []
    for first in range(0, len(specs), engine.capacity):
        worlds = make_worlds(specs[first : first + engine.capacity])
        states, readings = _stand(engine, worlds)
        for task in dict.fromkeys(spec.task for spec in worlds.specs):
            rows = np.array([row for row, spec in enumerate(worlds.specs) if spec.task is task])
            own = worlds.take(rows)
            start, middle, end = (own.things(state.qpos[rows].astype(np.float64)) for state in states)
            wrong = [("diverged", readings.diverged[rows]), ("the goal holds", goal_margin(task, end) > 0)]
            for name in end:
                wrong += [(f"{name} {what}", is_so) for what, is_so in _troubles(engine, name, start, middle, end)]
            found += [
                f"{task.key}, seed {own.specs[i].seed}: {what}" for what, is_so in wrong for i in np.flatnonzero(is_so)
            ]
    return found


def _troubles(engine: Engine, name: str, start: Things, middle: Things, end: Things) -> list[tuple[str, np.ndarray]]:
    thing, before = end[name], start[name]
    troubles = [
        (f"{link} went from {before.joints[link]} to {value}", np.abs(value - before.joints[link]) > _AJAR)
        for link, value in thing.joints.items()
    ]
    if not thing.asset.fixture:
        moved, late = thing.position - before.position, thing.position - middle[name].position
        troubles += [
            (f"sank to {thing.hull[0][:, 2]}", thing.hull[0][:, 2] < engine.template.support - _SUNK),
            (f"flew {moved}", np.hypot(moved[:, 0], moved[:, 1]) > _FLOWN),
            (f"rose {moved}", moved[:, 2] > _RISEN),
            (f"does not settle: {late}", np.linalg.norm(late, axis=1) > _RESTLESS),
        ]
    return troubles


@pytest.mark.parametrize("workspace", FAMILIES)
def test_every_task_stands_still_on_native(workspace):
    engine = NativeEngine(template_of(workspace))
    assert not _complaints(engine, _tasks(workspace), range(51, 59))


@pytest.mark.parametrize("workspace", FAMILIES)
def test_some_tasks_of_every_workspace_stand_still_on_mjx(workspace):
    tasks = _tasks(workspace)
    assert not _complaints(mjx_engine(workspace), tasks[:: len(tasks) // LANES][:LANES], range(51, 52))


@pytest.mark.slow
@pytest.mark.parametrize("workspace", FAMILIES)
def test_every_task_stands_still_on_mjx(workspace):
    assert not _complaints(mjx_engine(workspace), _tasks(workspace), range(51, 52))
