"""How far rollouts came, on real rollouts whose program stops at a known place."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.faults.milestones import MILESTONES, NEVER, NOT_ASKED, progress
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.job import Job
from aspire_mjx.rollout.simulator import Simulators
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import find_task
from tests.support.handmade import Handmade

_STEPS = (
    ("seen", "thing = sample_grasp_pose('alphabet soup')"),
    ("reached", "open_gripper()\ngoto_pose(thing.position, thing.quaternion_wxyz, z_approach=0.1)"),
    ("gripped", "close_gripper()"),
    ("lifted", "goto_pose(thing.position + [0, 0, 0.25], thing.quaternion_wxyz)"),
    ("over", "place = get_object_pose('basket').position\ngoto_pose(place + [0, 0, 0.25], thing.quaternion_wxyz)"),
    ("holds", "goto_pose(place + [0, 0, 0.12], thing.quaternion_wxyz)\nopen_gripper()\nwait(0.5)"),
)
_TASK = find_task("libero_object", 0)
_EXACT = Perturbation(noise=0.0)


def _program(steps: int) -> Program:
    return Program("\n".join(text for _, text in _STEPS[:steps]) + "\n", f"first_{steps}.py")


@pytest.fixture(scope="module")
def stopped() -> TraceBatch:
    """The program up to each of its steps, in the same worlds."""
    jobs = [Job(_program(n), _TASK, seed, perturbation=_EXACT) for n in range(1, 7) for seed in range(51, 55)]
    return Simulators("native").run(jobs)


def test_a_rollout_misses_what_its_program_never_did(stopped):
    came = progress(stopped)
    next_ = ("reached", "touched", "lifted", "carried", "released", "")
    for program, expected in enumerate(next_):
        rows = np.flatnonzero(stopped.rollouts["program"] == program)
        assert [came.milestone(row) for row in rows.tolist()] == [expected] * 4, program


def test_milestones_come_in_their_order_at_calls_of_their_own_rollout(stopped):
    first = progress(stopped).first[:, 0]
    assert first.shape == (len(stopped), len(MILESTONES))
    for rollout in range(len(stopped)):
        rows, reached = stopped.calls_of(rollout), first[rollout][first[rollout] >= 0]
        assert ((reached >= rows.start) & (reached < rows.stop)).all()
        assert (np.diff(first[rollout, 2:][first[rollout, 2:] >= 0]) >= 0).all()


def test_whole_rollouts_reach_all_milestones_and_others_are_not_asked(stopped):
    came = progress(stopped)
    whole = np.flatnonzero(stopped.passes())
    assert len(whole) == 4 and (came.first[whole, 0] >= 0).all() and (came.literal[whole] == -1).all()
    assert (came.first[:, 1:] == NOT_ASKED).all()  # the goal has one literal
    assert (came.first[:4, 0, 1:] == NEVER).all()


def test_a_drawer_is_not_asked_to_be_gripped_or_carried():
    task = find_task("libero_goal", 0)
    batch = Simulators("native").run([Job(Program("wait(0.1)\n", "idle.py"), task, 51)])
    came = progress(batch)
    asked = {name for name, row in zip(MILESTONES, came.first[0, 0].tolist(), strict=True) if row != NOT_ASKED}
    assert asked == {"seen", "reached", "touched", "lifted", "holds"}
    assert came.milestone(0) == "seen"


def test_traces_without_the_judges_view_have_no_milestones():
    handmade = Handmade()
    handmade.add(handmade.draft_calls(close="EMPTY_GRASP"))
    batch = handmade.build()
    came = progress(batch)
    assert (came.literal == -1).all() and came.milestone(0) == ""


def test_the_order_of_rollouts_changes_nothing(stopped):
    order = np.random.default_rng(0).permutation(len(stopped))
    came, shuffled = progress(stopped), progress(stopped.select(order))
    assert [shuffled.milestone(at) for at in range(len(order))] == [came.milestone(row) for row in order.tolist()]
