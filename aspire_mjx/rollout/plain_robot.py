"""One lane of an engine as a robot for plain Python: for a debugger, and to check the compiled path against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from aspire_mjx.physics.engine import State
from aspire_mjx.plain.runner import EpisodeEnded
from aspire_mjx.primitives.registry import Primitive
from aspire_mjx.primitives.results import Result
from aspire_mjx.rollout.calls import ENDS, Wave
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.status import Status
from aspire_mjx.worlds.predicates import goal_margin
from aspire_mjx.worlds.worlds import Worlds, WorldSpec

_LANE = np.array([0])


class PlainRobot:
    """Serves one call after the other in one world. ``calls`` lists what was called and how it ended.

    Give it to :func:`aspire_mjx.plain.runner.run_plain` to run a program as ordinary Python.
    """

    def __init__(self, simulator: Simulator, world: WorldSpec) -> None:
        self.robots = simulator.robots([world], lanes=1)
        self.robots.start(_LANE, np.array([0]))
        self.calls: list[tuple[str, Status]] = []

    @property
    def worlds(self) -> Worlds:
        """Its world, a batch of one."""
        return self.robots.worlds

    @property
    def state(self) -> State:
        """Where everything in it is now."""
        return self.robots.state

    @property
    def tick(self) -> int:
        """Control ticks of the episode that are over."""
        return int(self.robots.tick[0])

    def call(self, primitive: Primitive, arguments: Mapping[str, Any]) -> Result:
        """Runs one primitive to its end.

        Args:
            primitive: what is called.
            arguments: bound arguments, numbers as arrays of the declared shapes.

        Raises:
            EpisodeEnded: the step budget ran out or the physics diverged during the call.
        """
        columns = {
            name: (value,) if isinstance(value, str) else np.asarray(value, np.float64)[None]
            for name, value in arguments.items()
        }
        wave = Wave(primitive, _LANE, columns, lines=_LANE, paths=_LANE)
        over = self.robots.call(wave)
        if over is None:
            self.robots.advance(int(self.robots.motions.left[0]))
            over = self.robots.take_finished()[0][0]
        status = Status(int(over.results.status[0]))
        self.calls.append((primitive.name, status))
        if status in ENDS:
            raise EpisodeEnded(ENDS[status], f"{primitive.name}: {status.reason}")
        return over.results.lane(0)

    def margin(self) -> float:
        """Signed distance to the goal's boundary now, m. For people and tests; programs cannot ask."""
        return float(goal_margin(self.worlds.specs[0].task, self.worlds.things(self.state.qpos))[0])
