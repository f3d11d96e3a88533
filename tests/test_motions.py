"""Motions under way: the chunk that pays best, and targets that hold on."""

from __future__ import annotations

import numpy as np

from aspire_mjx.motions import Motions
from aspire_mjx.physics.engine import Readings


def _motions(ticks: list[int]) -> Motions:
    motions = Motions(len(ticks), nq=9)
    for lane, count in enumerate(ticks):
        if count:
            motions.hold(np.array([lane]), np.full((1, 9), float(lane)), count)
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
    readings.diverged[2] = True
    motions.advance(np.array([4, 0, 4]), readings)
    assert motions.finished().tolist() == [True, False, True]
    motions.clear(motions.finished())
    assert not motions.finished().any() and not motions.left.any()
