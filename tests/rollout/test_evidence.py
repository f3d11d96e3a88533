"""What the judge knows of calls: read off states set by hand, and along rollouts."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.language.program import Program
from aspire_mjx.physics.engines import make
from aspire_mjx.rollout.evidence import LITERALS, evidence
from aspire_mjx.rollout.simulator import Job, Simulator
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.traces.schema import CALLS, EVIDENCE
from aspire_mjx.worlds.goal_state import goal_qpos
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds
from tests.support.picks import QUICK_PICK

_TASK = find_task("libero_object_swap", 0)
_LOOK = Program('get_object_pose("basket").position\n', "look.py")
_SWEEP = Program(
    """
import numpy as np

where = get_object_pose("salad dressing").position
down = np.array([0.0, 1.0, 0.0, 0.0])
close_gripper()
goto_pose(where + np.array([0.0, 0.10, 0.0]), down, z_approach=0.15)
push(np.array([0.0, -1.0, 0.0]), 0.15)
""",
    "sweep.py",
)


@pytest.fixture(scope="module")
def simulator() -> Simulator:
    return Simulator(make("native", WorldSpec(_TASK, 51).template))


@pytest.fixture(scope="module")
def picks(simulator) -> TraceBatch:
    return simulator.run([Job(QUICK_PICK, _TASK, seed, perturbation=Perturbation(noise=0.0)) for seed in range(51, 57)])


def test_what_is_held_is_known_from_the_grasp_to_the_release(picks):
    passed = np.flatnonzero(picks.passes())
    assert len(passed) >= 4
    held, target = picks.call_text("true_held"), _TASK.goal[0][1]
    for rollout in passed.tolist():
        rows = picks.calls_of(rollout)
        names = picks.call_text("primitive")[rows].tolist()
        close, release = names.index("close_gripper"), names.index("open_gripper")
        expected = [target if close <= row < release else "" for row in range(len(names))]
        assert held[rows].tolist() == expected


def test_margins_at_the_last_call_are_the_rollouts(picks):
    last = np.array([picks.calls_of(rollout).stop - 1 for rollout in range(len(picks))])
    margins = np.nanmin(picks.calls["true_margins"][last], axis=1)
    np.testing.assert_allclose(margins, picks.rollouts["margin"], atol=1e-6)


@pytest.mark.parametrize("noise", [0.0, 5.0])
def test_what_a_look_reports_is_told_apart_from_what_is_there(simulator, noise):
    jobs = [Job(_LOOK, _TASK, seed, perturbation=Perturbation(noise=noise)) for seed in range(51, 63)]
    batch = simulator.run(jobs)
    looks = (batch.call_text("primitive") == "get_object_pose") & (batch.calls["status"] == Status.OK)
    assert looks.sum() >= 6 and set(batch.call_text("true_near")[looks]) == {_TASK.goal[0][2].split("_contain")[0]}
    off = np.linalg.norm(batch.calls["true_near_offset"][looks], axis=1)
    assert off.max() < 0.02 if noise == 0.0 else off.max() > 0.02, off


def test_what_a_hand_sweeps_away_moved_and_fell(simulator):
    batch = simulator.run([Job(_SWEEP, _TASK, seed, perturbation=Perturbation(noise=0.0)) for seed in range(51, 57)])
    last = np.array([batch.calls_of(rollout).stop - 1 for rollout in range(len(batch))])
    assert (batch.call_text("true_moved")[last] != "").all() and batch.calls["true_moved_by"][last].min() > 0.05
    assert (batch.call_text("true_fell")[last] == "salad_dressing_1").mean() > 0.5
    assert not (batch.call_text("true_held") != "").any()


@pytest.mark.parametrize(
    ("suite", "index"), [("libero_10", 7), ("libero_goal", 0), ("libero_goal", 7), ("libero_90", 70), ("libero_10", 3)]
)
def test_where_goals_hold_margins_are_positive_and_things_where_they_should_be(suite, index):
    task = find_task(suite, index)
    worlds = make_worlds([WorldSpec(task, 51)])
    start, goal = worlds.qpos, goal_qpos(worlds, worlds.qpos[0])[None]
    columns = evidence(task, worlds, start, goal, np.full((1, 3), np.nan), lambda text: len(text))
    assert set(columns) == set(EVIDENCE)
    for name, values in columns.items():
        assert values.shape == (1, *CALLS[name].shape), name
    literals = len(task.goal)
    assert (columns["true_margins"][0, :literals] > 0).all(), columns["true_margins"]
    assert np.isnan(columns["true_margins"][0, literals:]).all() and literals <= LITERALS
    put = [number for number, literal in enumerate(task.goal) if len(literal) == 3]
    apart = (columns["true_objects"] - columns["true_places"])[0, put]
    assert (np.linalg.norm(apart[:, :2], axis=1) < 0.15).all(), apart
    assert np.isnan(columns["true_places"][0, [n for n in range(literals) if n not in put]]).all()
    assert columns["true_moved"][0] > 0  # to reach the goal something had to move


def test_what_a_call_did_to_nothing_is_nothing():
    worlds = make_worlds([WorldSpec(_TASK, 51), WorldSpec(_TASK, 52)])
    columns = evidence(_TASK, worlds, worlds.qpos, worlds.qpos, np.full((2, 3), np.nan), lambda text: 7)
    for name in ("true_held", "true_moved", "true_fell", "true_near"):
        assert (columns[name] == -1).all(), name
    assert np.isnan(columns["true_moved_by"]).all()
