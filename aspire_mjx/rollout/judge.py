"""What a wave loop writes down: every call with what was touched, every rollout with both verdicts.

The judge alone looks at the simulator's state, by :mod:`~aspire_mjx.rollout.goals`; programs never see what is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.machine.output import LaneEnds
from aspire_mjx.physics.engine import Readings
from aspire_mjx.planning.kinematics import forward
from aspire_mjx.primitives.registry import Family
from aspire_mjx.rollout.calls import FinishedCalls
from aspire_mjx.rollout.evidence import evidence
from aspire_mjx.rollout.goals import Goals
from aspire_mjx.rollout.job import Job
from aspire_mjx.traces.columns import CallRows, RolloutRow, TraceBatch, TraceBuilder
from aspire_mjx.worlds.episode import TICK
from aspire_mjx.worlds.template import CONTACT_GEOMS, Template
from aspire_mjx.worlds.worlds import Worlds

_LOOK_AT = 1024  # calls whose states are looked at together


@dataclass(frozen=True, eq=False)
class _Moments(Columns):
    """States around ``N`` calls.

    Attributes:
        rollout: ``[N]`` whose.
        worlds: theirs.
        before: ``[N, nq]`` when the calls began.
        after: ``[N, nq]`` when they ended.
        point: ``[N, 3]`` m, where a motion was asked to go or a look reported something, world frame; else NaN.
    """

    rollout: np.ndarray
    worlds: Worlds
    before: np.ndarray
    after: np.ndarray
    point: np.ndarray


class Judge:
    """The traces of some jobs, and the judge of their rollouts. A rollout's number is its place among the jobs."""

    def __init__(self, template: Template, jobs: Sequence[Job], horizon: int) -> None:
        self.traces = TraceBuilder()
        self._jobs = jobs
        self._horizon = horizon
        self._programs = {job.program.hash: self.traces.program(job.program) for job in jobs}
        self.goals = Goals([job.world for job in jobs])
        text = self.traces.text
        surface = text("floor" if template.family.workspace == "floor" else "table")
        slots = [spec.categories for spec in self.goals.kinds]
        self._things = np.array([[*map(text, names), surface] for names in slots])  # slot -1 is the surface
        self._geoms = np.array([text(name) for name in CONTACT_GEOMS])
        self._moments: list[_Moments] = []  # of calls that are written down, not looked at yet
        self._unseen = 0  # how many these are

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
        self._moments.append(_moments(calls, rollouts))
        self._unseen += len(rollouts)
        if self._unseen >= _LOOK_AT:
            self._look()

    def build(self) -> TraceBatch:
        """The traces of everything that was told."""
        self._look()
        return self.traces.build()

    def _look(self) -> None:
        """Writes down what the states around calls show that no program can know."""
        if not self._moments:
            return
        moments = _Moments.concatenate(self._moments)
        self._moments.clear()
        self._unseen = 0
        parts, order = [], []
        for task, rows in self.goals.by_kind(moments.rollout):
            own = moments.take(rows)
            parts.append(evidence(task, own.worlds, own.before, own.after, own.point, self.traces.text))
            order.append(rows)
        back = np.argsort(np.concatenate(order))
        self.traces.evidence({name: np.concatenate([part[name] for part in parts])[back] for name in parts[0]})

    def _touch(self, rollouts: np.ndarray, calls: FinishedCalls, readings: Readings) -> dict[str, np.ndarray]:
        """The columns of a motion: what met hardest, the torque, and the slip while the gripper was closed."""
        met, closed = readings.contact_geom >= 0, ~calls.before.commanded_open & ~calls.after.commanded_open
        slot = np.maximum(readings.contact_slot, -1)
        return {
            "contact_a": np.where(met, self._geoms[readings.contact_geom], -1),
            "contact_b": np.where(met, self._things[self.goals.kind[rollouts], slot], -1),
            "peak_torque": readings.peak_torque,
            "slip": np.where(closed, calls.results.fields["slip"], np.nan),
        }

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
        strict = benchmark & self.goals.hold_strictly(rollouts, worlds, settled)
        rows = {
            "outcome": ends.outcomes,
            "error_line": ends.lines,
            "error": ends.messages,
            "prints": ends.prints,
            "executed": ends.executed,
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


def _moments(calls: FinishedCalls, rollouts: np.ndarray) -> _Moments:
    before, after = calls.before.qpos, calls.after.qpos
    after = np.where(np.isfinite(after).all(axis=1, keepdims=True), after, before)  # of what broke nothing is known
    worlds = calls.before.worlds
    return _Moments(rollouts, worlds, before, after, _point(calls) + worlds.base)


def _point(calls: FinishedCalls) -> np.ndarray:
    """``[N, 3]`` m, base frame: where a motion was asked to go or a look for something reported it; else NaN."""
    primitive, given = calls.wave.primitive, calls.wave.arguments
    if primitive.family is Family.MOVE and "position" in given:
        return np.asarray(given["position"], float)
    if primitive.family is Family.MOVE and "joints" in given:
        return forward(np.asarray(given["joints"], float))[0]
    looks_for = primitive.family is Family.SENSE and any(each.shape is None for each in primitive.parameters)
    if looks_for and "position" in calls.results.fields:
        return np.asarray(calls.results.fields["position"], float)
    return np.full((len(calls.wave), 3), np.nan)
