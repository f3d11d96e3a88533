"""The wave loop: what happens between a queue of jobs and their traces.

Lanes of a fixed capacity hold rollouts; finished ones are refilled from the queue. The machine runs every program to
its next primitive. The requests of all lanes, whatever their program and task, merge into one wave: calls that take no
simulated time are answered at once, one batch for each primitive; motions are cut into chunks that all moving lanes
run together, and a lane whose own motion has ended goes on at the next chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.machine.machine import Machine
from aspire_mjx.machine.output import LaneEnds, Outcome
from aspire_mjx.primitives.registry import Primitive
from aspire_mjx.rollout.calls import ENDS, FinishedCalls, Wave
from aspire_mjx.rollout.job import Job, JobQueue
from aspire_mjx.rollout.judge import Judge
from aspire_mjx.rollout.known_calls import KnownCalls
from aspire_mjx.rollout.observer import RolloutObserver
from aspire_mjx.rollout.refusal import Refusal
from aspire_mjx.rollout.robots import Robots
from aspire_mjx.stopping import check_stop
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.episode import TICK

Progress = Callable[[int, int], None]  #: called with rollouts finished and in all

_VOID = (Outcome.DIVERGED, Outcome.REFUSED, Outcome.ENGINE_FAULT)  # after which there is nothing to judge


class WaveLoop:
    """The state of one batch of jobs: arrays over the engine's lanes. :meth:`run` empties the queue.

    Args:
        robots: those of the engine's lanes; their rollouts are the jobs.
        jobs: what to run.
        schedules: the compiled program of each job, or why it has none.
        progress: called when rollouts have finished.
        observer: told what happens.
        limits: budgets of each program.
        known: calls whose results are known, which are not simulated; None simulates all.
    """

    def __init__(
        self,
        robots: Robots,
        jobs: Sequence[Job],
        schedules: Sequence[Schedule | Refusal],
        progress: Progress | None = None,
        observer: RolloutObserver | None = None,
        *,
        limits: ProgramLimits | None = None,
        known: KnownCalls | None = None,
    ) -> None:
        self.robots = robots
        self.engine = robots.engine
        self.clock = robots.clock
        self.jobs = jobs
        self.schedules = schedules
        self.progress = progress
        self.observer = observer
        self.known = known
        self.machine = Machine(limits=limits)
        self.judge = Judge(self.engine.template, jobs, robots.horizon)
        self.queue = JobQueue(jobs)
        self.done = 0  # rollouts
        lanes = len(robots.rollout)
        self.busy = np.zeros(lanes, bool)  # lanes that run a job
        self.margin = np.zeros(lanes)  # m, when the program ended
        self.ends = LaneEnds.concatenate([])  # of lanes that settle
        self.waves = 0
        self.lane_ticks = 0
        self.capacity_ticks = 0

    def run(self) -> TraceBatch:
        """Runs all jobs; rollouts in job order.

        Raises:
            RolloutsStopped: they were asked to end; see :mod:`aspire_mjx.stopping`.
        """
        while self._refill() or self.busy.any():
            check_stop()
            self._run_programs()
            self._advance()
        batch = self.judge.build()
        timing = {
            **self.clock.figures(),
            "waves": self.waves,
            "sim_steps": self.lane_ticks * self.engine.template.substeps,
            "occupancy": self.lane_ticks / self.capacity_ticks if self.capacity_ticks else 0.0,
        }
        engine = self.engine
        made_by = {"engine": engine.name, "device": engine.device, "template": engine.template.name}
        of_all = {"horizon": self.robots.horizon, "camera": str(self.robots.cameras.size)}
        conditions = {"capacity": engine.capacity, **of_all, **self.machine.limits.as_flags()}
        return replace(batch, meta={**made_by, **conditions, "timing": timing})

    def _refill(self) -> bool:
        """Gives idle lanes the next jobs; whether any was given."""
        idle = np.flatnonzero(~self.busy)[: len(self.queue)]
        if not len(idle):
            return False
        new = self.queue.take(len(idle))
        self.busy[idle] = True
        self.robots.start(idle, new)
        if self.known is not None:
            self.known.start(idle, [self.jobs[job].world for job in new.tolist()])
        by_program: dict[Schedule, list[tuple[int, int]]] = {}
        for lane, job in zip(idle.tolist(), new.tolist(), strict=True):
            schedule = self.schedules[job]
            if isinstance(schedule, Refusal):
                self.machine.refuse(lane, schedule.outcome, schedule.message, line=schedule.line)
            else:
                by_program.setdefault(schedule, []).append((lane, job))
        with self.clock.on("machine_s"):
            for schedule, pairs in by_program.items():
                lanes, own = zip(*pairs, strict=True)
                self.machine.start(lanes, schedule, [dict(self.jobs[job].tunables) for job in own])
        return True

    def _run_programs(self) -> None:
        """Runs all programs until every lane moves, settles or has ended."""
        while True:
            with self.clock.on("machine_s"):
                requests = self.machine.run()
                ended = self.machine.collect()
            if ended:
                self._settle(ended)
            if not requests:
                return
            for wave in Wave.merge(requests, self.judge.traces.text):
                check_stop()
                new = self._not_known(wave)
                over = self.robots.call(new, self.observer) if len(new) else None
                if over is not None:
                    self._learn_and_answer(over)

    def _not_known(self, wave: Wave) -> Wave:
        """The calls of a wave that are to be simulated; those that are known are answered."""
        if self.known is None:
            return wave
        keys = self.known.asked(wave)
        for calls in self.known.answers(wave, keys, self.robots):
            self._answer(calls)
        return wave.take(self.known.unknown(keys))

    def _learn_and_answer(self, calls: FinishedCalls) -> None:
        if self.known is not None:
            self.known.learn(calls, self.robots)
        self._answer(calls)

    def _settle(self, ended: LaneEnds) -> None:
        """Programs have ended: judge this moment, then hold still for the strict verdict."""
        lanes, robots = ended.lanes, self.robots
        margin = self.judge.goals.margins(robots.rollout[lanes], robots.worlds.take(lanes), robots.state.qpos[lanes])
        void = np.isin(ended.outcomes, _VOID)
        self.margin[lanes] = np.where(void, -np.inf, margin)
        self.ends = LaneEnds.concatenate([self.ends, ended])
        robots.hold(lanes, void)

    def _advance(self) -> None:
        """One chunk of physics for all moving lanes, then results for those whose motion is over."""
        robots, motions = self.robots, self.robots.motions
        if not motions.left.any():
            return
        chunk = motions.chunk(self.engine.wave_cost)
        chunk = min(chunk, self.observer.stride) if self.observer else chunk
        self.waves += 1
        self.capacity_ticks += len(self.busy) * min(chunk, int(motions.left.max()))
        ran = robots.advance(chunk)
        self.lane_ticks += int(ran.sum())
        if self.observer:
            moved = np.flatnonzero(ran)
            self.observer.moved(robots.rollout[moved], robots.tick[moved], robots.state.qpos[moved])
        finished, settled = robots.take_finished()
        for calls in finished:
            self._learn_and_answer(calls)
        if len(settled):
            self._judge(settled)

    def _answer(self, calls: FinishedCalls) -> None:
        """Records finished calls and hands their results to the machine; broken or spent lanes end."""
        lanes, status = calls.wave.lanes, calls.results.status
        self.judge.call(calls, self.robots.rollout[lanes])
        if self.observer:
            self.observer.called(self.robots.rollout[lanes], calls)
        with self.clock.on("machine_s"):
            for ending, outcome in ENDS.items():
                own = lanes[status == ending].tolist()
                if own:
                    words = [self._last_words(lane, outcome, calls.wave.primitive) for lane in own]
                    self.machine.end(own, outcome, words)
            fine = np.flatnonzero(~np.isin(status, list(ENDS)))
            if len(fine) == len(lanes):
                self.machine.resume(lanes, calls.results)
            elif len(fine):
                self.machine.resume(lanes[fine], calls.results.take(fine))

    def _last_words(self, lane: int, outcome: Outcome, primitive: Primitive) -> str:
        at = f"rollout {self.robots.rollout[lane]}, {primitive.name}, {self.robots.tick[lane] * TICK:.2f} s"
        if outcome == Outcome.DIVERGED:
            return f"the physics became non-finite: {at}"
        seconds = self.robots.horizon * TICK
        return f"the episode's {seconds:g} s ({self.robots.horizon} control steps) ran out: {at}; --horizon raises it"

    def _judge(self, lanes: np.ndarray) -> None:
        """Both verdicts of rollouts that have settled; their lanes are free."""
        rows = np.argsort(self.ends.lanes)  # in the order of ``lanes``, which ascend
        rows = rows[np.isin(self.ends.lanes[rows], lanes)]
        ends, self.ends = self.ends.take(rows), self.ends.without(rows)
        robots = self.robots
        rollouts, ticks = robots.rollout[lanes], robots.tick[lanes]
        self.judge.rollouts(
            rollouts,
            ends,
            self.margin[lanes],
            ticks,
            robots.worlds.take(lanes),
            robots.state.qpos[lanes],
        )
        self.queue.finished(rollouts, ticks)
        self.busy[lanes] = False
        self.done += len(lanes)
        if self.progress:
            self.progress(self.done, len(self.jobs))
