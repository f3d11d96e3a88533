"""Any number of lanes through one compiled function: chunks within a memory budget, padded, each lane on its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

#: Memory that one call of a compiled function may take, bytes, on a CPU and on an accelerator.
BUDGET = {"cpu": 32 << 20, "accelerator": 512 << 20}
#: Lanes in one call at most: more make a CPU no faster, and an accelerator hardly.
MOST_LANES = {"cpu": 16, "accelerator": 256}
#: Bytes that a lane takes for each pixel of its image: inputs, outputs and what is computed on the way.
PIXEL_BYTES = 64


def chunk_lanes(pixels: int = 0) -> int:
    """Lanes in one call of a compiled function on the current backend, for images of so many ``pixels``."""
    kind = "cpu" if jax.default_backend() == "cpu" else "accelerator"
    return max(1, min(MOST_LANES[kind], BUDGET[kind] // max(PIXEL_BYTES * pixels, 1)))


def map_lanes(function: Callable, count: jax.Array, first: jax.Array, *others: jax.Array):
    """Apply ``function`` to each of the first ``count`` lanes of arrays `[chunk, ...]`.

    A CPU computes lane after lane, and padding costs nothing; an accelerator computes all lanes at once. A lane's
    result does not depend on the others. Results of lanes from ``count`` on are unspecified.
    """
    arrays = (first, *others)
    if jax.default_backend() != "cpu":
        return jax.vmap(function)(*arrays)
    lane = jax.eval_shape(function, *(jax.ShapeDtypeStruct(a.shape[1:], a.dtype) for a in arrays))
    empty = jax.tree.map(lambda leaf: jnp.zeros((len(first), *leaf.shape), leaf.dtype), lane)

    def step(i: jax.Array, out):
        result = function(*(a[i] for a in arrays))
        # In place: ``.at[i].set`` is a scatter, which a CPU does number by number, with all that computes them.
        put = partial(jax.lax.dynamic_update_index_in_dim, index=i, axis=0)
        return jax.tree.map(put, out, result)

    return jax.lax.fori_loop(0, count, step, empty)


def run_chunks(kernel: Callable, arrays: tuple[np.ndarray, ...], *, pixels: int = 0) -> tuple[np.ndarray, ...]:
    """Call ``kernel(count, *chunks)`` over lanes `[N, ...]` chunk by chunk; returns its outputs `[N, ...]`.

    Args:
        pixels: of one lane's image. A chunk has as many lanes as :data:`BUDGET` has room for.
    """
    lanes, chunk = len(arrays[0]), chunk_lanes(pixels)
    pending: list[tuple[int, tuple]] = []
    for start in range(0, max(lanes, 1), chunk):
        count = min(chunk, lanes - start)
        parts = [_padded(a[start : start + count], chunk) for a in arrays]
        pending.append((count, kernel(np.int32(count), *parts)))
    done = [[np.asarray(leaf)[:count] for leaf in out] for count, out in pending]
    if len(done) == 1:
        return tuple(done[0])
    return tuple(np.concatenate(leaves) for leaves in zip(*done, strict=True))


def _padded(part: np.ndarray, chunk: int) -> np.ndarray:
    if len(part) == chunk:
        return np.ascontiguousarray(part)
    padded = np.zeros((chunk, *part.shape[1:]), part.dtype)
    padded[: len(part)] = part
    return padded
