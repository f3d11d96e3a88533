"""The motions under way: what each lane was asked, the servo targets it follows, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from aspire_mjx.physics.engine import Readings
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.motion import Motion
from aspire_mjx.primitives.registry import Primitive
from aspire_mjx.rollout.wave import Wave
from aspire_mjx.worlds.worlds import Worlds

_NO_CALL = -1
_LONGEST_CHUNK = 50  # ticks


class Motions:
    """Columns over the lanes of an engine. A lane that holds still after its program's end moves without a call.

    Attributes:
      left: ``[B]`` ticks until the lane's motion is over, 0 where none is under way.
      goal: ``[B, 7]`` rad, joint angles at the end.
      cut: ``[B]`` bool, the episode ends before the motion would.
      guard: ``[B]`` N, the contact force that ends the lane's motion; infinite where none does.
      felt: what was felt so far.
    """

    def __init__(self, lanes: int, nq: int) -> None:
        self.left, self.goal, self.cut = np.zeros(lanes, int), np.zeros((lanes, 7)), np.zeros(lanes, bool)
        self.guard = np.full(lanes, np.inf)
        self.felt = Readings.quiet(lanes)
        self._moving = np.zeros(lanes, bool)
        self._plan, self._planned = np.zeros((lanes, 1, 9)), np.ones(lanes, int)  # targets, and how many a lane has
        self._done = np.zeros(lanes, int)
        self._primitives: list[Primitive] = []
        self._primitive = np.full(lanes, _NO_CALL)
        self._arguments: dict[str, dict[str, np.ndarray]] = {}
        self._lines, self._paths = np.zeros(lanes, int), np.zeros(lanes, int)
        self._qpos, self._command = np.zeros((lanes, nq)), np.zeros((lanes, 9))  # when the call began
        self._ticks_left, self._call = np.zeros(lanes, int), np.zeros(lanes, int)

    def begin(self, wave: Wave, before: Lanes, planned: Motion) -> None:
        """Starts the motions of a wave, none of which was refused; the episode's end cuts them short."""
        lanes = wave.lanes
        self._load(lanes, planned.ctrl, np.minimum(planned.ticks, before.ticks_left))
        self.goal[lanes], self.cut[lanes] = planned.goal, planned.ticks > before.ticks_left
        self.guard[lanes] = planned.guard
        if wave.primitive not in self._primitives:
            self._primitives.append(wave.primitive)
            shapes = {name: column.shape[1:] for name, column in wave.arguments.items()}
            self._arguments[wave.primitive.name] = {n: np.zeros((len(self.left), *s)) for n, s in shapes.items()}
        self._primitive[lanes] = self._primitives.index(wave.primitive)
        for name, column in wave.arguments.items():
            self._arguments[wave.primitive.name][name][lanes] = column
        self._lines[lanes], self._paths[lanes] = wave.lines, wave.paths
        self._qpos[lanes], self._command[lanes] = before.qpos, before.command
        self._ticks_left[lanes], self._call[lanes] = before.ticks_left, before.call

    def hold(self, lanes: np.ndarray, command: np.ndarray, ticks: int) -> None:
        """Lanes ``[N]`` hold still at the servo targets ``[N, 9]``, without a call."""
        self._load(lanes, command[:, None], np.full(len(lanes), ticks))
        self._primitive[lanes] = _NO_CALL
        self.guard[lanes] = np.inf

    def _load(self, lanes: np.ndarray, ctrl: np.ndarray, ticks: np.ndarray) -> None:
        longest = ctrl.shape[1]
        if longest > self._plan.shape[1]:
            grown = np.zeros((len(self.left), longest, 9))
            grown[:, : self._plan.shape[1]] = self._plan
            self._plan = grown
        self._plan[lanes, :longest], self._planned[lanes] = ctrl, longest
        self._moving[lanes], self.left[lanes], self._done[lanes] = True, ticks, 0
        for name, quiet in vars(Readings.quiet(len(lanes))).items():
            getattr(self.felt, name)[lanes] = quiet

    def chunk(self, cost: float) -> int:
        """How many ticks the lanes should run next: the number that gives the most motion for its cost.

        Long chunks leave lanes idle whose motion ends inside; a chunk costs as much as ``cost`` ticks of one lane more.
        """
        left = self.left[self.left > 0]
        ticks = np.arange(1, min(int(left.max()), _LONGEST_CHUNK) + 1)
        ending = np.bincount(np.minimum(left, len(ticks)), minlength=len(ticks) + 1)
        moving = ending[::-1].cumsum()[::-1][1:]  # lanes that still move in each of the ticks
        worth = moving.cumsum() / (len(self.left) * ticks + cost)
        return int(ticks[::-1][np.argmax(worth[::-1])])  # the longest of the best

    def control(self, ticks: int) -> np.ndarray:
        """Servo targets ``[B, ticks, 9]`` of the coming ticks."""
        lanes = np.arange(len(self.left))[:, None]
        return self._plan[lanes, np.minimum(self._done[:, None] + np.arange(ticks), self._planned[:, None] - 1)]

    def advance(self, readings: Readings) -> None:
        """Some ticks have passed; the motion of a lane that diverged, or met its guard, is over at once."""
        self.felt.keep_peak(readings)
        self._done += readings.ticks
        self.left -= readings.ticks
        met = readings.stopped(self.guard)
        self.left[readings.diverged | met] = 0
        self.cut[met] = False  # it ended where it should, whatever was left of the episode

    def finished(self) -> np.ndarray:
        """``[B]`` bool, lanes whose motion has ended and was not yet taken off."""
        return self._moving & (self.left == 0)

    def calls(self, lanes: np.ndarray) -> Iterator[Wave]:
        """The calls ``[B]`` bool lanes have been making, one wave for each primitive."""
        for number, primitive in enumerate(self._primitives):
            rows = np.flatnonzero(lanes & (self._primitive == number))
            if len(rows):
                arguments = {name: column[rows] for name, column in self._arguments[primitive.name].items()}
                yield Wave(primitive, rows, arguments, self._lines[rows], self._paths[rows])

    def before(self, lanes: np.ndarray, worlds: Worlds) -> Lanes:
        """The lanes ``[N]`` as they were when their calls began, in their ``worlds``."""
        return Lanes(worlds, self._qpos[lanes], self._command[lanes], self._ticks_left[lanes], self._call[lanes])

    def clear(self, lanes: np.ndarray) -> None:
        """Takes the motions of ``[B]`` bool lanes off."""
        self._moving[lanes] = False
