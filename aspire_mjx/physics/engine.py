"""What every physics engine does: reset worlds, advance lanes under control, say what was felt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.worlds.template import CONTACT_GEOMS, Template
from aspire_mjx.worlds.worlds import Worlds

_SPEED_LIMIT = 1e4  # m/s or rad/s
NEVER = 1 << 30  #: control ticks, later than any


@dataclass(frozen=True, eq=False)
class State(Columns):
    """All that the future depends on (warm starts are off): a snapshot is a copy of these arrays.

    Attributes:
        qpos: ``[B, nq]`` m, rad, quaternions wxyz.
        qvel: ``[B, nv]`` m/s, rad/s.
        asleep: ``[B, trees]`` int32, who sleeps (physics/sleep.py); ``[B, 0]`` in engines where nothing does.
    """

    qpos: np.ndarray
    qvel: np.ndarray
    asleep: np.ndarray

    def diverged(self) -> np.ndarray:
        """``[B]`` bool, lanes whose numbers are not finite or faster than anything real."""
        finite = np.isfinite(self.qpos).all(axis=1) & (np.abs(self.qvel) < _SPEED_LIMIT).all(axis=1)
        return np.logical_not(finite)


@dataclass(frozen=True, eq=False)
class Readings(Columns):
    """What was felt during one ``advance``, sampled once a control tick.

    Attributes:
        peak_force: ``[B]`` N, largest contact force on a sensed robot geom (template.CONTACT_GEOMS).
        contact_geom: ``[B]`` index in CONTACT_GEOMS of the geom that felt it, -1 for none.
        contact_position: ``[B, 3]`` m, world frame, where.
        contact_slot: ``[B]`` slot nearest to that point at that moment, -1 for the floor or table, -2 for no contact.
        peak_torque: ``[B]`` N m, largest arm joint torque.
        diverged: ``[B]`` bool, the state became non-finite or absurdly fast.
        ticks: ``[B]`` control ticks that were run: fewer than asked where the guard stopped the lane.
        stopped: ``[B]`` bool, it did, in the last of them.
        velocity: ``[B, 7]`` rad/s, of the arm's joints at the end.
        first_tick: ``[B, 4]`` control ticks that had been run when each of CONTACT_GEOMS first felt a contact, from 0;
          :data:`NEVER` where it felt none.
        first_position: ``[B, 4, 3]`` m, world frame, where.
    """

    peak_force: np.ndarray
    contact_geom: np.ndarray
    contact_position: np.ndarray
    contact_slot: np.ndarray
    peak_torque: np.ndarray
    diverged: np.ndarray
    ticks: np.ndarray
    stopped: np.ndarray
    velocity: np.ndarray
    first_tick: np.ndarray
    first_position: np.ndarray

    @classmethod
    def quiet(cls, lanes: int) -> Readings:
        """Readings of lanes that did not move."""
        return cls(
            np.zeros(lanes),
            np.full(lanes, -1, np.int32),
            np.zeros((lanes, 3)),
            np.full(lanes, -2, np.int32),
            np.zeros(lanes),
            np.zeros(lanes, bool),
            np.zeros(lanes, int),
            np.zeros(lanes, bool),
            np.zeros((lanes, 7)),
            np.full((lanes, len(CONTACT_GEOMS)), NEVER, np.int32),
            np.zeros((lanes, len(CONTACT_GEOMS), 3)),
        )

    def keep_peak(self, later: Readings) -> None:
        """Folds the readings of a later stretch into these, in place."""
        higher = later.peak_force > self.peak_force
        began = (self.first_tick == NEVER) & (later.first_tick != NEVER)
        np.copyto(self.first_tick, later.first_tick + self.ticks[:, None], where=began, casting="same_kind")
        np.copyto(self.first_position, later.first_position, where=began[..., None])
        np.copyto(self.velocity, later.velocity, where=later.ticks[:, None] > 0)
        for name in ("peak_force", "contact_geom", "contact_position", "contact_slot"):
            getattr(self, name)[higher] = getattr(later, name)[higher]
        np.maximum(self.peak_torque, later.peak_torque, out=self.peak_torque)
        np.logical_or(self.diverged, later.diverged, out=self.diverged)
        np.logical_or(self.stopped, later.stopped, out=self.stopped)
        np.add(self.ticks, later.ticks, out=self.ticks)


class Engine(Protocol):
    """A physics engine over a fixed number of lanes. Same inputs, same engine and device: same bits.

    ``wave_cost`` is what an ``advance`` and the work around it cost beside the physics, in control ticks of one lane:
    the wave loop weighs the length of its chunks by it. It changes no result.
    """

    name: str
    device: str
    template: Template
    capacity: int
    wave_cost: float

    def reset(self, worlds: Worlds) -> State:
        """Initial states of ``worlds`` (any number), before settling."""
        ...

    def advance(
        self, worlds: Worlds, state: State, ctrl: np.ndarray, ticks: np.ndarray, guard: np.ndarray | None = None
    ) -> tuple[State, Readings]:
        """Runs each lane for its own number of control ticks; lanes with 0 ticks do not move, bit for bit.

        Args:
            worlds: ``B`` worlds.
            state: their states.
            ctrl: ``[B, T, U]`` servo targets, one a tick: 7 arm joints (rad), 2 fingers (m).
            ticks: ``[B]`` ticks to run, at most ``T``.
            guard: ``[B, 2]`` N, N m; a lane stops after the tick in which a sensed contact force exceeds the first, or
              anything is touched while the torque of an arm joint exceeds the second.
        """
        ...
