"""How bright the images of a camera come out, call by call."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from aspire_mjx.sensing.lanes import run_lanes
from aspire_mjx.sensing.noise import EXPOSURES, SensorCall, gaussian


def exposures(number: int, sensor: SensorCall) -> np.ndarray:
    """Brightness `[N]` float32 of the images that a camera takes at some calls; 1 without noise.

    Args:
        number: of the camera; each has noise of its own.
        sensor: what it gets wrong in those calls.
    """
    return run_lanes(_exposure, (sensor,), static=(number,))


def _exposure(number: int, sensor: SensorCall):
    draw = gaussian(sensor.uniforms(EXPOSURES + number + jnp.arange(1))[0, 0])
    return jnp.maximum(1.0 + sensor.noise.brightness_sigma * draw, 0.0)
