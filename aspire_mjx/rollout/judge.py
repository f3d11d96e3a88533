"""What a wave loop writes down: every call with what was touched, every rollout with both verdicts.

The judge alone looks at the simulator's state; programs never see what is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from aspire_mjx.machine.output import LaneEnds
from aspire_mjx.physics.engine import Readings
from aspire_mjx.rollout.calls import FinishedCalls
from aspire_mjx.rollout.job import Job
from aspire_mjx.rollout.let_go import left_alone, nothing_fell, robot_boxes
from aspire_mjx.traces.columns import CallRows, RolloutRow, TraceBuilder
from aspire_mjx.worlds.episode import TICK
from aspire_mjx.worlds.predicates import goal_margin
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import CONTACT_GEOMS, Template
from aspire_mjx.worlds.worlds import Worlds


class Judge:
    """The traces of some jobs, and the judge of their rollouts. A rollout's number is its place among the jobs."""

    def __init__(self, template: Template, jobs: Sequence[Job], horizon: int) -> None:
        self.traces = TraceBuilder()
        self._jobs = jobs
        self._horizon = horizon
        self._programs = {job.program.hash: self.traces.program(job.program) for job in jobs}
        # Rollouts whose worlds hold the same things of the same task are judged together.
        kinds: dict[tuple[int, int], int] = {}
        specs = [job.world for job in jobs]
        self._kind = np.array([kinds.setdefault((id(s.task), id(s.occupants)), len(kinds)) for s in specs])
        first = [specs[row] for row in np.unique(self._kind, return_index=True)[1]]
        slots = [spec.categories for spec in first]
        self._tasks = [spec.task for spec in first]
        text = self.traces.text
        surface = text("floor" if template.family.workspace == "floor" else "table")
        self._things = np.array([[*map(text, names), surface] for names in slots])  # slot -1 is the surface
        self._geoms = np.array([text(name) for name in CONTACT_GEOMS])

    def call(self, calls: FinishedCalls, rollouts: np.ndarray) -> None:
        """Calls of ``[N]`` rollouts are over."""
        wave, results, before, after = calls.wave, calls.results, calls.before, calls.after
        start, end = self._horizon - before.ticks_left, self._horizon - after.ticks_left
        touch = {} if calls.readings is None else self._touch(rollouts, calls, calls.readings)
        rows = CallRows(
            primitive=wave.primitive,
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
        self.traces.call(rows)

    def _touch(self, rollouts: np.ndarray, calls: FinishedCalls, readings: Readings) -> dict[str, np.ndarray]:
        """The columns of a motion: what met hardest, the torque, and the slip while the gripper was closed."""
        met, closed = readings.contact_geom >= 0, ~calls.before.commanded_open & ~calls.after.commanded_open
        slot = np.maximum(readings.contact_slot, -1)
        return {
            "contact_a": np.where(met, self._geoms[readings.contact_geom], -1),
            "contact_b": np.where(met, self._things[self._kind[rollouts], slot], -1),
            "peak_torque": readings.peak_torque,
            "slip": np.where(closed, calls.results.fields["slip"], np.nan),
        }

    def margins(self, rollouts: np.ndarray, worlds: Worlds, qpos: np.ndarray) -> np.ndarray:
        """Signed distance of the states ``[N, nq]`` of some rollouts to their goals' boundaries, ``[N]`` m."""
        margins = np.zeros(len(rollouts))
        for task, rows in self._by_kind(rollouts):
            margins[rows] = goal_margin(task, worlds.take(rows).things(qpos[rows]))
        return margins

    def _is_done(self, rollouts: np.ndarray, worlds: Worlds, qpos: np.ndarray) -> np.ndarray:
        """``[N]`` bool: in the states ``[N, nq]`` the robot has let go of everything, and nothing has fallen over."""
        done = np.zeros(len(rollouts), bool)
        for task, rows in self._by_kind(rollouts):
            own = worlds.take(rows)
            things, robot = own.things(qpos[rows]), robot_boxes(own, qpos[rows])
            done[rows] = left_alone(task, things, robot) & nothing_fell(task, things)
        return done

    def _by_kind(self, rollouts: np.ndarray) -> Iterator[tuple[Task, np.ndarray]]:
        """Tasks, each with the rows of those rollouts that hold the same things of it."""
        kinds = self._kind[rollouts]
        for kind in np.unique(kinds).tolist():
            yield self._tasks[kind], np.flatnonzero(kinds == kind)

    def rollouts(
        self,
        rollouts: np.ndarray,
        ends: LaneEnds,
        margins: np.ndarray,
        ticks: np.ndarray,
        worlds: Worlds,
        settled: np.ndarray,
    ) -> None:
        """Both verdicts of ``N`` rollouts, and their rows.

        Args:
            rollouts: ``[N]`` their numbers.
            ends: how their programs ended.
            margins: ``[N]`` m at that moment.
            ticks: ``[N]`` until then.
            worlds: theirs.
            settled: ``[N, nq]`` states after holding still.
        """
        benchmark = margins > 0
        strict = benchmark & (self.margins(rollouts, worlds, settled) > 0) & self._is_done(rollouts, worlds, settled)
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
            row = RolloutRow(
                rollout=rollout,
                program=self._programs[job.program.hash],
                task=job.task.key,
                definition=job.task.definition,
                language=job.task.language,
                target=job.task.target_category,
                container=job.task.container_category,
                seed=job.seed,
                label=job.label,
                tunables=dict(job.tunables),
                factors=job.perturbation.factors(),
                **dict(zip(rows, values, strict=True)),
            )
            self.traces.rollout(row)
