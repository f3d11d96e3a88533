"""Looks of sensors in numbered worlds: of many lanes, and of one as the functions that JAX traces take it."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.sensing.noise import NoiseModel, SensorCall

EXACT = NoiseModel(dose=0.0)


def sensor_calls(noise: NoiseModel, worlds: np.ndarray, moments: np.ndarray) -> SensorCall:
    """Looks at ``moments [B]`` in the worlds numbered ``[B]``."""
    words = np.stack([worlds, np.zeros_like(worlds)], axis=1)
    return noise.of_looks(words, moments, np.zeros(len(worlds), int))


def sensor_call(noise: NoiseModel, seed: int = 0, call: int = 0) -> SensorCall:
    """The look at the moment ``call`` in the world ``seed``."""
    lanes = sensor_calls(noise, np.array([seed]), np.array([call]))
    return jax.tree.map(lambda column: jnp.asarray(column[0]), lanes)
