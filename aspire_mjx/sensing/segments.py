"""Masks in whole images: every instance that a detector reports, as regions of the image."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.geometry import Array
from aspire_mjx.sensing.depth_image import around, pixel_draws
from aspire_mjx.sensing.detector import detect_lane
from aspire_mjx.sensing.lanes import run_lanes
from aspire_mjx.sensing.noise import INSTANCES, SensorCall
from aspire_mjx.sensing.render import GBuffer

#: Detections in one image at most, the best ones.
MOST = 200
_CAMERA = 1 << 16  # draw indices of instances of each camera start here, times its number


@jax.tree_util.register_dataclass
@dataclass(frozen=True, kw_only=True, eq=False)
class Segments(Columns):
    """What `N` calls detected, best first; there are at most :data:`MOST` detections, `K`.

    Attributes:
        count: `[N]` int32 detections.
        labels: `[N, H, W]` uint8 which of them each pixel shows: 1 the best one, 2 the next; 0 none.
        boxes: `[N, K, 4]` float32 first column, first row, last column, last row of each mask, pixels.
        scores: `[N, K]` float32, 0 to 1; 0 beyond ``count``.
        pixel: `[N, 2]` float32 column and row of the pixel of the best mask that lies nearest to its middle.
        instance: `[N, K]` int32 what was detected, -1 none. For pictures and faults; programs never see it.
    """

    count: Array
    labels: Array
    boxes: Array
    scores: Array
    pixel: Array
    instance: Array


def segment(
    seen: GBuffer,
    focal: float,
    table: np.ndarray,
    *,
    number: int,
    sensor: SensorCall,
) -> Segments:
    """Everything in each image that was asked for.

    Args:
        seen: `N` images.
        focal: focal length of their camera, pixels.
        table: `[N, I, 3]` of ``detector.prompt_table`` or ``detector.point_table``.
        number: of the camera; each has noise of its own.
        sensor: what it gets wrong in the calls of the `N` lanes that took the images: asked twice about one image, a
            detector says the same.
    """
    height, width = seen.depth.shape[1:]
    static = (focal, number)
    labels, scores, chosen = run_lanes(_labelled, (seen, table, sensor), static=static, pixels=height * width)
    labels, n = labels.copy(), len(labels)
    found = Segments(
        count=np.zeros(n, np.int32),
        labels=labels,
        boxes=np.zeros((n, MOST, 4), np.float32),
        scores=np.zeros((n, MOST), np.float32),
        pixel=np.zeros((n, 2), np.float32),
        instance=np.full((n, MOST), -1, np.int32),
    )
    for lane, reported in enumerate(np.count_nonzero(chosen >= 0, axis=1).tolist()):
        place = 0
        for label in range(reported):  # a mask of a few pixels may have lost them all: those behind it move up
            mask = labels[lane] == label + 1
            rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
            if not len(rows):
                continue
            if place == 0:
                u, v = _middle(mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
                found.pixel[lane] = columns[0] + u, rows[0] + v
            if place < label:
                labels[lane][mask] = place + 1
            found.boxes[lane, place] = columns[0], rows[0], columns[-1], rows[-1]
            found.scores[lane, place], found.instance[lane, place] = scores[lane, label], chosen[lane, label]
            place += 1
        found.count[lane] = place
    return found


def instance_at(seen: GBuffer, points: np.ndarray) -> np.ndarray:
    """`[N]` instance at each pixel, -1 for the background and outside the image."""
    height, width = seen.depth.shape[1:]
    column, row = np.round(np.nan_to_num(points, nan=-1.0)).clip(-1, 1 << 20).astype(int).T
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    lanes = np.arange(len(seen))
    found = seen.segmentation[lanes, row.clip(0, height - 1), column.clip(0, width - 1)]
    return np.where(inside, found, -1)


def _labelled(
    focal: float, number: int, seen: GBuffer, table: jax.Array, sensor: SensorCall
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Of one image (traced): the detection that each pixel shows, from 1, 0 for none; their scores and instances."""
    instances = len(seen.pixels)
    draws = sensor.uniforms(INSTANCES + number * _CAMERA + jnp.arange(instances + 1))
    *_, scores = detect_lane(seen.pixels, seen.distance, table, sensor.noise, focal, draws)
    order = jnp.argsort(-scores, stable=True)[:MOST]
    best = jnp.pad(scores[order], (0, MOST - len(order)))
    chosen = jnp.where(best > 0, jnp.pad(order, (0, MOST - len(order)), constant_values=-1), -1)
    # Instance to its place among the detections, 1, 2, ...; 0 for what is not reported, and the background.
    place = jnp.zeros(instances + 1, jnp.int32).at[chosen].max(jnp.arange(1, MOST + 1) * (chosen >= 0))
    labels = _noisy(place.at[-1].set(0)[seen.segmentation], number, sensor, draws[1, -1])
    return labels.astype(jnp.uint8), best, chosen


def _noisy(labels: jax.Array, number: int, sensor: SensorCall, swing: jax.Array) -> jax.Array:
    """Regions with their boundaries eroded or bled by up to a pixel, as by ``noise.noisy_mask``."""
    uniform = sensor.uniforms(pixel_draws(labels, number))[3]
    swing = sensor.noise.mask_error * (2.0 * swing - 1.0)
    near = around(labels)
    best = jnp.min(jnp.where(near > 0, near, MOST + 1), axis=0)  # the better detection takes what is free
    gained = (labels == 0) & (best <= MOST) & (uniform < swing)
    lost = (labels > 0) & jnp.any(near != labels, axis=0) & (uniform < -swing)
    return jnp.where(gained, best, jnp.where(lost, 0, labels))


def _middle(mask: np.ndarray) -> tuple[int, int]:
    """Column and row of the pixel of a mask nearest to the mean of its pixels."""
    row, column = (places.astype(np.int64) for places in np.nonzero(mask))
    size = len(row)
    nearest = np.argmin((column * size - column.sum()) ** 2 + (row * size - row.sum()) ** 2)  # whole numbers: exact
    return int(column[nearest]), int(row[nearest])
