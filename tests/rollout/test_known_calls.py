"""Rollouts that begin as known ones are simulated from where they differ, and end in the same bits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aspire_mjx.language.program import Program
from aspire_mjx.physics.native import NativeEngine
from aspire_mjx.rollout.job import Job
from aspire_mjx.rollout.simulator import Simulators
from aspire_mjx.worlds.episode import SETTLE_TICKS
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import find_task
from tests.support.same_traces import same_traces

_TASK = find_task("libero_object", 0)
_TEXT = """\
for attempt in range(2):
    thing = sample_grasp_pose("alphabet soup")
    image = get_observation()["agentview"]["images"]["rgb"]
    open_gripper()
    goto_pose(thing.position + [0.0, 0.0, 0.02 * attempt], thing.quaternion_wxyz, z_approach=0.1)
    if close_gripper():
        goto_pose(thing.position + [0.0, 0.0, 0.25], thing.quaternion_wxyz)
        break
print(thing.position, image.mean())
goto_pose(get_object_pose("basket").position + [0.0, 0.0, 0.2], thing.quaternion_wxyz)
open_gripper()
"""
_CHANGES = {
    "nothing": ("", ""),
    "first line": ("range(2)", "range(1)"),
    "what is looked for": ("alphabet soup", "milk"),
    "late": ("0.25]", "0.2]"),
    "last call": ("open_gripper()\n", "wait(0.2)\n"),
    "an error at the end": ("image.mean())", "image.mean(), 1 / 0)"),
}


def _jobs(text: str, **doses: float) -> list[Job]:
    program = Program(text, "p.py")
    return [Job(program, _TASK, seed, perturbation=Perturbation(**doses)) for seed in range(51, 54)]


@pytest.fixture
def ticks(monkeypatch) -> list[int]:
    """Of every advance, how many control ticks were simulated in all lanes."""
    ran: list[int] = []
    advance = NativeEngine.advance

    def counted(self, worlds, state, ctrl, ticks, guard=None):
        found = advance(self, worlds, state, ctrl, ticks, guard)
        ran.append(int(np.sum(found[1].ticks)))
        return found

    monkeypatch.setattr(NativeEngine, "advance", counted)
    return ran


@pytest.mark.parametrize("doses", [{}, {"latency": 0.1, "noise": 3.0}], ids=["nominal", "late servos"])
def test_what_begins_as_a_known_rollout_ends_in_the_same_bits(doses, ticks):
    known, fresh = Simulators("native"), Simulators("native")
    jobs = _jobs(_TEXT, **doses)
    known.run(jobs, remember=True)
    changed = [_jobs(_TEXT.replace(*change, 1) if change[0] else _TEXT, **doses) for change in _CHANGES.values()]
    all_ = [job for group in changed for job in group]
    ticks.clear()
    one = known.run(all_)
    short = sum(ticks)
    ticks.clear()
    other = fresh.run(all_)
    assert same_traces(one, other)
    assert short < 0.6 * sum(ticks)


def test_worlds_that_differ_share_nothing():
    known = Simulators("native")
    known.run(_jobs(_TEXT), remember=True)
    heavy = _jobs(_TEXT, mass=3.0)
    assert same_traces(known.run(heavy), Simulators("native").run(heavy))


def test_the_same_calls_from_other_lines_are_known_and_have_their_own_lines(ticks):
    known, below = Simulators("native"), [replace(job, program=Program("\n" + _TEXT, "p.py")) for job in _jobs(_TEXT)]
    known.run(_jobs(_TEXT), remember=True)
    ticks.clear()
    again = known.run(below)
    assert sum(ticks) <= 3 * SETTLE_TICKS  # what holds still after the end for the strict verdict
    assert again.calls["line"].tolist() == Simulators("native").run(below).calls["line"].tolist()
