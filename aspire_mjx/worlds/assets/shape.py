"""What a family of things contributes to an asset, and the pieces that shapes are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from aspire_mjx.geometry import from_axis_angle, from_yaw, multiply
from aspire_mjx.worlds.assets.asset import UPRIGHT, Box, Grasp, Link, Vector

DOWN: Vector = (0.0, 0.0, -1.0)
X: Vector = (1.0, 0.0, 0.0)
Y: Vector = (0.0, 1.0, 0.0)
Z: Vector = (0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Shape:
    """Own geometry of a category.

    Attributes:
      boxes: as in :class:`~aspire_mjx.worlds.assets.asset.Asset`.
      grasps: as there.
      links: as there.
      fixture: as there.
      region_links: region name to the link that carries it; the others are on the root.
    """

    boxes: tuple[Box, ...]
    grasps: tuple[Grasp, ...] = ()
    links: tuple[Link, ...] = ()
    fixture: str = ""
    region_links: tuple[tuple[str, str], ...] = ()


def span(low: Vector, high: Vector, rgb: Vector, link: str = "") -> Box:
    """The upright box between two corners, m."""
    half = tuple((b - a) / 2 for a, b in zip(low, high, strict=True))
    centre = tuple((a + b) / 2 for a, b in zip(low, high, strict=True))
    return Box((half[0], half[1], half[2]), (centre[0], centre[1], centre[2]), rgb, UPRIGHT, link)


def moving_part(joint: Mapping[str, Any], **others: Any) -> Link:
    """A link that moves as a joint of the asset table says; ``others`` are the other attributes of :class:`Link`."""
    return Link(
        name=joint["name"],
        kind=joint["type"],
        axis=joint["axis"],
        range=joint["range"],
        damping=joint["damping"],
        **others,
    )


def turned(box: Box, axis: Vector, angle: float) -> Box:
    """The box turned about its own centre by ``angle`` rad."""
    turn = multiply(from_axis_angle(np.asarray(axis), np.asarray(angle)), np.asarray(box.quaternion))
    return Box(box.half_size, box.centre, box.rgb, tuple(turn.tolist()), box.link)


def ring(
    centre: tuple[float, float],
    bottom: tuple[float, float],
    top: tuple[float, float],
    thickness: float,
    colours: tuple[Vector, ...],
    meet: float = 0.0,
) -> tuple[Box, ...]:
    """Walls around a hollow: as many turned boxes as there are colours, the first across +x.

    Args:
      centre: of the ring in x and y, m.
      bottom: (distance of the walls' outer face from the centre, height), m; the lowest corners reach the height.
      top: the same above; the walls' extreme corners reach the height and the distance.
      thickness: of the walls, m.
      colours: of the walls.
      meet: distance from the centre, m, at which neighbours meet edge to edge; below they cross, above they leave
        gaps. 0: at the top.
    """
    (r0, z0), (r1, z1) = bottom, top
    sides = len(colours)
    tilt = math.atan2(r1 - r0, z1 - z0)
    sine, cosine = math.sin(tilt), math.cos(tilt)
    # A leaning wall is lowest at its outer and highest at its inner edge.
    length = (z1 - z0 - thickness * sine) / cosine
    radial = r1 - sine * length / 2 - cosine * thickness / 2
    height = z0 + cosine * length / 2 + sine * thickness / 2
    width = (meet or r1) * math.tan(math.pi / sides)
    walls = []
    for i, rgb in enumerate(colours):
        azimuth = 2 * math.pi * i / sides
        turn = multiply(from_yaw(np.asarray(azimuth)), from_axis_angle(np.asarray(Y), np.asarray(tilt)))
        x, y = centre[0] + radial * math.cos(azimuth), centre[1] + radial * math.sin(azimuth)
        half = (thickness / 2, width, length / 2)
        walls.append(Box(half, (x, y, height), rgb, tuple(turn.tolist())))
    return tuple(walls)
