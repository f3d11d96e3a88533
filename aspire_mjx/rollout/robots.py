"""Robots at work: what holds in every episode, for compiled programs and for plain Python.

A motion is cut short where the episode's control ticks run out, and ends early where what is felt exceeds its guard.
Who is blocked does not push on, who has no tick left moves no more, and servos obey a command some ticks later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.physics.engine import Engine, State
from aspire_mjx.primitives import instant, motion
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.memory import fresh_memories
from aspire_mjx.primitives.motion import Motion
from aspire_mjx.primitives.perception import CameraRig
from aspire_mjx.primitives.registry import Family
from aspire_mjx.primitives.surroundings import up_to_date
from aspire_mjx.rollout.calls import FinishedCalls, Wave
from aspire_mjx.rollout.clock import Clock, TimedPart
from aspire_mjx.rollout.delay_line import DelayLine, latency_ticks
from aspire_mjx.rollout.motions import Motions, MovingCalls
from aspire_mjx.rollout.observer import RolloutObserver
from aspire_mjx.status import Status
from aspire_mjx.worlds.episode import SETTLE_TICKS
from aspire_mjx.worlds.worlds import Worlds

_TIMED_AS: dict[Family, TimedPart] = {Family.SENSE: "sense_s", Family.PLAN: "plan_s", Family.QUERY: "query_s"}


@dataclass(frozen=True, eq=False)
class Standing(Columns):
    """All that the further rollouts of ``N`` robots that are on no motion depend on, beside their worlds.

    Attributes:
        state: where everything is.
        tick: ``[N]`` control ticks of the episode that are over.
        command: ``[N, 9]`` servo targets in force: arm (rad), fingers (m).
        past: ``[N, T, 9]`` commands on their way to the servos.
        memory: ``[N]`` what they remember.
    """

    state: State
    tick: np.ndarray
    command: np.ndarray
    past: np.ndarray
    memory: np.ndarray


class Robots:
    """One robot in each lane of an engine, each in an episode of its own.

    Args:
        engine: what moves them.
        cameras: what they see with.
        worlds: of all rollouts, ``R`` of them.
        start: their states when the programs start.
        horizon: control ticks of an episode.
        lanes: how many robots there are, ``B``.

    Attributes:
        rollout: ``[B]`` which rollout a lane runs.
        worlds: theirs, ``B`` of them.
        state: where everything in them is.
        tick: ``[B]`` control ticks of the episode that are over.
        memory: ``[B]`` what they remember.
        motions: those under way.
        clock: where the time goes.
    """

    def __init__(
        self, engine: Engine, cameras: CameraRig, worlds: Worlds, start: State, *, horizon: int, lanes: int
    ) -> None:
        self.engine = engine
        self.cameras = cameras
        self.horizon = horizon
        self._all_worlds = worlds
        self._start = start
        self._delays = np.array([latency_ticks(spec.perturbation) for spec in worlds.specs])
        self.rollout = np.zeros(lanes, int)
        self.worlds = worlds.take(self.rollout)
        self.state = start.take(self.rollout)
        self.tick = np.zeros(lanes, int)
        self.motions = Motions(lanes)
        self.clock = Clock()
        self._command = self.worlds.rest
        self.memory = fresh_memories(lanes)
        self._line = DelayLine(lanes, int(self._delays.max(initial=0)))
        self._holds = np.zeros(lanes, bool)  # still, as its program has ended

    def enter(self, worlds: Worlds, start: State) -> None:
        """Other worlds and states for the next :meth:`start`; lanes that go on must have theirs where it was."""
        self._all_worlds, self._start = worlds, start

    def start(self, lanes: np.ndarray, rollouts: np.ndarray) -> None:
        """Lanes ``[N]`` begin the episodes of ``rollouts [N]``."""
        self.rollout[lanes] = rollouts
        self.worlds = self._all_worlds.take(self.rollout)
        self.state = self.state.put(lanes, self._start.take(rollouts))
        self.tick[lanes] = 0
        self._command[lanes] = rest = self._all_worlds.take(rollouts).rest
        self.memory[lanes] = fresh_memories(len(lanes))
        self._line.reset(lanes, rest, self._delays[rollouts])
        self._holds[lanes] = False

    def lanes(self, lanes: np.ndarray) -> Lanes:
        """Lanes ``[N]`` now."""
        return Lanes(
            self.worlds.take(lanes),
            self.state.qpos[lanes],
            self._command[lanes],
            self.horizon - self.tick[lanes],
            self.tick[lanes],
            self.memory[lanes],
        )

    def standing(self, lanes: np.ndarray) -> Standing:
        """Robots ``[N]`` that are on no motion, to be put there again by :meth:`stand`."""
        past = self._line.past(lanes)
        return Standing(self.state.take(lanes), self.tick[lanes], self._command[lanes], past, self.memory[lanes])

    def stand(self, lanes: np.ndarray, standing: Standing) -> None:
        """Lanes ``[N]``, in worlds equal to those of ``standing``, go on from there."""
        self.state = self.state.put(lanes, standing.state)
        self.tick[lanes], self._command[lanes] = standing.tick, standing.command
        self.memory[lanes] = standing.memory
        self._line.put(lanes, standing.past)

    def call(self, wave: Wave, observer: RolloutObserver | None = None) -> FinishedCalls | None:
        """Answers calls, or begins the motions that they ask for; None where all of them are under way."""
        if wave.primitive.family in instant.INSTANT:
            return self._serve(wave)
        planned = self._plan(wave)
        if observer:
            observer.planned(self.rollout[wave.lanes], planned)
        return self._begin(wave, planned)

    def _serve(self, wave: Wave) -> FinishedCalls:
        """Answers calls that take no simulated time."""
        before = self.lanes(wave.lanes)
        with self.clock.on(_TIMED_AS[wave.primitive.family]):
            answer = instant.serve(wave.primitive, before, wave.arguments, self.cameras)
        after = replace(before, memory=answer.memory)
        return self._over(FinishedCalls(wave, answer.results, before, after))

    def _plan(self, wave: Wave) -> Motion:
        """The motions that calls ask for; those of robots without a tick left are refused."""
        before = self.lanes(wave.lanes)
        with self.clock.on("plan_s"):
            if wave.primitive.name in motion.AROUND_OBSTACLES:
                before = up_to_date(before, self.cameras.surroundings)
                self.memory[wave.lanes] = before.memory
            planned = motion.plan(wave.primitive, before, wave.arguments)
        spent = before.ticks_left <= 0
        status = np.where(spent, Status.OUT_OF_STEPS, planned.status)
        return replace(planned, ticks=np.where(spent, 0, planned.ticks), status=status)

    def _begin(self, wave: Wave, planned: Motion) -> FinishedCalls | None:
        """Starts planned motions; the calls whose motion was refused are over at once, None where all begin."""
        before = self.lanes(wave.lanes)
        still, moving = np.flatnonzero(planned.ticks == 0), np.flatnonzero(planned.ticks > 0)
        if len(moving):
            self.motions.begin(wave.take(moving), before.take(moving), planned.take(moving))
        if not len(still):
            return None
        where = before.take(still)
        results = motion.refused(wave.primitive, planned.take(still), where)
        return self._over(FinishedCalls(wave.take(still), results, where, where))

    def follow(self, lanes: np.ndarray, targets: np.ndarray, ticks: np.ndarray) -> None:
        """Lanes ``[N]`` follow targets ``[N, T, 9]`` for ``[N]`` ticks without a call, until they are blocked."""
        self.motions.follow(lanes, targets, ticks, guard=(np.inf, motion.STOP_TORQUE))

    def hold(self, lanes: np.ndarray, broken: np.ndarray) -> None:
        """Programs of lanes ``[N]`` have ended: they hold still; ``broken [N]`` bool ones are put back to the start.

        The physics of a broken one is not finite; a finite state keeps the engine quiet.
        """
        back = lanes[broken]
        if len(back):
            self.state = self.state.put(back, self._start.take(self.rollout[back]))
        self._holds[lanes] = True
        still = self._command[lanes, None]
        self.motions.follow(lanes, still, np.full(len(lanes), SETTLE_TICKS), guard=(np.inf, np.inf))

    def advance(self, ticks: int) -> np.ndarray:
        """Moves the robots that are on a motion for up to ``ticks`` control ticks; ``[B]`` how many each ran."""
        motions, ctrl = self.motions, self.motions.control(ticks)
        asked = np.minimum(motions.left, ticks)
        with self.clock.on("engine_s"):
            obeyed = self._line.through(ctrl)
            self.state, readings = self.engine.advance(self.worlds, self.state, obeyed, asked, motions.guard)
        ran = readings.ticks
        self._line.passed(ctrl, ran)
        moved, met = np.flatnonzero(ran), np.flatnonzero(readings.stopped)
        self._command[moved] = ctrl[moved, ran[moved] - 1]
        self._command[met, :7] = self.state.qpos[met[:, None], self.engine.template.arm_qpos]  # no pushing on
        self.tick += np.where(self._holds, 0, ran)
        motions.advance(readings)
        return ran

    def take_finished(self) -> tuple[list[FinishedCalls], np.ndarray]:
        """The calls whose motion is over, and the lanes that have held still for long enough."""
        over = self.motions.finished()
        calls = [self._finish(calls) for calls in self.motions.take_off(over)]
        return calls, np.flatnonzero(over & self._holds)

    def _finish(self, calls: MovingCalls) -> FinishedCalls:
        wave, lanes = calls.wave, calls.wave.lanes
        after, readings = self.lanes(lanes), self.motions.felt.take(lanes)
        with self.clock.on("plan_s"):
            answer = motion.finish(wave.primitive, calls.goal, calls.obstruction, calls.before, after, readings)
        blocked = lanes[(answer.results.status == Status.BLOCKED) & (wave.primitive.family is Family.MOVE)]
        self._command[blocked, :7] = self.state.qpos[blocked[:, None], self.engine.template.arm_qpos]  # no pushing on
        results, cut = answer.results, self.motions.cut[lanes] & (answer.results.status != Status.DIVERGED)
        status = np.where(cut, Status.OUT_OF_STEPS, results.status).astype(np.int16)
        after = replace(after, memory=answer.memory)
        return self._over(FinishedCalls(wave, replace(results, status=status), calls.before, after, readings))

    def _over(self, calls: FinishedCalls) -> FinishedCalls:
        """Notes what is true after calls, in their lanes."""
        self.memory[calls.wave.lanes] = calls.after.memory
        return calls
