"""The JAX engine: one compilation, and the same physics as C MuJoCo."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.errors import EngineError
from aspire_mjx.physics.engines import make
from aspire_mjx.worlds.panda import HOME, OPEN_WIDTH
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds
from tests.support.mjx_engines import LANES, mjx_engine


@pytest.fixture(scope="module")
def mjx():
    return mjx_engine("floor")


def _motion(lanes: int, ticks: int, joint: int) -> np.ndarray:
    ctrl = np.tile([*HOME, OPEN_WIDTH / 2, OPEN_WIDTH / 2], (lanes, ticks, 1))
    ctrl[:, :, joint] += np.linspace(0, 0.4, ticks)
    return ctrl


def test_one_compilation_whatever_the_worlds_controls_and_counts(mjx):
    for suite, lanes, ticks in (("libero_object", 8, 3), ("libero_object_task", 5, 14), ("libero_object_swap", 1, 1)):
        worlds = make_worlds([WorldSpec(task, 60) for task in load_suite(suite)[:lanes]])
        mjx.advance(worlds, mjx.reset(worlds), _motion(lanes, ticks, 1), np.full(lanes, ticks))
    assert mjx.compilations == 1


def test_contact_free_motion_agrees_with_native_within_a_millimetre(mjx):
    native = make("native", template_of("floor"))
    worlds = make_worlds([WorldSpec(task, 60) for task in load_suite("libero_object")[:LANES]])
    ctrl, ticks = 2 * _motion(LANES, 50, 1)[:, :1] - _motion(LANES, 50, 1), np.full(LANES, 50)  # up, off the objects
    ends = [e.advance(worlds, e.reset(worlds), ctrl, ticks)[0] for e in (mjx, native)]
    np.testing.assert_allclose(ends[0].qpos, ends[1].qpos, atol=1e-3)


def test_more_worlds_than_lanes_are_refused(mjx):
    worlds = make_worlds([WorldSpec(task, 60) for task in load_suite("libero_object")])
    with pytest.raises(EngineError, match="8 lanes"):
        mjx.advance(worlds, mjx.reset(worlds), _motion(10, 1, 0), np.ones(10, int))
