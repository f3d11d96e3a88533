"""What the words of a prompt, or a pixel, mean in each lane's image: whole things, or parts of fixtures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from aspire_mjx.sensing.detector import point_table, prompt_table
from aspire_mjx.sensing.parts import AskedPart, asked_part, matching
from aspire_mjx.sensing.render import GBuffer
from aspire_mjx.sensing.segments import instance_at
from aspire_mjx.worlds.worlds import Worlds


class Grounding(NamedTuple):
    """Images as a detector is shown them.

    Attributes:
        seen: ``N`` images, whose instances are the parts that were asked for in lanes that ask for a part.
        table: ``[N, I, 3]`` what the words say about each instance.
        unsupported: ``[N]`` bool, the lane asks for a part.
    """

    seen: GBuffer
    table: np.ndarray
    unsupported: np.ndarray


def of_words(seen: GBuffer, worlds: Worlds, prompts: Sequence[str]) -> Grounding:
    """Grounding of ``N`` prompts. A prompt for a part that no fixture in the world has is one for a thing."""
    names = [spec.categories for spec in worlds.specs]
    table = prompt_table(prompts, names, seen.pixels.shape[1])
    unsupported = np.zeros(len(worlds), bool)
    asked = {row: part for row, prompt in enumerate(prompts) if (part := asked_part(prompt))}
    if not asked or worlds.template.original:
        return Grounding(seen, table, unsupported)
    labelled = GBuffer.concatenate([seen])  # a copy, which is changed
    for row, part in asked.items():
        found = _candidates(worlds, row, prompts[row], part)[: table.shape[1]]
        if not found:
            continue
        unsupported[row], table[row] = True, 0.0
        label = np.full(worlds.template.model.ngeom + 1, -1, np.int16)  # the last place is that of no geom
        for place, (geoms, area) in enumerate(found):
            label[geoms], table[row, place] = place, (1.0, 0.0, area)
        labelled.segmentation[row] = label[seen.geom[row]]
        summary = _summary(labelled.segmentation[row], seen.depth[row], table)
        labelled.pixels[row], labelled.distance[row] = summary
    return Grounding(labelled, table, unsupported)


def of_pixels(seen: GBuffer, worlds: Worlds, points: np.ndarray) -> Grounding:
    """Grounding of a pixel ``[N, 2]`` (column, row) of each image."""
    names = [spec.categories for spec in worlds.specs]
    table = point_table(instance_at(seen, points), names, seen.pixels.shape[1])
    return Grounding(seen, table, np.zeros(len(worlds), bool))


def _candidates(worlds: Worlds, row: int, prompt: str, asked: AskedPart) -> list[tuple[np.ndarray, float]]:
    """Geoms and typical area, m^2, of every part of one world that a prompt means."""
    things = worlds.template.things
    return [
        (things[occupant.slot].geoms[list(part.boxes)], part.area)
        for occupant in worlds.specs[row].occupants
        for part in matching(prompt, asked, occupant.asset)
    ]


def _summary(segmentation: np.ndarray, depth: np.ndarray, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pixels and mean depth, m, of each instance of one image."""
    instances = table.shape[1]
    shown = segmentation >= 0
    pixels = np.bincount(segmentation[shown], minlength=instances)
    millimetres = np.bincount(segmentation[shown], np.round(1e3 * depth[shown].astype(float)), minlength=instances)
    return pixels, 1e-3 * millimetres / np.maximum(pixels, 1)
