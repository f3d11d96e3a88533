"""Commands reach the servos some ticks late, lane by lane."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.language.program import Program
from aspire_mjx.physics.engines import make
from aspire_mjx.primitives.motion import Motion
from aspire_mjx.rollout.calls import FinishedCalls
from aspire_mjx.rollout.delay_line import DelayLine, latency_ticks
from aspire_mjx.rollout.simulator import Job, Simulator
from aspire_mjx.worlds.panda import REST
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.workspaces import FAMILIES


def test_without_latency_commands_pass_untouched():
    ctrl = np.random.default_rng(0).normal(size=(3, 5, 9))
    assert DelayLine(3, 0).through(ctrl) is ctrl


def test_each_lane_is_late_by_its_own_delay_however_the_stretch_is_cut():
    random, start = np.random.default_rng(1), np.arange(9.0)
    delays, given = np.array([0, 1, 3, 4]), random.normal(size=(4, 30, 9))
    line = DelayLine(4, 4)
    line.reset(np.arange(4), np.tile(start, (4, 1)), delays)
    done, obeyed = np.zeros(4, int), [[] for _ in range(4)]
    while (done < 30).any():
        ticks = np.minimum(random.integers(0, 6, 4), 30 - done)
        longest = max(int(ticks.max()), 1)
        ctrl = np.stack([given[i][np.minimum(done[i] + np.arange(longest), 29)] for i in range(4)])
        passed = line.through(ctrl)
        line.passed(ctrl, ticks)
        for lane in range(4):
            obeyed[lane] += list(passed[lane, : ticks[lane]])
        done += ticks
    for lane, delay in enumerate(delays):
        expected = np.concatenate([np.tile(start, (delay, 1)), given[lane]])[:30]
        np.testing.assert_array_equal(obeyed[lane], expected)


def test_latency_is_counted_in_control_ticks():
    assert latency_ticks(Perturbation()) == 0
    assert latency_ticks(Perturbation(latency=0.04)) == 2


class _FirstMove:
    """Notes the tick at which the first joint of each job's arm has begun to turn."""

    stride = 1

    def __init__(self, joint: int) -> None:
        self._joint, self.tick = joint, dict[int, int]()

    def planned(self, jobs: np.ndarray, motion: Motion) -> None:
        """Of no interest here."""

    def moved(self, jobs: np.ndarray, ticks: np.ndarray, qpos: np.ndarray) -> None:
        """See :class:`aspire_mjx.rollout.observer.RolloutObserver`."""
        for job, tick, angle in zip(jobs.tolist(), ticks.tolist(), qpos[:, self._joint].tolist(), strict=True):
            if abs(angle - REST[0]) > 1e-3:
                self.tick.setdefault(job, tick)

    def called(self, jobs: np.ndarray, calls: FinishedCalls) -> None:
        """Of no interest here."""


@pytest.mark.parametrize("workspace", FAMILIES)
def test_the_arm_sets_out_later_by_the_dose_in_every_workspace(workspace):
    task = next(task for suite in suite_names() for task in load_suite(suite) if task.workspace == workspace)
    program = Program(f"move_to_joints({[REST[0] + 0.4, *REST[1:7]]})")
    doses = [Perturbation(latency=dose) for dose in (0.0, 0.02, 0.1, 0.3, 0.5)]
    watch = _FirstMove(int(template_of(workspace).arm_qpos[0]))
    simulator = Simulator(make("native", template_of(workspace), capacity=len(doses)))
    simulator.run([Job(program, task, 51, perturbation=dose) for dose in doses], observer=watch)
    assert [watch.tick[job] - watch.tick[0] for job in range(len(doses))] == [0, 1, 5, 15, 25]
