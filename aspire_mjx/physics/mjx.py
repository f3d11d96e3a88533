"""The MuJoCo-MJX engine: all lanes in one JAX program, compiled once per template and lane capacity."""

from __future__ import annotations

import contextlib
import functools
import io
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

with contextlib.redirect_stdout(io.StringIO()):  # it prints that the optional warp package is missing
    from mujoco import mjx

from aspire_mjx.errors import EngineError
from aspire_mjx.geometry import Array
from aspire_mjx.physics.contacts import ContactSensors, nearest_slot
from aspire_mjx.physics.engine import NEVER, Readings, State
from aspire_mjx.physics.mjx_boxes import contacts_of_boxes
from aspire_mjx.worlds.releases import require_tested
from aspire_mjx.worlds.template import CONTACT_GEOMS, LEAVES, Template
from aspire_mjx.worlds.worlds import Worlds

_SLIPPERY = 0.07  # largest sliding friction in a world; things light as butter stuck or diverged below 0.03
CHUNK_TICKS = 10  #: control ticks in one call of the compiled program, at most


class MjxEngine:
    """MJX over a fixed number of lanes.

    Lanes that do not move ride along masked out, so the compiled shape never changes: ``compilations`` counts how
    often XLA compiled the step program and stays at 1 whatever the programs, tasks, seeds and tunables.
    """

    name = "mjx"

    def __init__(self, template: Template, *, capacity: int = 64) -> None:
        """Loads a template's model.

        Raises:
            EngineError: a release of MuJoCo, MJX or JAX that the engine was not tested with.
        """
        for package in ("mujoco", "mujoco-mjx", "jax"):
            require_tested(package, user="engine mjx")
        self.template = template
        self.capacity = capacity
        self.wave_cost = 0.5 * capacity  # a tick takes all lanes, moving or not
        self.device = f"{jax.devices()[0].device_kind} x {jax.device_count()}"
        self.compilations = 0
        self._model = mjx.put_model(template.model)
        self._leaf_names = tuple(n for n in LEAVES if n != "geom_rgba")  # colours are not physics
        self._touch = ContactSensors.of(template)
        self._advance = jax.jit(self._advance_lanes)
        self._loaded: tuple[Worlds, dict[str, jax.Array]] | None = None

    def reset(self, worlds: Worlds) -> State:
        """See :class:`aspire_mjx.physics.engine.Engine`."""
        count, nv = len(worlds), self.template.model.nv
        nobody = np.zeros((count, 0), np.int32)  # things at rest do not sleep here
        return State(worlds.qpos.astype(np.float32), np.zeros((count, nv), np.float32), nobody)

    def advance(
        self, worlds: Worlds, state: State, ctrl: np.ndarray, ticks: np.ndarray, guard: np.ndarray | None = None
    ) -> tuple[State, Readings]:
        """See :class:`aspire_mjx.physics.engine.Engine`."""
        count = len(worlds)
        if count > self.capacity:
            raise EngineError(f"{count} worlds do not fit the engine's {self.capacity} lanes; make it larger")
        if not (count == len(state.qpos) == len(ctrl) == len(ticks)):
            raise EngineError("advance needs as many states, controls and tick counts as worlds")
        leaves = self._leaves(worlds)
        readings = Readings.quiet(count)
        limit = np.full((count, 2), np.inf, np.float32) if guard is None else guard.astype(np.float32)
        for start in range(0, int(ticks.max(initial=0)), CHUNK_TICKS):
            part = np.where(readings.stopped, 0, np.clip(ticks - start, 0, CHUNK_TICKS))  # stopped lanes stay
            window = np.zeros((count, CHUNK_TICKS, ctrl.shape[2]), np.float32)
            piece = ctrl[:, start : start + CHUNK_TICKS]
            window[:, : piece.shape[1]] = piece
            arrays = (state.qpos, state.qvel, window, part.astype(np.int32), limit)
            out = jax.device_get(self._advance(leaves, *(self._pad(a) for a in arrays)))
            qpos, qvel, ran, stopped, peak = jax.tree.map(lambda column: column[:count], out)
            state = State(qpos, qvel, state.asleep)
            arm = qvel[:, self.template.arm_dof]
            still = np.zeros(count, bool)
            felt = Readings(**peak._asdict(), diverged=still, ticks=ran, stopped=stopped, velocity=arm)
            readings.keep_peak(felt)
        readings.diverged[:] = state.diverged() & (ticks > 0)
        return state, readings

    def _pad(self, array: np.ndarray) -> np.ndarray:
        """Fills the batch up to the capacity with copies of the first lane."""
        missing = self.capacity - len(array)
        if not missing:
            return array
        filler = np.zeros_like(array[:1]) if array.ndim == 1 else array[:1]
        return np.concatenate([array, np.repeat(filler, missing, axis=0)])

    def _leaves(self, worlds: Worlds) -> dict[str, jax.Array]:
        if self._loaded is None or self._loaded[0] is not worlds:
            stacked = worlds.leaves(self._leaf_names)
            self._loaded = worlds, {n: jnp.asarray(self._pad(a), jnp.float32) for n, a in stacked.items()}
        return self._loaded[1]

    def _advance_lanes(self, leaves, qpos, qvel, ctrl, ticks, guard):
        self.compilations += 1  # runs when JAX traces, that is once for each compilation
        with contacts_of_boxes():
            advance = jax.vmap(functools.partial(self._advance_lane, jnp.max(ticks)))
            return advance(leaves, qpos, qvel, ctrl, ticks, guard)

    def _advance_lane(self, longest, leaves, qpos, qvel, ctrl, ticks, guard):
        model = self._model.tree_replace({**leaves, "opt.impratio": self._friction_stiffness(leaves)})
        substeps = self.template.substeps
        blank = mjx.make_data(self.template.model)  # a state is qpos and qvel alone: nothing else is carried

        def substep(_, carry):
            qpos, qvel, control, _ = carry
            data = mjx.step(model, blank.replace(qpos=qpos, qvel=qvel, ctrl=control))
            return data.qpos, data.qvel, control, (data.sensordata, data.geom_xpos, data.geom_xmat)

        def tick(index, carry):
            qpos, qvel, ran, stopped, peak = carry
            sensed = (blank.sensordata, blank.geom_xpos, blank.geom_xmat)
            new_qpos, new_qvel, _, sensed = jax.lax.fori_loop(0, substeps, substep, (qpos, qvel, ctrl[index], sensed))
            force, _, torque = self._touch.split(sensed[0])
            contact, strain = jnp.max(force), jnp.max(jnp.abs(torque))
            stops = (contact > guard[0]) | ((contact > 0) & (strain > guard[1]))
            moved = (new_qpos, new_qvel, ran + 1, stops, self._feel(leaves, sensed, ran, peak))
            return jax.tree.map(functools.partial(jnp.where, (index < ticks) & ~stopped), moved, carry)

        start = (qpos, qvel, jnp.int32(0), jnp.bool_(False), _Peak.none())
        return jax.lax.fori_loop(0, longest, tick, start)

    def _friction_stiffness(self, leaves) -> Array:
        """The template's ``impratio``, less in slippery worlds.

        A contact's stiffness grows with the inverse square of its friction, and beside it float32 loses a light
        thing's inertia: the solver's matrix would be singular.
        """
        share = jnp.minimum(jnp.max(leaves["geom_friction"][:, 0]) / _SLIPPERY, 1.0)
        return self._model.opt.impratio * share**2

    def _feel(self, leaves, sensed, ran, peak: _Peak) -> _Peak:
        """What was felt so far, with another tick."""
        sensordata, geom_xpos, geom_xmat = sensed
        force, position, torque = self._touch.split(sensordata)
        geom = jnp.argmax(force)
        slot = nearest_slot(self.template, leaves, (geom_xpos, geom_xmat), position[geom])
        higher = force[geom] > peak.peak_force
        began = (force > 0) & (peak.first_tick == NEVER)
        return _Peak(
            peak_force=jnp.where(higher, force[geom], peak.peak_force),
            contact_geom=jnp.where(higher, geom.astype(jnp.int32), peak.contact_geom),
            contact_position=jnp.where(higher, position[geom], peak.contact_position),
            contact_slot=jnp.where(higher, slot.astype(jnp.int32), peak.contact_slot),
            peak_torque=jnp.maximum(peak.peak_torque, jnp.abs(torque).max()),
            first_tick=jnp.where(began, ran, peak.first_tick),
            first_position=jnp.where(began[:, None], position, peak.first_position),
        )


class _Peak(NamedTuple):
    """What one lane felt so far; the attributes are those of :class:`~aspire_mjx.physics.engine.Readings`."""

    peak_force: Array
    contact_geom: Array
    contact_position: Array
    contact_slot: Array
    peak_torque: Array
    first_tick: Array
    first_position: Array

    @classmethod
    def none(cls) -> _Peak:
        """Nothing."""
        geoms = len(CONTACT_GEOMS)
        never = jnp.full(geoms, NEVER, jnp.int32)
        contact = (jnp.float32(0), jnp.int32(-1), jnp.zeros(3), jnp.int32(-2))
        return cls(*contact, jnp.float32(0), never, jnp.zeros((geoms, 3)))
