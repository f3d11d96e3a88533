"""A call of one lane's sensors, as the functions of sensing that JAX traces take it."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.sensing.noise import NoiseModel, SensorCall

EXACT = NoiseModel(dose=0.0)


def sensor_call(noise: NoiseModel, seed: int = 0, call: int = 0) -> SensorCall:
    """The call ``call`` in the world ``seed``."""
    lanes = noise.of_calls(np.array([seed]), np.array([call]))
    return jax.tree.map(lambda column: jnp.asarray(column[0]), lanes)
