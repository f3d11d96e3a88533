"""Motions under way: the chunk that pays best, and targets that hold on."""

from __future__ import annotations

import numpy as np

from aspire_mjx.physics.engine import Readings
from aspire_mjx.rollout.motions import Motions


def _motions(ticks: list[int]) -> Motions:
    motions = Motions(len(ticks))
    for lane, count in enumerate(ticks):
        if count:
            motions.follow(np.array([lane]), np.full((1, 1, 9), float(lane)), np.array([count]), guard=(np.inf, np.inf))
    return motions


def test_a_chunk_ends_with_the_shortest_motion_when_waves_cost_nothing():
    assert _motions([12, 3, 40, 0]).chunk(0.0) == 3


def test_a_chunk_grows_with_the_cost_of_a_wave_and_spares_few_lanes():
    ticks = [1, *[30] * 99]
    assert _motions(ticks).chunk(0.0) == 1
    assert _motions(ticks).chunk(100.0) == 30
    assert _motions([200] * 4).chunk(1.0) == 50


def test_the_last_target_holds_on_and_lanes_that_diverge_are_done():
    motions = _motions([4, 0, 7])
    assert motions.control(6)[2, :, 0].tolist() == [2.0] * 6
    readings = Readings.quiet(3)
    readings.diverged[2], readings.ticks[:] = True, (4, 0, 4)
    motions.advance(readings)
    assert motions.finished().tolist() == [True, False, True]
    assert motions.take_off(motions.finished()) == []
    assert not motions.finished().any() and not motions.left.any()


def test_the_guard_ends_a_motion_and_nothing_is_cut_short():
    motions = _motions([9, 9, 9])
    motions.cut[:] = True
    readings = Readings.quiet(3)
    readings.ticks[:], readings.stopped[1] = 3, True
    motions.advance(readings)
    assert motions.left.tolist() == [6, 0, 6] and motions.cut.tolist() == [True, False, True]
