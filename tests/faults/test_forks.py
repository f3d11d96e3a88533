"""Forks are exact: what is not changed stays the same bit for bit, and a change acts where it is made."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aspire_mjx.errors import AspireError, SeedRoleError
from aspire_mjx.faults.edits import Edit
from aspire_mjx.faults.forks import Fork, ForkOutcome, ForkStudy, forkable, world_forks
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome
from aspire_mjx.rollout.job import Job
from aspire_mjx.rollout.simulator import Simulator, Simulators
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.traces.replay import job_of, simulators_of
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import find_task
from tests.support.mjx_engines import mjx_engine
from tests.support.picks import picks
from tests.support.same_traces import same_traces

_TASK = find_task("libero_object", 0)
_CLOSES_HIGH = Program(
    """\
thing = sample_grasp_pose("alphabet soup")
open_gripper()
goto_pose(thing.position + [0.0, 0.0, 0.08], thing.quaternion_wxyz, z_approach=0.1)
close_gripper()
goto_pose(thing.position + [0.0, 0.0, 0.25], thing.quaternion_wxyz)
place = get_object_pose("basket").position
goto_pose(place + [0.0, 0.0, 0.25], thing.quaternion_wxyz)
open_gripper()
""",
    "closes_high.py",
)
_MENDED = Program(_CLOSES_HIGH.text.replace("0.08]", "0.0]"), _CLOSES_HIGH.name)
_MEND = Edit(3, "number", "", "0.08 -> 0.0", _MENDED)


def _batch(seeds, **doses) -> TraceBatch:
    return Simulators("native").run([Job(_CLOSES_HIGH, _TASK, s, perturbation=Perturbation(**doses)) for s in seeds])


@pytest.fixture(scope="module")
def failed() -> TraceBatch:
    return _batch(range(51, 57))


def test_a_fork_that_changes_nothing_is_the_rollout_again(failed):
    again = simulators_of(failed).run([Fork("nothing").applied(job_of(failed, row)) for row in range(len(failed))])
    assert same_traces(failed, again)


@pytest.mark.slow
def test_a_fork_that_changes_nothing_is_the_rollout_again_on_mjx():
    simulator = Simulator(mjx_engine("floor"))
    batch = simulator.run(picks(2))
    again = simulator.run([Fork("nothing").applied(job_of(batch, row)) for row in range(len(batch))])
    assert same_traces(batch, again)


def test_a_fork_is_the_same_up_to_its_change(failed):
    late = Program(_CLOSES_HIGH.text.replace("0.25]", "0.30]", 1), _CLOSES_HIGH.name)
    fork = Fork("later", edit=Edit(5, "number", "", "0.25 -> 0.30", late))
    again = simulators_of(failed).run([fork.applied(job_of(failed, row)) for row in range(len(failed))])
    for row in range(len(failed)):
        one, two = failed.calls_of(row), again.calls_of(row)
        for name in ("t_end", "outputs", "residual_m", "true_objects", "width"):
            before = failed.calls[name][one][:4], again.calls[name][two][:4]
            assert before[0].tobytes() == before[1].tobytes(), (row, name)


def test_the_mend_turns_failures_and_a_line_that_does_nothing_turns_none(failed):
    idle = Edit(1, "added", "", "nothing", Program("x = 1\n" + _CLOSES_HIGH.text, _CLOSES_HIGH.name))
    mend, nothing = ForkStudy(failed).run([Fork("m", edit=_MEND), Fork("n", edit=idle)], range(len(failed)))
    assert mend.turned >= 5 and mend.failures == 6 and mend.effect > 0.8
    assert (nothing.turned, nothing.effect) == (0, 0.0)


def test_doses_that_are_not_nominal_can_be_taken_back():
    batch = _batch([51, 52], mass=2.0, noise=3.0)
    forks = world_forks(batch)
    assert [(fork.factor, fork.dose) for fork in forks] == [("mass", 1.0), ("noise", 1.0), ("noise", 0.0)]
    job = forks[0].applied(job_of(batch, 0))
    assert job.perturbation == Perturbation(noise=3.0) and job.program == _CLOSES_HIGH


def test_an_edit_that_loops_for_ever_is_dropped_early_and_a_program_that_works_long_is_not(failed, monkeypatch):
    long = Program("x = 0\nfor i in range(100000):\n    x += i\n" + _MENDED.text, "long.py")
    batch = Simulators("native").run([Job(long, _TASK, seed) for seed in (51, 53)])
    spent: list[int] = []
    run = Simulators.run

    def noted(self: Simulators, *args, **options) -> TraceBatch:
        found = run(self, *args, **options)
        spent.append(found.meta["max_instructions"])
        return found

    monkeypatch.setattr(Simulators, "run", noted)
    usual = ProgramLimits().instructions
    tight = replace(batch, meta={**batch.meta, "max_instructions": 2_000_000})
    loops = Edit(1, "condition", "", "loops", Program("while True:\n    pass\n", "loops.py"))
    spent.clear()
    (found,) = ForkStudy(failed).run([Fork("loops", edit=loops)], [0])
    assert found.turned == 0 and set(spent) == {usual // 10}
    spent.clear()
    study = ForkStudy(tight)
    (same,) = study.run([Fork("nothing")], [0, 1])
    assert spent == [200_000, 2_000_000] and same.turned + same.kept == batch.passes().sum()


def test_a_longer_episode_is_tried_where_steps_ran_out(failed):
    whole = Simulators("native").run([Job(_MENDED, _TASK, seed) for seed in range(51, 55)])
    passed = np.flatnonzero(whole.passes())[:2].tolist()
    horizon = int(0.7 * whole.rollouts["ticks"][passed].min())
    batch = Simulators("native", horizon=horizon).run([job_of(whole, row) for row in passed])
    assert (batch.rollouts["outcome"] == Outcome.OUT_OF_STEPS).all()
    (longer,) = [fork for fork in world_forks(batch) if fork.longer]
    found = ForkStudy(batch).run([Fork("nothing"), longer, Fork("exact", factor="noise")], [0, 1])
    assert [each.turned for each in found] == [0, 2, 0]
    assert not any(fork.longer for fork in world_forks(failed))


def test_an_effect_is_what_luck_does_not_give():
    fork = Fork("x")
    assert ForkOutcome(fork, 6, 8, 6, 8).effect == 0.5
    assert ForkOutcome(fork, 5, 8, 3, 8).effect == 0.0  # draws noise anew where 5 of 8 pass
    assert ForkOutcome(fork, 8, 8).effect == 1.0


def test_only_debug_seeds_are_forked(failed):
    batch = _batch([51, 66, 101])
    rows = forkable(batch, batch.passes(), 8)
    assert rows == ([0], [])
    with pytest.raises(SeedRoleError):
        ForkStudy(batch).run([Fork("nothing")], [0, 2])
    with pytest.raises(AspireError, match="debug seeds"):
        forkable(batch.select([1, 2]), np.zeros(2, bool), 8)
