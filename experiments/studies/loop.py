"""The wave loop beside the bare engine and by number of lanes, and how busy its lanes are over four programs."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from aspire_mjx.command import Options
from aspire_mjx.errors import AspireError
from aspire_mjx.experiments.benchmark import first_jobs, jobs_over_seeds, loop_figures, ready, shares
from aspire_mjx.language.program import Program
from aspire_mjx.physics.engine import Engine
from aspire_mjx.physics.engines import MOST_LANES, make
from aspire_mjx.physics.native import NativeEngine
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.worlds.episode import HORIZON, SETTLE_TICKS
from aspire_mjx.worlds.panda import REST
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds

BARE_LANE_TICKS = 12_800  # of one timed run of the bare engine
FOUR_PROGRAMS = ("reach", "push", "pick_and_place", "careful_pick_and_place")


def lane_numbers(options: Options) -> list[int]:
    """``--lanes`` as numbers. Raises AspireError where there is none, or one that is no number of lanes."""
    lanes = options["lanes"]
    numbers = [int(text) if re.fullmatch("[0-9]{1,9}", text) else 0 for text in lanes]
    if not numbers or not all(1 <= number <= MOST_LANES for number in numbers):
        raise AspireError(f"--lanes={','.join(lanes)}: give numbers of lanes, 1 to {MOST_LANES}, such as 256,1024.")
    return numbers


def overhead(engine_name: str, capacity: int) -> dict[str, Any]:
    """Physics steps a second of the rollout loop and of the bare engine, and their ratio, all lanes busy."""
    engine = ready(make(engine_name, template_of("floor"), capacity=capacity))
    return {"capacity": engine.capacity, **beside_bare(engine, rollouts=2 * engine.capacity, horizon=HORIZON)}


def beside_bare(engine: Engine, *, rollouts: int, horizon: int) -> dict[str, Any]:
    """The loop over rollouts of the first program, beside the bare engine with as many lanes."""
    figures = loop_figures(engine, rollouts=rollouts, horizon=horizon)
    worlds = make_worlds([job.world for job in first_jobs(engine.capacity)])
    bare = bare_native(worlds) if engine.name == "native" else _bare_mjx(engine, len(worlds))
    return {**figures, "bare_steps_per_s": round(bare), "ratio": round(figures["loop_steps_per_s"] / bare, 3)}


def wave(engine_name: str, lanes: Sequence[int], horizon: int) -> dict[str, Any]:
    """The wave loop at several numbers of lanes, with the first program.

    Two rollouts a lane to their ends at up to 1,024 lanes; more lanes get one rollout each of at most ``horizon``
    ticks, to bound the time.
    """
    figures = {}
    for count in lanes:
        engine = ready(make(engine_name, template_of("floor"), capacity=count))
        rollouts, limit = (2 * count, HORIZON) if count <= 1024 else (count, horizon)
        figures[str(count)] = beside_bare(engine, rollouts=rollouts, horizon=limit)
    return {"lanes": figures}


def occupancy(engine_name: str, capacity: int, rollouts: int) -> dict[str, Any]:
    """How busy the lanes are over four programs of different length."""
    engine = ready(make(engine_name, template_of("floor"), capacity=capacity or 256))
    jobs = jobs_over_seeds([Program.shipped(name) for name in FOUR_PROGRAMS], rollouts)
    batch = Simulator(engine).run(jobs)
    ticks, program = batch.rollouts["ticks"], batch.rollouts["program"]
    lengths = {text.name: round(float(ticks[program == i].mean())) for i, text in enumerate(batch.programs)}
    return {"rollouts": rollouts, "capacity": engine.capacity, "mean_ticks": lengths, **shares(batch.meta["timing"])}


def bare_native(worlds: Worlds, *, threads: int = 0, lane_ticks: int = BARE_LANE_TICKS) -> float:
    """Steps a second of the engine ``native`` alone over settled worlds, the arm moving; 0 threads: all."""
    lanes, template = len(worlds), worlds.template
    engine = NativeEngine(template, capacity=lanes, threads=threads or None)
    still = np.tile(REST, (lanes, SETTLE_TICKS, 1))
    rest, _ = engine.advance(worlds, engine.reset(worlds), still, np.full(lanes, SETTLE_TICKS))
    ctrl = shoulder_motion(lanes, lane_ticks)
    ticks = np.full(lanes, ctrl.shape[1])
    return lanes * ctrl.shape[1] * template.substeps / best(lambda: engine.advance(worlds, rest, ctrl, ticks))


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


def shoulder_motion(lanes: int, lane_ticks: int = BARE_LANE_TICKS) -> np.ndarray:
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
