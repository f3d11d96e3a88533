"""Masks in whole images: every instance that a detector reports, as regions of the image."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.sensing.depth_image import PIXELS, around
from aspire_mjx.sensing.detector import detect_lane
from aspire_mjx.sensing.lanes import map_lanes, run_chunks
from aspire_mjx.sensing.noise import INSTANCES, NoiseModel, uniforms
from aspire_mjx.sensing.render import GBuffer

#: Detections in one image at most, the best ones.
MOST = 5
_CAMERA = 1 << 16  # draw indices of instances of each camera start here, times its number


@dataclass(frozen=True, kw_only=True)
class Segments:
    """What `N` calls detected, best first; there are at most :data:`MOST` detections, `K`.

    Attributes:
        count: `[N]` int32 detections.
        masks: `[N, K, H, W]` bool; no pixel is in two of them.
        boxes: `[N, K, 4]` float32 first column, first row, last column, last row of each mask, pixels.
        scores: `[N, K]` float32, 0 to 1; 0 beyond ``count``.
        pixel: `[N, 2]` float32 column and row of the pixel of the best mask that lies nearest to its middle.
        instance: `[N, K]` int32 what was detected, -1 none. For pictures and faults; programs never see it.
    """

    count: np.ndarray
    masks: np.ndarray
    boxes: np.ndarray
    scores: np.ndarray
    pixel: np.ndarray
    instance: np.ndarray


def segment(
    seen: GBuffer,
    focal: float,
    table: np.ndarray,
    *,
    number: int,
    noise: NoiseModel,
    seeds: np.ndarray,
    calls: np.ndarray,
) -> Segments:
    """Everything in each image that was asked for.

    Args:
        seen: `N` images.  focal: of their camera, pixels.
        table: `[N, I, 3]` of ``detector.prompt_table`` or ``detector.point_table``.
        number: of the camera; each has noise of its own.
        noise: the detector's errors.
        seeds: `[N]` world seeds.  calls: `[N]` index of the call that took the image: asked twice about one image, a
            detector says the same.
    """
    arrays = (
        seen.segmentation,
        seen.pixels,
        seen.distance,
        table,
        noise.parameters(len(seen)),
        np.asarray(seeds).astype(np.uint32),
        np.asarray(calls).astype(np.uint32),
    )
    height, width = seen.depth.shape[1:]
    columns = run_chunks(_kernel(focal, number), arrays, pixels=height * width)
    return Segments(**dict(zip(Segments.__annotations__, columns, strict=True)))


def instance_at(seen: GBuffer, points: np.ndarray) -> np.ndarray:
    """`[N]` instance at each pixel, -1 for the background and outside the image."""
    height, width = seen.depth.shape[1:]
    column, row = np.round(np.nan_to_num(points, nan=-1.0)).clip(-1, 1 << 20).astype(int).T
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    lanes = np.arange(len(seen))
    found = seen.segmentation[lanes, row.clip(0, height - 1), column.clip(0, width - 1)]
    return np.where(inside, found, -1)


@lru_cache(maxsize=16)
def _kernel(focal: float, number: int):
    return jax.jit(lambda count, *arrays: map_lanes(partial(_lane, focal, number), count, *arrays))


def _lane(focal: float, number: int, segmentation, pixels, distance, table, numbers, seed, call):
    instances = len(pixels)
    draws = uniforms(seed, call, INSTANCES + number * _CAMERA + jnp.arange(instances + 1))
    *_, scores = detect_lane(pixels, distance, table, numbers, focal, draws)
    order = jnp.argsort(-scores, stable=True)[:MOST]
    best = jnp.pad(scores[order], (0, MOST - len(order)))
    chosen = jnp.where(best > 0, jnp.pad(order, (0, MOST - len(order)), constant_values=-1), -1)
    # Instance to its place among the detections, 1, 2, ...; 0 for what is not reported, and the background.
    place = jnp.zeros(instances + 1, jnp.int32).at[chosen].max(jnp.arange(1, MOST + 1) * (chosen >= 0))
    labels = _noisy(place.at[-1].set(0)[segmentation], number, numbers, seed, call, draws[1, -1])

    masks = labels == jnp.arange(1, MOST + 1)[:, None, None]
    sizes = jnp.sum(masks, axis=(1, 2))
    boxes = jnp.stack([*_ends(jnp.any(masks, axis=1)), *_ends(jnp.any(masks, axis=2))], axis=1)[:, [0, 2, 1, 3]]
    # A mask of a few pixels may have lost them all: those behind it move up.
    left = jnp.argsort(sizes == 0, stable=True)
    count = jnp.sum(sizes > 0)
    there = jnp.arange(MOST) < count
    masks, chosen = masks[left], jnp.where(there, chosen[left], -1)
    boxes = jnp.where(there[:, None], boxes[left], 0).astype(jnp.float32)
    return count, masks, boxes, jnp.where(there, best[left], 0.0), _middle(masks[0]), chosen.astype(jnp.int32)


def _noisy(labels: jax.Array, number: int, numbers, seed, call, swing) -> jax.Array:
    """Regions with their boundaries eroded or bled by up to a pixel, as by ``noise.noisy_mask``."""
    height, width = labels.shape
    pixel = number * PIXELS + jnp.arange(height * width).reshape(height, width)
    uniform = uniforms(seed, call, pixel)[3]
    swing = numbers[6] * (2.0 * swing - 1.0)
    near = around(labels)
    best = jnp.min(jnp.where(near > 0, near, MOST + 1), axis=0)  # the better detection takes what is free
    gained = (labels == 0) & (best <= MOST) & (uniform < swing)
    lost = (labels > 0) & jnp.any(near != labels, axis=0) & (uniform < -swing)
    return jnp.where(gained, best, jnp.where(lost, 0, labels))


def _ends(line: jax.Array) -> tuple[jax.Array, jax.Array]:
    """First and last true place along the last axis."""
    return jnp.argmax(line, axis=1), line.shape[1] - 1 - jnp.argmax(line[:, ::-1], axis=1)


def _middle(mask: jax.Array) -> jax.Array:
    """Column and row `[2]` of the pixel of a mask nearest to the mean of its pixels."""
    row, column = jnp.mgrid[0 : mask.shape[0], 0 : mask.shape[1]]
    size = jnp.maximum(jnp.sum(mask), 1)
    # Whole numbers, so that the sums have one value whatever their order.
    off = (column * size - jnp.sum(column * mask)) / size, (row * size - jnp.sum(row * mask)) / size
    distance = jnp.asarray(jnp.where(mask, off[0] * off[0] + off[1] * off[1], jnp.inf))
    nearest = jnp.argmin(distance)
    return jnp.stack([nearest % mask.shape[1], nearest // mask.shape[1]]).astype(jnp.float32)
