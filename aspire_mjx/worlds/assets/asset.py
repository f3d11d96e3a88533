"""What a thing is: boxes, moving parts, regions and places to hold it, in the upright frame it is placed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from aspire_mjx.geometry import to_matrix

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]

UPRIGHT: Quaternion = (1.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Box:
    """One box geom.

    Attributes:
      half_size: [3] m.
      centre: [3] m in the thing's frame, joints at zero.
      rgb: [3], 0 to 1.
      quaternion: root_from_box.
      link: the moving part it belongs to; "" is the root.
    """

    half_size: Vector
    centre: Vector
    rgb: Vector
    quaternion: Quaternion = UPRIGHT
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A moving part of a fixture: a drawer, a door or a knob.

    Damping is explicit in a 5 ms Euler step, which is stable only while ``damping * step`` is below the moved inertia:
    masses and armatures keep it below half of that.

    Attributes:
      name: the joint's name upstream.
      kind: "slide" or "hinge".
      axis: [3] unit, in the root's frame.
      anchor: [3] m, a point of the axis, in the root's frame.
      range: lowest and highest joint position, m or rad.
      damping: N s/m or N m s/rad.
      armature: kg or kg m^2 added to the moved inertia.
      mass: kg.
      open_start: joint positions, m or rad, from which an episode that begins with the part open (on) draws. The
        benchmark's ``Open`` (``Turnon``) holds beyond the end of the range that lies nearer to ``closed_start``.
      closed_start: the same for a part that is closed (off), ``Close`` (``Turnoff``) and ``open_start``.
    """

    name: str
    kind: str
    axis: Vector
    anchor: Vector = (0.0, 0.0, 0.0)
    range: tuple[float, float]
    damping: float
    mass: float
    open_start: tuple[float, float]
    closed_start: tuple[float, float]
    armature: float = 0.0


@dataclass(frozen=True)
class SiteRegion:
    """A box-shaped region that predicates speak of: "in the top drawer", "on the burner".

    Attributes:
      centre: [3] m in the thing's frame, joints at zero.
      half_size: [3] m in the region's own frame.
      quaternion: root_from_region.
      link: the moving part that carries it; "" is the root.
    """

    name: str
    centre: Vector
    half_size: Vector
    quaternion: Quaternion = UPRIGHT
    link: str = ""


@dataclass(frozen=True)
class Grasp:
    """A place where a parallel gripper can hold the thing.

    Attributes:
      name: "rim", "handle" or "body".
      centre: [3] m between the fingertips, in the thing's frame, joints at zero.
      closing: [3] unit, the direction in which the fingers close.
      approach: [3] unit, the direction in which the hand comes.
      width: m between the fingers when closed on it.
      link: the moving part it is on; "" is the root.
    """

    name: str
    centre: Vector
    closing: Vector
    approach: Vector
    width: float
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The benchmark's figures of a category, in the frame of :class:`Asset`.

    Attributes:
      category: its name in task files.
      size: bounding size [3] m.
      origin_height: height of the origin above the lowest point, m.
      mass: kg.
      friction: sliding, torsional (m), rolling (m).
      horizontal_radius: m, the benchmark sampler's shrink radius.
      bottom_offset: m, where the benchmark's sampler thinks the thing ends below its origin.
      yaw: rad, the range of starting turns about z.
      regions: that predicates speak of.
    """

    category: str
    size: Vector
    origin_height: float
    mass: float
    friction: Vector
    horizontal_radius: float
    bottom_offset: float
    yaw: tuple[float, float]
    regions: tuple[SiteRegion, ...]


@dataclass(frozen=True, kw_only=True)
class Asset(Figures):
    """An object category in its own frame: upright, as it is placed. Its mass is that without the links.

    The frame is upstream's root frame turned by the rotation that its class always starts with. Where the class draws a
    yaw (books) and for fixtures, whose yaw comes from their region, it is the root frame itself.

    Attributes:
      fixture: "" for movable things, else the kind of fixture: "cabinet", "stove", "microwave", "wine_rack", "shelf"
        or "caddy".
      upright: it has a right way up when it is put on something: bowls, plates, mugs, pans, pots and wine bottles.
      boxes: the root's first, then those of the links in order.
      links: its moving parts.
      grasps: places to hold it.
      centre_of_mass: [3] m.
      inertia: [3] kg m^2 about the centre of mass, along the frame's axes.
    """

    fixture: str
    upright: bool
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    grasps: tuple[Grasp, ...]
    centre_of_mass: Vector
    inertia: Vector

    def __hash__(self) -> int:
        return hash((self.category, self.size))  # no two assets share these; caches ask often, and the rest is long

    def part(self, link: str) -> tuple[Box, ...]:
        """The boxes of a moving part; "" is the root."""
        return tuple(box for box in self.boxes if box.link == link)


def bounds(boxes: Iterable[Box]) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest corner [3] m of some boxes in the thing's frame."""
    centre, half, turn = _arrays(boxes)
    reach = np.einsum("bij,bj->bi", np.abs(turn), half)
    return (centre - reach).min(axis=0), (centre + reach).max(axis=0)


def balance(boxes: Iterable[Box], mass: float) -> tuple[np.ndarray, np.ndarray]:
    """Centre of mass [3] m and inertia [3] kg m^2 about it, along the frame's axes, of ``mass`` spread evenly."""
    centre, half, turn = _arrays(boxes)
    share = mass * half.prod(axis=1) / half.prod(axis=1).sum()
    middle = share @ centre / mass
    own = (half**2).sum(axis=1, keepdims=True) - half**2
    about_own = np.einsum("b,bij,bj->i", share / 3, turn**2, own)
    arm = (centre - middle) ** 2
    return middle, about_own + share @ (arm.sum(axis=1, keepdims=True) - arm)


def _arrays(boxes: Iterable[Box]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    kept = tuple(boxes)
    turn = to_matrix(np.array([box.quaternion for box in kept]))
    return np.array([box.centre for box in kept]), np.array([box.half_size for box in kept]), turn
