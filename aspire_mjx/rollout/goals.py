"""The goals of some rollouts, and whether they hold in states of the simulator: what both verdicts are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from aspire_mjx.rollout.let_go import left_alone, nothing_fell, robot_boxes
from aspire_mjx.worlds.predicates import goal_margin
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.worlds import Worlds, WorldSpec


class Goals:
    """Those of ``R`` rollouts; those whose worlds hold the same things of the same task, a kind, are judged together.

    Args:
        specs: the worlds of the rollouts.

    Attributes:
        kind: ``[R]`` of each rollout.
        kinds: the first world of each kind.
    """

    def __init__(self, specs: Sequence[WorldSpec]) -> None:
        numbers: dict[tuple[int, int], int] = {}
        self.kind = np.array([numbers.setdefault((id(s.task), id(s.occupants)), len(numbers)) for s in specs])
        self.kinds = [specs[row] for row in np.unique(self.kind, return_index=True)[1]]

    def margins(self, rollouts: np.ndarray, worlds: Worlds, qpos: np.ndarray) -> np.ndarray:
        """Signed distance of the states ``[N, nq]`` of some rollouts to their goals' boundaries, ``[N]`` m."""
        margins = np.zeros(len(rollouts))
        for task, rows in self.by_kind(rollouts):
            margins[rows] = goal_margin(task, worlds.take(rows).things(qpos[rows]))
        return margins

    def hold_strictly(self, rollouts: np.ndarray, worlds: Worlds, qpos: np.ndarray) -> np.ndarray:
        """``[N]`` bool: in the states ``[N, nq]`` the goals hold, the robot has let go, and nothing has fallen over."""
        hold = self.margins(rollouts, worlds, qpos) > 0
        for task, rows in self.by_kind(rollouts):
            own = worlds.take(rows)
            things, robot = own.things(qpos[rows]), robot_boxes(own, qpos[rows])
            hold[rows] &= left_alone(task, things, robot) & nothing_fell(task, things)
        return hold

    def by_kind(self, rollouts: np.ndarray) -> Iterator[tuple[Task, np.ndarray]]:
        """Tasks, each with the rows of those rollouts that hold the same things of it."""
        kinds = self.kind[rollouts]
        for kind in np.unique(kinds).tolist():
            yield self.kinds[kind].task, np.flatnonzero(kinds == kind)
