"""Rollouts that another thread asks to stop end at their next step, and what ran them works on."""

from __future__ import annotations

import threading

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import RolloutsStopped
from aspire_mjx.language.program import Program
from aspire_mjx.machine.machine import Machine
from aspire_mjx.physics.engines import make
from aspire_mjx.rollout.simulator import Job, Simulator
from aspire_mjx.stopping import Stop, check_stop, stoppable
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.template import template_of
from tests.support.same_traces import same_traces


def test_nothing_ends_that_nobody_asked_to_end():
    check_stop()
    stop = Stop()
    with stoppable(stop):
        check_stop()
        stop.ask("the client has gone")
        stop.ask("something else")
        with pytest.raises(RolloutsStopped, match="^the client has gone$"):
            check_stop()
    check_stop()


def test_a_program_that_computes_for_ever_ends_when_another_thread_asks():
    machine, stop = Machine(), Stop()
    machine.start([0, 1], compile_program(Program("i = 0\nwhile True:\n    i = (i + 1) % 7\n", "endless.py")))
    timer = threading.Timer(0.2, stop.ask, ["enough"])
    timer.start()
    with stoppable(stop), pytest.raises(RolloutsStopped, match="enough"):
        while not machine.run():
            assert machine.strands == 1, "it goes on"
    timer.join()


def test_rollouts_end_between_waves_and_the_simulator_works_on():
    task = find_task("libero_object_swap", 0)
    program = Program("wait(0.1)\nwait(0.1 * get_object_pose('basket').score)\nwait(0.1)\n", "wait.py")
    jobs = [Job(program, task, seed) for seed in (51, 52, 53)]
    simulator, stop, done = Simulator(make("native", template_of("floor"), capacity=1)), Stop(), []

    def progress(finished: int, _total: int) -> None:
        done.append(finished)
        stop.ask("after the first")

    with stoppable(stop), pytest.raises(RolloutsStopped, match="after the first"):
        simulator.run(jobs, progress=progress)
    assert done == [1]
    fresh = Simulator(make("native", template_of("floor"), capacity=1))
    assert same_traces(simulator.run(jobs), fresh.run(jobs))
    with stoppable(stop), pytest.raises(RolloutsStopped):
        fresh.settled([Job(program, task, 54).world])
