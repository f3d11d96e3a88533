"""What every engine must do, whatever it is made of."""

from __future__ import annotations

import copy
import dataclasses

import numpy as np
import pytest

from aspire_mjx.errors import EngineError, UnknownNameError
from aspire_mjx.physics.engine import NEVER, Readings, State
from aspire_mjx.physics.engines import make
from aspire_mjx.planning import ik
from aspire_mjx.worlds.panda import HOME, OPEN_WIDTH
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import CONTACT_GEOMS, template_of
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds

_REST = np.array([*HOME, OPEN_WIDTH / 2, OPEN_WIDTH / 2])


def _wave(lanes: int, ticks: int) -> np.ndarray:
    """A motion of shoulder and elbow that differs between lanes."""
    ctrl = np.tile(_REST, (lanes, ticks, 1))
    ctrl[:, :, 1] += np.linspace(0, 0.3, ticks) * np.linspace(0.5, 1.0, lanes)[:, None]
    return ctrl


def _equal(first: State, second: State) -> bool:
    return np.array_equal(first.qpos, second.qpos) and np.array_equal(first.qvel, second.qvel)


def test_same_inputs_give_the_same_bits(engine, worlds):
    ticks = np.full(len(worlds), 12)
    runs = [engine.advance(worlds, engine.reset(worlds), _wave(len(worlds), 12), ticks) for _ in range(2)]
    assert _equal(runs[0][0], runs[1][0])
    assert np.array_equal(runs[0][1].peak_torque, runs[1][1].peak_torque)


def test_frozen_lanes_do_not_move_and_moving_ones_do(engine, worlds):
    start = engine.reset(worlds)
    ticks = np.array([5, 0] * (len(worlds) // 2))
    end, readings = engine.advance(worlds, start, _wave(len(worlds), 5), ticks)
    assert _equal(start.take(ticks == 0), end.take(ticks == 0))
    assert (np.abs(end.qpos - start.qpos).max(axis=1)[ticks > 0] > 1e-5).all()
    assert (readings.peak_torque[ticks == 0] == 0).all() and (readings.peak_torque[ticks > 0] > 0).all()


def test_chunks_equal_the_whole_run_bit_for_bit(engine, worlds):
    ctrl, count = _wave(len(worlds), 12), len(worlds)
    whole, felt = engine.advance(worlds, engine.reset(worlds), ctrl, np.full(count, 12))
    state, peak = engine.reset(worlds), Readings.quiet(count)
    for start, stop in ((0, 3), (3, 10), (10, 12)):
        state, part = engine.advance(worlds, state, ctrl[:, start:stop], np.full(count, stop - start))
        peak.keep_peak(part)
    assert _equal(whole, state)
    assert np.array_equal(felt.peak_force, peak.peak_force)
    assert np.array_equal(felt.first_tick, peak.first_tick)


def test_own_tick_counts_stop_each_lane_where_a_shorter_run_would(engine, worlds):
    ctrl, count = _wave(len(worlds), 12), len(worlds)
    own = np.arange(count) + 2
    mixed, _ = engine.advance(worlds, engine.reset(worlds), ctrl, own)
    for lane in (0, count - 1):
        alone, _ = engine.advance(worlds, engine.reset(worlds), ctrl, np.full(count, own[lane]))
        assert _equal(mixed.take(lanes := np.array([lane])), alone.take(lanes))


def test_permuting_lanes_permutes_results(engine, worlds):
    order = np.random.default_rng(1).permutation(len(worlds))
    ctrl, ticks = _wave(len(worlds), 12), np.full(len(worlds), 12)
    plain, felt = engine.advance(worlds, engine.reset(worlds), ctrl, ticks)
    other = worlds.take(order)
    mixed, felt_mixed = engine.advance(other, engine.reset(other), ctrl[order], ticks)
    assert _equal(plain.take(order), mixed)
    assert np.array_equal(felt.peak_force[order], felt_mixed.peak_force)


def test_a_snapshot_restores_bit_for_bit(engine, worlds):
    ctrl, ticks = _wave(len(worlds), 12), np.full(len(worlds), 6)
    middle, _ = engine.advance(worlds, engine.reset(worlds), ctrl[:, :6], ticks)
    saved = middle.take(np.arange(len(worlds)))
    first, _ = engine.advance(worlds, middle, ctrl[:, 6:], ticks)
    again, _ = engine.advance(worlds, saved, ctrl[:, 6:], ticks)
    assert _equal(first, again)


def test_objects_settle_where_they_were_put(engine, worlds):
    ticks = np.full(len(worlds), 40)
    start = engine.reset(worlds)
    end, _ = engine.advance(worlds, start, np.tile(_REST, (len(worlds), 40, 1)), ticks)
    for address in worlds.template.slot_qpos:
        moved = np.abs(end.qpos[:, address : address + 3] - start.qpos[:, address : address + 3])
        assert moved.max() < 0.003
    assert np.abs(end.qvel[:, worlds.template.arm_dof]).max() < 1e-3


def test_a_lane_that_diverges_is_named_and_leaves_the_others_alone(engine, worlds):
    ctrl, ticks = _wave(len(worlds), 5), np.full(len(worlds), 5)
    good, _ = engine.advance(worlds, engine.reset(worlds), ctrl, ticks)
    start = engine.reset(worlds)
    start.qvel[3, 0] = np.nan
    end, readings = engine.advance(worlds, start, ctrl, ticks)
    assert readings.diverged.tolist() == [lane == 3 for lane in range(len(worlds))]
    others = np.arange(len(worlds)) != 3
    assert _equal(good.take(others), end.take(others))


def test_pressing_the_hand_on_the_floor_is_felt(engine, worlds):
    """The fingers meet the floor: the force, the geom and the floor as the thing touched are reported."""
    count, hand_down = len(worlds), np.array([[0.0, 1.0, 0.0, 0.0]])
    stops = [_REST]
    for height in (0.25, -0.01):  # first above a free spot, then down into the floor
        stop = _REST.copy()
        stop[:7] = ik.solve(np.array([[0.27, 0.0, height]]), hand_down, current=stops[-1][None, :7]).q[0]
        stops.append(stop)
    share = np.linspace(0, 1, 40)[:, None]
    ctrl = np.concatenate([a + share * (b - a) for a, b in zip(stops, stops[1:], strict=False)])
    ctrl, ticks = np.tile(ctrl, (count, 1, 1)), np.full(count, len(ctrl))
    _, readings = engine.advance(worlds, engine.reset(worlds), ctrl, ticks)
    assert (readings.peak_force > 5).all()
    assert {CONTACT_GEOMS[geom] for geom in readings.contact_geom} <= {"finger_left_pad", "finger_right_pad"}
    assert (readings.contact_slot == -1).all()
    began = readings.first_tick.min(axis=1)
    assert (began > 0).all() and (readings.first_tick[:, 2:] == NEVER).all()  # the pads alone, and not at once
    state, before = engine.advance(worlds, engine.reset(worlds), ctrl, began)
    assert (before.first_tick == NEVER).all() and (before.peak_force == 0).all()
    left = np.stack([ctrl[lane, np.minimum(tick + np.arange(20), 79)] for lane, tick in enumerate(began.tolist())])
    _, later = engine.advance(worlds, state, left, np.full(count, 20))
    assert (later.first_tick.min(axis=1) == 0).all()  # it is the tick before which nothing was felt
    pad = later.first_tick.argmin(axis=1)
    assert (np.abs(later.first_position[np.arange(count), pad, 2]) < 0.005).all()
    before.keep_peak(later)
    np.testing.assert_array_equal(before.first_tick.min(axis=1), began)


def test_wrong_batches_are_refused(engine, worlds):
    with pytest.raises(EngineError, match="advance needs as many"):
        engine.advance(worlds, engine.reset(worlds), _wave(3, 5), np.full(3, 5))


def test_unknown_engine_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match="auto, mjx, native"):
        make("bullet", template_of("floor"))


@pytest.mark.parametrize("limits", [(10.0, np.inf), (np.inf, 50.0)], ids=["force", "torque"])
def test_a_guard_stops_a_lane_in_the_tick_that_exceeds_it_and_no_other_lane(engine, worlds, limits):
    """The hand is driven into the floor; the guarded lane ends as if it had been told to run that many ticks."""
    count, ticks = len(worlds), 60
    start = engine.reset(worlds)
    ctrl = np.tile(_REST, (count, ticks, 1))
    ctrl[:, :, 1] += np.linspace(0.0, 1.5, ticks)  # the shoulder bows
    free, felt = engine.advance(worlds, start, ctrl, np.full(count, ticks))
    assert (felt.ticks == ticks).all() and (felt.peak_force > 20.0).all()
    guard = np.where(np.arange(count)[:, None] % 2 == 0, limits, np.inf)
    stopped, met = engine.advance(worlds, start, ctrl, np.full(count, ticks), guard)
    odd, even = np.arange(1, count, 2), np.arange(0, count, 2)
    assert (met.ticks[even] < ticks).all() and (met.ticks[odd] == ticks).all()
    assert met.stopped[even].all() and not met.stopped[odd].any()
    np.testing.assert_array_equal(stopped.qpos[odd], free.qpos[odd])
    own, reading = engine.advance(worlds, start, ctrl, met.ticks)
    np.testing.assert_array_equal(own.qpos, stopped.qpos)
    np.testing.assert_array_equal(reading.peak_force, met.peak_force)
    before, _ = engine.advance(worlds, start, ctrl, met.ticks - 1, guard)
    assert not np.array_equal(before.qpos, stopped.qpos)
    for cut in (7, 10):  # the same however the stretch is cut
        state, done, left = start, np.zeros(count, int), np.full(count, ticks)
        while left.any():
            part = np.minimum(left, cut)
            piece = np.stack([ctrl[i, np.minimum(done[i] + np.arange(cut), ticks - 1)] for i in range(count)])
            state, read = engine.advance(worlds, state, piece, part, guard)
            done, left = done + read.ticks, np.where(read.stopped, 0, left - read.ticks)
        np.testing.assert_array_equal(state.qpos, stopped.qpos)


def test_leaving_out_what_is_absent_changes_no_bit():
    tasks = load_suite("libero_10")
    few = make_worlds([WorldSpec(task, seed) for task in (tasks[2], tasks[3]) for seed in (51, 52)])
    models = tuple(copy.copy(model) for model in few.models)
    for model in models:  # all boxes are looked at again, as in the template
        for name in ("geom_contype", "geom_conaffinity", "body_contype", "body_conaffinity"):
            assert not np.array_equal(getattr(model, name), getattr(few.template.model, name))
            getattr(model, name)[:] = getattr(few.template.model, name)
    engine, ends = make("native", few.template), []
    for worlds in (few, dataclasses.replace(few, models=models)):
        state, _ = engine.advance(worlds, engine.reset(worlds), _wave(4, 25), np.full(4, 25))
        ends.append(state)
    assert _equal(*ends)
