"""Where the things of a batch of worlds are: root poses, joints and boxes, from joint positions."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from aspire_mjx.columns import SHARED, Columns
from aspire_mjx.geometry import from_axis_angle, from_yaw, matrix_product, multiply, rotate, to_matrix
from aspire_mjx.worlds.assets import Asset, Link, SiteRegion
from aspire_mjx.worlds.overlap import Boxes


@dataclass(frozen=True, eq=False)
class Moves(Columns):
    """Rigid motions of ``N`` things along the table: turns about the vertical through the origin, then shifts.

    Attributes:
      shift: ``[N, 3]`` m, world frame.
      yaw: ``[N]`` rad.
    """

    shift: np.ndarray
    yaw: np.ndarray

    @classmethod
    def about(cls, place: np.ndarray, shift: np.ndarray, yaw: float) -> Moves:
        """One motion: a turn about ``place [3]`` m, and a shift ``[3]`` m."""
        turned = rotate(from_yaw(np.array([yaw])), place[None])
        return cls(place + shift - turned, np.array([yaw]))

    def back(self, points: np.ndarray) -> np.ndarray:
        """Where points ``[N, 3]`` m would be without the motions."""
        return rotate(from_yaw(-self.yaw), points - self.shift)

    def forth(self, points: np.ndarray) -> np.ndarray:
        """Where points ``[N, 3]`` m are taken."""
        return rotate(from_yaw(self.yaw), points) + self.shift


@dataclass(frozen=True, eq=False)
class ThingPose(Columns):
    """One thing in ``N`` states.

    Attributes:
      asset: what it is.
      position: ``[N, 3]`` m, of its root, world frame.
      quaternion: ``[N, 4]`` wxyz, of its root, world frame.
      joints: ``[N]`` rad or m of each of its links, by name.
      moved: how the perturbation moved its start.
    """

    asset: Asset = field(metadata=SHARED)
    position: np.ndarray
    quaternion: np.ndarray
    joints: dict[str, np.ndarray]
    moved: Moves

    def link(self, name: str) -> Link:
        """One of its moving parts."""
        return next(link for link in self.asset.links if link.name == name)

    def place(self, points: np.ndarray, quaternions: np.ndarray, link: str = "") -> tuple[np.ndarray, np.ndarray]:
        """World poses ``[N, K, 3]``, ``[N, K, 4]`` of frames given in the root frame at joint position 0."""
        at, turn = points[None], quaternions[None]
        if link:
            part, value = self.link(link), self.joints[link][:, None]
            if part.kind == "slide":
                at = at + value[..., None] * np.asarray(part.axis)
            else:
                swing, anchor = from_axis_angle(np.asarray(part.axis), value), np.asarray(part.anchor)
                at, turn = anchor + rotate(swing, at - anchor), multiply(swing, turn)
        root = self.quaternion[:, None]
        return self.position[:, None] + rotate(root, at), multiply(root, turn)

    def region(self, region: SiteRegion) -> tuple[np.ndarray, np.ndarray]:
        """World position ``[N, 3]`` and rotation ``[N, 3, 3]`` of one of its regions."""
        where = np.asarray(region.centre)[None], np.asarray(region.quaternion)[None], region.link
        position, quaternion = self.place(*where)
        return position[:, 0], to_matrix(quaternion[:, 0])

    @functools.cached_property
    def boxes(self) -> Boxes:
        """Its geoms in the world, ``[N, K]``: those of the root, then of each link, in the asset's order."""
        parts = _parts(self.asset)
        if len(self.position) == 1 and not self.asset.links:  # placing asks for the same thing in many places
            centre, rotation = _turned(self.asset, tuple(self.quaternion[0].tolist()))
            return Boxes(self.position[:, None] + centre, rotation, parts[0].half[None])
        moved = [self._moved(part) for part in parts]
        root = to_matrix(self.quaternion)[:, None]
        centre = [self.position[:, None] + matrix_product(root, local[..., None])[..., 0] for local, _ in moved]
        rotation = [matrix_product(root, turn) for _, turn in moved]
        at = np.concatenate(centre, axis=1)
        half = np.concatenate([part.half for part in parts])
        return Boxes(at, np.concatenate(rotation, axis=1), np.broadcast_to(half, at.shape))

    def boxes_of(self, links: Sequence[str]) -> Boxes:
        """Those of its geoms that belong to some of its moving parts, ``[N, K]``."""
        return self.boxes.subset(np.flatnonzero([box.link in links for box in self.asset.boxes]))

    def _moved(self, part: _Part) -> tuple[np.ndarray, np.ndarray]:
        """Centres ``[N or 1, K, 3]`` and rotations ``[N or 1, K, 3, 3]`` of a part's boxes in the root frame."""
        centre, rotation = part.centre[None], part.rotation[None]
        if not part.link:
            return centre, rotation
        link, value = self.link(part.link), self.joints[part.link][:, None]
        if link.kind == "slide":
            return centre + value[..., None] * np.asarray(link.axis), rotation
        anchor, swing = np.asarray(link.anchor), to_matrix(from_axis_angle(np.asarray(link.axis), value))
        return anchor + matrix_product(swing, (centre - anchor)[..., None])[..., 0], matrix_product(swing, rotation)

    @functools.cached_property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest corner ``[N, K, 3]`` m of each box along the world's axes."""
        return self.boxes.bounds()

    @functools.cached_property
    def hull(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest corner ``[N, 3]`` m of all its boxes along the world's axes."""
        low, high = self.bounds
        return low.min(axis=1), high.max(axis=1)

    @functools.cached_property
    def bounding_radius(self) -> float:
        """No box is farther from the origin than this, m; doors and drawers in any position."""
        return _bounding_radius(self.asset)


class _Part(NamedTuple):
    """The boxes of one rigid part as arrays ``[K, ...]``."""

    link: str
    centre: np.ndarray
    rotation: np.ndarray
    half: np.ndarray


@functools.lru_cache(maxsize=1024)
def _parts(asset: Asset) -> tuple[_Part, ...]:
    parts = []
    for link in ("", *(link.name for link in asset.links)):
        if boxes := asset.part(link):
            columns = [[getattr(box, name) for box in boxes] for name in ("centre", "quaternion", "half_size")]
            centre, quaternion, half = (np.array(column, float) for column in columns)
            parts.append(_Part(link, centre, to_matrix(quaternion), half))
    return tuple(parts)


@functools.lru_cache(maxsize=1024)
def _turned(asset: Asset, quaternion: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Centres ``[1, K, 3]`` and rotations ``[1, K, 3, 3]`` of the boxes of a thing without links, at the origin."""
    root, (part,) = to_matrix(np.array([quaternion]))[:, None], _parts(asset)
    return matrix_product(root, part.centre[None, ..., None])[..., 0], matrix_product(root, part.rotation[None])


@functools.lru_cache(maxsize=1024)
def _bounding_radius(asset: Asset) -> float:
    still = max(np.linalg.norm(b.centre) + np.linalg.norm(b.half_size) for b in asset.boxes)
    swings = [
        np.linalg.norm(link.anchor) if link.kind == "hinge" else max(map(abs, link.range)) for link in asset.links
    ]
    return float(still + 2 * max(swings, default=0.0))
