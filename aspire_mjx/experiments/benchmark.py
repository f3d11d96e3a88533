"""The speed of this machine, measured and kept as JSON lines with their conditions.

Cases: ``loop`` (physics steps a second of the rollout loop with all lanes busy, and where its time goes), ``cold``
(seconds from process start to the first finished wave, with an empty compilation cache), ``main`` and ``quick`` (the
main job as a user runs it: seconds, rollouts, peak memory).

    python -m aspire_mjx.experiments.benchmark --cases=loop,cold --engine=native --out=FILE.jsonl

Run it on an otherwise idle machine: every figure is wall-clock time. What compares with upstream or audits honesty is
in a checkout's ``experiments/studies``.
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
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from absl import flags
from rich.console import Console

from aspire_mjx.command import Command, Options, define_number, named_choices
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.experiments.libero_pro import FIRST_PROGRAM
from aspire_mjx.files import check_writable
from aspire_mjx.language.program import Program
from aspire_mjx.physics.engine import Engine
from aspire_mjx.physics.engines import MOST_LANES, make
from aspire_mjx.rollout.simulator import Job, Simulator
from aspire_mjx.worlds.episode import HORIZON
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import TIMESTEP, Template, template_of

Cases = Mapping[str, Callable[[Options], dict[str, Any]]]  #: name of a case to what measures its figures


def run_cases(
    cases: Cases,
    options: Options,
    arguments: Sequence[str],
    console: Console,
    *,
    workspaces: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Measures the cases that ``--cases`` names and writes their records.

    Args:
        cases: those that there are.
        options: with ``--cases``, ``--engine`` and ``--out``.
        arguments: positional ones; there should be none.
        console: where records are shown.
        workspaces: those that a case is about, where it is not the floor alone.

    Raises:
        AspireError: a positional argument, no case or one twice, or a file that cannot be written.
        UnknownNameError: no such case or engine.
    """
    if arguments:
        raise AspireError(f"unexpected argument {arguments[0]!r}; cases are given with --cases.")
    if options["engine"] not in ("mjx", "native"):
        raise UnknownNameError("engine", options["engine"], ("mjx", "native"))
    named_choices("cases", options["cases"], tuple(cases))
    if options["out"]:
        check_writable(options["out"])
    for case in options["cases"]:
        where = (workspaces or {}).get(case, ("floor",))
        shown = {"engine": options["engine"], "out": options["out"], "console": console}
        write_record(case, cases[case](options), workspaces=where, **shown)


def write_record(
    case: str,
    figures: Mapping[str, Any],
    *,
    engine: str,
    out: str,
    console: Console,
    workspaces: Sequence[str] = ("floor",),
) -> None:
    """Prints the line and appends it to the JSON-lines file ``out``, unless that is empty."""
    record = {"case": case, **figures, "conditions": conditions(engine, workspaces)}
    console.print_json(json.dumps(record))
    if out:
        with open(out, "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")


def conditions(engine_name: str, workspaces: Sequence[str] = ("floor",)) -> dict[str, Any]:
    """What a figure depends on: device, scenes, solver, step, versions."""
    import jax

    option = template_of(workspaces[0]).model.opt
    return {
        "engine": engine_name,
        "device": jax.devices()[0].device_kind if engine_name == "mjx" else "cpu",
        "cpu": platform.machine(),
        "cores": os.cpu_count(),
        "scenes": {name: _scene(template_of(name)) for name in workspaces},
        "timestep_s": TIMESTEP,
        "solver": f"Newton, {option.iterations} iterations, pyramidal cone, impratio {option.impratio:g}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("mujoco", "mujoco-mjx", "jax", "numpy")},
        "date": time.strftime("%Y-%m-%d"),
    }


def _scene(template: Template) -> str:
    model, things = template.model, template.things
    fixtures = ", ".join(thing.name for thing in things[template.movables :]) or "no fixtures"
    return f"Panda, {template.movables} movable things, {fixtures}; {model.ngeom} geoms, nv {model.nv}"


_PARTS = ("engine_s", "sense_s", "plan_s", "machine_s", "host_s")
_WARM_HORIZON = 60  # ticks; the rollouts that warm up only need to touch everything
_FIRST_WAVE = (
    "import time, sys\n"
    "from aspire_mjx.experiments.benchmark import first_wave\n"
    "first_wave(sys.argv[1], int(sys.argv[2])); print(time.time())\n"
)


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    flags.DEFINE_list("cases", ["loop", "cold"], f"what to measure: {', '.join(CASES)}", flag_values=fv)
    flags.DEFINE_string("engine", "native", "physics engine: mjx or native", flag_values=fv)
    about = "rollouts at once; 0: the engine's default"
    define_number("capacity", 0, about, low=0, high=MOST_LANES, flag_values=fv)
    flags.DEFINE_string("out", "", "JSON-lines file to append to; empty: print only", flag_values=fv)


def jobs_over_seeds(programs: Sequence[Program], count: int) -> list[Job]:
    """``count`` jobs: programs in turn, over ten tasks and the thirty seeds that are not held out."""
    tasks, kinds = load_suite("libero_object_swap"), len(programs)
    worlds = [(tasks[i % 10], 51 + i // 10 % 30) for i in range(-(-count // kinds))]
    return [Job(programs[i % kinds], *worlds[i // kinds]) for i in range(count)]


def first_jobs(count: int) -> list[Job]:
    """``count`` jobs of the first program, over the same worlds."""
    return jobs_over_seeds([Program.shipped(FIRST_PROGRAM)], count)


def loop(engine_name: str, capacity: int) -> dict[str, Any]:
    """Physics steps a second of the rollout loop, all lanes busy."""
    engine = ready(make(engine_name, template_of("floor"), capacity=capacity))
    return {"capacity": engine.capacity, **loop_figures(engine, rollouts=2 * engine.capacity, horizon=HORIZON)}


def loop_figures(engine: Engine, *, rollouts: int, horizon: int) -> dict[str, Any]:
    """The loop over rollouts of the first program."""
    timing = Simulator(engine, horizon=horizon).run(first_jobs(rollouts)).meta["timing"]
    rate = timing["sim_steps"] / timing["rollout_s"]
    return {"rollouts": rollouts, "horizon": horizon, "loop_steps_per_s": round(rate), **shares(timing)}


def shares(timing: dict[str, Any]) -> dict[str, Any]:
    """Where a run's time went, and how busy its lanes were."""
    whole, waves = timing["rollout_s"], max(timing["waves"], 1)
    spent = {name.replace("_s", "_share"): round(timing[name] / whole, 4) for name in _PARTS}
    return {
        **spent,
        "host_ms_per_wave": round(1e3 * timing["host_s"] / waves, 2),
        "waves": timing["waves"],
        "seconds": round(whole, 2),
        "occupancy": round(timing["occupancy"], 3),
    }


def ready(engine: Engine) -> Engine:
    """The engine after a few short rollouts: everything is compiled and loaded."""
    Simulator(engine, horizon=_WARM_HORIZON).run(first_jobs(min(engine.capacity, 16)))
    return engine


def first_wave(engine_name: str, capacity: int) -> None:
    """Runs one rollout of the first program to its end."""
    engine = make(engine_name, template_of("floor"), capacity=capacity)
    Simulator(engine, horizon=100).run(first_jobs(1))


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


CASES: Cases = {
    "loop": lambda o: loop(o["engine"], o["capacity"]),
    "cold": lambda o: cold(o["engine"], o["capacity"]),
    "quick": lambda o: _job(o["engine"], o["capacity"], "--quick"),
    "main": lambda o: _job(o["engine"], o["capacity"]),
}


def _main(options: Options, arguments: list[str], console: Console) -> None:
    run_cases(CASES, options, arguments, console)


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
