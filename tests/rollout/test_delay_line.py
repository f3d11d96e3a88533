"""Commands reach the servos some ticks late, lane by lane."""

from __future__ import annotations

import numpy as np

from aspire_mjx.rollout.delay_line import DelayLine, latency_ticks
from aspire_mjx.worlds.perturbation import Perturbation


def test_without_latency_commands_pass_untouched():
    ctrl = np.random.default_rng(0).normal(size=(3, 5, 9))
    assert DelayLine(3, 0).through(ctrl) is ctrl


def test_each_lane_is_late_by_its_own_delay_however_the_stretch_is_cut():
    random, start = np.random.default_rng(1), np.arange(9.0)
    delays, given = np.array([0, 1, 3, 4]), random.normal(size=(4, 30, 9))
    line = DelayLine(4, 4)
    line.reset(np.arange(4), start, delays)
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
