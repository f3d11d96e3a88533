"""Shadows in pictures for people: what the light does not reach. The images that programs see have none."""

from __future__ import annotations

import numpy as np

from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.render import AMBIENT, LIGHT, GBuffer, cast
from aspire_mjx.sensing.scene import Scene

_AWAY, _REACH, _SIZE = 6.0, 0.9, 640  # m from the light to the middle, m around it that it looks at; pixels
_BIAS = 0.006  # m, surfaces nearer than this to what the light meets are lit
_DARK = AMBIENT + 0.08  # a shadow on a bright floor is not black


def in_shadow(scene: Scene, camera: Camera, seen: GBuffer, *, every: int) -> np.ndarray:
    """How much of the light is hidden, 0 to 1, in every so manyth pixel ``[H, W]`` of an image.

    Args:
        scene: one lane.
        camera: a single pose.
        seen: one image.
        every: in rows and columns.
    """
    depth, slots = (np.asarray(part[0])[::every, ::every] for part in (seen.depth, seen.segmentation))
    hidden = np.zeros(depth.shape)
    rows, columns = np.nonzero(depth > 0)
    across = [every * columns - camera.centre[0], every * rows - camera.centre[1], np.full(len(rows), camera.focal)]
    points = camera.position + (np.stack(across, axis=1) * (depth[depth > 0] / camera.focal)[:, None]) @ (
        camera.rotation.T
    )
    things = points[slots[rows, columns] >= 0]
    if not len(things):
        return hidden
    light = _towards(np.median(things, axis=0))
    reached = np.asarray(cast(scene, light).depth[0])
    reached = np.pad(np.where(reached > 0, reached, np.inf), 2, constant_values=np.inf)
    column, row, far = light.project(points).T
    at = [np.clip(np.floor(each).astype(int), -2, _SIZE) + 2 for each in (row, column)]
    hidden[rows, columns] = np.mean(
        [far - _BIAS > reached[at[0] + i, at[1] + j] for i in (0, 1) for j in (0, 1)], axis=0
    )
    return hidden


def darkened(colours: np.ndarray, hidden: np.ndarray, scene: Scene, seen: GBuffer) -> np.ndarray:
    """Colours ``[H, W, 3]``, 0 to 255, where ``hidden [H, W]`` of the light does not come."""
    albedo = np.concatenate([np.asarray(scene.rgb[0], np.float32), np.ones((1, 3), np.float32)])  # -1: the background
    dark = np.minimum(colours, 255.0 * _DARK * albedo[np.asarray(seen.geom[0])])
    return colours + hidden[..., None].astype(np.float32) * (dark - colours)


def _towards(middle: np.ndarray) -> Camera:
    """A camera at the light that looks at a point ``[3]`` m."""
    forward = -LIGHT / np.linalg.norm(LIGHT)
    right = np.cross(forward, (0.0, 0.0, 1.0))
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(forward, right), forward], axis=1)
    fovy = float(2.0 * np.arctan(_REACH / _AWAY))
    return Camera(position=middle - _AWAY * forward, rotation=rotation, fovy=fovy, height=_SIZE, width=_SIZE)
