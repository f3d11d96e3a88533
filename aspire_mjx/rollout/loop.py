"""The wave loop: what happens between a queue of jobs and their traces.

Lanes of a fixed capacity hold rollouts; finished ones are refilled from the queue. The machine runs every program to
its next primitive. The requests of all lanes, whatever their program and task, merge into one wave: calls that take no
simulated time are answered at once, one batch for each primitive; motions are cut into chunks that all moving lanes
run together, and a lane whose own motion has ended goes on at the next chunk.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.machine.machine import Machine
from aspire_mjx.machine.output import LaneEnds, Outcome
from aspire_mjx.physics.engine import Engine, Readings, State
from aspire_mjx.primitives import instant, motion
from aspire_mjx.primitives.image_memory import image_memories
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.perception import CameraRig
from aspire_mjx.primitives.registry import Family, Primitive
from aspire_mjx.primitives.results import Results
from aspire_mjx.primitives.surroundings import Surroundings
from aspire_mjx.rollout.clock import Clock, TimedPart
from aspire_mjx.rollout.delay_line import DelayLine, latency_ticks
from aspire_mjx.rollout.job import Job
from aspire_mjx.rollout.job_queue import JobQueue
from aspire_mjx.rollout.judge import Judge
from aspire_mjx.rollout.motions import Motions
from aspire_mjx.rollout.observer import RolloutObserver
from aspire_mjx.rollout.wave import Wave
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.panda import HOME, OPEN_WIDTH
from aspire_mjx.worlds.template import TICK
from aspire_mjx.worlds.worlds import Worlds, WorldSpec

SETTLE_TICKS = 25  #: 0.5 s, before the program starts and again before the strict verdict
REST = np.array([*HOME, OPEN_WIDTH / 2, OPEN_WIDTH / 2])  #: servo targets at the start
Progress = Callable[[int, int], None]  #: called with rollouts finished and in all
_SERVED: dict[Family, TimedPart] = {
    Family.SENSE: "sense_s",
    Family.PLAN: "plan_s",
    Family.QUERY: "query_s",
}


class Stage(Protocol):
    """Where a wave loop runs: an engine, a camera, and worlds that have settled."""

    engine: Engine
    cameras: CameraRig
    horizon: int

    def settled(self, specs: Sequence[WorldSpec]) -> tuple[Worlds, State]:
        """Worlds and their start states, one for each spec."""
        ...


class WaveLoop:
    """The state of one batch of jobs: arrays over the engine's lanes. :meth:`run` empties the queue."""

    def __init__(
        self,
        stage: Stage,
        jobs: Sequence[Job],
        schedules: Sequence[Schedule],
        progress: Progress | None,
        observer: RolloutObserver | None = None,
    ) -> None:
        self.stage, self.engine = stage, stage.engine
        self.jobs, self.schedules, self.progress, self.observer = jobs, schedules, progress, observer
        self.machine, self.judge = Machine(), Judge(self.engine.template, jobs, stage.horizon)
        self.worlds, self.start = stage.settled([job.world for job in jobs])
        lanes = min(self.engine.capacity, len(jobs))
        self.state = self.start.take(np.zeros(lanes, int))
        self.lane_worlds = self.worlds.take(np.zeros(lanes, int))
        self.job = np.full(lanes, -1)  # which job a lane runs, -1 idle
        self.queue, self.done = JobQueue(jobs), 0
        self.tick, self.calls, self.image_memory = np.zeros(lanes, int), np.zeros(lanes, int), image_memories(lanes)
        self.command, self.surroundings = np.tile(REST, (lanes, 1)), Surroundings(lanes, stage.cameras.depth)
        self.delays = np.array([latency_ticks(job.perturbation) for job in jobs])
        self.line = DelayLine(lanes, int(self.delays.max(initial=0)))
        self.motions = Motions(lanes, self.state.qpos.shape[1])
        self.ends = LaneEnds.concatenate([])  # of lanes that settle
        self.settling, self.margin = np.zeros(lanes, bool), np.zeros(lanes)  # margin when the program ended
        self.clock = Clock()
        self.waves = self.lane_ticks = self.capacity_ticks = 0

    def run(self) -> TraceBatch:
        """Runs all jobs; rollouts in job order."""
        while self._refill() or (self.job >= 0).any():
            self._run_programs()
            self._advance()
        batch = self.judge.traces.build()
        timing = {
            **self.clock.figures(),
            "waves": self.waves,
            "sim_steps": self.lane_ticks * self.engine.template.substeps,
            "occupancy": self.lane_ticks / self.capacity_ticks if self.capacity_ticks else 0.0,
        }
        engine = self.engine
        made_by = {"engine": engine.name, "device": engine.device, "template": engine.template.name}
        conditions = {"capacity": engine.capacity, "horizon": self.stage.horizon}
        return dataclasses.replace(batch, meta={**made_by, **conditions, "timing": timing})

    def _refill(self) -> bool:
        """Gives idle lanes the next jobs; whether any was given."""
        idle = np.flatnonzero(self.job < 0)[: len(self.queue)]
        if not len(idle):
            return False
        new = self.queue.take(len(idle))
        self.job[idle] = new
        self.state = self.state.put(idle, self.start.take(new))
        self.tick[idle], self.calls[idle], self.command[idle], self.image_memory[idle] = (
            0,
            0,
            REST,
            image_memories(len(idle)),
        )
        self.surroundings.take(idle).forget()
        self.line.reset(idle, REST, self.delays[new])
        self.lane_worlds = self.worlds.take(np.maximum(self.job, 0))
        by_program: dict[str, list[int]] = {}
        for lane, job in zip(idle.tolist(), new.tolist(), strict=True):
            by_program.setdefault(self.jobs[job].program.hash, []).append(lane)
        with self.clock.on("machine_s"):
            for lanes in by_program.values():
                own = self.job[lanes].tolist()
                tunables, seeds = [dict(self.jobs[job].tunables) for job in own], [self.jobs[job].seed for job in own]
                self.machine.start(lanes, self.schedules[own[0]], tunables, seeds=seeds)
        return True

    def _lanes(self, lanes: np.ndarray) -> Lanes:
        return Lanes(
            self.lane_worlds.take(lanes),
            self.state.qpos[lanes],
            self.command[lanes],
            self.stage.horizon - self.tick[lanes],
            self.calls[lanes],
            self.image_memory[lanes],
            self.surroundings.take(lanes),
        )

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
                before = self._lanes(wave.lanes)
                if wave.primitive.family in instant.INSTANT:
                    with self.clock.on(_SERVED[wave.primitive.family]):
                        results = instant.serve(wave.primitive, before, wave.arguments, self.stage.cameras)
                    self._answer(wave, results, before, before)
                else:
                    self._begin(wave, before)

    def _begin(self, wave: Wave, before: Lanes) -> None:
        """Starts motions; refused ones are answered at once, and so are those without a step left."""
        with self.clock.on("plan_s"):
            planned = motion.plan(wave.primitive, before, wave.arguments)
            if (spent := before.ticks_left <= 0).any():
                status = np.where(spent, Status.OUT_OF_STEPS, planned.status)
                planned = dataclasses.replace(planned, ticks=np.where(spent, 0, planned.ticks), status=status)
        if self.observer:
            self.observer.planned(self.job[wave.lanes], planned)
        still, rows = np.flatnonzero(planned.ticks == 0), np.flatnonzero(planned.ticks > 0)
        if len(still):
            where = before.take(still)
            self._answer(wave.take(still), motion.refused(wave.primitive, planned.take(still), where), where, where)
        if len(rows):
            self.motions.begin(wave.take(rows), before.take(rows), planned.take(rows))

    def _settle(self, ended: LaneEnds) -> None:
        """Programs have ended: judge this moment, then hold still for the strict verdict."""
        lanes = ended.lanes
        self.margin[lanes] = self.judge.margins(self.job[lanes], self.lane_worlds.take(lanes), self.state.qpos[lanes])
        broken = lanes[ended.outcomes == Outcome.DIVERGED]
        if len(broken):  # nothing to judge; a finite state keeps the engine quiet
            self.margin[broken] = -np.inf
            self.state = self.state.put(broken, self.start.take(self.job[broken]))
        self.ends = LaneEnds.concatenate([self.ends, ended])
        self.settling[lanes] = True
        self.motions.hold(lanes, self.command[lanes], SETTLE_TICKS)

    def _advance(self) -> None:
        """One chunk of physics for all moving lanes, then results for those whose motion is over."""
        left = self.motions.left
        if not left.any():
            return
        chunk = self.motions.chunk(self.engine.wave_cost)
        chunk = min(chunk, self.observer.stride) if self.observer else chunk
        ticks = np.minimum(left, chunk)
        ctrl = self.motions.control(chunk)
        with self.clock.on("engine_s"):
            obeyed = self.line.through(ctrl)
            self.state, readings = self.engine.advance(self.lane_worlds, self.state, obeyed, ticks, self.motions.guard)
        self.waves += 1
        ran = readings.ticks
        self.line.passed(ctrl, ran)
        self.lane_ticks += int(ran.sum())
        self.capacity_ticks += len(self.job) * int(ticks.max())
        moved, met = np.flatnonzero(ran), np.flatnonzero(readings.stopped(self.motions.guard))
        self.command[moved] = ctrl[moved, ran[moved] - 1]
        self.command[met, :7] = self.state.qpos[met[:, None], self.engine.template.arm_qpos]  # no pushing on
        self.tick += np.where(self.settling, 0, ran)
        self.motions.advance(readings)
        if self.observer:
            self.observer.moved(self.job[moved], self.tick[moved], self.state.qpos[moved])
        self._complete(self.motions.finished())

    def _complete(self, over: np.ndarray) -> None:
        """Answers the lanes ``[B]`` bool whose motion is over, and judges those that have settled."""
        for wave in self.motions.calls(over):
            self._deliver(wave)
        if (over & self.settling).any():
            self._judge(np.flatnonzero(over & self.settling))
        self.motions.clear(over)

    def _deliver(self, wave: Wave) -> None:
        """Results of finished motions back to the programs."""
        lanes = wave.lanes
        after, readings = self._lanes(lanes), self.motions.felt.take(lanes)
        before = self.motions.before(lanes, after.worlds)
        with self.clock.on("plan_s"):
            results = motion.finish(
                wave.primitive, self.motions.goal[lanes], self.motions.guard[lanes], before, after, readings
            )
        cut = self.motions.cut[lanes] & (results.status != Status.DIVERGED)
        if cut.any():
            status = np.where(cut, Status.OUT_OF_STEPS, results.status).astype(np.int16)
            results = dataclasses.replace(results, status=status)
        self._answer(wave, results, before, after, readings)

    def _answer(
        self, wave: Wave, results: Results, before: Lanes, after: Lanes, readings: Readings | None = None
    ) -> None:
        """Records finished calls and hands their results to the machine; broken or spent lanes end."""
        self.judge.call(wave, results, self.job[wave.lanes], before, after, readings)
        if self.observer:
            self.observer.called(self.job[wave.lanes], wave, results, before, after, readings)
        self.calls[wave.lanes] += 1
        broken, spent = results.status == Status.DIVERGED, results.status == Status.OUT_OF_STEPS
        with self.clock.on("machine_s"):
            for mask, outcome in ((broken, Outcome.DIVERGED), (spent, Outcome.OUT_OF_STEPS)):
                if mask.any():
                    lanes = wave.lanes[mask].tolist()
                    self.machine.end(
                        lanes, outcome, [self._last_words(lane, outcome, wave.primitive) for lane in lanes]
                    )
            fine = np.flatnonzero(~broken & ~spent)
            if len(fine) == len(wave):
                self.machine.resume(wave.lanes, results)
            elif len(fine):
                self.machine.resume(wave.lanes[fine], results.take(fine))

    def _last_words(self, lane: int, outcome: Outcome, primitive: Primitive) -> str:
        at = f"rollout {self.job[lane]}, {primitive.name}, {self.tick[lane] * TICK:.2f} s"
        if outcome == Outcome.DIVERGED:
            return f"the physics became non-finite: {at}"
        return f"the episode's {self.stage.horizon} control steps ran out: {at}"

    def _judge(self, lanes: np.ndarray) -> None:
        """Both verdicts of rollouts that have settled; their lanes are free."""
        rows = np.argsort(self.ends.lanes)  # in the order of ``lanes``, which ascend
        rows = rows[np.isin(self.ends.lanes[rows], lanes)]
        ends, self.ends = self.ends.take(rows), self.ends.without(rows)
        self.judge.rollouts(
            self.job[lanes],
            ends,
            self.margin[lanes],
            self.tick[lanes],
            self.lane_worlds.take(lanes),
            self.state.qpos[lanes],
            self.motions.felt.contact_slot[lanes],
        )
        self.queue.finished(self.job[lanes], self.tick[lanes])
        self.job[lanes], self.settling[lanes] = -1, False
        self.done += len(lanes)
        if self.progress:
            self.progress(self.done, len(self.jobs))
