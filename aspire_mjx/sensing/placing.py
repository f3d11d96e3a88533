"""Words for places: which of several things "the left one" or "the one next to the plate" is, as a camera sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

_OTHER, _LEAST = 0.8, 0.7  # factors on the similarities of a thing that fits a place a little less, and least of all
_WRONG_SIDE = 1.0  # m, added to the distance of a thing that is not on the side that is named
_ALIKE = 0.01  # m, things nearer together than that are at one place
_SIDES = {"left": (0, -1.0), "right": (0, 1.0), "front": (1, -1.0), "back": (1, 1.0), "top": (2, 1.0)}
_SIDES |= {"bottom": (2, -1.0), "near": (1, -1.0), "far": (1, 1.0), "before": (1, -1.0), "behind": (1, 1.0)}


@dataclass(frozen=True)
class View:
    """One image of a pinhole camera, and how to get points out of it.

    Attributes:
        depth: `[H, W]` m along the optical axis.
        position: `[3]` m, of the camera, in the frame of the points.
        rotation: `[3, 3]` from the camera's frame to that of the points.
        focal: pixels.
    """

    depth: np.ndarray
    position: np.ndarray
    rotation: np.ndarray
    focal: float

    def points(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """`[P, 3]` m, what is seen at pixels `[P]`."""
        height, width = self.depth.shape
        depth = self.depth[rows, columns].astype(float)
        x, y = (columns - 0.5 * (width - 1)) / self.focal, (rows - 0.5 * (height - 1)) / self.focal
        local = np.stack([x * depth, y * depth, depth], axis=1)
        return self.position + (local[:, None, :] * self.rotation[None]).sum(axis=2)

    def middle(self, mask: np.ndarray) -> np.ndarray:
        """`[3]` m, the mean of what is seen in a mask `[H, W]`; NaN in an empty one."""
        rows, columns = np.nonzero(mask & (self.depth > 0))
        return self.points(rows, columns).mean(axis=0) if len(rows) else np.full(3, np.nan)

    @property
    def sides(self) -> np.ndarray:
        """`[3, 3]` directions as the image shows them: to the right, away along the ground, and up."""
        right, away = self.rotation[:, 0], self.rotation[:, 2] - self.rotation[:, 1]
        away = np.array([away[0], away[1], 0.0])
        return np.stack([right, away / max(float(np.linalg.norm(away)), 1e-9), np.array([0.0, 0.0, 1.0])])


def place_grades(
    view: View,
    middles: np.ndarray,
    places: Sequence[str],
    relations: Sequence[tuple[str, str]],
    anchors: Mapping[str, np.ndarray],
) -> np.ndarray:
    """Factors `[K]` on the similarities of `K` things: 1 for the one that the words for places fit best.

    Args:
        view: the image.
        middles: `[K, 3]` m, of what is seen of the things; NaN for one that is not seen.
        places: of ``phrase.Phrase``.
        relations: the same.
        anchors: words of a relation to the middles `[A, 3]` m of what they mean; those of the robot are at its base.
    """
    where, grades = middles @ view.sides.T, np.ones(len(middles))
    off = [_off_middle(view, middles) if place == "middle" else _off_side(where, place) for place in places]
    off += [
        _off_relation(where, kind, anchors[words] @ view.sides.T) for kind, words in relations if len(anchors[words])
    ]
    for cost in off:
        seen = np.isfinite(cost)
        more = cost[seen] - cost[seen].min(initial=np.inf)
        other = _OTHER - (_OTHER - _LEAST) * more / max(float(more.max(initial=0.0)), _ALIKE)
        grades[seen] *= np.where(more > _ALIKE, other, 1.0)
    return grades


def _off_side(where: np.ndarray, place: str) -> np.ndarray:
    """How far each thing `[K]` is from a side of the image, m; the least is nearest."""
    axis, sign = _SIDES[place]
    return -sign * where[:, axis]


def _off_middle(view: View, middles: np.ndarray) -> np.ndarray:
    """How far each thing `[K]` is from the middle: of the others, m; of the image where there are less than three."""
    seen = middles[np.isfinite(middles[:, 0])]
    if len(seen) > 2:
        return np.linalg.norm(middles[:, None] - seen[None], axis=2).sum(axis=1)
    local = (middles - view.position) @ view.rotation
    return np.linalg.norm(local[:, :2], axis=1)


def _off_relation(where: np.ndarray, kind: str, anchors: np.ndarray) -> np.ndarray:
    """The same of a place beside other things `[A, 3]`, in the view's directions."""
    apart = np.linalg.norm(where[:, None, :2] - anchors[None, :, :2], axis=2)
    if kind == "between":
        return apart.sum(axis=1)
    if kind == "far":
        return -apart.min(axis=1)
    if kind not in ("left", "right", "before", "behind"):
        return apart.min(axis=1)
    axis, sign = _SIDES[kind]
    wrong = sign * (where[:, None, axis] - anchors[None, :, axis]) <= 0
    return (apart + _WRONG_SIDE * wrong).min(axis=1)
