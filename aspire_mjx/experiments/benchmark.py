"""Speed and size, measured and kept as JSON lines with their conditions.

Cases: ``overhead`` (the rollout loop's physics rate over the bare engine's, in one process), ``cold`` (seconds from
process start to the first finished wave, with an empty compilation cache), ``main`` and ``quick`` (the main job as a
user runs it: seconds, rollouts, peak memory).

    python -m aspire_mjx.experiments.benchmark --cases=overhead,cold --engine=native --out=FILE.jsonl

Run it on an otherwise idle machine: every figure is wall-clock time.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from absl import flags
from rich.console import Console

from aspire_mjx.compiler.program import Program
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.experiments.command import Options, run_command
from aspire_mjx.experiments.libero_pro import FIRST_PROGRAM
from aspire_mjx.jax_setup import enable_compilation_cache
from aspire_mjx.physics.engine import Engine
from aspire_mjx.physics.engines import make
from aspire_mjx.rollout import Job, Simulator
from aspire_mjx.wave_loop import REST
from aspire_mjx.worlds.tasks import load_suite
from aspire_mjx.worlds.template import SUBSTEPS, TIMESTEP, libero_object_template
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds

_BARE_TICKS = 50
_FIRST_WAVE = (
    "import time, sys\n"
    "from aspire_mjx.experiments.benchmark import first_wave\n"
    "first_wave(sys.argv[1], int(sys.argv[2])); print(time.time())\n"
)


def define_flags() -> flags.FlagValues:
    """The flags of this command."""
    fv = flags.FlagValues()
    flags.DEFINE_list("cases", ["overhead", "cold"], f"what to measure: {', '.join(CASES)}", flag_values=fv)
    flags.DEFINE_string("engine", "native", "physics engine: mjx or native", flag_values=fv)
    flags.DEFINE_integer("capacity", 0, "rollouts at once; 0: the engine's default", flag_values=fv)
    flags.DEFINE_string("out", "", "JSON-lines file to append to; empty: print only", flag_values=fv)
    return fv


def overhead(engine_name: str, capacity: int) -> dict[str, Any]:
    """Physics steps a second of the rollout loop and of the bare engine, and their ratio, all lanes busy."""
    enable_compilation_cache()
    engine = make(engine_name, libero_object_template(), capacity=capacity)
    simulator = Simulator(engine)
    program = Program(FIRST_PROGRAM.read_text(encoding="utf-8"), FIRST_PROGRAM.name)
    tasks = load_suite("libero_object_swap")
    jobs = [Job(program, tasks[i % len(tasks)], 51 + i // len(tasks)) for i in range(2 * engine.capacity)]
    simulator.run(jobs[: engine.capacity])  # compiles, settles, warms the caches
    timing = Simulator(engine).run(jobs).meta["timing"]
    worlds = make_worlds([job.world for job in jobs[: engine.capacity]])
    bare = _bare_native(engine, worlds) if engine_name == "native" else _bare_mjx(engine, len(worlds))
    loop = timing["sim_steps"] / timing["rollout_s"]
    return {
        "rollouts": len(jobs),
        "capacity": engine.capacity,
        "loop_steps_per_s": round(loop),
        "bare_steps_per_s": round(bare),
        "ratio": round(loop / bare, 3),
        "engine_share": round(timing["engine_s"] / timing["rollout_s"], 3),
        "occupancy": round(timing["occupancy"], 3),
    }


def _bare_native(engine: Engine, worlds: Worlds) -> float:
    """``mujoco.rollout`` alone: the same models, a motion of the same kind, the same threads."""
    import mujoco
    import mujoco.rollout

    template = engine.template
    state = engine.reset(worlds)
    start = np.concatenate([np.zeros((len(worlds), 1)), state.qpos, state.qvel], axis=1)
    ctrl = np.repeat(_motion(len(worlds)), SUBSTEPS, axis=1)
    models = [worlds.model_of(lane) for lane in range(len(worlds))]
    data = [mujoco.MjData(template.model) for _ in range(os.cpu_count() or 1)]
    with mujoco.rollout.Rollout(nthread=len(data)) as bare:
        seconds = _best(lambda: bare.rollout(models, data, start, ctrl))
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
    ctrl = jnp.asarray(np.repeat(_motion(lanes)[:, :10], SUBSTEPS, axis=1), jnp.float32)
    arrays = (jnp.asarray(state.qpos), jnp.asarray(state.qvel), ctrl)
    seconds = _best(lambda: jax.block_until_ready(compiled(*arrays)))
    return lanes * ctrl.shape[1] / seconds


def _motion(lanes: int) -> np.ndarray:
    """Servo targets ``[B, T, 9]`` of a slow shoulder motion."""
    ctrl = np.tile(REST, (lanes, _BARE_TICKS, 1))
    ctrl[:, :, 1] -= np.linspace(0, 0.3, _BARE_TICKS)
    return ctrl


def _best(run: Callable[[], object], repeats: int = 4) -> float:
    """Shortest of several runs after the first, s."""
    times = []
    for _ in range(repeats + 1):
        begun = time.perf_counter()
        run()
        times.append(time.perf_counter() - begun)
    return min(times[1:])


def first_wave(engine_name: str, capacity: int) -> None:
    """Runs one rollout of the first program to its end."""
    engine = make(engine_name, libero_object_template(), capacity=capacity)
    program = Program(FIRST_PROGRAM.read_text(encoding="utf-8"), FIRST_PROGRAM.name)
    Simulator(engine, horizon=100).run([Job(program, load_suite("libero_object_swap")[0], 51)])


def cold(engine_name: str, capacity: int) -> dict[str, Any]:
    """Seconds from process start until two seconds of a first rollout have been simulated, nothing cached."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "XDG_CACHE_HOME": cache, "JAX_COMPILATION_CACHE_DIR": cache}
        begun = time.time()
        command = [sys.executable, "-c", _FIRST_WAVE, engine_name, str(capacity)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return {"cold_s": round(float(done.stdout.split()[-1]) - begun, 2)}


def _job(engine_name: str, capacity: int, *extra: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        command = [sys.executable, "-m", "aspire_mjx.experiments.libero_pro", f"--engine={engine_name}"]
        begun = time.perf_counter()
        subprocess.run([*command, f"--capacity={capacity}", f"--out={out}", *extra], check=True, capture_output=True)
        seconds = time.perf_counter() - begun
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return {
        "seconds": round(seconds, 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        "rollouts": summary["timing"]["rollouts"],
        "sim_steps": summary["timing"]["sim_steps"],
        "occupancy": summary["timing"]["occupancy"],
        "totals": summary["totals"],
    }


CASES: dict[str, Callable[[str, int], dict[str, Any]]] = {
    "overhead": overhead,
    "cold": cold,
    "quick": lambda engine, capacity: _job(engine, capacity, "--quick"),
    "main": lambda engine, capacity: _job(engine, capacity),
}


def conditions(engine_name: str) -> dict[str, Any]:
    """What a figure depends on: device, scene, solver, step, versions."""
    import jax

    option = libero_object_template().model.opt
    return {
        "engine": engine_name,
        "device": jax.devices()[0].device_kind if engine_name == "mjx" else "cpu",
        "cpu": platform.machine(),
        "cores": os.cpu_count(),
        "scene": "libero_object: Panda, basket, 6 food items, nv 51",
        "timestep_s": TIMESTEP,
        "solver": f"Newton, {option.iterations} iterations, pyramidal cone, impratio {option.impratio:g}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("mujoco", "mujoco-mjx", "jax", "numpy")},
        "date": time.strftime("%Y-%m-%d"),
    }


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if arguments:
        raise AspireError(f"unexpected argument {arguments[0]!r}; cases are given with --cases.")
    if options["engine"] not in ("mjx", "native"):
        raise UnknownNameError("engine", options["engine"], ("mjx", "native"))
    for case in options["cases"]:
        if case not in CASES:
            raise UnknownNameError("case", case, CASES)
    for case in options["cases"]:
        figures = CASES[case](options["engine"], options["capacity"])
        record = {"case": case, **figures, "conditions": conditions(options["engine"])}
        console.print_json(json.dumps(record))
        if options["out"]:
            with open(options["out"], "a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    return run_command(_main, define_flags(), usage=__doc__ or "", argv=argv)


if __name__ == "__main__":
    sys.exit(main())
