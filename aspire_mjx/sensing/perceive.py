"""The one door of sensing for programs: a prompt in, a box in the base frame out, all from noisy pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.errors import WorldError
from aspire_mjx.geometry import Array
from aspire_mjx.sensing.box_fit import MIN_POINTS, fit_box
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.detector import Detection, detect_lane
from aspire_mjx.sensing.lanes import map_lanes, run_chunks
from aspire_mjx.sensing.noise import INSTANCES, SensorCall, miscalibrated
from aspire_mjx.sensing.render import GBuffer
from aspire_mjx.sensing.window import Patch, noisy_patch, window_points


@jax.tree_util.register_dataclass
@dataclass(frozen=True, kw_only=True, eq=False)
class Percepts(Columns):
    """What `N` calls perceived, as columns. Lanes whose status is NOT_FOUND hold NaN in the box and score 0.

    Attributes:
        status: `[N]` int16 :class:`~aspire_mjx.sensing.detector.Detection` codes.
        position: `[N, 3]` centre of the box, base frame, m.
        quaternion_wxyz: `[N, 4]` base_from_box; x is the longer horizontal side, z is up.
        extent: `[N, 3]` sides of the box along its own axes, m.
        score: `[N]` detector score, 0 to 1.
        points: `[N]` int32 number of depth points behind the box.
        instance: `[N]` int32 instance that was looked at, -1 none. For traces and faults; programs never see it.
    """

    status: Array
    position: Array
    quaternion_wxyz: Array
    extent: Array
    score: Array
    points: Array
    instance: Array


def perceive(
    seen: GBuffer,
    camera: Camera,
    table: np.ndarray,
    *,
    sensor: SensorCall,
    base_position: np.ndarray,
    unsupported: np.ndarray | None = None,
) -> Percepts:
    """Find the prompted thing in each image and fit an upright box to its masked depth.

    The same buffer may be looked at many times: each look has noise of its own.

    Args:
        seen: `N` images of :func:`~aspire_mjx.sensing.render.cast`.
        camera: the camera they were taken with; its poses are `[3]` or `[N, 3]`.
        table: `[N, I, 3]` of ``detector.prompt_table``, what the prompt says about each instance.
        sensor: what it gets wrong in the calls of the `N` lanes.
        base_position: `[3]` or `[N, 3]` robot base in the world frame, m.
        unsupported: `[N]` bool, what is looked for is part of something, and nothing below it supports it.

    Raises:
        WorldError: a table, worlds or looks of another number than images.
    """
    lanes = len(seen)
    for what, value in (("prompts", table), ("worlds", sensor.world), ("looks", sensor.look)):
        if len(value) != lanes:
            raise WorldError(f"{len(value)} {what} for {lanes} images; give one an image.")
    arrays = (
        seen,
        table,
        camera.poses(lanes, base_position),
        sensor,
        np.zeros(lanes, bool) if unsupported is None else unsupported,
    )
    return run_chunks(_kernel(camera.focal), arrays, pixels=camera.pixels)


class _Found(NamedTuple):
    """What the detector says: instance id, score and :class:`~aspire_mjx.sensing.detector.Detection` code."""

    target: jax.Array
    score: jax.Array
    status: jax.Array


@lru_cache(maxsize=16)
def _kernel(focal: float):
    def kernel(count, seen: GBuffer, table, pose, sensor, unsupported):
        # Two passes over the lanes: a single one would let XLA compute the noise again for each of its uses.
        looked = map_lanes(partial(_look_lane, focal), count, seen, table, pose, sensor)
        return map_lanes(partial(_fit_lane, focal, *seen.depth.shape[1:]), count, *looked, unsupported)

    return jax.jit(kernel)


def _look_lane(focal: float, seen: GBuffer, table: jax.Array, pose: tuple[jax.Array, jax.Array], sensor: SensorCall):
    """What was found, the camera's pose as the robot believes it, and the part of the image."""
    draws = sensor.uniforms(INSTANCES + jnp.arange(len(seen.pixels) + 1))
    target, score, status, _ = detect_lane(seen.pixels, seen.distance, table, sensor.noise, focal, draws)
    patch = noisy_patch(seen.depth, seen.segmentation, target, sensor, draws[1, -1])
    return _Found(target, score, status), miscalibrated(*pose, sensor), patch


def _fit_lane(
    focal: float,
    height: int,
    width: int,
    found: _Found,
    pose: tuple[jax.Array, jax.Array],
    patch: Patch,
    unsupported: jax.Array,
) -> Percepts:
    window = window_points(patch, pose, focal=focal, height=height, width=width)
    box = fit_box(window, unsupported)
    fitted = (found.target >= 0) & (box.points >= MIN_POINTS)
    half = 0.5 * box.yaw
    quaternion = jnp.stack([jnp.cos(half), jnp.zeros_like(half), jnp.zeros_like(half), jnp.sin(half)])
    return Percepts(
        status=jnp.asarray(jnp.where(fitted, found.status, Detection.NOT_FOUND), jnp.int16),
        position=jnp.where(fitted, box.position, jnp.nan),
        quaternion_wxyz=jnp.where(fitted, quaternion, jnp.nan),
        extent=jnp.where(fitted, box.extent, jnp.nan),
        score=jnp.where(fitted, found.score, 0.0),
        points=box.points.astype(jnp.int32),
        instance=found.target.astype(jnp.int32),
    )
