"""Contact sheets: one page with a small camera picture of each world, and its caption."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from aspire_mjx.reports.shot import take_shot
from aspire_mjx.rollout.simulator import Progress, Simulators
from aspire_mjx.worlds.goal_state import goal_qpos
from aspire_mjx.worlds.worlds import WorldSpec

_COLUMNS, _MANY_COLUMNS, _MANY = 5, 9, 20  # pictures in a row; in one of a page of more than _MANY
_TILE, _LINE = (3.2, 2.5), 0.14  # inches: a picture with its margins, a line of its caption
_CAPTION = 44  # characters a line


def world_pictures(
    specs: Sequence[WorldSpec], *, goal: bool = False, progress: Progress | None = None
) -> list[np.ndarray]:
    """A picture of each world at its start, settled, or in a state in which its goal holds.

    Raises:
        WorldError: a world that cannot be built.
    """
    simulators, images = Simulators("native", capacity=1), []
    for spec in specs:
        worlds, state = simulators.of(spec.template).settled([spec])
        qpos = goal_qpos(worlds, state.qpos[0]) if goal else state.qpos[0]
        images.append(take_shot(worlds, qpos, height=240, width=320).named)
        if progress:
            progress(len(images), len(specs))
    return images


def contact_sheet(images: Sequence[np.ndarray], captions: Sequence[str], path: Path) -> None:
    """Writes pictures ``[H, W, 3]`` with a caption each, as one PNG.

    Raises:
        OSError: the file cannot be written.
    """
    columns = min(_COLUMNS if len(images) <= _MANY else _MANY_COLUMNS, len(images))
    rows = math.ceil(len(images) / columns)
    texts = [textwrap.fill(caption, _CAPTION) for caption in captions]
    height = _TILE[1] + _LINE * max(text.count("\n") + 1 for text in texts)
    figure = Figure(figsize=(_TILE[0] * columns, height * rows), layout="constrained")
    for axes in (grid := np.atleast_1d(figure.subplots(rows, columns)).ravel()):
        axes.set_axis_off()
    for axes, image, text in zip(grid, images, texts, strict=False):
        axes.imshow(image)
        axes.set_anchor("S")  # what is left of the height goes to the caption
        axes.set_title(text, fontsize=7)
    figure.savefig(path, dpi=100)
