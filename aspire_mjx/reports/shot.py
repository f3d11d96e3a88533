"""One picture of one world in one state, by the ray-caster, with what is needed to draw on it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from aspire_mjx.primitives.perception import camera_at, scene_of, views_of
from aspire_mjx.reports.shadow import darkened, in_shadow
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.render import render
from aspire_mjx.worlds.worlds import Worlds, WorldSpec

_FINER = 2  # rays across a pixel
_SEEN = 4e-4  # share of a picture that a thing must fill to be named
_HALO = (235, 235, 235)


class Label(NamedTuple):
    """The name of a thing, and the pixel below which it stands."""

    text: str
    column: float
    row: float


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture of one lane.

    Attributes:
        rgb: ``[H, W, 3]`` uint8, in the world's light, with shadows.
        segmentation: ``[H, W]`` slot of the template that each pixel shows, -1 for robot, table and floor.
        camera: a single pose, world frame.
        base: ``[3]`` m, the robot's base in the world frame.
        labels: names of the things in the picture.
    """

    rgb: np.ndarray
    segmentation: np.ndarray
    camera: Camera
    base: np.ndarray
    labels: tuple[Label, ...]

    @property
    def named(self) -> np.ndarray:
        """``[H, W, 3]`` uint8, the picture with the name of each thing below it."""
        height, width, _ = self.rgb.shape
        image = Image.fromarray(self.rgb.repeat(_FINER, axis=0).repeat(_FINER, axis=1))
        pen, size = ImageDraw.Draw(image), _FINER * max(9, height // 32)
        font = ImageFont.load_default(size=size)
        for label in self.labels:
            at = (_FINER * label.column, min(_FINER * label.row, _FINER * height - 1.5 * size))
            pen.text(at, label.text, fill=(0, 0, 0), stroke_fill=_HALO, stroke_width=_FINER, font=font, anchor="ma")
        return np.asarray(image.resize((width, height), Image.Resampling.BOX))

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        Image.fromarray(self.named).save(file, format="PNG")
        return file.getvalue()

    def project(self, points: np.ndarray) -> np.ndarray:
        """Base-frame points ``[..., 3]`` to (column, row) ``[..., 2]``; NaN for what is behind the camera."""
        seen = self.camera.project(np.asarray(points) + self.base)
        return np.where(seen[..., 2:] > 0.01, seen[..., :2], np.nan)


def take_shot(
    worlds: Worlds, qpos: np.ndarray, *, camera: str = "agentview", height: int = 360, width: int = 480
) -> Shot:
    """What a camera of the one world in ``worlds`` shows in the state ``qpos [nq]``, without noise, with shadows.

    Raises:
        UnknownNameError: no camera of that name.
    """
    view = camera_at(views_of(worlds, qpos[None], camera))
    pose = {"position": view.position[0], "rotation": view.rotation[0], "fovy": view.fovy}
    fine = Camera(**pose, height=_FINER * height, width=_FINER * width)
    scene = scene_of(worlds, qpos[None])
    seen, colours = render(scene, fine)
    hidden = in_shadow(scene, fine, seen, every=_FINER).repeat(_FINER, axis=0).repeat(_FINER, axis=1)
    tiles = darkened(colours[0], hidden, scene, seen).reshape(height, _FINER, width, _FINER, 3)
    rgb = np.round(tiles.mean(axis=(1, 3))).astype(np.uint8)  # smooth edges
    rgb = np.clip(rgb * worlds.specs[0].brightness, 0, 255).astype(np.uint8)
    slots = seen.segmentation[0][::_FINER, ::_FINER]
    return Shot(rgb, slots, Camera(**pose, height=height, width=width), worlds.base[0], _labels(slots, worlds.specs[0]))


def _labels(slots: np.ndarray, spec: WorldSpec) -> tuple[Label, ...]:
    """Names of what is seen in an image ``[H, W]`` of slots, each below its lowest pixel."""
    found = []
    for slot, category in enumerate(spec.categories):
        rows, columns = np.nonzero(slots == slot)
        if len(rows) > _SEEN * slots.size:
            found.append(Label(category.replace("_", " "), float(columns.mean()), float(rows.max())))
    return tuple(found)
