"""The wave loop: what happens between a queue of jobs and their traces.

Lanes of a fixed capacity hold rollouts; finished ones are refilled from the queue. The machine runs every program to
its next primitive. The requests of all lanes, whatever their program and task, merge into one wave: calls that take no
simulated time are answered at once, one batch for each primitive; motions are cut into chunks that all moving lanes
run together, and a lane goes on as soon as its own motion has ended.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from aspire_mjx.compiler.machine import Machine
from aspire_mjx.compiler.output import LaneEnd, Outcome
from aspire_mjx.compiler.program import Program
from aspire_mjx.compiler.requests import Request
from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.physics.engine import Engine, Readings, State
from aspire_mjx.primitives import instant, motion
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.perception import Eye
from aspire_mjx.primitives.registry import Primitive
from aspire_mjx.primitives.results import Results
from aspire_mjx.primitives.status import Status
from aspire_mjx.traces.columns import TraceBatch, TraceBuilder
from aspire_mjx.worlds.panda import HOME, OPEN_WIDTH
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.predicates import goal_margin
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import SUBSTEPS, TICK, TOUCH_GEOMS
from aspire_mjx.worlds.worlds import Worlds, WorldSpec

SETTLE_TICKS = 25  #: 0.5 s, before the program starts and again before the strict verdict
REST = np.array([*HOME, OPEN_WIDTH / 2, OPEN_WIDTH / 2])  #: servo targets at the start
Progress = Callable[[int, int], None]  #: called with rollouts finished and in all
_LONGEST_CHUNK = 50  # ticks


@dataclass(frozen=True)
class Job:
    """One rollout to run: a program in the world of a task and seed, with settings of its tunables."""

    program: Program
    task: Task
    seed: int
    tunables: tuple[tuple[str, float], ...] = ()
    label: str = ""
    perturbation: Perturbation = Perturbation()

    @property
    def world(self) -> WorldSpec:
        """The world it runs in."""
        return WorldSpec(self.task, self.seed, self.perturbation)


class Stage(Protocol):
    """Where a wave loop runs: an engine, a camera, and worlds that have settled."""

    engine: Engine
    eye: Eye
    horizon: int

    def settled(self, specs: Sequence[WorldSpec]) -> tuple[Worlds, State]:
        """Worlds and their start states, one for each spec."""
        ...


@dataclass(frozen=True, eq=False)
class _Wave:
    """One primitive asked for by ``N`` lanes, from any number of strands and programs."""

    primitive: Primitive
    lanes: np.ndarray  # [N]
    arguments: Mapping[str, Any]
    lines: np.ndarray  # [N]
    paths: tuple[str, ...]

    @classmethod
    def merge(cls, requests: Sequence[Request]) -> list[_Wave]:
        """Requests of the same primitive become one wave, in the order they came."""
        groups: dict[str, list[Request]] = {}
        for request in requests:
            groups.setdefault(request.primitive.name, []).append(request)
        return [cls._joined(group) for group in groups.values()]

    @classmethod
    def _joined(cls, group: list[Request]) -> _Wave:
        arguments: dict[str, Any] = {}
        for name, first in group[0].arguments.items():
            parts = [request.arguments[name] for request in group]
            texts = isinstance(first, tuple)
            arguments[name] = tuple(t for part in parts for t in part) if texts else np.concatenate(parts)
        sizes = [len(request.lanes) for request in group]
        return cls(
            group[0].primitive,
            np.concatenate([request.lanes for request in group]),
            arguments,
            np.repeat([request.lines for request in group], sizes),
            tuple(request.path for request in group for _ in range(len(request.lanes))),
        )

    def take(self, rows: np.ndarray) -> _Wave:
        """Some of the lanes."""
        listed = rows.tolist()
        arguments = {
            name: tuple(column[i] for i in listed) if isinstance(column, tuple) else column[rows]
            for name, column in self.arguments.items()
        }
        paths = tuple(self.paths[i] for i in listed)
        return _Wave(self.primitive, self.lanes[rows], arguments, self.lines[rows], paths)


class WaveLoop:
    """The state of one batch of jobs: arrays over the engine's lanes. :meth:`run` empties the queue."""

    def __init__(
        self, stage: Stage, jobs: Sequence[Job], schedules: Sequence[Schedule], progress: Progress | None
    ) -> None:
        self.stage, self.engine = stage, stage.engine
        self.jobs, self.schedules, self.progress = jobs, schedules, progress
        self.machine, self.traces = Machine(), TraceBuilder()
        self.programs = {job.program.hash: self.traces.program(job.program) for job in jobs}
        self.worlds, self.start = stage.settled([job.world for job in jobs])
        lanes = min(self.engine.capacity, len(jobs))
        self.state = self.start.take(np.zeros(lanes, int))
        self.lane_worlds = self.worlds.take(np.zeros(lanes, int))
        self.job = np.full(lanes, -1)  # which job a lane runs, -1 idle
        self.queue = self.done = 0
        self.tick, self.calls = np.zeros(lanes, int), np.zeros(lanes, int)
        self.command = np.tile(REST, (lanes, 1))
        self.plan = np.zeros((lanes, 1, 9))  # servo targets of the motion under way
        self.length, self.progressed = np.zeros(lanes, int), np.zeros(lanes, int)
        self.goal = np.zeros((lanes, 7))
        self.felt = Readings.quiet(lanes)
        self.moving: list[tuple[_Wave, Lanes, np.ndarray]] = []  # wave, lanes before it, cut short by the budget
        self.endings: dict[int, tuple[LaneEnd, float]] = {}  # lanes that settle, with their margin at the end
        self.timing = {"rollout_s": 0.0, "engine_s": 0.0, "sense_s": 0.0, "sim_steps": 0}
        self.capacity_ticks = 0

    def run(self) -> TraceBatch:
        """Runs all jobs; rollouts in job order."""
        begun = time.perf_counter()
        while self._refill() or (self.job >= 0).any():
            self._run_programs()
            self._advance()
        self.timing["rollout_s"] = time.perf_counter() - begun
        ticks = self.timing["sim_steps"] / SUBSTEPS
        occupancy = ticks / self.capacity_ticks if self.capacity_ticks else 0.0
        meta = {
            "engine": self.engine.name,
            "device": self.engine.device,
            "template": self.engine.template.name,
            "timing": {**self.timing, "occupancy": occupancy},
        }
        return self.traces.build(meta)

    def _refill(self) -> bool:
        """Gives idle lanes the next jobs; whether any was given."""
        idle = np.flatnonzero(self.job < 0)[: len(self.jobs) - self.queue]
        if not len(idle):
            return False
        new = np.arange(self.queue, self.queue + len(idle))
        self.queue += len(idle)
        self.job[idle] = new
        self.state = self.state.put(idle, self.start.take(new))
        self.tick[idle], self.calls[idle], self.length[idle], self.progressed[idle] = 0, 0, 0, 0
        self.command[idle] = REST
        self.lane_worlds = self.worlds.take(np.maximum(self.job, 0))
        by_program: dict[str, list[int]] = {}
        for lane, job in zip(idle.tolist(), new.tolist(), strict=True):
            by_program.setdefault(self.jobs[job].program.hash, []).append(lane)
        for lanes in by_program.values():
            own = [int(self.job[lane]) for lane in lanes]
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
        )

    def _run_programs(self) -> None:
        """Runs all programs until every lane moves, settles or has ended."""
        while True:
            requests = self.machine.run()
            for end in self.machine.collect():
                self._settle(end)
            if not requests:
                return
            for wave in _Wave.merge(requests):
                before = self._lanes(wave.lanes)
                if wave.primitive.family in instant.INSTANT:
                    begun = time.perf_counter()
                    results = instant.serve(wave.primitive, before, wave.arguments, self.stage.eye)
                    self.timing["sense_s"] += time.perf_counter() - begun
                    self._answer(wave, results, before, before, None)
                else:
                    self._begin(wave, before)

    def _begin(self, wave: _Wave, before: Lanes) -> None:
        """Starts motions; refused ones are answered at once, and so are those without a step left."""
        planned = motion.plan(wave.primitive, before, wave.arguments)
        if (spent := before.ticks_left <= 0).any():
            status = np.where(spent, Status.OUT_OF_STEPS, planned.status)
            planned = dataclasses.replace(planned, ticks=np.where(spent, 0, planned.ticks), status=status)
        still, rows = np.flatnonzero(planned.ticks == 0), np.flatnonzero(planned.ticks > 0)
        if len(still):
            where = before.take(still)
            self._answer(
                wave.take(still), motion.refused(wave.primitive, planned, before).take(still), where, where, None
            )
        if len(rows):
            lanes = wave.lanes[rows]
            self._load(lanes, planned.ctrl[rows], np.minimum(planned.ticks[rows], before.ticks_left[rows]))
            self.goal[lanes] = planned.goal[rows]
            cut = planned.ticks[rows] > before.ticks_left[rows]
            self.moving.append((wave.take(rows), before.take(rows), cut))

    def _load(self, lanes: np.ndarray, ctrl: np.ndarray, ticks: np.ndarray) -> None:
        """Puts motions into lanes."""
        longest = ctrl.shape[1]
        if longest > self.plan.shape[1]:
            grown = np.zeros((len(self.job), longest, 9))
            grown[:, : self.plan.shape[1]] = self.plan
            self.plan = grown
        self.plan[lanes, :longest] = ctrl
        self.plan[lanes, longest:] = ctrl[:, -1:]
        self.length[lanes], self.progressed[lanes] = ticks, 0
        for name, quiet in vars(Readings.quiet(len(lanes))).items():
            getattr(self.felt, name)[lanes] = quiet

    def _settle(self, end: LaneEnd) -> None:
        """A program has ended: judge this moment, then hold still for the strict verdict."""
        lane = np.array([end.lane])
        margin = -np.inf
        if end.outcome == Outcome.DIVERGED:  # nothing to judge; a finite state keeps the engine quiet
            self.state = self.state.put(lane, self.start.take(self.job[lane]))
        else:
            task = self.jobs[self.job[end.lane]].task
            margin = float(goal_margin(self.engine.template, task, self.state.qpos[lane])[0])
        self.endings[end.lane] = end, margin
        self._load(lane, np.tile(self.command[lane][:, None], (1, SETTLE_TICKS, 1)), np.array([SETTLE_TICKS]))

    def _advance(self) -> None:
        """One chunk of physics for all moving lanes, then results for those whose motion is over."""
        left = self.length - self.progressed
        moving = (left > 0) & (self.job >= 0)
        if not moving.any():
            return
        # Up to the next end of a motion, so that few lanes wait; not less than the engine's own chunk.
        chunk = int(np.clip(left[moving].min(), self.engine.chunk_ticks, _LONGEST_CHUNK))
        ticks = np.where(moving, np.minimum(left, chunk), 0)
        window = np.minimum(self.progressed[:, None] + np.arange(chunk), self.plan.shape[1] - 1)
        ctrl = np.take_along_axis(self.plan, window[..., None], axis=1)
        begun = time.perf_counter()
        self.state, readings = self.engine.advance(self.lane_worlds, self.state, ctrl, ticks)
        self.timing["engine_s"] += time.perf_counter() - begun
        self.timing["sim_steps"] += int(ticks.sum()) * SUBSTEPS
        self.capacity_ticks += len(self.job) * int(ticks.max())
        self.felt.keep_peak(readings)
        moved = np.flatnonzero(ticks)
        self.progressed[moved] += ticks[moved]
        self.progressed[readings.diverged] = self.length[readings.diverged]  # a diverged lane is over at once
        self.command[moved] = ctrl[moved, ticks[moved] - 1]
        running = moved[~np.isin(moved, list(self.endings))]
        self.tick[running] += ticks[running]
        self._complete((self.progressed >= self.length) & (self.length > 0) & (self.job >= 0))

    def _complete(self, over: np.ndarray) -> None:
        """Answers the lanes ``[B]`` bool whose motion is over, and judges those that have settled."""
        moving, self.moving = self.moving, []
        for wave, before, cut in moving:
            done = over[wave.lanes]
            if done.any():
                rows = np.flatnonzero(done)
                self._deliver(wave.take(rows), before.take(rows), cut[rows])
            if not done.all():
                rows = np.flatnonzero(~done)
                self.moving.append(
                    (wave.take(rows), before.take(rows), cut[rows]) if done.any() else (wave, before, cut)
                )
        for lane in [lane for lane in self.endings if over[lane]]:
            self._judge(lane)
        self.length[over], self.progressed[over] = 0, 0

    def _deliver(self, wave: _Wave, before: Lanes, cut: np.ndarray) -> None:
        """Results of finished motions back to the programs."""
        after, readings = self._lanes(wave.lanes), self.felt.take(wave.lanes)
        results = motion.finish(wave.primitive, self.goal[wave.lanes], before, after, readings)
        status = np.where(cut & (results.status != Status.DIVERGED), Status.OUT_OF_STEPS, results.status)
        self._answer(wave, dataclasses.replace(results, status=status.astype(np.int16)), before, after, readings)

    def _answer(self, wave: _Wave, results: Results, before: Lanes, after: Lanes, readings: Readings | None) -> None:
        """Records finished calls and hands their results to the machine; broken or spent lanes end."""
        self._record(wave, results, before, after, readings)
        self.calls[wave.lanes] += 1
        broken, spent = results.status == Status.DIVERGED, results.status == Status.OUT_OF_STEPS
        for mask, outcome in ((broken, Outcome.DIVERGED), (spent, Outcome.OUT_OF_STEPS)):
            for lane in wave.lanes[mask].tolist():
                self.machine.end([lane], outcome, self._last_words(lane, outcome, wave.primitive))
        fine = np.flatnonzero(~broken & ~spent)
        if len(fine):
            self.machine.resume(wave.lanes[fine].tolist(), results.take(fine))

    def _last_words(self, lane: int, outcome: Outcome, primitive: Primitive) -> str:
        at = f"rollout {self.job[lane]}, {primitive.name}, {self.tick[lane] * TICK:.2f} s"
        if outcome == Outcome.DIVERGED:
            return f"the physics became non-finite: {at}"
        return f"the episode's {self.stage.horizon} control steps ran out: {at}"

    def _record(self, wave: _Wave, results: Results, before: Lanes, after: Lanes, readings: Readings | None) -> None:
        start = self.stage.horizon - before.ticks_left
        touch = {}
        if readings is not None:
            names = [self._touched(lane, i, readings) for i, lane in enumerate(wave.lanes.tolist())]
            closed = ~before.commanded_open & ~after.commanded_open
            touch = {
                "contact_a": [robot for robot, _ in names],
                "contact_b": [thing for _, thing in names],
                "peak_torque": readings.peak_torque,
                "slip": np.where(closed, np.abs(after.width - before.width), np.nan),
            }
        self.traces.call(
            wave.primitive,
            rollout=self.job[wave.lanes],
            line=wave.lines,
            path=wave.paths,
            status=results.status,
            t_start=start * TICK,
            t_end=self.tick[wave.lanes] * TICK,
            ticks=self.tick[wave.lanes] - start,
            arguments=wave.arguments,
            fields=results.fields,
            message=results.messages,
            **touch,
        )

    def _touched(self, lane: int, row: int, readings: Readings) -> tuple[str, str]:
        """Names of the robot geom and the thing that met hardest."""
        geom, slot = int(readings.touch_geom[row]), int(readings.touch_slot[row])
        if geom < 0:
            return "", ""
        return TOUCH_GEOMS[geom], "floor" if slot < 0 else self.lane_worlds.categories(lane)[slot]

    def _judge(self, lane: int) -> None:
        """Both verdicts, the rollout's row in the traces, and the lane is free."""
        (end, margin), index = self.endings.pop(lane), int(self.job[lane])
        job, slot = self.jobs[index], int(self.felt.touch_slot[lane])
        let_go = slot < 0 or self.lane_worlds.categories(lane)[slot] != job.task.target_category
        settled = float(goal_margin(self.engine.template, job.task, self.state.qpos[lane : lane + 1])[0])
        self.traces.rollout(
            rollout=index,
            program=self.programs[job.program.hash],
            task=job.task.key,
            language=job.task.language,
            target=job.task.target_category,
            container=job.task.container_category,
            seed=job.seed,
            label=job.label,
            tunables=dict(job.tunables),
            factors=job.perturbation.factors(),
            outcome=int(end.outcome),
            error_line=end.line,
            error=end.message,
            prints=end.prints,
            benchmark=margin > 0,
            strict=margin > 0 and settled > 0 and let_go,
            margin=margin,
            ticks=int(self.tick[lane]),
        )
        self.job[lane] = -1
        self.done += 1
        if self.progress:
            self.progress(self.done, len(self.jobs))
