"""The motions under way: what each lane was asked, the servo targets it follows, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.physics.engine import Readings
from aspire_mjx.primitives.clear_way import Obstruction
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.motion import Motion
from aspire_mjx.rollout.calls import Wave

_LONGEST_CHUNK = 50  # ticks


@dataclass(frozen=True, eq=False)
class MovingCalls(Columns):
    """Calls of one primitive by ``N`` lanes that move.

    Attributes:
        wave: who asked for what.
        before: the lanes when the call began.
        goal: ``[N, 7]`` rad, joint angles at the end.
        obstruction: what was seen in the way.
    """

    wave: Wave
    before: Lanes
    goal: np.ndarray
    obstruction: Obstruction


class Motions:
    """Columns over the lanes of an engine. A lane that holds still after its program's end moves without a call.

    Attributes:
        left: ``[B]`` ticks until the lane's motion is over, 0 where none is under way.
        cut: ``[B]`` bool, the episode ends before the motion would.
        guard: ``[B, 2]`` what ends the lane's motion: contact force (N), joint torque (N m); infinite where none does.
        felt: what was felt so far.
    """

    def __init__(self, lanes: int) -> None:
        self.left = np.zeros(lanes, int)
        self.cut = np.zeros(lanes, bool)
        self.guard = np.full((lanes, 2), np.inf)
        self.felt = Readings.quiet(lanes)
        self._moving = np.zeros(lanes, bool)
        self._targets = np.zeros((lanes, 1, 9))
        self._count = np.ones(lanes, int)  # of the targets that a lane has
        self._done = np.zeros(lanes, int)  # ticks
        self._calls: dict[str, MovingCalls] = {}  # by primitive

    def begin(self, wave: Wave, before: Lanes, planned: Motion) -> None:
        """Starts the motions of a wave, none of which was refused; the episode's end cuts them short."""
        lanes, name = wave.lanes, wave.primitive.name
        self._load(lanes, planned.ctrl, np.minimum(planned.ticks, before.ticks_left))
        self.cut[lanes] = planned.ticks > before.ticks_left
        self.guard[lanes] = planned.guard
        calls = MovingCalls(wave, before, planned.goal, planned.obstruction)
        self._calls[name] = MovingCalls.concatenate([self._calls[name], calls]) if name in self._calls else calls

    def follow(self, lanes: np.ndarray, targets: np.ndarray, ticks: np.ndarray, *, guard: tuple[float, float]) -> None:
        """Lanes ``[N]`` follow servo targets ``[N, T, 9]``, the last of which holds on, for ``[N]`` ticks: no call."""
        self._load(lanes, targets, ticks)
        self.guard[lanes] = guard

    def _load(self, lanes: np.ndarray, ctrl: np.ndarray, ticks: np.ndarray) -> None:
        longest = ctrl.shape[1]
        if longest > self._targets.shape[1]:
            grown = np.zeros((len(self.left), longest, 9))
            grown[:, : self._targets.shape[1]] = self._targets
            self._targets = grown
        self._targets[lanes, :longest] = ctrl
        self._count[lanes] = longest
        self._moving[lanes] = True
        self.left[lanes] = ticks
        self._done[lanes] = 0
        self.felt = self.felt.put(lanes, Readings.quiet(len(lanes)))

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
        return self._targets[lanes, np.minimum(self._done[:, None] + np.arange(ticks), self._count[:, None] - 1)]

    def advance(self, readings: Readings) -> None:
        """Some ticks have passed; the motion of a lane that diverged, or met its guard, is over at once."""
        self.felt.keep_peak(readings)
        self._done += readings.ticks
        self.left -= readings.ticks
        self.left[readings.diverged | readings.stopped] = 0
        self.cut[readings.stopped] = False  # it ended where it should, whatever was left of the episode

    def finished(self) -> np.ndarray:
        """``[B]`` bool, lanes whose motion has ended and was not yet taken off."""
        return self._moving & (self.left == 0)

    def take_off(self, over: np.ndarray) -> list[MovingCalls]:
        """Takes the motions of ``[B]`` bool lanes off: the calls that they were, one entry for each primitive."""
        self._moving[over] = False
        taken = []
        for name, calls in self._calls.items():
            rows = np.flatnonzero(over[calls.wave.lanes])
            if len(rows):
                taken.append(calls.take(rows[np.argsort(calls.wave.lanes[rows])]))
                self._calls[name] = calls.take(~over[calls.wave.lanes])
        return taken
