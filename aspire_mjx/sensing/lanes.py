"""Any number of lanes through one compiled function: chunks within a memory budget, padded, each lane on its own.

Arguments and results are pytrees of arrays whose first axis runs along the lanes, `[N, ...]`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

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


def run_lanes(function: Callable, lanes: tuple, *, static: tuple = (), pixels: int = 0) -> Any:
    """``function(*static, *lane)`` of every lane, compiled once for each ``static``.

    Args:
        function: of one lane, traced; a function of a module, as it is remembered.
        lanes: its arguments.
        static: its first arguments, which are compiled in; hashable.
        pixels: of one lane's image, which decides how many lanes are computed at once.

    Returns:
        Its results.
    """
    return run_chunks(compiled(function, static), lanes, pixels=pixels)


@lru_cache(maxsize=64)
def compiled(function: Callable, static: tuple) -> Callable:
    """The compiled function of :func:`run_lanes`: of a number of lanes and of the arguments of a chunk of lanes."""
    return jax.jit(lambda count, *lanes: map_lanes(partial(function, *static), count, *lanes))


def map_lanes(function: Callable, count: jax.Array, *lanes: Any) -> Any:
    """Apply ``function`` to each of the first ``count`` lanes of a chunk (traced).

    A CPU computes lane after lane, and padding costs nothing; an accelerator computes all lanes at once. A lane's
    result does not depend on the others. Results of lanes from ``count`` on are unspecified.
    """
    if jax.default_backend() != "cpu":
        return jax.vmap(function)(*lanes)
    chunk = len(jax.tree.leaves(lanes)[0])
    lane = jax.eval_shape(function, *jax.tree.map(lambda a: jax.ShapeDtypeStruct(a.shape[1:], a.dtype), lanes))
    empty = jax.tree.map(lambda leaf: jnp.zeros((chunk, *leaf.shape), leaf.dtype), lane)

    def step(i: jax.Array, out):
        result = function(*jax.tree.map(lambda a: a[i], lanes))
        # In place: ``.at[i].set`` is a scatter, which a CPU does number by number, with all that computes them.
        put = partial(jax.lax.dynamic_update_index_in_dim, index=i, axis=0)
        return jax.tree.map(put, out, result)

    return jax.lax.fori_loop(0, count, step, empty)


def run_chunks(kernel: Callable, lanes: tuple, *, pixels: int = 0, chunk: int = 0) -> Any:
    """Call ``kernel(count, *chunk)`` chunk by chunk; returns its results as numpy arrays.

    Args:
        kernel: compiled, of the number of lanes in a chunk and of their arguments, padded to one size.
        lanes: its arguments.
        pixels: of one lane's image. A chunk has as many lanes as :data:`BUDGET` has room for.
        chunk: lanes in a chunk, where that is not to be decided here.
    """
    count, chunk = len(jax.tree.leaves(lanes)[0]), chunk or chunk_lanes(pixels)
    sizes = [min(chunk, count - start) for start in range(0, max(count, 1), chunk)]
    pending = []
    for number, size in enumerate(sizes):
        rows = slice(number * chunk, number * chunk + size)
        pending.append(kernel(np.int32(size), *jax.tree.map(lambda a, rows=rows: _padded(a[rows], chunk), lanes)))
    done = [
        jax.tree.map(lambda leaf, size=size: np.asarray(leaf)[:size], part)
        for size, part in zip(sizes, pending, strict=True)
    ]
    return done[0] if len(done) == 1 else jax.tree.map(lambda *leaves: np.concatenate(leaves), *done)


def _padded(part: np.ndarray, chunk: int) -> np.ndarray:
    if len(part) == chunk:
        return np.ascontiguousarray(part)
    padded = np.zeros((chunk, *part.shape[1:]), part.dtype)
    padded[: len(part)] = part
    return padded
