"""What a wave loop writes down: every call with what was touched, every rollout with both verdicts.

The judge alone looks at the simulator's state; programs never see what is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from aspire_mjx.compiler.output import Ends
from aspire_mjx.job import Job
from aspire_mjx.physics.engine import Readings
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.results import Results
from aspire_mjx.traces.columns import TraceBuilder
from aspire_mjx.wave import Wave
from aspire_mjx.worlds.placement import slot_order
from aspire_mjx.worlds.predicates import goal_margin
from aspire_mjx.worlds.template import TICK, TOUCH_GEOMS, Template


class Record:
    """The traces of some jobs, and the judge of their rollouts. A rollout's number is its place among the jobs."""

    def __init__(self, template: Template, jobs: Sequence[Job], horizon: int) -> None:
        self.traces = TraceBuilder()
        self._template, self._jobs, self._horizon = template, jobs, horizon
        self._programs = {job.program.hash: self.traces.program(job.program) for job in jobs}
        tasks = {id(job.task): job.task for job in jobs}
        numbers = {key: number for number, key in enumerate(tasks)}
        self._tasks, self._task = tuple(tasks.values()), np.array([numbers[id(job.task)] for job in jobs])
        slots = [[p.category for p in slot_order(task)] for task in self._tasks]
        targets = [task.target_category for task in self._tasks]
        self._is_target = np.array([[n == target for n in names] for names, target in zip(slots, targets, strict=True)])
        text = self.traces.text
        self._things = np.array([[*map(text, names), text("floor")] for names in slots])  # slot -1 is the floor
        self._geoms = np.array([text(name) for name in TOUCH_GEOMS])

    def call(
        self,
        wave: Wave,
        results: Results,
        rollouts: np.ndarray,
        before: Lanes,
        after: Lanes,
        readings: Readings | None = None,
    ) -> None:
        """Finished calls of ``[N]`` rollouts; ``readings`` of those that moved."""
        start, end = self._horizon - before.ticks_left, self._horizon - after.ticks_left
        touch = {} if readings is None else self._touch(rollouts, before, after, readings)
        self.traces.call(
            wave.primitive,
            rollout=rollouts,
            line=wave.lines,
            path=wave.paths,
            status=results.status,
            t_start=start * TICK,
            t_end=end * TICK,
            ticks=end - start,
            arguments=wave.arguments,
            fields=results.fields,
            message=results.messages,
            **touch,
        )

    def _touch(self, rollouts: np.ndarray, before: Lanes, after: Lanes, readings: Readings) -> dict[str, Any]:
        """The columns of a motion: what met hardest, the torque, and how far the gripper gave way while closed."""
        met, closed = readings.touch_geom >= 0, ~before.commanded_open & ~after.commanded_open
        slot = np.maximum(readings.touch_slot, -1)
        return {
            "contact_a": np.where(met, self._geoms[readings.touch_geom], -1),
            "contact_b": np.where(met, self._things[self._task[rollouts], slot], -1),
            "peak_torque": readings.peak_torque,
            "slip": np.where(closed, np.abs(after.width - before.width), np.nan),
        }

    def margins(self, rollouts: np.ndarray, qpos: np.ndarray) -> np.ndarray:
        """Signed distance of the states ``[N, nq]`` of some rollouts to their goals' boundaries, ``[N]`` m."""
        margins, tasks = np.zeros(len(rollouts)), self._task[rollouts]
        for task in np.unique(tasks).tolist():
            rows = np.flatnonzero(tasks == task)
            margins[rows] = goal_margin(self._template, self._tasks[task], qpos[rows])
        return margins

    def rollouts(
        self,
        rollouts: np.ndarray,
        ends: Ends,
        margins: np.ndarray,
        ticks: np.ndarray,
        settled: np.ndarray,
        touched: np.ndarray,
    ) -> None:
        """Both verdicts of ``N`` rollouts, and their rows.

        Args:
          ends: how their programs ended.  margins: ``[N]`` m at that moment.  ticks: ``[N]`` until then.
          settled: ``[N, nq]`` states after holding still.  touched: ``[N]`` object slots touched meanwhile.
        """
        let_go = (touched < 0) | ~self._is_target[self._task[rollouts], np.maximum(touched, 0)]
        benchmark = margins > 0
        strict = benchmark & (self.margins(rollouts, settled) > 0) & let_go
        rows = {
            "outcome": ends.outcomes,
            "error_line": ends.lines,
            "error": ends.messages,
            "prints": ends.prints,
            "benchmark": benchmark,
            "strict": strict,
            "margin": margins,
            "ticks": ticks,
        }
        for rollout, *values in zip(rollouts.tolist(), *(column.tolist() for column in rows.values()), strict=True):
            job = self._jobs[rollout]
            self.traces.rollout(
                rollout=rollout,
                program=self._programs[job.program.hash],
                task=job.task.key,
                language=job.task.language,
                target=job.task.target_category,
                container=job.task.container_category,
                seed=job.seed,
                label=job.label,
                tunables=dict(job.tunables),
                factors=job.perturbation.factors(),
                **dict(zip(rows, values, strict=True)),
            )
