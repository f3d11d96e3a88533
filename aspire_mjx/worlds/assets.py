"""Objects as primitive geoms of our own, from the measured sizes and masses of the benchmark's assets.

Every food item has exactly two boxes, so that any item fits any slot of the world template; what differs between
items (sizes, offsets, mass, friction, colour) is data. Cans are two crossed boxes (flat where fingers close, at the
true diameter), bottles and cartons a body and a narrower top, flat packs one box and a label on it.
MJX in JAX has no cylinder-box contact, and box faces hold a grasp where prisms made of many boxes slip.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.geometry import rotate
from aspire_mjx.worlds.tables import asset_table

WALL = 0.008  #: m, thickness of the basket's walls and floor
FOOD_GEOMS = 2  #: boxes of each food item
BASKET_GEOMS = 5

_CAN, _BOTTLE, _CARTON, _PACK = "can", "bottle", "carton", "pack"
# Shape family and the colours (RGB) of the two boxes.
_LOOKS: dict[str, tuple[str, tuple[float, float, float], tuple[float, float, float]]] = {
    "alphabet_soup": (_CAN, (0.75, 0.12, 0.10), (0.80, 0.16, 0.12)),
    "cream_cheese": (_PACK, (0.85, 0.88, 0.95), (0.45, 0.55, 0.80)),
    "salad_dressing": (_BOTTLE, (0.82, 0.72, 0.42), (0.25, 0.50, 0.22)),
    "bbq_sauce": (_BOTTLE, (0.34, 0.14, 0.08), (0.15, 0.12, 0.10)),
    "ketchup": (_BOTTLE, (0.72, 0.06, 0.06), (0.92, 0.92, 0.90)),
    "tomato_sauce": (_CAN, (0.70, 0.20, 0.14), (0.62, 0.14, 0.10)),
    "butter": (_PACK, (0.93, 0.85, 0.45), (0.85, 0.75, 0.35)),
    "milk": (_CARTON, (0.90, 0.92, 0.96), (0.25, 0.40, 0.75)),
    "chocolate_pudding": (_PACK, (0.36, 0.20, 0.12), (0.55, 0.35, 0.22)),
    "orange_juice": (_CARTON, (0.95, 0.62, 0.15), (0.95, 0.80, 0.35)),
}


@dataclass(frozen=True)
class BoxPart:
    """One box geom: half sizes [3] m, centre [3] m in the object's frame, RGB."""

    half_size: tuple[float, float, float]
    centre: tuple[float, float, float]
    rgb: tuple[float, float, float]


@dataclass(frozen=True)
class Asset:
    """An object category in the upright frame it is placed in.

    Attributes:
      parts: the box geoms.
      size: bounding size [3] m, upright.
      origin_height: height of the object's origin above its lowest point, m.
      mass: kg.  friction: sliding, torsional (m), rolling (m).
      horizontal_radius: m, the benchmark sampler's shrink radius.
    """

    category: str
    parts: tuple[BoxPart, ...]
    size: tuple[float, float, float]
    origin_height: float
    mass: float
    friction: tuple[float, float, float]
    horizontal_radius: float


@dataclass(frozen=True)
class Region:
    """A box in an object's upright frame: centre [3] and half size [3], m."""

    centre: tuple[float, float, float]
    half_size: tuple[float, float, float]


def categories() -> tuple[str, ...]:
    """Names of all categories that can be built."""
    return ("basket", *_LOOKS)


@cache
def asset(category: str) -> Asset:
    """The description of a category.

    Raises:
      UnknownNameError: no such category.
    """
    if category not in categories():
        raise UnknownNameError("object category", category, categories())
    raw = asset_table()[category]
    size = tuple(raw["as_placed_size_m"])
    low = np.asarray(raw["aabb_lo_root_frame"]) + np.asarray(raw["aabb_size_m"]) / 2
    centre = rotate(np.asarray(raw["init_quat_wxyz_seed0"]), low)  # box centre from the object's origin
    centre = tuple(float(np.round(c, 5)) for c in centre)
    parts = _basket_parts(size, centre) if category == "basket" else _food_parts(category, size, centre)
    return Asset(
        category=category,
        parts=parts,
        size=size,
        origin_height=size[2] / 2 - centre[2],
        mass=raw["mass_kg"],
        friction=tuple(raw["friction"]),
        horizontal_radius=raw["horizontal_radius_m"],
    )


def contain_region(category: str) -> Region:
    """The region that counts as inside a container.

    Raises:
      UnknownNameError: the category has no such region.
    """
    table = asset_table()
    containers = [name for name in categories() if table[name]["regions"]]
    if category not in containers:
        raise UnknownNameError("container category", category, containers)
    raw = table[category]["regions"][0]
    return Region(tuple(raw["pos_in_root"]), tuple(raw["half_size"]))


def _food_parts(category: str, size, centre) -> tuple[BoxPart, ...]:
    family, rgb, rgb2 = _LOOKS[category]
    x, y, z = (s / 2 for s in size)
    cx, cy, cz = centre
    if family == _CAN:
        return (
            BoxPart((x, 0.5 * y, z), (cx, cy, cz), rgb),
            # A millimetre shorter at each end: one set of floor contacts a can, not two.
            BoxPart((0.5 * x, y, z - 0.001), (cx, cy, cz), rgb2),
        )
    if family == _PACK:
        # The label is thinner than the pack and flush with it, so it never carries a contact of its own.
        return (
            BoxPart((x, y, z), (cx, cy, cz), rgb),
            BoxPart((0.6 * x, 0.6 * y, 0.9 * z), (cx, cy, cz), rgb2),
        )
    share, narrow = (0.78, 0.45) if family == _BOTTLE else (0.80, 0.55)
    body, top = z * share, z * (1 - share)
    return (
        BoxPart((x, y, body), (cx, cy, cz - top), rgb),
        BoxPart((narrow * x, narrow * y, top), (cx, cy, cz + body), rgb2),
    )


def _basket_parts(size, centre) -> tuple[BoxPart, ...]:
    x, y, z = (s / 2 for s in size)
    cx, cy, cz = centre
    half = WALL / 2
    wicker, rim = (0.62, 0.45, 0.28), (0.55, 0.39, 0.24)
    tall, up = z - half, cz + half  # walls stand on the basket's floor, not on the ground: fewer contacts
    return (
        BoxPart((x, y, half), (cx, cy, cz - z + half), rim),
        BoxPart((half, y, tall), (cx + x - half, cy, up), wicker),
        BoxPart((half, y, tall), (cx - x + half, cy, up), wicker),
        BoxPart((x, half, tall), (cx, cy + y - half, up), wicker),
        BoxPart((x, half, tall), (cx, cy - y + half, up), wicker),
    )
