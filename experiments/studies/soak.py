"""Case of the soak: what memory does over many rollouts, with everything that ``run_program`` does to them."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from aspire_mjx.agents.score import Score
from aspire_mjx.experiments.evaluation import Evaluator
from aspire_mjx.experiments.world_plan import WorldPlan
from aspire_mjx.faults.report import FaultTally
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Job, Simulators
from aspire_mjx.seeds import HeldoutLedger, Purpose
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite

SUITE, PROGRAM = "libero_object_swap", "pick_and_place"
FIRST_SEED = 1001
PART = 256  # rollouts, as in run_program on native
_WARM = 5000  # rollouts after which every cache is full
_SHOWN = 40  # samples of the record

Run = Callable[[Sequence[Job], str], TraceBatch]


def resident() -> float:
    """Memory of this process, MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def soak(
    seconds: float, *, rollouts: int = 100_000, run: Run | None = None, memory: Callable[[], float] = resident
) -> dict[str, Any]:
    """Rollouts on native, task after task, until the time is over or there are enough.

    Args:
        seconds: how long.
        rollouts: at most.
        run: what runs them; by default the native engine.
        memory: MB in use.
    """
    tasks = load_suite(SUITE)
    seeds = tuple(range(FIRST_SEED, FIRST_SEED + -(-rollouts // len(tasks))))
    plan = WorldPlan(tasks, seeds, dict.fromkeys(seeds, Perturbation()), {})
    simulators, program, tally = Simulators("native"), Program.shipped(PROGRAM), FaultTally()
    done, samples, begun = 0, [(0, memory())], time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        evaluator = Evaluator(
            run or (lambda jobs, _stage: simulators.run(jobs)),
            folder=Path(folder),
            ledger=HeldoutLedger(Path(folder) / "heldout.jsonl"),
            context={},
        )
        for part in plan.parts(PART):
            jobs = part.jobs(program)
            tally.add(evaluator.once(jobs, purpose=Purpose.EXPLORE, stage=part.name, title=part.title))
            done += len(jobs)
            samples.append((done, memory()))
            if time.perf_counter() - begun > seconds:
                break
    took = time.perf_counter() - begun
    return {
        "program": PROGRAM,
        "suite": SUITE,
        "rollouts": done,
        "seconds": round(took, 1),
        "score": Score.of(tally.rollouts()).as_dict(),
        "fault_groups": len(tally.report().programs[0].groups),
        "mb_after_rollouts": [(count, round(mb, 1)) for count, mb in samples[:: -(-len(samples) // _SHOWN)]],
        "mb_at_the_end_of_the_report": round(memory(), 1),
        "mb_per_1000_rollouts": round(slope(samples), 3),
    }


def slope(samples: Sequence[tuple[int, float]]) -> float:
    """MB per 1,000 rollouts, by least squares over the samples after the caches are full, or the later half of them."""
    counts, mb = np.array(samples, float).T
    late = counts >= min(_WARM, counts[-1] / 2)
    return float(np.polyfit(counts[late] / 1000, mb[late], 1)[0]) if late.sum() > 1 else 0.0
