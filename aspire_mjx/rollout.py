"""The wave loop: programs in worlds, to traces.

Lanes of a fixed capacity hold rollouts; finished ones are refilled from the queue. The machine runs every program to
its next primitive; calls that take no simulated time are answered at once, motions are cut into chunks that all
moving lanes run together, and a lane goes on as soon as its own motion has ended.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.compiler.machine import Machine
from aspire_mjx.compiler.output import LaneEnd, Outcome
from aspire_mjx.compiler.program import Program
from aspire_mjx.compiler.requests import Request
from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.physics.engine import Engine, Readings, State
from aspire_mjx.primitives import instant, motion
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.perception import Eye
from aspire_mjx.primitives.results import Results
from aspire_mjx.primitives.status import Status
from aspire_mjx.traces.columns import TraceBatch, TraceBuilder
from aspire_mjx.worlds.panda import HOME, OPEN_WIDTH
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.predicates import goal_margin
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import HORIZON, SUBSTEPS, TICK, TOUCH_GEOMS
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds

SETTLE_TICKS = 25  #: 0.5 s, before the program starts and again before the strict verdict
_LONGEST_CHUNK = 50  #: ticks
REST = np.array([*HOME, OPEN_WIDTH / 2, OPEN_WIDTH / 2])  #: servo targets at the start
Progress = Callable[[int, int], None]  #: called with rollouts finished and in all


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


class Simulator:
    """Runs jobs on one engine and remembers settled start states and camera images between runs."""

    def __init__(self, engine: Engine, *, horizon: int = HORIZON) -> None:
        self.engine, self.horizon, self.eye = engine, horizon, Eye(engine.template)
        self._settled: dict[WorldSpec, tuple[np.ndarray, np.ndarray]] = {}
        self._schedules: dict[str, Schedule] = {}

    def run(self, jobs: Sequence[Job], *, progress: Progress | None = None) -> TraceBatch:
        """All jobs, as traces in job order.

        A rollout does not depend on the order of jobs, the capacity or its neighbours (native: bit for bit).

        Raises:
          ProgramRefused: a program that does not compile; nothing has run then.
        """
        schedules = [self.schedule(job.program) for job in jobs]
        return _Run(self, jobs, schedules, progress).finish() if jobs else TraceBuilder().build()

    def schedule(self, program: Program) -> Schedule:
        """The compiled program, kept by its hash."""
        if program.hash not in self._schedules:
            self._schedules[program.hash] = compile_program(program)
        return self._schedules[program.hash]

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


def run_jobs(jobs: Sequence[Job], *, engine: Engine, progress: Progress | None = None) -> TraceBatch:
    """Runs jobs on an engine once; keep a :class:`Simulator` to run more on the same worlds."""
    return Simulator(engine).run(jobs, progress=progress)


class _Run:
    """The state of one call of :meth:`Simulator.run`: arrays over the engine's lanes."""

    def __init__(self, simulator: Simulator, jobs: Sequence[Job], schedules: list[Schedule], progress) -> None:
        self.simulator, self.jobs, self.schedules, self.progress = simulator, jobs, schedules, progress
        self.engine = simulator.engine
        self.machine, self.traces = Machine(), TraceBuilder()
        self.programs = {job.program.hash: self.traces.program(job.program) for job in jobs}
        self.worlds, self.start = simulator.settled([job.world for job in jobs])
        lanes = min(self.engine.capacity, len(jobs))
        self.state = self.start.take(np.zeros(lanes, int))
        self.lane_worlds = self.worlds.take(np.zeros(lanes, int))
        self.job = np.full(lanes, -1)  # which job a lane runs, -1 idle
        self.queue = 0
        self.done = 0
        self.tick, self.calls = np.zeros(lanes, int), np.zeros(lanes, int)
        self.command = np.tile(REST, (lanes, 1))
        self.plan = np.zeros((lanes, 1, 9))  # servo targets of the motion under way
        self.length, self.progressed = np.zeros(lanes, int), np.zeros(lanes, int)
        self.goal = np.zeros((lanes, 7))
        self.felt = Readings.quiet(lanes)
        self.pending: list[_Pending] = []
        self.endings: dict[int, LaneEnd] = {}  # lanes that settle before the strict verdict
        self.at_end: dict[int, float] = {}  # their margin at the program's end
        self.timing = {"rollout_s": 0.0, "engine_s": 0.0, "sense_s": 0.0, "sim_steps": 0, "capacity_ticks": 0}

    def finish(self) -> TraceBatch:
        """Runs the loop to its end."""
        begun = time.perf_counter()
        while self._refill() or (self.job >= 0).any():
            self._run_programs()
            self._advance()
        self.timing["rollout_s"] = time.perf_counter() - begun
        ticks = self.timing["sim_steps"] / SUBSTEPS
        capacity = self.timing.pop("capacity_ticks")
        meta = {
            "engine": self.engine.name,
            "device": self.engine.device,
            "template": self.engine.template.name,
            "timing": {**self.timing, "occupancy": ticks / capacity if capacity else 0.0},
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
            self.machine.start(lanes, self.schedules[own[0]], [dict(self.jobs[job].tunables) for job in own])
        return True

    def _lanes(self, lanes: np.ndarray) -> Lanes:
        return Lanes(
            self.lane_worlds.take(lanes),
            self.state.qpos[lanes],
            self.command[lanes],
            self.simulator.horizon - self.tick[lanes],
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
            for request in requests:
                before = self._lanes(request.lanes)
                if request.primitive.family in instant.INSTANT:
                    begun = time.perf_counter()
                    results = instant.serve(request.primitive, before, request.arguments, self.simulator.eye)
                    self.timing["sense_s"] += time.perf_counter() - begun
                    self._answer(request, np.arange(len(before)), results, before, before, None)
                else:
                    self._begin(request, before)

    def _begin(self, request: Request, before: Lanes) -> None:
        """Starts the motions of a request; refused ones are answered at once, and so are those without a step left."""
        planned = motion.plan(request.primitive, before, request.arguments)
        if (spent := before.ticks_left <= 0).any():
            status = np.where(spent, Status.OUT_OF_STEPS, planned.status)
            planned = dataclasses.replace(planned, ticks=np.where(spent, 0, planned.ticks), status=status)
        rows = np.flatnonzero(planned.ticks == 0)
        if len(rows):
            results = motion.refused(request.primitive, planned, before).take(rows)
            self._answer(request, rows, results, before.take(rows), before.take(rows), None)
        rows = np.flatnonzero(planned.ticks > 0)
        if len(rows):
            lanes = request.lanes[rows]
            self._load(lanes, planned.ctrl[rows], np.minimum(planned.ticks[rows], before.ticks_left[rows]))
            self.goal[lanes] = planned.goal[rows]
            self.pending.append(_Pending(request, rows, before, planned.ticks[rows] > before.ticks_left[rows]))

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
        task = self.jobs[self.job[end.lane]].task
        if end.outcome == Outcome.DIVERGED:  # nothing to judge; a finite state keeps the engine quiet
            self.state = self.state.put(lane, self.start.take(self.job[lane]))
            self.at_end[end.lane] = -np.inf
        else:
            self.at_end[end.lane] = float(goal_margin(self.engine.template, task, self.state.qpos[lane])[0])
        self.endings[end.lane] = end
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
        window = self.progressed[:, None] + np.arange(chunk)
        ctrl = np.take_along_axis(self.plan, np.minimum(window, self.plan.shape[1] - 1)[..., None], axis=1)
        begun = time.perf_counter()
        self.state, readings = self.engine.advance(self.lane_worlds, self.state, ctrl, ticks)
        self.timing["engine_s"] += time.perf_counter() - begun
        self.timing["sim_steps"] += int(ticks.sum()) * SUBSTEPS
        self.timing["capacity_ticks"] += len(self.job) * int(ticks.max())
        self.felt.keep_peak(readings)
        moved = np.flatnonzero(ticks)
        self.progressed[moved] += ticks[moved]
        self.progressed[readings.diverged] = self.length[readings.diverged]  # a diverged lane is over at once
        self.command[moved] = ctrl[moved, ticks[moved] - 1]
        settling = np.isin(moved, list(self.endings))
        self.tick[moved[~settling]] += ticks[moved[~settling]]
        self._complete()

    def _complete(self) -> None:
        over = (self.progressed >= self.length) & (self.length > 0) & (self.job >= 0)
        for pending in self.pending:
            rows = np.flatnonzero(over[pending.lanes])
            if len(rows):
                self._deliver(pending, rows)
        self.pending = [kept for p in self.pending if len((kept := p.without(over)).rows)]
        for lane in [lane for lane in self.endings if over[lane]]:
            self._judge(lane)
        self.length[over], self.progressed[over] = 0, 0

    def _deliver(self, pending: _Pending, rows: np.ndarray) -> None:
        """Results of finished motions back to the programs; lanes without steps or with a broken state end."""
        lanes = pending.lanes[rows]
        before = pending.before.take(pending.rows[rows])
        after = self._lanes(lanes)
        readings = self.felt.take(lanes)
        results = motion.finish(pending.request.primitive, self.goal[lanes], before, after, readings)
        cut = pending.cut[rows]
        status = np.where(cut & (results.status != Status.DIVERGED), Status.OUT_OF_STEPS, results.status)
        results = Results(results.primitive, status.astype(np.int16), results.fields, results.messages)
        self._answer(pending.request, pending.rows[rows], results, before, after, readings)

    def _answer(self, request: Request, rows, results: Results, before: Lanes, after: Lanes, readings) -> None:
        """Records a finished call in the traces and hands its results to the machine."""
        lanes = request.lanes[rows]
        self._record(request, rows, lanes, results, before, after, readings)
        self.calls[lanes] += 1
        broken, spent = results.status == Status.DIVERGED, results.status == Status.OUT_OF_STEPS
        for mask, outcome in ((broken, Outcome.DIVERGED), (spent, Outcome.OUT_OF_STEPS)):
            for lane in lanes[mask].tolist():
                self.machine.end([lane], outcome, self._last_words(lane, outcome, request))
        fine = np.flatnonzero(~broken & ~spent)
        if len(fine):
            self.machine.resume(lanes[fine].tolist(), results.take(fine))

    def _last_words(self, lane: int, outcome: Outcome, request: Request) -> str:
        at = f"rollout {self.job[lane]}, {request.primitive.name}, {self.tick[lane] * TICK:.2f} s"
        if outcome == Outcome.DIVERGED:
            return f"the physics became non-finite: {at}"
        return f"the episode's {self.simulator.horizon} control steps ran out: {at}"

    def _record(self, request: Request, rows, lanes, results: Results, before: Lanes, after: Lanes, readings) -> None:
        arguments: Mapping = {
            name: tuple(column[i] for i in rows) if isinstance(column, tuple) else column[rows]
            for name, column in request.arguments.items()
        }
        start = self.simulator.horizon - before.ticks_left
        touch = {}
        if readings is not None:
            names = [self._touched(lane, i, readings) for i, lane in enumerate(lanes.tolist())]
            touch = {
                "contact_a": [a for a, _ in names],
                "contact_b": [b for _, b in names],
                "peak_torque": readings.peak_torque,
                "slip": np.where(
                    ~before.commanded_open & ~after.commanded_open, np.abs(after.width - before.width), np.nan
                ),
            }
        self.traces.call(
            request.primitive,
            rollout=self.job[lanes],
            line=request.lines,
            path=request.path,
            status=results.status,
            t_start=start * TICK,
            t_end=self.tick[lanes] * TICK,
            ticks=self.tick[lanes] - start,
            arguments=arguments,
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
        end, index = self.endings.pop(lane), int(self.job[lane])
        job, margin = self.jobs[index], self.at_end.pop(lane)
        categories = self.lane_worlds.categories(lane)
        slot = int(self.felt.touch_slot[lane])
        let_go = slot < 0 or categories[slot] != job.task.target_category
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


@dataclass(frozen=True, eq=False)
class _Pending:
    """Motions of one request that are under way: ``rows`` of the request, ``before`` for all its rows."""

    request: Request
    rows: np.ndarray
    before: Lanes
    cut: np.ndarray  # the episode ends before the motion does

    @property
    def lanes(self) -> np.ndarray:
        return self.request.lanes[self.rows]

    def without(self, over: np.ndarray) -> _Pending:
        """The motions whose lanes are not over."""
        keep = ~over[self.lanes]
        return _Pending(self.request, self.rows[keep], self.before, self.cut[keep])
