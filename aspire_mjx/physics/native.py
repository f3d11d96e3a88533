"""The C MuJoCo engine: every lane in a rollout of its own, on all threads. The default where JAX has no accelerator."""

from __future__ import annotations

import itertools
import os
import platform
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import mujoco
import mujoco.rollout
import numpy as np

from aspire_mjx.errors import EngineError
from aspire_mjx.physics.contacts import ContactSensors, nearest_slot
from aspire_mjx.physics.engine import NEVER, Readings, State
from aspire_mjx.physics.kinematics import POSE_LEAVES, geom_poses
from aspire_mjx.physics.sleep import fresh_sleep, load, sleepers
from aspire_mjx.worlds.template import Template
from aspire_mjx.worlds.worlds import Worlds


class NativeEngine:
    """C MuJoCo through ``mujoco.rollout``: only the lanes that move are stepped, and in them what is not at rest."""

    name = "native"
    wave_cost = 1000.0  # 20 ms on two cores, most things asleep

    def __init__(self, template: Template, *, capacity: int = 256, threads: int | None = None) -> None:
        """Prepares a rollout a thread.

        Raises:
            EngineError: a release of MuJoCo that the engine was not tested with.
        """
        self.template = template
        self.capacity = capacity
        self._threads = threads or os.cpu_count() or 1
        self.device = f"{platform.machine()} CPU, {self._threads} threads"
        self._touch = ContactSensors.of(template)
        self._every_tick = slice(template.substeps - 1, None, template.substeps)  # readings are the last substep's
        self._data = [mujoco.MjData(template.model) for _ in range(self._threads)]
        self._awake = fresh_sleep(self._data[0])
        self._robot = int(template.model.dof_treeid[template.arm_dof[0]])
        self._rollouts = [mujoco.rollout.Rollout(nthread=0) for _ in range(self._threads)]
        self._pool = ThreadPoolExecutor(self._threads)
        mujoco.set_mju_user_warning(_quiet)

    def reset(self, worlds: Worlds) -> State:
        """See :class:`aspire_mjx.physics.engine.Engine`."""
        count = len(worlds)
        return State(worlds.qpos.copy(), np.zeros((count, self.template.model.nv)), np.tile(self._awake, (count, 1)))

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
        models = [worlds.model_of(lane) for lane in moving.tolist()]
        before, ctrl, asked = state.take(moving), ctrl[moving], ticks[moving]
        steps, sensed, asleep = self._run(models, before, ctrl, asked)
        ran = asked
        if guard is not None:
            ran, readings.stopped[moving] = self._until(guard[moving], asked, sensed)
        cut = np.flatnonzero(ran < asked)
        if len(cut):  # who slept at that moment is not among what a rollout returns
            asleep[cut] = self._run([models[i] for i in cut.tolist()], before.take(cut), ctrl[cut], ran[cut])[2]
        nq, nv = self.template.model.nq, self.template.model.nv
        end = steps[np.arange(len(moving)), ran * self.template.substeps - 1]
        after = State(end[:, 1 : 1 + nq], end[:, 1 + nq : 1 + nq + nv], asleep)
        readings.ticks[moving] = ran
        self._read(readings, worlds, moving, ran, steps, sensed, after)
        return state.put(moving, after), readings

    def _run(
        self, models: Sequence[mujoco.MjModel], state: State, ctrl: np.ndarray, ticks: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """States ``[N, S, 1 + nq + nv]`` and sensors ``[N, S, sensors]`` after each step, and who sleeps at the end.

        Rows end after their own number of steps; what is behind is never read.
        """
        count, model, substeps = len(models), self.template.model, self.template.substeps
        most = int(ticks.max()) * substeps
        steps = np.zeros((count, most, 1 + model.nq + model.nv))
        sensed = np.zeros((count, most, model.nsensordata))
        asleep = np.empty_like(state.asleep)
        start = np.concatenate([np.zeros((count, 1)), state.qpos, state.qvel], axis=1)[:, None]
        rows = iter(range(count))  # each thread takes the next one

        def work(data: mujoco.MjData, rollout: mujoco.rollout.Rollout) -> None:
            for row in rows:
                many = int(ticks[row]) * substeps
                targets = np.repeat(ctrl[row, : ticks[row]], substeps, axis=0)[None]
                into = {"state": steps[row : row + 1, :many], "sensordata": sensed[row : row + 1, :many]}
                try:
                    load(models[row], data, state.qpos[row], state.qvel[row], state.asleep[row], self._robot)
                    rollout.rollout([models[row]], [data], start[row], targets, **into)
                except mujoco.FatalError:  # what MuJoCo cannot go on with ends its lane, as diverged
                    steps[row] = np.nan
                asleep[row] = sleepers(data)

        workers = zip(self._data, self._rollouts, strict=True)
        for done in [self._pool.submit(work, *worker) for worker in itertools.islice(workers, count)]:
            done.result()
        return steps, sensed, asleep

    def _until(self, guard: np.ndarray, ticks: np.ndarray, sensed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ticks ``[N]`` until the guard is exceeded, and whether it is: the open-loop run goes on, and is cut there."""
        force, _, torque = self._touch.split(sensed[:, self._every_tick])
        contact, strain = (np.nan_to_num(felt).max(axis=2) for felt in (force, np.abs(torque)))
        over = (contact > guard[:, :1]) | ((contact > 0) & (strain > guard[:, 1:]))
        over &= np.arange(over.shape[1]) < ticks[:, None]
        return np.where(over.any(axis=1), over.argmax(axis=1) + 1, ticks), over.any(axis=1)

    def _read(self, readings, worlds, moving, ticks, steps, sensed, after: State) -> None:
        """Fills the readings of the lanes that moved, from the last substep of each tick."""
        rows, substeps = np.arange(len(moving)), self.template.substeps
        force, position, torque = self._touch.split(sensed[:, self._every_tick])  # [N, T, 4], [N, T, 4, 3], [N, T, 7]
        past = np.arange(force.shape[1])[None, :] >= ticks[:, None]
        force = np.where(past[:, :, None], 0.0, np.nan_to_num(force))
        met, first = force.max(axis=1) > 0, (force > 0).argmax(axis=1)  # [N, 4]
        began = position[rows[:, None], first, np.arange(force.shape[2])]
        readings.first_tick[moving] = np.where(met, first, NEVER)
        readings.first_position[moving] = np.where(met[..., None], began, 0.0)
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
            geoms = geom_poses(self.template, leaves, qpos)
            readings.contact_geom[lanes] = geom[felt]
            readings.contact_position[lanes] = where[felt]
            readings.contact_slot[lanes] = nearest_slot(self.template, leaves, geoms, where[felt])
        readings.peak_torque[moving] = np.nan_to_num(np.where(past[:, :, None], 0.0, np.abs(torque))).max(axis=(1, 2))
        readings.diverged[moving] = after.diverged()
        readings.velocity[moving] = after.qvel[:, self.template.arm_dof]


def _quiet(message: str) -> None:
    """MuJoCo's warning of a non-finite state: the lane's ``diverged`` reading says it, with the rollout's name."""
