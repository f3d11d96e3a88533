"""The C MuJoCo engine: every lane in MuJoCo's own threaded rollout. The default where JAX has no accelerator."""

from __future__ import annotations

import os
import platform

import mujoco
import mujoco.rollout
import numpy as np

from aspire_mjx.errors import EngineError
from aspire_mjx.physics.engine import Readings, State
from aspire_mjx.physics.kinematics import POSE_LEAVES
from aspire_mjx.physics.touch import Touch, nearest_slot
from aspire_mjx.worlds.template import Template
from aspire_mjx.worlds.worlds import Worlds


class NativeEngine:
    """C MuJoCo through ``mujoco.rollout``: only the lanes that move are stepped."""

    name = "native"
    wave_cost = 300.0  # 20 ms on two cores

    def __init__(self, template: Template, *, capacity: int = 256, threads: int | None = None) -> None:
        self.template, self.capacity = template, capacity
        threads = threads or os.cpu_count() or 1
        self.device = f"{platform.machine()} CPU, {threads} threads"
        self._touch = Touch.of(template)
        self._every_tick = slice(template.substeps - 1, None, template.substeps)  # readings are the last substep's
        self._data = [mujoco.MjData(template.model) for _ in range(threads)]
        self._rollout = mujoco.rollout.Rollout(nthread=threads)
        mujoco.set_mju_user_warning(_quiet)

    def reset(self, worlds: Worlds) -> State:
        """See :class:`aspire_mjx.physics.engine.Engine`."""
        return State(worlds.qpos.copy(), np.zeros((len(worlds), self.template.model.nv)))

    def advance(
        self, worlds: Worlds, state: State, ctrl: np.ndarray, ticks: np.ndarray, guard: np.ndarray | None = None
    ) -> tuple[State, Readings]:
        """See :class:`aspire_mjx.physics.engine.Engine`."""
        if len(worlds) != len(state.qpos) or len(ctrl) != len(ticks) or len(ctrl) != len(worlds):
            raise EngineError(
                f"advance needs as many worlds ({len(worlds)}), states ({len(state.qpos)}), controls ({len(ctrl)}) "
                f"and tick counts ({len(ticks)})"
            )
        moving = np.flatnonzero(ticks)
        readings = Readings.quiet(len(worlds))
        if not len(moving):
            return state, readings
        longest = int(ticks[moving].max())
        nq, nv, substeps = self.template.model.nq, self.template.model.nv, self.template.substeps
        start = np.concatenate([np.zeros((len(moving), 1)), state.qpos[moving], state.qvel[moving]], axis=1)
        steps, sensed = self._rollout.rollout(
            [worlds.model_of(lane) for lane in moving.tolist()],
            self._data,
            start,
            np.repeat(ctrl[moving, :longest], substeps, axis=1),
            skip_checks=False,
        )
        ran = ticks[moving] if guard is None else self._until(guard[moving], ticks[moving], sensed)
        end = steps[np.arange(len(moving)), ran * substeps - 1]
        after = State(end[:, 1 : 1 + nq], end[:, 1 + nq : 1 + nq + nv])
        readings.ticks[moving] = ran
        self._read(readings, worlds, moving, ran, steps, sensed, after)
        return state.put(moving, after), readings

    def _until(self, guard: np.ndarray, ticks: np.ndarray, sensed: np.ndarray) -> np.ndarray:
        """Ticks ``[N]`` until a force exceeds the guard: the open-loop run goes on beyond, and is cut there."""
        force, _, _ = self._touch.split(sensed[:, self._every_tick])
        over = np.nan_to_num(force).max(axis=2) > guard[:, None]
        return np.where(over.any(axis=1), np.minimum(over.argmax(axis=1) + 1, ticks), ticks)

    def _read(self, readings, worlds, moving, ticks, steps, sensed, after: State) -> None:
        """Fills the readings of the lanes that moved, from the last substep of each tick."""
        rows, substeps = np.arange(len(moving)), self.template.substeps
        force, position, torque = self._touch.split(sensed[:, self._every_tick])  # [N, T, 4], [N, T, 4, 3], [N, T, 7]
        past = np.arange(force.shape[1])[None, :] >= ticks[:, None]
        force = np.where(past[:, :, None], 0.0, np.nan_to_num(force))
        flat = force.reshape(len(moving), -1).argmax(axis=1)
        tick, geom = np.unravel_index(flat, force.shape[1:])
        peak = force[rows, tick, geom]
        where = position[rows, tick, geom]
        readings.peak_force[moving] = peak
        felt = np.flatnonzero(peak > 0)
        if len(felt):
            nq, lanes = self.template.model.nq, moving[felt]
            substep = np.maximum((tick[felt] + 1) * substeps - 2, 0)  # forces are those of the state before the step
            qpos = steps[felt, substep, 1 : 1 + nq]
            leaves = worlds.take(lanes).leaves(("geom_size", *POSE_LEAVES))
            readings.touch_geom[lanes] = geom[felt]
            readings.touch_position[lanes] = where[felt]
            readings.touch_slot[lanes] = nearest_slot(self.template, leaves, qpos, where[felt])
        readings.peak_torque[moving] = np.nan_to_num(np.where(past[:, :, None], 0.0, np.abs(torque))).max(axis=(1, 2))
        readings.diverged[moving] = after.diverged()


def _quiet(message: str) -> None:
    """MuJoCo's warning of a non-finite state: the lane's ``diverged`` reading says it, with the rollout's name."""
