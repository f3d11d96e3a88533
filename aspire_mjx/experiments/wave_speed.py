"""Benchmark cases of the wave loop: beside the bare engine, by number of lanes, and how busy the lanes are."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import mujoco
import mujoco.rollout
import numpy as np

from aspire_mjx.experiments.libero_pro import FIRST_PROGRAM
from aspire_mjx.jax_setup import enable_compilation_cache
from aspire_mjx.language.program import Program
from aspire_mjx.physics.engine import Engine
from aspire_mjx.physics.engines import make
from aspire_mjx.physics.native import NativeEngine
from aspire_mjx.rollout.loop import REST, SETTLE_TICKS
from aspire_mjx.rollout.simulator import Job, Simulator
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import HORIZON, template_of
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds

FOUR_PROGRAMS = ("reach.py", "push.py", "pick_and_place.py", "careful_pick_and_place.py")
_BARE_LANE_TICKS = 12_800  # of one timed run of the bare engine
_WARM_HORIZON = 60  # ticks; the rollouts that warm up only need to touch everything


def jobs_over_seeds(programs: Sequence[Path], count: int) -> list[Job]:
    """``count`` jobs: programs in turn, over ten tasks and the thirty seeds that are not held out."""
    texts, tasks = [Program.read(path) for path in programs], load_suite("libero_object_swap")
    worlds = [(tasks[i % 10], 51 + i // 10 % 30) for i in range(-(-count // len(texts)))]
    return [Job(texts[i % len(texts)], *worlds[i // len(texts)]) for i in range(count)]


def overhead(engine_name: str, capacity: int) -> dict[str, Any]:
    """Physics steps a second of the rollout loop and of the bare engine, and their ratio, all lanes busy."""
    engine = ready(make(engine_name, template_of("floor"), capacity=capacity))
    return {"capacity": engine.capacity, **loop_figures(engine, rollouts=2 * engine.capacity, horizon=HORIZON)}


def wave(engine_name: str, lanes: Sequence[int], horizon: int) -> dict[str, Any]:
    """The wave loop at several numbers of lanes, with the first program.

    Two rollouts a lane to their ends at up to 1,024 lanes; more lanes get one rollout each of at most ``horizon``
    ticks, to bound the time.
    """
    figures = {}
    for count in lanes:
        engine = ready(make(engine_name, template_of("floor"), capacity=count))
        rollouts, limit = (2 * count, HORIZON) if count <= 1024 else (count, horizon)
        figures[str(count)] = loop_figures(engine, rollouts=rollouts, horizon=limit)
    return {"lanes": figures}


def occupancy(engine_name: str, capacity: int, rollouts: int) -> dict[str, Any]:
    """How busy the lanes are over four programs of different length."""
    engine = ready(make(engine_name, template_of("floor"), capacity=capacity or 256))
    programs = [FIRST_PROGRAM.parent / name for name in FOUR_PROGRAMS]
    batch = Simulator(engine).run(jobs_over_seeds(programs, rollouts))
    ticks, program = batch.rollouts["ticks"], batch.rollouts["program"]
    lengths = {text.name: round(float(ticks[program == i].mean())) for i, text in enumerate(batch.programs)}
    return {"rollouts": rollouts, "capacity": engine.capacity, "mean_ticks": lengths, **_shares(batch.meta["timing"])}


def loop_figures(engine: Engine, *, rollouts: int, horizon: int) -> dict[str, Any]:
    """The loop over rollouts of the first program, beside the bare engine with as many lanes."""
    batch = Simulator(engine, horizon=horizon).run(jobs_over_seeds([FIRST_PROGRAM], rollouts))
    timing = batch.meta["timing"]
    worlds = make_worlds([job.world for job in jobs_over_seeds([FIRST_PROGRAM], engine.capacity)])
    bare = bare_native(worlds) if engine.name == "native" else _bare_mjx(engine, len(worlds))
    loop = timing["sim_steps"] / timing["rollout_s"]
    return {
        "rollouts": rollouts,
        "horizon": horizon,
        "loop_steps_per_s": round(loop),
        "bare_steps_per_s": round(bare),
        "ratio": round(loop / bare, 3),
        **_shares(timing),
    }


def _shares(timing: dict[str, Any]) -> dict[str, Any]:
    whole, waves = timing["rollout_s"], max(timing["waves"], 1)
    shares = {name.replace("_s", "_share"): round(timing[name] / whole, 4) for name in _PARTS}
    return {
        **shares,
        "host_ms_per_wave": round(1e3 * timing["host_s"] / waves, 2),
        "waves": timing["waves"],
        "seconds": round(whole, 2),
        "occupancy": round(timing["occupancy"], 3),
    }


_PARTS = ("engine_s", "sense_s", "plan_s", "machine_s", "host_s")


def ready(engine: Engine) -> Engine:
    """The engine after a few short rollouts: everything is compiled and loaded."""
    enable_compilation_cache()
    Simulator(engine, horizon=_WARM_HORIZON).run(jobs_over_seeds([FIRST_PROGRAM], min(engine.capacity, 16)))
    return engine


def bare_native(worlds: Worlds, *, threads: int = 0, lane_ticks: int = _BARE_LANE_TICKS) -> float:
    """Steps a second of the engine ``native`` alone over settled worlds, the arm moving; 0 threads: all."""
    lanes, template = len(worlds), worlds.template
    engine = NativeEngine(template, capacity=lanes, threads=threads or None)
    still = np.tile(REST, (lanes, SETTLE_TICKS, 1))
    rest, _ = engine.advance(worlds, engine.reset(worlds), still, np.full(lanes, SETTLE_TICKS))
    ctrl = shoulder_motion(lanes, lane_ticks)
    ticks = np.full(lanes, ctrl.shape[1])
    return lanes * ctrl.shape[1] * template.substeps / best(lambda: engine.advance(worlds, rest, ctrl, ticks))


def sleepless_native(worlds: Worlds, *, lane_ticks: int = _BARE_LANE_TICKS) -> float:
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


def _bare_mjx(engine: Engine, lanes: int) -> float:
    """A scan of ``mjx.step`` over the same batch, one model for all lanes."""
    import jax
    import jax.numpy as jnp
    from mujoco import mjx

    template = engine.template
    model, blank = mjx.put_model(template.model), mjx.make_data(template.model)
    worlds = make_worlds([WorldSpec(load_suite("libero_object_swap")[0], 51)] * lanes)
    state = engine.reset(worlds)

    def run(qpos, qvel, ctrl):
        def step(data, target):
            return mjx.step(model, data.replace(ctrl=target)), None

        data, _ = jax.lax.scan(step, blank.replace(qpos=qpos, qvel=qvel), ctrl)
        return data.qpos

    compiled = jax.jit(jax.vmap(run))
    ctrl = jnp.asarray(np.repeat(shoulder_motion(lanes)[:, :10], template.substeps, axis=1), jnp.float32)
    arrays = (jnp.asarray(state.qpos), jnp.asarray(state.qvel), ctrl)
    seconds = best(lambda: jax.block_until_ready(compiled(*arrays)))
    return lanes * ctrl.shape[1] / seconds


def shoulder_motion(lanes: int, lane_ticks: int = _BARE_LANE_TICKS) -> np.ndarray:
    """Servo targets ``[B, T, 9]`` of a slow shoulder motion."""
    ticks = max(10, lane_ticks // lanes)
    ctrl = np.tile(REST, (lanes, ticks, 1))
    ctrl[:, :, 1] -= np.linspace(0, 0.3, ticks)
    return ctrl


def best(run: Callable[[], object], repeats: int = 4) -> float:
    """Shortest of several runs after the first, s."""
    times = []
    for _ in range(repeats + 1):
        begun = time.perf_counter()
        run()
        times.append(time.perf_counter() - begun)
    return min(times[1:])
