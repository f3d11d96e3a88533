"""One picture of one world in one state, by the ray-caster, with what is needed to draw on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.primitives.perception import camera_at, scene_of, views_of
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.render import render
from aspire_mjx.worlds.worlds import Worlds


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture of one lane.

    Attributes:
        rgb: ``[H, W, 3]`` uint8, in the world's light.
        segmentation: ``[H, W]`` slot of the template that each pixel shows, -1 for robot, table and floor.
        camera: a single pose, world frame.
        base: ``[3]`` m, the robot's base in the world frame.
    """

    rgb: np.ndarray
    segmentation: np.ndarray
    camera: Camera
    base: np.ndarray

    def project(self, points: np.ndarray) -> np.ndarray:
        """Base-frame points ``[..., 3]`` to (column, row) ``[..., 2]``; NaN for what is behind the camera."""
        seen = self.camera.project(np.asarray(points) + self.base)
        return np.where(seen[..., 2:] > 0.01, seen[..., :2], np.nan)


def take_shot(
    worlds: Worlds, qpos: np.ndarray, *, camera: str = "agentview", height: int = 360, width: int = 480
) -> Shot:
    """What a camera of the one world in ``worlds`` shows in the state ``qpos [nq]``, without noise.

    Raises:
        UnknownNameError: no camera of that name.
    """
    cameras = camera_at(views_of(worlds, qpos[None], camera))
    single = Camera(
        position=cameras.position[0], rotation=cameras.rotation[0], fovy=cameras.fovy, height=height, width=width
    )
    seen, colours = render(scene_of(worlds, qpos[None]), single)
    rgb = np.clip(colours[0] * worlds.specs[0].brightness, 0, 255).astype(np.uint8)
    return Shot(rgb, seen.segmentation[0], single, worlds.base[0])
