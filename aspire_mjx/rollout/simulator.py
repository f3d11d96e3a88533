"""Rollouts on one engine: jobs in, traces out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from aspire_mjx.checked import checked
from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.physics.engine import Engine, State
from aspire_mjx.physics.engines import make, resolve
from aspire_mjx.primitives.implemented import check_implemented
from aspire_mjx.primitives.perception import IMAGE_SIZE, CameraRig
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.rollout.job import Job
from aspire_mjx.rollout.known_calls import KnownCalls
from aspire_mjx.rollout.loop import Progress, WaveLoop
from aspire_mjx.rollout.observer import RolloutObserver
from aspire_mjx.rollout.refusal import Refusal, schedule_or_refusal, settled_tunables
from aspire_mjx.rollout.robots import Robots
from aspire_mjx.seeds import Purpose, check_role
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.stopping import check_stop
from aspire_mjx.traces.columns import TraceBatch, TraceBuilder, concatenate
from aspire_mjx.worlds.episode import HORIZON, SETTLE_TICKS
from aspire_mjx.worlds.template import Template
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds

_SETTLINGS = 4  # times 0.5 s at most; most worlds need one, a bowl that leans on a plate may need more
_FEWEST = 16  # lanes, however large images are
_KEPT_STATES = 1024  # of settled worlds, for the next run
_KEPT_PROGRAMS = 1024  # compiled, for the next run
_AT_REST = 0.02  # m/s and rad/s

__all__ = ["Job", "Progress", "Simulator", "Simulators", "run_jobs"]


class Simulator:
    """Runs jobs on one engine and remembers settled start states and camera images between runs.

    Args:
        engine: what moves the worlds.
        horizon: control ticks of an episode.
        camera: size of the images that programs see.
        limits: budgets of each program.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        horizon: int = HORIZON,
        camera: ImageSize = IMAGE_SIZE,
        limits: ProgramLimits | None = None,
    ) -> None:
        check_implemented(ROBOT_API)
        self.engine = engine
        self.horizon = horizon
        self.limits = limits or ProgramLimits()
        self.cameras = CameraRig(size=camera)
        self._settled: dict[WorldSpec, State] = {}
        self._schedules: dict[str, Schedule | Refusal] = {}
        self._known: KnownCalls | None = None

    def run(
        self,
        jobs: Sequence[Job],
        *,
        progress: Progress | None = None,
        observer: RolloutObserver | None = None,
        remember: bool = False,
    ) -> TraceBatch:
        """All jobs, as traces in job order; ``observer`` is told what happens.

        After a run that is to be remembered, a job that begins as one of its jobs is simulated from where it differs:
        to the same bits, on an engine whose lanes do not depend on their neighbours.

        A rollout does not depend on the order of jobs, the capacity or its neighbours (native: bit for bit). A program
        that the compiler refuses costs its own rollouts alone: they end as ``REFUSED``, with all findings as the error.
        """
        schedules = [self._schedule(job) for job in jobs]
        if not jobs:
            return TraceBuilder().build()
        robots = self.robots([job.world for job in jobs], lanes=min(self._lanes(), len(jobs)))
        if remember:
            self._known = self._known or KnownCalls()
        known = None if observer else self._known
        if known is not None:
            known.learning = remember
        return WaveLoop(robots, jobs, schedules, progress, observer, limits=self.limits, known=known).run()

    def robots(self, specs: Sequence[WorldSpec], *, lanes: int) -> Robots:
        """Robots in ``lanes`` lanes of the engine, for rollouts in settled worlds, one for each spec."""
        worlds, start = self.settled(specs)
        return Robots(self.engine, self.cameras, worlds, start, horizon=self.horizon, lanes=lanes)

    def settled(self, specs: Sequence[WorldSpec]) -> tuple[Worlds, State]:
        """Worlds and their states when all is at rest, or after 2 s, one for each spec."""
        missing = [spec for spec in dict.fromkeys(specs) if spec not in self._settled]
        for start in range(0, len(missing), self.engine.capacity):
            part = missing[start : start + self.engine.capacity]
            worlds = make_worlds(part)
            state, moving = self.engine.reset(worlds), np.ones(len(part), bool)
            ctrl = np.repeat(worlds.rest[:, None], SETTLE_TICKS, axis=1)
            once: State | None = None
            for _ in range(_SETTLINGS):
                if not moving.any():
                    break
                check_stop()
                state, _ = self.engine.advance(worlds, state, ctrl, np.where(moving, SETTLE_TICKS, 0))
                moving = np.abs(state.qvel).max(axis=1) > _AT_REST
                once = once or state
            state = _with_robot_of(self.engine.template, state, once or state)
            self._settled |= {spec: state.take(np.array([i])) for i, spec in enumerate(part)}
        start = State.concatenate([self._settled[spec] for spec in specs])
        for spec in list(self._settled)[:-_KEPT_STATES]:
            del self._settled[spec]
        return make_worlds(specs), start

    def _lanes(self) -> int:
        """How many lanes there are at most: programs that hold larger images need more memory each."""
        size = self.cameras.size
        share = IMAGE_SIZE.width * IMAGE_SIZE.height / (size.width * size.height)
        return min(self.engine.capacity, max(int(self.engine.capacity * share), _FEWEST))

    def _schedule(self, job: Job) -> Schedule | Refusal:
        key = job.program.hash
        if key not in self._schedules:
            self._schedules[key] = schedule_or_refusal(job.program)
            for oldest in list(self._schedules)[:-_KEPT_PROGRAMS]:
                del self._schedules[oldest]
        schedule = self._schedules[key] = self._schedules.pop(key)  # the last one used
        return schedule if isinstance(schedule, Refusal) else settled_tunables(job, schedule)


def _with_robot_of(template: Template, state: State, other: State) -> State:
    """A state with the robot as in another: its last digits would tell how long things took to come to rest."""
    trees, qpos, qvel = template.model.dof_treeid, state.qpos.copy(), state.qvel.copy()
    joints = np.concatenate([template.arm_qpos, template.finger_qpos])
    qpos[:, joints] = other.qpos[:, joints]
    own = trees == trees[template.arm_dof[0]]
    qvel[:, own] = other.qvel[:, own]
    return replace(state, qpos=qpos, qvel=qvel)


@checked
class Simulators:
    """A :class:`Simulator` for each template that jobs need, made when the first of them needs it.

    Args:
        engine: name of the engine.
        capacity: rollouts at once, 0 for the engine's default.
        camera: size of the images that programs see.
        horizon: control ticks of an episode.
        limits: budgets of each program.

    Raises:
        UnknownNameError: no such engine.
        AspireError: no horizon.
    """

    def __init__(
        self,
        engine: str = "auto",
        *,
        capacity: int = 0,
        camera: ImageSize = IMAGE_SIZE,
        horizon: int = HORIZON,
        limits: ProgramLimits | None = None,
    ) -> None:
        if horizon < 1:
            raise AspireError(f"Simulators: horizon is {horizon}; give a number of control ticks from 1.")
        self._engine, self._capacity = resolve(engine), capacity
        self._camera, self._horizon, self._limits = camera, horizon, limits
        self._simulators: dict[str, Simulator] = {}

    def run(self, jobs: Sequence[Job], *, progress: Progress | None = None, remember: bool = False) -> TraceBatch:
        """All jobs, as traces in job order; those of one template run together, one template after the other.

        ``remember`` on ``native``: later jobs that begin as these are simulated from where they differ.
        """
        if not jobs:
            return TraceBuilder().build()
        groups: dict[str, list[int]] = {}
        for row, job in enumerate(jobs):
            groups.setdefault(job.world.template.name, []).append(row)
        batches, order = [], []
        for rows in groups.values():
            own, told = [jobs[row] for row in rows], _after(len(order), len(jobs), progress)
            batches.append(self._run(own, told, remember=remember and self._engine == "native"))
            order += rows
        if len(batches) == 1:
            return batches[0]
        batch = concatenate(batches).select(np.argsort(order))
        return replace(batch, meta={**batch.meta, "timing": _in_all([one.meta["timing"] for one in batches])})

    def of(self, template: Template) -> Simulator:
        """The simulator of a template."""
        if template.name not in self._simulators:
            engine = make(self._engine, template, capacity=self._capacity)
            self._simulators[template.name] = Simulator(
                engine, horizon=self._horizon, camera=self._camera, limits=self._limits
            )
        return self._simulators[template.name]

    def _run(self, jobs: Sequence[Job], progress: Progress | None, *, remember: bool) -> TraceBatch:
        begun = time.perf_counter()
        simulator = self.of(jobs[0].world.template)
        ready = time.perf_counter() - begun
        batch = simulator.run(jobs, progress=progress, remember=remember)
        return replace(batch, meta={**batch.meta, "timing": {"compile_s": ready, **batch.meta["timing"]}})


def _after(done: int, total: int, progress: Progress | None) -> Progress | None:
    """Progress of a part of the jobs as progress of all of them."""
    return None if progress is None else lambda finished, _total: progress(done + finished, total)


def _in_all(timings: Sequence[dict[str, float]]) -> dict[str, float]:
    """The wall-clock figures of batches that ran one after the other."""
    total = {name: sum(timing[name] for timing in timings) for name in timings[0]}
    lane_steps = sum(t["sim_steps"] / t["occupancy"] for t in timings if t["occupancy"])
    return {**total, "occupancy": total["sim_steps"] / lane_steps if lane_steps else 0.0}


@checked
def run_jobs(
    jobs: Sequence[Job],
    *,
    engine: str = "auto",
    purpose: Purpose | str = Purpose.EXPLORE,
    progress: Progress | None = None,
) -> TraceBatch:
    """Runs jobs once on an engine by name; keep :class:`Simulators` to run more on the same worlds.

    A program that the compiler refuses, or whose tunables do not fit it, costs its own rollouts alone: their outcome is
    ``REFUSED``, they pass nothing, and ``rollout_text("error")`` holds all findings.

    Args:
        jobs: what to run.
        engine: auto, mjx or native.
        purpose: what the rollouts are for. ``EDIT``, ``SELECT`` and ``ADMIT`` refuse held-out seeds.
        progress: called with rollouts finished and in all.

    Raises:
        SeedRoleError: seeds whose role forbids the purpose.
        UnknownNameError: no such engine or purpose.
    """
    try:
        purpose = Purpose(purpose)
    except ValueError:
        raise UnknownNameError("purpose", purpose, [known.value for known in Purpose]) from None
    check_role(purpose, {job.seed for job in jobs})
    return Simulators(engine).run(jobs, progress=progress)
