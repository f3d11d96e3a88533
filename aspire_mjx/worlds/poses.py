"""Where the things of a batch of worlds are: root poses, joints and boxes, from joint positions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.geometry import from_axis_angle, multiply, rotate, to_matrix
from aspire_mjx.worlds.assets import Asset, Link, SiteRegion
from aspire_mjx.worlds.overlap import Boxes


@dataclass(frozen=True)
class ThingPose:
    """One thing in ``N`` states.

    Attributes:
      asset: what it is.
      position, quaternion: ``[N, 3]`` m, ``[N, 4]`` of its root, world frame.
      joints: ``[N]`` rad or m of each of its links, by name.
    """

    asset: Asset
    position: np.ndarray
    quaternion: np.ndarray
    joints: dict[str, np.ndarray]

    def link(self, name: str) -> Link:
        """One of its moving parts."""
        return next(link for link in self.asset.links if link.name == name)

    def place(self, point: np.ndarray, quaternion: np.ndarray, link: str = "") -> tuple[np.ndarray, np.ndarray]:
        """World pose of a frame given in the root frame at joint position 0, ``[N, 3]`` and ``[N, 4]``."""
        count = len(self.position)
        at, turn = np.broadcast_to(point, (count, 3)), np.broadcast_to(quaternion, (count, 4))
        if link:
            part, value = self.link(link), self.joints[link]
            if part.kind == "slide":
                at = at + value[:, None] * np.asarray(part.axis)
            else:
                swing = from_axis_angle(np.broadcast_to(part.axis, (count, 3)), value)
                at = np.asarray(part.anchor) + rotate(swing, at - np.asarray(part.anchor))
                turn = multiply(swing, turn)
        return self.position + rotate(self.quaternion, at), multiply(self.quaternion, turn)

    def region(self, region: SiteRegion) -> tuple[np.ndarray, np.ndarray]:
        """World position ``[N, 3]`` and rotation ``[N, 3, 3]`` of one of its regions."""
        position, quaternion = self.place(np.asarray(region.centre), np.asarray(region.quaternion), region.link)
        return position, to_matrix(quaternion)

    def boxes(self) -> Boxes:
        """Its geoms in the world, ``[N, K]``."""
        placed = [self.place(np.asarray(b.centre), np.asarray(b.quaternion), b.link) for b in self.asset.boxes]
        centre = np.stack([position for position, _ in placed], axis=1)
        rotation = to_matrix(np.stack([quaternion for _, quaternion in placed], axis=1))
        half = np.array([box.half_size for box in self.asset.boxes])
        return Boxes(centre, rotation, np.broadcast_to(half, centre.shape))
