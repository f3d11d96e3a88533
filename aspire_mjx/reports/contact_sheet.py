"""Contact sheets: one page with a small camera picture of each world, and its caption."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from aspire_mjx.primitives.perception import camera_at, scene_of
from aspire_mjx.sensing.camera import Camera
from aspire_mjx.sensing.render import render
from aspire_mjx.worlds.worlds import Worlds

_COLUMNS = 5
_TILE = (3.2, 2.9)  # inches
_CAPTION = 44  # characters a line


def pictures(worlds: Worlds, qpos: np.ndarray, *, height: int = 240, width: int = 320) -> np.ndarray:
    """What each world's camera shows in the states ``qpos [B, nq]``, ``[B, height, width, 3]`` uint8."""
    images = []
    for lane in range(len(worlds)):
        one = worlds.take(np.array([lane]))
        eye = camera_at(one.views())
        camera = Camera(position=eye.position, rotation=eye.rotation, fovy=eye.fovy, height=height, width=width)
        images.append(render(scene_of(one, qpos[lane : lane + 1]), camera).rgb[0])
    return np.stack(images)


def contact_sheet(images: np.ndarray, captions: Sequence[str], path: Path) -> None:
    """Writes pictures ``[N, H, W, 3]`` with a caption each, as one PNG.

    Raises:
      OSError: the file cannot be written.
    """
    columns = min(_COLUMNS, len(images))
    rows = math.ceil(len(images) / columns)
    figure = Figure(figsize=(_TILE[0] * columns, _TILE[1] * rows), layout="constrained")
    for axes in (grid := np.atleast_1d(figure.subplots(rows, columns)).ravel()):
        axes.set_axis_off()
    for axes, image, caption in zip(grid, images, captions, strict=False):
        axes.imshow(image)
        axes.set_title(textwrap.fill(caption, _CAPTION), fontsize=7)
    figure.savefig(path, dpi=100)
