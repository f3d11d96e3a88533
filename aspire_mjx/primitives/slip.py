"""What the pads feel of things that slide between them: the slip sensors of the fingers."""

from __future__ import annotations

import numpy as np

from aspire_mjx.geometry import matrix_product
from aspire_mjx.physics.kinematics import POSE_LEAVES, geom_poses
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.worlds.overlap import Boxes, gap
from aspire_mjx.worlds.template import CONTACT_GEOMS

_PADS = [name for name in CONTACT_GEOMS if name.endswith("_pad")]


def slid(before: Lanes, after: Lanes) -> np.ndarray:
    """How far what both pads touched at the beginning slid along them, ``[N]`` m; 0 where they touched nothing.

    Of the thing's surface between the pads: one that turns about the fingertips has not slid.
    """
    found = np.zeros(len(before))
    rows = np.flatnonzero(before.holding & after.holding)
    if not len(rows):
        return found
    template, worlds = before.worlds.template, before.worlds.take(rows)
    leaves = worlds.leaves(("geom_size", *POSE_LEAVES))
    pads = np.array([template.model.geom(name).id for name in _PADS])
    things = np.flatnonzero(template.geom_slot >= 0)
    start, end = (geom_poses(template, leaves, lanes.qpos[rows]) for lanes in (before, after))
    boxes = Boxes(*start, leaves["geom_size"])
    gaps = gap(_some(boxes, pads[:, None]), _some(boxes, things[None]))  # [N, 2, things]
    box = things[gaps.sum(axis=1).argmin(axis=1)]
    own = template.geom_slot[things] == template.geom_slot[box][:, None]
    held = (np.where(own[:, None], gaps, np.inf).min(axis=2) < 0.0).all(axis=1)
    each = np.arange(len(rows))
    (middle, at, turn), (later, later_at, later_turn) = (
        (position[:, pads].mean(axis=1), position[each, box], rotation[each, box])
        for position, rotation in (start, end)
    )
    mark = matrix_product(np.swapaxes(turn, 1, 2), (middle - at)[..., None])  # in the thing, where the pads were
    offset = later_at + matrix_product(later_turn, mark)[..., 0] - later
    found[rows] = np.where(held, np.linalg.norm(offset, axis=1), 0.0)
    return found


def _some(boxes: Boxes, geoms: np.ndarray) -> Boxes:
    return Boxes(boxes.centre[:, geoms], boxes.rotation[:, geoms], boxes.half[:, geoms])
