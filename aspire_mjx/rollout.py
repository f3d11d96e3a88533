"""Rollouts on one engine: jobs in, traces out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.compiler.program import Program
from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.job import Job
from aspire_mjx.physics.engine import Engine, State
from aspire_mjx.physics.engines import make
from aspire_mjx.primitives.perception import Eye
from aspire_mjx.traces.columns import TraceBatch, TraceBuilder
from aspire_mjx.wave_loop import REST, SETTLE_TICKS, Progress, WaveLoop
from aspire_mjx.worlds.template import HORIZON, template_of
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds

__all__ = ["Job", "Progress", "Simulator", "run_jobs"]


class Simulator:
    """Runs jobs on one engine and remembers settled start states and camera images between runs."""

    def __init__(self, engine: Engine, *, horizon: int = HORIZON) -> None:
        self.engine, self.horizon, self.eye = engine, horizon, Eye()
        self._settled: dict[WorldSpec, tuple[np.ndarray, np.ndarray]] = {}
        self._schedules: dict[str, Schedule] = {}

    def run(self, jobs: Sequence[Job], *, progress: Progress | None = None) -> TraceBatch:
        """All jobs, as traces in job order.

        A rollout does not depend on the order of jobs, the capacity or its neighbours (native: bit for bit).

        Raises:
          ProgramRefused: a program that does not compile; nothing has run then.
        """
        schedules = [self._schedule(job.program) for job in jobs]
        return WaveLoop(self, jobs, schedules, progress).run() if jobs else TraceBuilder().build()

    def settled(self, specs: Sequence[WorldSpec]) -> tuple[Worlds, State]:
        """Worlds and their states after settling, one for each spec."""
        missing = [spec for spec in dict.fromkeys(specs) if spec not in self._settled]
        for start in range(0, len(missing), self.engine.capacity):
            part = missing[start : start + self.engine.capacity]
            worlds = make_worlds(part)
            ctrl = np.tile(REST, (len(part), SETTLE_TICKS, 1))
            state, _ = self.engine.advance(worlds, self.engine.reset(worlds), ctrl, np.full(len(part), SETTLE_TICKS))
            self._settled |= {spec: (state.qpos[i], state.qvel[i]) for i, spec in enumerate(part)}
        states = [self._settled[spec] for spec in specs]
        return make_worlds(specs), State(np.stack([s[0] for s in states]), np.stack([s[1] for s in states]))

    def _schedule(self, program: Program) -> Schedule:
        if program.hash not in self._schedules:
            self._schedules[program.hash] = compile_program(program)
        return self._schedules[program.hash]


def run_jobs(jobs: Sequence[Job], *, engine: str = "auto", progress: Progress | None = None) -> TraceBatch:
    """Runs jobs once on an engine by name; keep a :class:`Simulator` to run more on the same worlds.

    Raises:
      UnknownNameError: no such engine.  ProgramRefused: a program that does not compile.
      WorldError: tasks of several workspaces; each has its own template.
    """
    workspace = jobs[0].task.workspace if jobs else "floor"
    return Simulator(make(engine, template_of(workspace))).run(jobs, progress=progress)
