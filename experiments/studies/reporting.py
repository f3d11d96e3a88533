"""Case of the reporting: what a fault report costs, of many rollouts, and from a program's text to its report."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from aspire_mjx.experiments.benchmark import jobs_over_seeds, shares
from aspire_mjx.faults.diagnosis import diagnose
from aspire_mjx.faults.report import analyse
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.job import Job
from aspire_mjx.rollout.simulator import Simulators
from aspire_mjx.traces.columns import TraceBatch, concatenate
from aspire_mjx.worlds.perturbation import Perturbation

CALLS = 30  # a rollout
WARM = 120  # rollouts from text to report
_NOISE = Perturbation(noise=6.0)  # many rollouts fail, each by its own
_COPIES, _REPEATS = 20, 3
_FIRST, _NEXT = "pick_and_place", "careful_pick_and_place"


def reporting(engine: str, rollouts: int) -> dict[str, Any]:
    """CPU seconds of a report on so many rollouts of 30 calls, without forks, and seconds from text to report.

    Args:
        engine: its name.
        rollouts: of the report.
    """
    batch = many(engine, rollouts)
    size = {"rollouts": len(batch), "calls": len(batch.calls["rollout"]), "passes": int(batch.passes().sum())}
    return {**size, **report_seconds(batch), "text_to_report": text_to_report(engine)}


def many(engine: str, rollouts: int) -> TraceBatch:
    """Real traces, as often as it takes for so many rollouts and 30 times as many calls; each has own seeds."""
    drawn = Simulators(engine).run(_jobs(_NEXT, max(1, rollouts // _COPIES)))
    calls = len(drawn.calls["rollout"]) / len(drawn)
    copies = int(np.ceil(rollouts * max(1.0, CALLS / calls) / len(drawn)))
    batch = concatenate([drawn] * copies)
    batch.rollouts["seed"] = batch.rollouts["seed"] + 1000 * (np.arange(len(batch), dtype=np.int32) // len(drawn))
    return batch


def report_seconds(batch: TraceBatch) -> dict[str, float]:
    """CPU seconds of the report and of the diagnosis of a batch, the least of three."""
    return {
        "report_cpu_s": _least(lambda: analyse(batch).text()),
        "diagnosis_cpu_s": _least(lambda: [found.text() for found in diagnose(batch)]),
    }


def text_to_report(engine: str, rollouts: int = WARM) -> dict[str, Any]:
    """From a program's text to its fault report, on worlds that another program was in: seconds and their shares."""
    simulators = Simulators(engine)
    simulators.run(_jobs(_FIRST, rollouts))
    cpu, begun = time.process_time(), time.perf_counter()
    batch = simulators.run(_jobs(_NEXT, rollouts))
    ran = time.process_time()
    analyse(batch).text()
    spent = time.process_time()
    return {
        "rollouts": rollouts,
        "seconds": round(time.perf_counter() - begun, 2),
        "cpu_s": round(spent - cpu, 2),
        "report_cpu_s": round(spent - ran, 3),
        "shares": shares(batch.meta["timing"]),
    }


def _jobs(name: str, rollouts: int) -> list[Job]:
    jobs = jobs_over_seeds([Program.shipped(name)], rollouts)
    return [Job(job.program, job.task, job.seed, perturbation=_NOISE) for job in jobs]


def _least(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(_REPEATS):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return round(min(spent), 3)
