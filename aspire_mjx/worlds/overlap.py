"""How far boxes are apart or inside each other, batched: the separating axis test on oriented boxes.

Source: Gottschalk, Lin, Manocha, "OBBTree", SIGGRAPH 1996, section 5: two boxes are apart exactly when one of fifteen
axes separates them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.columns import Columns

_PARALLEL = 1e-6  # sine below which two edges give no axis of their own


@dataclass(frozen=True, eq=False)
class Boxes(Columns):
    """Oriented boxes; the rows are those of the first axis.

    Attributes:
      centre: ``[..., 3]`` m.
      rotation: ``[..., 3, 3]`` world_from_box.
      half: ``[..., 3]`` m, half sides.
    """

    centre: np.ndarray
    rotation: np.ndarray
    half: np.ndarray

    def subset(self, which: np.ndarray) -> Boxes:
        """Some of each thing's boxes ``[N, K]``."""
        return Boxes(self.centre[:, which], self.rotation[:, which], self.half[:, which])

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest corner ``[..., 3]`` m of each box along the world's axes."""
        reach = (np.abs(self.rotation) * self.half[..., None, :]).sum(-1)
        return self.centre - reach, self.centre + reach


def gap(a: Boxes, b: Boxes) -> np.ndarray:
    """Largest separation over the fifteen axes, ``[...]`` m, broadcasting the leading axes.

    Below 0 the boxes overlap, by that much along the axis that frees them soonest; above 0 it is a lower bound of
    their distance, exact where faces meet.
    """
    axes, reach = _axes(a, b)
    along = np.einsum("...ki,...i->...k", axes, b.centre - a.centre)
    return (np.abs(along) - reach).max(axis=-1)


def clearance(a: Boxes, b: Boxes) -> np.ndarray:
    """How far ``a`` must rise from where it is to be clear of ``b`` from there on, ``[...]`` m.

    It is negative where ``a`` is above already, and minus infinity where it meets ``b`` at no height. Along a line two
    convex bodies overlap on one interval: each axis bounds it, and its upper end is the answer.
    """
    axes, reach = _axes(a, b)
    along, up = np.einsum("...ki,...i->...k", axes, b.centre - a.centre), axes[..., 2]
    level = np.abs(up) < _PARALLEL  # rising changes nothing along these
    slope = np.where(level, 1.0, up)
    ends = (along[..., None, :] + reach[..., None, :] * np.array([[-1.0], [1.0]])) / slope[..., None, :]
    low = np.where(level, -np.inf, ends.min(axis=-2)).max(axis=-1)
    high = np.where(level, np.inf, ends.max(axis=-2)).min(axis=-1)
    apart = (level & (np.abs(along) >= reach)).any(axis=-1)
    return np.where(apart | (low >= high), -np.inf, high)


def _axes(a: Boxes, b: Boxes) -> tuple[np.ndarray, np.ndarray]:
    """The fifteen unit axes ``[..., 15, 3]`` and what both boxes reach along each, ``[..., 15]`` m."""
    faces_a, faces_b = np.swapaxes(a.rotation, -1, -2), np.swapaxes(b.rotation, -1, -2)
    p, q = faces_a[..., :, None, :], faces_b[..., None, :, :]
    edges = np.stack([p[..., i - 2] * q[..., i - 1] - p[..., i - 1] * q[..., i - 2] for i in range(3)], axis=-1)
    length = np.sqrt((edges * edges).sum(-1, keepdims=True))
    edges = np.where(length > _PARALLEL, edges / np.maximum(length, _PARALLEL), p)  # parallel edges: a face again
    shape = np.broadcast_shapes(faces_a.shape[:-2], faces_b.shape[:-2])
    faces_a, faces_b = np.broadcast_to(faces_a, (*shape, 3, 3)), np.broadcast_to(faces_b, (*shape, 3, 3))
    axes = np.concatenate([faces_a, faces_b, edges.reshape(*shape, 9, 3)], axis=-2)
    reach = (np.abs(axes @ a.rotation) * a.half[..., None, :]).sum(-1)
    return axes, reach + (np.abs(axes @ b.rotation) * b.half[..., None, :]).sum(-1)


def nearest_gap(a: Boxes, b: Boxes) -> np.ndarray:
    """Smallest :func:`gap` of any box of one thing ``[..., Ka]`` and any of another ``[..., Kb]``, ``[...]`` m."""
    return gap(*_all_pairs(a, b)).min(axis=(-1, -2))


def rise(a: Boxes, b: Boxes) -> np.ndarray:
    """Largest :func:`clearance` of any box of a thing ``[..., Ka]`` over any of another ``[..., Kb]``, ``[...]`` m."""
    return clearance(*_all_pairs(a, b)).max(axis=(-1, -2), initial=-np.inf)


def _all_pairs(a: Boxes, b: Boxes) -> tuple[Boxes, Boxes]:
    left = Boxes(a.centre[..., :, None, :], a.rotation[..., :, None, :, :], a.half[..., :, None, :])
    right = Boxes(b.centre[..., None, :, :], b.rotation[..., None, :, :, :], b.half[..., None, :, :])
    return left, right
