"""What a depth camera hands out: whole noisy images, and where the robot believes they were taken from."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx.columns import Columns
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.lanes import run_lanes
from aspire_mjx.sensing.noise import SensorCall, miscalibrated, noisy_depth
from aspire_mjx.sensing.render import GBuffer

#: Draw indices of the pixels of each camera start here, times its number.
PIXELS = 1 << 24


@dataclass(frozen=True, eq=False)
class DepthImages(Columns):
    """Depth images of `N` lanes with the calibration that the robot believes; all in its base frame.

    Attributes:
        depth: `[N, H, W]` float32 along the optical axis, m; 0 where there is no return.
        intrinsics: `[N, 3, 3]` from camera-frame points to (column, row, 1) times depth.
        position: `[N, 3]` optical centre, base frame, m.
        rotation: `[N, 3, 3]` base_from_camera (x right, y down, z forward).
    """

    depth: np.ndarray
    intrinsics: np.ndarray
    position: np.ndarray
    rotation: np.ndarray

    def points(self) -> np.ndarray:
        """`[N, H, W, 3]` float32 points in the base frame, m; NaN where there is no return."""
        height, width = self.depth.shape[1:]
        places = np.mgrid[0:height, 0:width].reshape(2, -1)
        return self.points_at(*places).reshape(len(self), height, width, 3)

    def points_at(self, row: np.ndarray, column: np.ndarray) -> np.ndarray:
        """`[N, P, 3]`, those of the pixels `[P]`."""
        depth = self.depth[:, row, column]
        row, column = row.astype(np.float32), column.astype(np.float32)
        fx, fy, cx, cy = (self.intrinsics[:, i, j, None] for i, j in ((0, 0), (1, 1), (0, 2), (1, 2)))
        ray = np.stack([(column - cx) / fx, (row - cy) / fy, np.ones_like(depth)], axis=-1).astype(np.float32)
        local = ray * np.where(depth > 0, depth, np.nan)[..., None]
        # Sums by element: a lane's numbers must not depend on how many lanes a matrix product has.
        turned = [sum(self.rotation[:, k, j, None] * local[..., j] for j in range(3)) for k in range(3)]
        return (np.stack(turned, axis=-1) + self.position[:, None, :]).astype(np.float32)


def depth_images(
    seen: GBuffer,
    camera: Camera,
    *,
    number: int,
    sensor: SensorCall,
    base_position: np.ndarray,
) -> DepthImages:
    """The depth that a noisy camera returns. The numbers of one call are those that a box of that call is fitted to.

    Args:
        seen: `N` images.
        camera: that they were taken with.
        number: of the camera, 0 for the fixed one; each has noise of its own.
        sensor: what it gets wrong in the calls of the `N` lanes.
        base_position: `[3]` or `[N, 3]` robot base in the world frame, m.
    """
    arrays = (seen.depth, camera.poses(len(seen), base_position), sensor)
    depth, (position, rotation) = run_lanes(_depth_image, arrays, static=(number,), pixels=camera.pixels)
    return DepthImages(depth, np.tile(camera.intrinsics, (len(seen), 1, 1)), position, rotation)


def _depth_image(number: int, depth: jax.Array, pose: tuple[jax.Array, jax.Array], sensor: SensorCall):
    """What the camera reads, and the pose that the robot believes."""
    draws = sensor.uniforms(pixel_draws(depth, number))[:3]
    read = noisy_depth(depth, around(depth), draws, sensor.noise)
    return read, miscalibrated(*pose, sensor, camera=number)


def pixel_draws(image: jax.Array, number: int) -> jax.Array:
    """`[H, W]` draw index of each pixel of camera ``number``."""
    return number * PIXELS + jnp.arange(image.size).reshape(image.shape)


def around(image: jax.Array) -> jax.Array:
    """`[4, H, W]`: each pixel's neighbours above, below, left and right; at the border, the pixel itself."""
    wide = jnp.pad(image, 1, mode="edge")
    return jnp.stack([wide[:-2, 1:-1], wide[2:, 1:-1], wide[1:-1, :-2], wide[1:-1, 2:]])
