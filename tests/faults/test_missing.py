"""Missing calls, on real rollouts of a program that lacks one call, has it in the wrong place, or passes."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.faults.milestones import progress
from aspire_mjx.faults.missing import MissingCall, find_missing, missing_call
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.job import Job
from aspire_mjx.rollout.simulator import Simulators
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import find_task
from tests.support.handmade import Handmade

WHOLE = """\
basket = get_object_pose('basket').position
thing = sample_grasp_pose('alphabet soup')
down = thing.quaternion_wxyz
open_gripper()
goto_pose(thing.position, down, z_approach=0.1)
close_gripper()
goto_pose(thing.position + [0, 0, 0.25], down)
goto_pose(basket + [0, 0, 0.25], down)
goto_pose(basket + [0, 0, 0.12], down)
open_gripper()
goto_home_joint_position()
"""
LINES = WHOLE.splitlines()
DRAWER = """\
handle = get_object_pose('middle drawer handle').position
front = [0.7071068, 0.7071068, 0.0, 0.0]
open_gripper()
goto_pose(handle, front, z_approach=0.1)
goto_pose([handle[0], handle[1] + 0.18, handle[2]], front)
open_gripper()
"""
EXACT = Perturbation(noise=0.0)


def without(*lines: int) -> str:
    return "".join("pass\n" if number in lines else f"{line}\n" for number, line in enumerate(LINES, start=1))


#: Programs, and the call that they miss with the line after which it belongs.
LACKING = {
    without(5): ("goto_pose", 4),
    without(6): ("close_gripper", 5),
    without(8, 9): ("goto_pose", 7),
    without(7, 8, 9): ("goto_pose", 6),
    without(10): ("open_gripper", 9),
    "wait(0.1)\n": ("get_object_pose", 0),
    f"{without(10)}raise ValueError('dropped?')\n": ("open_gripper", 9),
}
#: Programs that fail and lack no call: too late, too early, to a wrong place, an error on the way.
COMPLETE = (
    without(10).replace("joint_position()", "joint_position()\nopen_gripper()"),
    WHOLE.replace(LINES[7], f"open_gripper()\n{LINES[7]}"),
    WHOLE.replace("basket + ", "thing.position + [0.1, 0.15, 0] + "),
    WHOLE.replace(LINES[7], "raise ValueError('no way')"),
    WHOLE.replace("thing.position, down, z", "thing.position + [0, 0.12, 0], down, z"),
)


@pytest.fixture(scope="module")
def batch() -> TraceBatch:
    """Two rollouts of each program, and of the whole one."""
    task, texts = find_task("libero_object", 0), (*LACKING, *COMPLETE, WHOLE)
    programs = [Program(text, f"p{number}.py") for number, text in enumerate(texts)]
    return Simulators("native").run([Job(p, task, seed, perturbation=EXACT) for p in programs for seed in (51, 52)])


def found(batch: TraceBatch, text: str) -> MissingCall | None:
    (index,) = [number for number, program in enumerate(batch.programs) if program.text == text]
    alone = batch.select(batch.rollouts["program"] == index)
    return find_missing(alone, np.asarray(alone.passes(), bool), 0)


@pytest.mark.parametrize("text", LACKING)
def test_the_call_that_is_left_out_is_named_with_its_place(batch, text):
    missing = found(batch, text)
    assert missing is not None and (missing.call, missing.line) == LACKING[text]
    assert missing.failed == missing.of == 2 and not missing.stands
    where = f"after line {missing.line}" if missing.line else "at the beginning"
    assert missing.sentence.startswith(f"missing call: {missing.call} {where}: ")


@pytest.mark.parametrize("number", range(len(COMPLETE)))
def test_a_program_that_fails_by_something_else_misses_no_call(batch, number):
    rows = np.flatnonzero(batch.rollouts["program"] == len(LACKING) + number)
    assert not batch.passes()[rows].all()
    assert found(batch, COMPLETE[number]) is None


def test_a_program_that_passes_misses_no_call(batch):
    assert batch.passes()[-2:].all() and found(batch, WHOLE) is None


def test_a_call_behind_a_branch_that_was_not_taken_is_not_reached():
    text = WHOLE.replace(LINES[7], "if basket[2] > 5:\n    goto_pose(basket, down)").replace(LINES[8], "pass")
    task = find_task("libero_object", 0)
    missing = found(Simulators("native").run([Job(Program(text, "p.py"), task, 51, perturbation=EXACT)]), text)
    assert missing is not None and missing.stands == (9,) and "(not reached: line 9)" in missing.sentence


def test_a_drawer_that_is_not_taken_hold_of():
    batch = Simulators("native").run(
        [Job(Program(DRAWER, "d.py"), find_task("libero_goal", 0), 51, perturbation=EXACT)]
    )
    missing = found(batch, DRAWER)
    assert missing is not None and (missing.call, missing.line) == ("close_gripper", 4)


def test_what_passed_programs_of_the_task_call_and_this_one_does_not(batch):
    """Of a program that fails for no reason that its steps show."""
    home = COMPLETE[2].replace("goto_home_joint_position()\n", "")
    job = Job(Program(home, "q.py"), find_task("libero_object", 0), 51, perturbation=EXACT)
    both = Simulators("native").run([job, Job(Program(WHOLE, "p.py"), job.task, 51, perturbation=EXACT)])
    missing = find_missing(both, np.asarray(both.passes(), bool), 0)
    assert missing is not None and (missing.call, missing.line, missing.passed) == ("goto_home_joint_position", 4, 1)
    assert "1 passed rollouts of the task make it" in missing.sentence


def test_without_the_judges_view_nothing_is_known():
    handmade = Handmade()
    handmade.add(handmade.draft_calls(close="EMPTY_GRASP"))
    batch = handmade.build()
    assert missing_call(batch, progress(batch), [0]) is None
    assert missing_call(batch, progress(batch), []) is None
