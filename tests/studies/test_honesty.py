"""Statuses agree with the simulator's truth, and the check notices those that do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aspire_mjx.language.program import Program
from aspire_mjx.physics.engines import make
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.rollout.simulator import Job, Simulator
from aspire_mjx.status import Status
from aspire_mjx.traces.replay import Film
from aspire_mjx.worlds.episode import HORIZON
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from experiments.studies.honesty import Ledger, honesty, mixed, programs
from experiments.studies.truth import FAR, NOTHING, Witness


def test_a_sample_of_mixed_rollouts_is_honest():
    figures = honesty(63)
    assert figures["calls"] > 500
    assert figures["agreement"] >= 0.99, figures["examples"]
    assert {"OK", "BLOCKED", "TIMEOUT", "EMPTY_GRASP", "NOT_FOUND", "NO_CONTACT"} <= set(figures["statuses"])


def test_the_mixture_is_dosed_and_uses_seeds_of_no_other_role():
    jobs = mixed(70)
    assert {job.label for job in jobs} == set(programs()) and min(job.seed for job in jobs) >= 1000
    assert {job.perturbation.noise for job in jobs} == {0.0, 1.0} and len({job.task.suite for job in jobs}) == 3


@pytest.fixture(scope="module")
def picked():
    """A film of a careful pick: the hand above, at, and lifting the soup."""
    text = programs()["careless pick"]
    task = load_suite("libero_object_swap")[0]
    job = Job(text, task, 1001, (), "", Perturbation(noise=0.0))
    film = Film(50)
    Simulator(make("native", job.world.template)).run([job], observer=film)
    return job, film


def test_the_witness_knows_what_is_between_the_pads(picked):
    job, film = picked
    witness, worlds = Witness(job.world.template), film.worlds
    soup = worlds.specs[0].categories.index("alphabet_soup")
    at = {call.primitive.name: call for call in film.calls[:5]}
    before = witness.look(worlds, 0, at["close_gripper"].before.qpos[0])
    after = witness.look(worlds, 0, at["close_gripper"].after.qpos[0])
    assert (before.held, after.held) == (NOTHING, soup) and not before.pads and after.pads
    lifted = witness.look(worlds, 0, film.calls[5].after.qpos[0])
    assert lifted.held == soup and not lifted.touching and np.linalg.norm(lifted.things[soup]) < 0.06
    np.testing.assert_allclose(lifted.fingertip - worlds.base[0], film.calls[5].arguments["position"], atol=0.01)


def test_the_witness_measures_how_near_the_arm_would_be(picked):
    job, film = picked
    witness, worlds = Witness(job.world.template), film.worlds
    lifted = film.calls[5].after
    qpos, arm, soup = lifted.qpos[0], lifted.arm[0], worlds.specs[0].categories.index("alphabet_soup")
    assert np.array_equal(witness.moved(worlds, 0, qpos, arm)[: len(arm)], qpos[: len(arm)])
    assert 0.03 < witness.clearance(worlds, 0, qpos, soup) <= FAR and witness.folded(worlds, 0, qpos) > 0.05
    reached = next(call for call in film.calls if call.primitive.name == "goto_pose")
    back = witness.moved(worlds, 0, qpos, reached.after.arm[0])  # where the soup stood, and still in the hand
    at = int(job.world.template.slot_qpos[soup])
    np.testing.assert_allclose(back[at : at + 3], reached.before.qpos[0][at : at + 3], atol=0.02)
    assert witness.clearance(worlds, 0, back, NOTHING) <= 0.0 < witness.clearance(worlds, 0, back, soup)
    low = back.copy()
    low[1] += 0.4  # the shoulder bows
    assert witness.folded(worlds, 0, low) < 0.0


def test_the_witness_has_inverse_kinematics_of_its_own(picked):
    job, film = picked
    witness, worlds = Witness(job.world.template), film.worlds
    qpos, down = film.calls[0].before.qpos[0], np.diag([1.0, -1.0, -1.0])
    base = worlds.base[0]
    for place, there in (([0.5, 0.2, 0.1], True), ([0.3, -0.4, 0.4], True), ([0.95, 0.0, 0.1], False)):
        assert witness.reaches(worlds, 0, qpos, base + place, down) is there


@pytest.mark.parametrize(
    ("name", "lie", "why"),
    [
        ("close_gripper", Status.EMPTY_GRASP, "between the pads"),
        ("goto_pose", Status.BLOCKED, "there, "),
        ("goto_pose", Status.TIMEOUT, "there, "),
        ("sample_grasp_pose", Status.NOT_FOUND, "in clear view"),
        ("open_gripper", Status.BLOCKED, "open: True"),
        ("open_gripper", Status.DIVERGED, "all is finite"),
    ],
)
def test_a_lying_status_is_found_out(picked, name, lie, why):
    job, film = picked
    ledger = Ledger(job.world.template, [job], HORIZON)

    class Liar(Film):
        def called(self, jobs, calls):
            if calls.wave.primitive.name == name:
                calls = replace(calls, results=replace(calls.results, status=np.full(1, lie, np.int16)))
            ledger.called(jobs, calls)

        def planned(self, jobs, motion):
            ledger.planned(jobs, motion)

    Simulator(make("native", job.world.template)).run([job], observer=Liar(50))
    own = [key for key in ledger.counted if key == (name, lie.name)]
    assert own and ledger.agreed[own[0]] == 0 and all(why in text for text in ledger.lies), ledger.lies
    assert name in ROBOT_API


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (Status.GOAL_IN_COLLISION, "from anything"),
        (Status.START_IN_COLLISION, "from anything"),
        (Status.PLANNING_ERROR, "from anything"),
        (Status.IN_COLLISION, "from the surface"),
        (Status.IK_INFEASIBLE, "reaches it"),
    ],
)
def test_a_refusal_without_a_reason_is_found_out(lie, why):
    """A free motion high above everything, said to be refused."""
    text = "goto_pose([0.45, 0.0, 0.45], [0.0, 1.0, 0.0, 0.0])\ngoto_pose([0.4, 0.1, 0.45], [0.0, 1.0, 0.0, 0.0])"
    job = Job(Program(text, "free.py"), load_suite("libero_object_swap")[0], 1001, perturbation=Perturbation(noise=0.0))
    ledger = Ledger(job.world.template, [job], HORIZON)

    class Liar(Film):
        def called(self, jobs, calls):
            results = replace(calls.results, status=np.full(1, lie, np.int16))
            ledger.called(jobs, replace(calls, results=results, after=calls.before))

        def planned(self, jobs, motion):
            ledger.planned(jobs, motion)

    Simulator(make("native", job.world.template)).run([job], observer=Liar(50))
    assert ledger.counted["goto_pose", lie.name] == 2 and ledger.agreed["goto_pose", lie.name] == 0
    assert all(why in text for text in ledger.lies), ledger.lies
