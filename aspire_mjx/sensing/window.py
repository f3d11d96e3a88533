"""The part of an image around one instance, as a fixed number of samples in the robot's base frame."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp

from aspire_mjx.sensing.noise import noisy_depth, noisy_mask, uniforms

#: Samples along each side of the window. A larger instance is sampled every second, third, ... pixel.
SIDE = 40
_MARGIN = 4  # samples kept free around the instance
_RING = 3  # samples around a mask that count as its surroundings


class Window(NamedTuple):
    """What one call sees around its target. `S` is :data:`SIDE`.

    Attributes:
        points: `[S, S, 3]` base frame, m.
        valid: `[S, S]` bool, the pixel returned a depth.
        mask: `[S, S]` bool, noisy mask of the target (of valid pixels).
        ring: `[S, S]` bool, valid pixels close around the mask.
        footprint: `[S, S]` side of the patch a sample stands for, across the ray, m.
        eye: `[3]` optical centre in the base frame, m.
    """

    points: jax.Array
    valid: jax.Array
    mask: jax.Array
    ring: jax.Array
    footprint: jax.Array
    eye: jax.Array


def observe_window(
    depth: jax.Array,
    segmentation: jax.Array,
    target: jax.Array,
    pose: tuple[jax.Array, jax.Array],
    focal: float,
    numbers: jax.Array,
    seed: jax.Array,
    call: jax.Array,
    swing: jax.Array,
) -> Window:
    """Look at one instance with a noisy sensor.

    Args:
        depth: `[H, W]` true depth, m.
        segmentation: `[H, W]` true instance ids.
        target: instance id (one that is visible; anything else gives an empty mask).
        pose: camera position `[3]` and rotation `[3, 3]` in the base frame, as the robot believes them.
        focal: focal length, pixels.
        numbers: `[10]` of ``NoiseModel.parameters``.
        seed: world seed.
        call: call index.
        swing: in [0, 1), whether this call's mask is too small (0) or too large (1).
    """
    height, width = depth.shape
    row, column, stride = _placement(segmentation == target)
    rows, columns = row + stride * jnp.arange(SIDE), column + stride * jnp.arange(SIDE)
    inside = ((rows >= 0) & (rows < height))[:, None] & ((columns >= 0) & (columns < width))[None, :]
    pixel = jnp.clip(rows, 0, height - 1)[:, None] * width + jnp.clip(columns, 0, width - 1)[None, :]
    around = [
        jnp.clip(rows + dr, 0, height - 1)[:, None] * width + jnp.clip(columns + dc, 0, width - 1)[None, :]
        for dr, dc in ((-1, 0), (1, 0), (0, -1), (0, 1))
    ]
    flat_depth, flat_mask = depth.reshape(-1), segmentation.reshape(-1) == target
    draws = jax.lax.optimization_barrier(uniforms(seed, call, pixel))
    read = noisy_depth(flat_depth[pixel], jnp.stack([flat_depth[p] for p in around]), draws[..., :3], numbers)
    swing = numbers[6] * (2.0 * swing - 1.0)
    mask = noisy_mask(flat_mask[pixel], jnp.stack([flat_mask[p] for p in around]), draws[..., 3], swing)

    position, rotation = pose
    y = (rows - 0.5 * (height - 1))[:, None] / focal * jnp.ones(SIDE)
    x = (columns - 0.5 * (width - 1))[None, :] / focal * jnp.ones((SIDE, 1))
    ray = jnp.stack([x, y, jnp.ones_like(x)], axis=-1)
    ray = jnp.sum(rotation * ray[..., None, :], axis=-1)
    valid = inside & (read > 0)
    # Without barriers XLA computes the noise again for each of its uses.
    read, valid, mask = jax.lax.optimization_barrier((read, valid, mask & valid))
    seen = Window(
        points=position + ray * read[..., None],
        valid=valid,
        mask=mask,
        ring=_grown(mask, _RING) & valid & ~mask,
        footprint=stride * read / focal,
        eye=position,
    )
    return jax.lax.optimization_barrier(seen)


def _placement(mask: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Row and column of the first sample, and the stride, of the smallest window that holds the mask."""
    starts, spans = [], []
    for axis in (1, 0):
        line = jnp.any(mask, axis=axis)
        first, last = jnp.argmax(line), line.shape[0] - 1 - jnp.argmax(line[::-1])
        starts.append(first + last)
        spans.append(last - first + 1)
    stride = -(-jnp.maximum(*spans) // (SIDE - 2 * _MARGIN))
    row, column = ((both - stride * (SIDE - 1)) // 2 for both in starts)
    return row, column, stride


def _grown(mask: jax.Array, steps: int) -> jax.Array:
    """The mask and everything within ``steps`` samples of it along rows and columns."""
    for axis in (0, 1):
        padded = jnp.pad(mask, [(steps, steps) if a == axis else (0, 0) for a in (0, 1)])
        slices = [jax.lax.slice_in_dim(padded, k, k + SIDE, axis=axis) for k in range(2 * steps + 1)]
        mask = jnp.any(jnp.stack(slices), axis=0)
    return mask
