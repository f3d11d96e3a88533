"""The speed of this machine, measured and kept as JSON lines with their conditions.

Cases: ``overhead`` (the rollout loop's physics rate over the bare engine's, in one process), ``cold`` (seconds from
process start to the first finished wave, with an empty compilation cache), ``main`` and ``quick`` (the main job as a
user runs it: seconds, rollouts, peak memory).

    python -m aspire_mjx.experiments.benchmark --cases=overhead,cold --engine=native --out=FILE.jsonl

Run it on an otherwise idle machine: every figure is wall-clock time. What compares with upstream or audits honesty is
in a checkout's ``experiments/studies``.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from absl import flags
from rich.console import Console

from aspire_mjx.command import Command, Options
from aspire_mjx.experiments.benchmark_record import Cases, run_cases
from aspire_mjx.experiments.wave_speed import first_jobs, overhead
from aspire_mjx.physics.engines import make
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.worlds.template import template_of

_FIRST_WAVE = (
    "import time, sys\n"
    "from aspire_mjx.experiments.benchmark import first_wave\n"
    "first_wave(sys.argv[1], int(sys.argv[2])); print(time.time())\n"
)


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    flags.DEFINE_list("cases", ["overhead", "cold"], f"what to measure: {', '.join(CASES)}", flag_values=fv)
    flags.DEFINE_string("engine", "native", "physics engine: mjx or native", flag_values=fv)
    flags.DEFINE_integer("capacity", 0, "rollouts at once; 0: the engine's default", flag_values=fv)
    flags.DEFINE_string("out", "", "JSON-lines file to append to; empty: print only", flag_values=fv)


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
    "overhead": lambda o: overhead(o["engine"], o["capacity"]),
    "cold": lambda o: cold(o["engine"], o["capacity"]),
    "quick": lambda o: _job(o["engine"], o["capacity"], "--quick"),
    "main": lambda o: _job(o["engine"], o["capacity"]),
}


def _main(options: Options, arguments: list[str], console: Console) -> None:
    run_cases(CASES, options, arguments, console)


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
