"""Any number of lanes through one compiled function."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from aspire_mjx.sensing import lanes as chunks
from aspire_mjx.sensing.lanes import chunk_lanes, map_lanes, run_chunks


@pytest.mark.parametrize("lanes", [0, 1, 2 * chunk_lanes() + 3])
def test_results_come_in_lane_order_from_one_compilation(lanes: int) -> None:
    traces = []

    def double(x: jax.Array) -> tuple[jax.Array, jax.Array]:
        traces.append(1)
        return 2 * x, jnp.sum(x)

    kernel = jax.jit(lambda count, x: map_lanes(double, count, x))
    values = np.arange(2 * lanes, dtype=np.float32).reshape(lanes, 2)
    doubled, total = run_chunks(kernel, (values,))
    np.testing.assert_array_equal(doubled, 2 * values)
    np.testing.assert_array_equal(total, values.sum(axis=1))
    first = len(traces)
    run_chunks(kernel, (values[:1],))
    assert len(traces) == first


def test_big_images_are_computed_a_few_lanes_at_a_time() -> None:
    budget = chunks.BUDGET["cpu" if jax.default_backend() == "cpu" else "accelerator"]
    for height, width in ((120, 160), (480, 640), (2160, 3840)):
        pixels = height * width
        lanes = chunk_lanes(pixels)
        assert lanes * pixels * chunks.PIXEL_BYTES <= budget if lanes > 1 else 2 * pixels * chunks.PIXEL_BYTES > budget
    sizes = []

    def kernel(count: np.int32, images: np.ndarray) -> tuple[np.ndarray]:
        sizes.append(images.nbytes)
        return (images[:, 0] + 1,)

    pixels = budget // chunks.PIXEL_BYTES // 3
    images = np.broadcast_to(np.arange(8, dtype=np.float32)[:, None], (8, pixels))
    (got,) = run_chunks(kernel, (images,), pixels=pixels)
    np.testing.assert_array_equal(got, np.arange(1, 9))
    assert len(sizes) == 3 and max(sizes) <= budget
