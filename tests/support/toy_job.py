"""The main job in the toy world."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from aspire_mjx.experiments.left_out import LeftOut
from aspire_mjx.experiments.libero_pro import Settings, run
from aspire_mjx.experiments.run_directory import RunDirectory
from aspire_mjx.experiments.session import Session
from aspire_mjx.rollout.simulator import Job
from aspire_mjx.search.setup import SearchLimits, SeedPlan
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.suites import load_suite
from tests.support.toy import FIRST, ToyRuns

SUITE = "libero_object_swap"


class ToySession(Session):
    """Runs in the toy world."""

    def __init__(self, runs: ToyRuns) -> None:
        super().__init__("native", capacity=0, console=Console(file=io.StringIO()))
        self._runs = runs

    def run(self, jobs: Sequence[Job], stage: str) -> TraceBatch:
        """See :class:`Session`."""
        return self._runs(jobs, stage)


def toy_job(
    path: Path, *, stop_after: int | None = None, resume: bool = False, tasks: int = 2, agent: str = "scripted"
) -> tuple[dict[str, Any], ToyRuns]:
    """Runs the whole job in a directory; returns the summary and what ran."""
    chosen = load_suite(SUITE)[:tasks]
    settings = Settings(
        suite=SUITE,
        tasks=chosen,
        agent=agent,
        program=FIRST,
        limits=SearchLimits(threshold=0.93),
        seeds=SeedPlan(tuple(range(51, 66)), tuple(range(66, 81)), tuple(range(1, 51))),
        seed=0,
        skills="",
        left_out=LeftOut.of(chosen, range(1, 81), {}),
    )
    runs = ToyRuns(stop_after=stop_after)
    session = ToySession(runs)
    return run(settings, session, RunDirectory(path, settings.config(session), resume=resume)), runs
