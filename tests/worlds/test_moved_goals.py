"""Goals in perturbed worlds: what words name by a thing goes with it, and what lies on the table with the table."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.worlds.goal_state import goal_qpos
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.predicates import goal_margin
from aspire_mjx.worlds.suites import find_task, load_suite, suite_names
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds


def _beside(task: Task) -> list[tuple[str, str]]:
    """Objects that a goal puts beside something, and what."""
    pairs = [(literal[1], task.surface_region(literal[2])) for literal in task.goal if len(literal) == 3]
    return [(name, str(task.beside(region))) for name, region in pairs if region is not None]


TASKS = {task.key: task for suite in suite_names() for task in load_suite(suite) if _beside(task)}
ONE_OF_EACH = ("libero_goal/5", "libero_90/34", "libero_90/37", "libero_90/69", "libero_90/70", "libero_90/76")


def _doses(task: Task) -> list[str]:
    return ["position:0.1", "table:0.07", *(["fixture:0.1", "fixture_yaw:0.5,fixture:0.05"] if task.fixtures else [])]


def test_every_goal_on_the_table_names_the_thing_that_it_lies_beside():
    assert set(ONE_OF_EACH) < set(TASKS) and len(TASKS) > 12
    for task in TASKS.values():
        for _, reference in _beside(task):
            words = reference.rsplit("_", 1)[0].split("_")
            assert words[-1] in ("plate", "mug", "stove", "caddy"), (task.key, reference)


@pytest.mark.parametrize("key, dose", [(key, dose) for key in ONE_OF_EACH for dose in _doses(TASKS[key])])
def test_the_goal_is_where_the_words_say(key, dose):
    """A place that holds, carried along with the thing that the words name, holds; one to its side does not."""
    task, perturbation = TASKS[key], Perturbation.parse(dose)
    ((name, reference),) = _beside(task)
    for seed in range(6):
        plain, moved = (make_worlds([WorldSpec(task, seed, d)]) for d in (Perturbation(), perturbation))
        where = [worlds.things(worlds.qpos)[reference] for worlds in (plain, moved)]
        goal = plain.things(goal_qpos(plain, plain.qpos[0])[None])[name].position[0]
        address = moved.template.slot_qpos[next(o.slot for o in moved.specs[0].occupants if o.name == name)]
        state = moved.qpos[0].copy()
        (turn,) = where[1].moved.yaw
        rotation = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1.0]])
        expected = where[1].moved.forth(goal[None])[0]
        state[address : address + 3] = expected
        assert goal_margin(task, moved.things(state[None]))[0] > 0.004
        if "position" not in dose:  # the draws of nominal and perturbed worlds are the same: a check without `moved`
            by_hand = where[1].position[0] + rotation @ (goal - where[0].position[0])
            assert np.allclose(by_hand, expected, atol=0.02)
        state[address : address + 3] = expected + rotation @ [0.0, 0.13, 0.0]
        assert goal_margin(task, moved.things(state[None]))[0] < 0


def test_the_nominal_goal_is_upstreams_to_the_last_bit():
    for key in ONE_OF_EACH:
        worlds = make_worlds([WorldSpec(TASKS[key], 1)])
        assert not worlds.shift.any() and not worlds.yaw.any()


def test_the_region_moves_as_far_as_the_plate_did():
    """libero_90/70 asks for the right of the plate: 0.1 m is what the plate was moved by, whatever else was."""
    task = find_task("libero_90", 70)
    worlds = make_worlds([WorldSpec(task, seed, Perturbation(position=0.1)) for seed in range(8)])
    moved = worlds.things(worlds.qpos)["plate_1"].moved
    assert np.allclose(np.hypot(moved.shift[:, 0], moved.shift[:, 1]), 0.1) and not moved.yaw.any()
    region = task.surface_region("living_room_table_plate_right_region")
    assert region is not None
    centre = moved.forth(np.tile([*(np.add(region.low, region.high) / 2), 0.0], (8, 1)))
    assert np.ptp(centre, axis=0)[:2].min() > 0.02  # each seed its own way
