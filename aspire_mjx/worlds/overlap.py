"""How far boxes are apart or inside each other, batched: the separating axis test on oriented boxes.

Source: Gottschalk, Lin, Manocha, "OBBTree", SIGGRAPH 1996, section 5: two boxes are apart exactly when one of fifteen
axes separates them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_PARALLEL = 1e-6  # sine below which two edges give no axis of their own


@dataclass(frozen=True)
class Boxes:
    """Oriented boxes: ``centre [..., 3]`` m, ``rotation [..., 3, 3]`` world_from_box, ``half [..., 3]`` m."""

    centre: np.ndarray
    rotation: np.ndarray
    half: np.ndarray

    def moved(self, offset: np.ndarray) -> Boxes:
        """The same boxes shifted by ``offset [..., 3]`` m."""
        return Boxes(self.centre + offset, self.rotation, self.half)

    def take(self, rows: np.ndarray) -> Boxes:
        """Those of some rows of the first axis."""
        return Boxes(self.centre[rows], self.rotation[rows], self.half[rows])

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest corner ``[..., 3]`` m of each box along the world's axes."""
        reach = (np.abs(self.rotation) * self.half[..., None, :]).sum(-1)
        return self.centre - reach, self.centre + reach


def gap(a: Boxes, b: Boxes) -> np.ndarray:
    """Largest separation over the fifteen axes, ``[...]`` m, broadcasting the leading axes.

    Below 0 the boxes overlap, by that much along the axis that frees them soonest; above 0 it is a lower bound of
    their distance, exact where faces meet.
    """
    turn = np.swapaxes(a.rotation, -1, -2) @ b.rotation  # a_from_b
    offset = np.einsum("...ji,...j->...i", a.rotation, b.centre - a.centre)
    reach = np.abs(turn)
    faces_a = np.abs(offset) - a.half - np.einsum("...ij,...j->...i", reach, b.half)
    along_b = np.einsum("...ij,...i->...j", turn, offset)
    faces_b = np.abs(along_b) - b.half - np.einsum("...ij,...i->...j", reach, a.half)
    best = np.maximum(faces_a.max(-1), faces_b.max(-1))
    for i in range(3):
        p, q = (i + 1) % 3, (i + 2) % 3
        for j in range(3):
            r, s = (j + 1) % 3, (j + 2) % 3
            length = np.sqrt(np.maximum(1.0 - turn[..., i, j] ** 2, 0.0))
            between = np.abs(offset[..., q] * turn[..., p, j] - offset[..., p] * turn[..., q, j])
            inner = a.half[..., p] * reach[..., q, j] + a.half[..., q] * reach[..., p, j]
            inner = inner + b.half[..., r] * reach[..., i, s] + b.half[..., s] * reach[..., i, r]
            edge = (between - inner) / np.maximum(length, _PARALLEL)
            best = np.where(length > _PARALLEL, np.maximum(best, edge), best)
    return best


def nearest_gap(a: Boxes, b: Boxes) -> np.ndarray:
    """Smallest :func:`gap` between any box of one thing ``[..., Ka]`` and any of another ``[..., Kb]``, ``[...]`` m."""
    left = Boxes(a.centre[..., :, None, :], a.rotation[..., :, None, :, :], a.half[..., :, None, :])
    right = Boxes(b.centre[..., None, :, :], b.rotation[..., None, :, :, :], b.half[..., None, :, :])
    return gap(left, right).min(axis=(-1, -2))
