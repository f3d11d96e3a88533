"""How bright the images of a camera come out, call by call."""

from __future__ import annotations

from functools import lru_cache, partial

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.sensing.lanes import map_lanes, run_chunks
from aspire_mjx.sensing.noise import EXPOSURES, NoiseModel, gaussian, uniforms


def exposures(number: int, noise: NoiseModel, seeds: np.ndarray, calls: np.ndarray) -> np.ndarray:
    """Brightness `[N]` float32 of the images that camera ``number`` takes at some calls; 1 without noise.

    Args:
        seeds, calls: `[N]` world seeds and call indices, non-negative int.
    """
    arrays = (noise.parameters(len(seeds)), np.asarray(seeds).astype(np.uint32), np.asarray(calls).astype(np.uint32))
    return run_chunks(_kernel(number), arrays)[0]


@lru_cache(maxsize=16)
def _kernel(number: int):
    return jax.jit(lambda count, *arrays: map_lanes(partial(_lane, number), count, *arrays))


def _lane(number: int, numbers, seed, call):
    draw = gaussian(uniforms(seed, call, EXPOSURES + number + jnp.arange(1))[0, 0])
    return (jnp.maximum(1.0 + numbers[11] * draw, 0.0),)
