"""The part of an image around one instance, as a fixed number of samples in the robot's base frame."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.sensing.noise import SensorCall, noisy_depth, noisy_mask

#: Samples along each side of the window. A larger instance is sampled every second, third, ... pixel.
SIDE = 40
_MARGIN = 4  # samples kept free around the instance
_RING = 3  # samples around a mask that count as its surroundings


class Patch(NamedTuple):
    """The noisy image samples around the target of one call. `S` is :data:`SIDE`.

    Attributes:
        depth: `[S, S]` m; 0 where there is no return.
        mask: `[S, S]` bool, noisy mask of the target (where there is depth).
        row: image row of the first sample; may be outside the image.
        column: image column of the first sample; may be outside the image.
        stride: pixels between samples.
    """

    depth: jax.Array
    mask: jax.Array
    row: jax.Array
    column: jax.Array
    stride: jax.Array


class Window(NamedTuple):
    """A patch as points.

    Attributes:
        points: `[S, S, 3]` base frame, m.
        mask: `[S, S]` bool, noisy mask of the target.
        ring: `[S, S]` bool, samples with depth close around the mask.
        footprint: `[S, S]` side of the surface patch a sample stands for, across the ray, m.
        eye: `[3]` optical centre in the base frame, m.
    """

    points: jax.Array
    mask: jax.Array
    ring: jax.Array
    footprint: jax.Array
    eye: jax.Array


def noisy_patch(
    depth: jax.Array,
    segmentation: jax.Array,
    target: jax.Array,
    sensor: SensorCall,
    swing: jax.Array,
) -> Patch:
    """Look at one instance with a noisy sensor.

    Args:
        depth: `[H, W]` true depth, m.
        segmentation: `[H, W]` true instance ids.
        target: instance id (one that is visible; anything else gives an empty mask).
        sensor: what it gets wrong in this call.
        swing: in [0, 1), whether this call's mask is too small (0) or too large (1).
    """
    height, width = depth.shape
    row, column, stride = _placement(segmentation == target)
    rows, columns = row + stride * jnp.arange(SIDE), column + stride * jnp.arange(SIDE)
    inside = ((rows >= 0) & (rows < height))[:, None] & ((columns >= 0) & (columns < width))[None, :]
    pixel, *around = (
        jnp.clip(rows + dr, 0, height - 1)[:, None] * width + jnp.clip(columns + dc, 0, width - 1)[None, :]
        for dr, dc in ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))
    )
    flat_depth, flat_mask = depth.reshape(-1), segmentation.reshape(-1) == target
    draws = sensor.uniforms(pixel)
    read = noisy_depth(flat_depth[pixel], jnp.stack([flat_depth[p] for p in around]), draws[:3], sensor.noise)
    read = jnp.where(inside, read, 0.0)
    swing = sensor.noise.mask_error * (2.0 * swing - 1.0)
    mask = noisy_mask(flat_mask[pixel], jnp.stack([flat_mask[p] for p in around]), draws[3], swing)
    return Patch(depth=read, mask=mask & (read > 0), row=row, column=column, stride=stride)


def window_points(patch: Patch, pose: tuple[jax.Array, jax.Array], *, focal: float, height: int, width: int) -> Window:
    """The points of a patch.

    Args:
        patch: samples of an image of ``height`` by ``width`` pixels.
        pose: camera position `[3]` and rotation `[3, 3]` in the base frame, as the robot believes them.
        focal: focal length, pixels.
        height: of the whole image, pixels.
        width: of the whole image, pixels.
    """
    position, rotation = pose
    across = jnp.arange(SIDE)
    y = (patch.row + patch.stride * across - 0.5 * (height - 1))[:, None] / focal * jnp.ones(SIDE)
    x = (patch.column + patch.stride * across - 0.5 * (width - 1))[None, :] / focal * jnp.ones((SIDE, 1))
    ray = jnp.stack([rotation[k, 0] * x + rotation[k, 1] * y + rotation[k, 2] for k in range(3)], axis=-1)
    return Window(
        points=position + ray * patch.depth[..., None],
        mask=patch.mask,
        ring=_grown(patch.mask, _RING) & (patch.depth > 0) & ~patch.mask,
        footprint=patch.stride * patch.depth / focal,
        eye=position,
    )


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
    near = np.abs(np.subtract.outer(np.arange(SIDE), np.arange(SIDE))) <= steps
    band = jnp.asarray(near, jnp.float32)
    return band @ mask.astype(jnp.float32) @ band > 0
