"""One lane of an engine as a robot for plain Python: for a debugger, and to check the compiled path against."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from aspire_mjx.machine.output import Outcome
from aspire_mjx.plain.runner import EpisodeEnded
from aspire_mjx.primitives import instant, motion
from aspire_mjx.primitives.image_memory import image_memories
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.registry import Primitive
from aspire_mjx.primitives.results import Result, Results
from aspire_mjx.primitives.surroundings import Surroundings
from aspire_mjx.rollout.delay_line import DelayLine, latency_ticks
from aspire_mjx.rollout.loop import REST
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.status import Status
from aspire_mjx.worlds.predicates import goal_margin
from aspire_mjx.worlds.worlds import WorldSpec


class PlainRobot:
    """Serves one call after the other in one world. ``calls`` lists what was called and how it ended.

    Give it to :func:`aspire_mjx.plain.runner.run_plain` with the world's seed, to run a program as
    ordinary Python.
    """

    def __init__(self, simulator: Simulator, world: WorldSpec) -> None:
        self._simulator = simulator
        self.worlds, self.state = simulator.settled([world])
        self.command, self.tick = REST[None].copy(), 0
        delay = latency_ticks(world.perturbation)
        self._line = DelayLine(1, delay)
        self._line.reset(np.array([0]), REST, np.array([delay]))
        self._surroundings = Surroundings(1, simulator.cameras.depth)
        self.calls: list[tuple[str, Status]] = []
        self._albums = image_memories(1)

    def call(self, primitive: Primitive, arguments: Mapping[str, Any]) -> Result:
        """Runs one primitive to its end.

        Args:
          arguments: bound arguments, numbers as arrays of the declared shapes.

        Raises:
          EpisodeEnded: the step budget ran out or the physics diverged during the call.
        """
        columns = {
            name: (value,) if isinstance(value, str) else np.asarray(value, np.float64)[None]
            for name, value in arguments.items()
        }
        before = self._lanes()
        if primitive.family in instant.INSTANT:
            results = instant.serve(primitive, before, columns, self._simulator.cameras)
        else:
            results = self._move(primitive, before, columns)
        status = Status(int(results.status[0]))
        self.calls.append((primitive.name, status))
        if status in (Status.OUT_OF_STEPS, Status.DIVERGED):
            outcome = Outcome.DIVERGED if status is Status.DIVERGED else Outcome.OUT_OF_STEPS
            raise EpisodeEnded(outcome, f"{primitive.name}: {status.reason}")
        return results.lane(0)

    def margin(self) -> float:
        """Signed distance to the goal's boundary now, m. For people and tests; programs cannot ask."""
        return float(goal_margin(self.worlds.specs[0].task, self.worlds.things(self.state.qpos))[0])

    def _lanes(self) -> Lanes:
        left = np.array([self._simulator.horizon - self.tick])
        calls = np.array([len(self.calls)])
        return Lanes(self.worlds, self.state.qpos, self.command, left, calls, self._albums, self._surroundings)

    def _move(self, primitive: Primitive, before: Lanes, arguments: Mapping[str, Any]) -> Results:
        planned = motion.plan(primitive, before, arguments)
        if before.ticks_left[0] <= 0:
            planned = dataclasses.replace(planned, ticks=np.zeros(1, int), status=np.array([Status.OUT_OF_STEPS]))
        if planned.ticks[0] == 0:
            return motion.refused(primitive, planned, before)
        ticks = min(int(planned.ticks[0]), int(before.ticks_left[0]))
        ctrl = planned.control(0, ticks)
        obeyed, engine = self._line.through(ctrl), self._simulator.engine
        self.state, felt = engine.advance(self.worlds, self.state, obeyed, np.array([ticks]), planned.guard)
        ran, met = int(felt.ticks[0]), bool(felt.stopped(planned.guard)[0])
        self._line.passed(ctrl, felt.ticks)
        self.command, self.tick = ctrl[:, ran - 1].copy(), self.tick + ran
        if met:  # no pushing on
            self.command[0, :7] = self.state.qpos[0, engine.template.arm_qpos]
        results = motion.finish(primitive, planned.goal, planned.guard, before, self._lanes(), felt)
        if ticks < planned.ticks[0] and not met:
            status = np.array([Status.OUT_OF_STEPS], np.int16)
            return Results(primitive, status, results.fields, results.messages)
        return results
