"""From failed rollouts to the line, the cause and the change that turns them."""

from __future__ import annotations

import pytest

from aspire_mjx.faults.cause import CLASSES
from aspire_mjx.faults.diagnosis import Diagnosis, diagnose
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.job import Job
from aspire_mjx.rollout.simulator import Simulators
from aspire_mjx.traces.columns import TraceBatch, concatenate
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import find_task
from tests.support.soup import WORKS

_TASK = find_task("libero_object", 0)


def _run(text: str, **doses: float) -> TraceBatch:
    program = Program(text, "p.py")
    jobs = [Job(program, _TASK, seed, perturbation=Perturbation(**doses)) for seed in range(51, 57)]
    return Simulators("native").run(jobs)


def _why(text: str = WORKS, *, budget: int = 300, **doses: float) -> Diagnosis:
    (found,) = diagnose(_run(text, **doses), forks=True, budget=budget)
    return found


@pytest.mark.parametrize(
    ("old", "new", "line", "kind", "milestone"),
    [
        ("thing.position, thing", "thing.position + [0.0, 0.0, 0.06], thing", 3, "grasp", "touched"),
        ("close_gripper()\n", "", 3, "coordination", "touched"),
        ('get_object_pose("basket")', 'get_object_pose("milk")', 6, "program logic", "holds"),
    ],
)
def test_a_planted_fault_is_found_with_its_line_and_mended(old, new, line, kind, milestone):
    found = _why(WORKS.replace(old, new, 1))
    assert found.passes <= 1 and found.missed[0][0] == milestone
    assert found.cause is not None and found.forks is not None
    assert abs(found.cause.line - line) <= (1 if kind == "coordination" else 0), found.text()
    assert found.cause.kind == kind and found.suspects[0] == found.cause.line
    assert found.forks.program[0].effect >= 0.75
    assert f"line {found.cause.line}" in found.text() and "failures into passes" in found.text()


def test_hidden_dynamics_is_never_blamed_on_the_program():
    found = _why(friction=0.01)
    assert found.cause is not None and found.cause.kind == "hidden dynamics"
    assert (found.cause.factor, found.cause.line) == ("friction", 0)
    assert "no rewrite of this program can be expected to help" in found.cause.sentence


def test_where_noise_decides_it_is_the_cause_and_what_luck_gives_is_known():
    """Half the rollouts fail by their noise: a line that lets time pass turns some, and loses others."""
    text = (
        "thing = get_object_pose('alphabet soup')\nif thing.position[0] * 1e5 % 2 < 1.0:\n    raise ValueError\n"
        + WORKS
    )
    program = Program(text, "coin.py")
    batch = Simulators("native").run([Job(program, _TASK, seed) for seed in range(51, 66)])
    (found,) = diagnose(batch, forks=True, budget=1)
    assert 3 <= found.passes <= 12 and found.forks is not None and found.forks.luck > 0.0
    assert found.cause is not None and (found.cause.kind, found.cause.factor) == ("perception", "noise")


def test_without_forks_there_are_milestones_and_lines_to_look_at_and_no_cause():
    batch = _run(WORKS.replace("close_gripper()\n", "wait(0.1)\n"))
    (found,) = diagnose(batch)
    assert found.cause is None and sum(count for _, count in found.missed) == 6 and found.suspects[0] in (3, 4)
    assert "first milestone missed" in found.text() and "Cause" not in found.text()


def test_each_program_has_its_own_and_one_that_passes_has_nothing_to_say():
    both = concatenate([_run(WORKS, noise=0.0), _run("wait(0.1)\n")])
    good, idle = diagnose(both)
    assert good.missed == () and good.text() == "p.py: 6 of 6 pass"
    assert idle.missed == (("seen", 6),) and set(CLASSES)
