"""Benchmark case of the worlds: what their templates cost to build, to reset and to step, and how they touch."""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence
from typing import Any

import mujoco
import mujoco.rollout
import numpy as np

from aspire_mjx.physics.engine import Engine, State
from aspire_mjx.physics.engines import make
from aspire_mjx.worlds.episode import SETTLE_TICKS
from aspire_mjx.worlds.panda import REST
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import indexed, structure, template_of
from aspire_mjx.worlds.workspaces import FAMILIES, family
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds
from experiments.studies.loop import BARE_LANE_TICKS, bare_native, best, shoulder_motion

#: Physics steps a second of C MuJoCo on LIBERO's own collision geometry, tasks 0 to 9 of each suite: ``mj_step`` at the
#: environment's own 2 ms, one core, no rendering; read from LIBERO's environments when the task table was made.
ORIGINAL_STEPS_PER_S = {
    "libero_spatial": (12708, 12433, 12675, 12174, 10755, 11422, 11899, 11202, 12365, 12282),
    "libero_object": (25163, 25891, 25401, 26829, 19939, 27425, 26840, 22640, 26778, 28306),
    "libero_goal": (19875, 19838, 19667, 20259, 20246, 19652, 20552, 20185, 20097, 20378),
    "libero_10": (18610, 20730, 28811, 27280, 17607, 35244, 22190, 27036, 22973, 24917),
}
_FIRST_SEED = 1000
_MJX_TICKS = 5
_FEWER = 32  # times fewer control ticks are timed of each task beside the original: there are forty


def worlds(engine_name: str, capacity: int, resets: int, *, lane_ticks: int = BARE_LANE_TICKS) -> dict[str, Any]:
    """Figures of each template; for ``native`` also beside LIBERO's own scenes.

    Args:
        engine_name: mjx or native.
        capacity: lanes of the engine, 0 for its default.
        resets: how many worlds are reset.
        lane_ticks: control ticks of all lanes together in one timed run of ``native`` over a template's worlds.
    """
    figures: dict[str, Any] = {"templates": {}}
    for name in FAMILIES:
        figures["templates"][name] = _template_figures(name, engine_name, capacity, resets, lane_ticks)
    if engine_name == "native":
        figures["beside_original"] = {
            suite: _beside_original(suite, rates, lane_ticks // _FEWER) for suite, rates in ORIGINAL_STEPS_PER_S.items()
        }
    return figures


def _template_figures(name: str, engine_name: str, capacity: int, resets: int, lane_ticks: int) -> dict[str, Any]:
    begun = time.perf_counter()
    model = indexed(structure(family(name)).compile(), family(name), name=name).model
    built = time.perf_counter() - begun
    engine = make(engine_name, template_of(name), capacity=capacity)
    specs = _specs(_tasks(name), resets)
    make_worlds(_specs(_tasks(name), len(_tasks(name)), first_seed=1))  # what all worlds share is ready then
    begun, begun_cpu = time.perf_counter(), time.process_time()
    made = make_worlds(specs)
    state = engine.reset(made)
    reset, reset_cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
    figures = {
        "geoms": model.ngeom,
        "nv": model.nv,
        "build_s": round(built, 3),
        "resets": resets,
        "reset_s": round(reset, 3),
        "reset_cpu_s": round(reset_cpu, 3),
        "models": len(made.models),
    }
    return {**figures, **(_native(engine, made, state, lane_ticks) if engine_name == "native" else _mjx(engine, made))}


def _native(engine: Engine, made: Worlds, state: State, lane_ticks: int) -> dict[str, Any]:
    """Settling of all worlds, rates on all threads and on one, and how many contacts they have."""
    count, ctrl = len(made), np.tile(REST, (len(made), SETTLE_TICKS, 1))
    begun = time.perf_counter()
    settled, _ = engine.advance(made, state, ctrl, np.full(count, SETTLE_TICKS))
    settling = time.perf_counter() - begun
    some = made.take(np.arange(min(count, 256)))
    return {
        "settle_s": round(settling, 3),
        "steps_per_s": round(bare_native(some, lane_ticks=lane_ticks)),
        "steps_per_s_one_core": round(bare_native(some, threads=1, lane_ticks=lane_ticks)),
        "steps_per_s_one_core_nothing_asleep": round(sleepless_native(some, lane_ticks=lane_ticks)),
        **_contacts(made, settled),
    }


def _mjx(engine: Engine, made: Worlds) -> dict[str, Any]:
    """Seconds to put the model and until the first tick, rate over all lanes, settling of one batch."""
    from mujoco import mjx

    begun = time.perf_counter()
    mjx.put_model(engine.template.model)
    put = time.perf_counter() - begun
    batch = made.take(np.arange(engine.capacity) % len(made))
    start = engine.reset(batch)
    first, _, _ = _timed(engine, batch, start, 1)
    rate, _, _ = _timed(engine, batch, start, _MJX_TICKS)
    settling, _, diverged = _timed(engine, batch, start, SETTLE_TICKS)
    return {
        "put_s": round(put, 3),
        "first_tick_s": round(first, 1),
        "lanes": engine.capacity,
        "steps_per_s": round(engine.capacity * _MJX_TICKS * engine.template.substeps / rate),
        "settled": engine.capacity,
        "settle_s": round(settling, 2),
        "diverged": diverged,
    }


def _timed(engine: Engine, made: Worlds, start: State, ticks: int) -> tuple[float, State, int]:
    """Seconds of standing still for some ticks, the state then, and how many lanes diverged."""
    ctrl = np.tile(REST, (len(made), ticks, 1))
    begun = time.perf_counter()
    state, felt = engine.advance(made, start, ctrl, np.full(len(made), ticks))
    return time.perf_counter() - begun, state, int(felt.diverged.sum())


def _contacts(made: Worlds, state: State) -> dict[str, float]:
    """Contacts of settled worlds, as C MuJoCo finds them."""
    data = mujoco.MjData(made.template.model)
    counts = []
    for lane in range(0, len(made), max(1, len(made) // 256)):
        data.qpos[:] = state.qpos[lane]
        mujoco.mj_fwdPosition(made.model_of(lane), data)
        counts.append(data.ncon)
    return {"contacts_mean": round(float(np.mean(counts)), 1), "contacts_p95": float(np.percentile(counts, 95))}


def _beside_original(suite: str, rates: Sequence[int], lane_ticks: int) -> dict[str, Any]:
    """Rates on one core, task by task, over those of LIBERO's own scenes: things at rest asleep, and nothing asleep."""
    rates_of = {"": [], "_nothing_asleep": []}
    for task in load_suite(suite):
        lanes = make_worlds(_specs([task], 8))
        rates_of[""].append(bare_native(lanes, threads=1, lane_ticks=lane_ticks))
        rates_of["_nothing_asleep"].append(sleepless_native(lanes, lane_ticks=lane_ticks))
    figures: dict[str, Any] = {"original_steps_per_s": list(rates)}
    for way, ours in rates_of.items():
        ratios = np.array(ours) / rates
        figures[f"steps_per_s{way}"] = [round(rate) for rate in ours]
        figures[f"ratio_median{way}"] = round(float(np.median(ratios)), 2)
        figures[f"ratio_least{way}"] = round(float(ratios.min()), 2)
    return figures


def _tasks(workspace: str) -> list[Task]:
    return [task for name in suite_names() for task in load_suite(name) if task.workspace == workspace]


def _specs(tasks: Sequence[Task], count: int, *, first_seed: int = _FIRST_SEED) -> list[WorldSpec]:
    """``count`` worlds: tasks in turn, then the next seed."""
    return [WorldSpec(tasks[i % len(tasks)], first_seed + i // len(tasks)) for i in range(count)]


def sleepless_native(worlds: Worlds, *, lane_ticks: int) -> float:
    """Steps a second of ``mujoco.rollout`` on one thread with nothing asleep: the same models and motion."""
    template, awake = worlds.template, []
    for model in map(copy.copy, worlds.models):
        model.opt.enableflags &= ~int(mujoco.mjtEnableBit.mjENBL_SLEEP)
        awake.append(model)
    start = np.concatenate(
        [np.zeros((len(worlds), 1)), worlds.qpos, np.zeros((len(worlds), template.model.nv))], axis=1
    )
    ctrl = np.repeat(shoulder_motion(len(worlds), lane_ticks), template.substeps, axis=1)
    models, data = [awake[variant] for variant in worlds.variant.tolist()], [mujoco.MjData(template.model)]
    with mujoco.rollout.Rollout(nthread=0) as bare:
        seconds = best(lambda: bare.rollout(models, data, start, ctrl))
    return ctrl.shape[0] * ctrl.shape[1] / seconds
