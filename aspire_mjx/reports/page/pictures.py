"""Keyframes for a page: the moments before and after a blamed call, as data URIs, with the legend as text."""

from __future__ import annotations

import base64
import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from PIL import Image

from aspire_mjx.errors import AspireError
from aspire_mjx.reports.keyframe import draw_keyframe
from aspire_mjx.reports.page.content import Keyframe, Picture
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.traces.replay import replay

_SIZE = ImageSize(320, 240)  # of each of the two pictures
_QUALITY = 75


def keyframe(batch: TraceBatch, rollout: int, call: int | None) -> Keyframe | str:
    """The keyframe of a call (of the rollout, None for its first and last state), or why there is none.

    The rollout runs again for it.
    """
    own = batch.select([rollout])
    try:
        film = replay(own, 0)
    except AspireError as error:
        return str(error)
    figure = draw_keyframe(own, film, 0, call, size=_SIZE)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    shots = []
    for axes in figure.axes:
        (left, low), (right, high) = np.round(axes.get_window_extent().get_points()).astype(int)
        shots.append(_picture(pixels[len(pixels) - high : len(pixels) - low, left:right], axes.get_title()))
    (legend,) = figure.legends
    marks = zip(legend.get_lines(), legend.get_texts(), strict=True)
    named = tuple((to_hex(mark.get_color()), text.get_text()) for mark, text in marks)
    what = "The first and the last state" if call is None else f"Before and after call {call}"
    return Keyframe(f"{what}, with what the program saw and planned drawn on it", tuple(shots), named)


def _picture(pixels: np.ndarray, title: str) -> Picture:
    """An image ``[H, W, 3]`` uint8."""
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, format="WEBP", quality=_QUALITY)
    uri = f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"
    return Picture(uri, title, pixels.shape[1], pixels.shape[0])
