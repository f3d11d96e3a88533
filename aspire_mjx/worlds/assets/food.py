"""Packed food and the basket.

Every packed item has exactly two boxes, so that any item fits any slot of a world template; what differs between
items (sizes, offsets, mass, friction, colour) is data. Cans are two crossed boxes (flat where fingers close, at the
true diameter), bottles and cartons a body and a narrower top, flat packs one box and a label on it.
MJX in JAX has no cylinder-box contact, and box faces hold a grasp where prisms made of many boxes slip.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from aspire_mjx.worlds.assets.asset import Box, Grasp, Vector
from aspire_mjx.worlds.assets.measured import Measured
from aspire_mjx.worlds.assets.shape import DOWN, Shape, X, Y

WALL = 0.008  #: m, thickness of the basket's walls
_FLOOR = 0.0168  # m, thickness of its floor: things rest at upstream's height


def _body_grasp(made: Measured) -> Grasp:
    """Around the narrower side, from above."""
    x, y, _ = made.size
    return Grasp("body", made.centre, Y if y < x else X, DOWN, min(x, y))


def _can(rgb: Vector, rgb2: Vector, made: Measured) -> Shape:
    (x, y, z), (cx, cy, cz) = (s / 2 for s in made.size), made.centre
    boxes = (
        Box((x, 0.5 * y, z), (cx, cy, cz), rgb),
        # A millimetre shorter at each end: one set of floor contacts a can, not two.
        Box((0.5 * x, y, z - 0.001), (cx, cy, cz), rgb2),
    )
    return Shape(boxes, (_body_grasp(made),))


def _pack(rgb: Vector, rgb2: Vector, made: Measured) -> Shape:
    (x, y, z), (cx, cy, cz) = (s / 2 for s in made.size), made.centre
    boxes = (
        Box((x, y, z), (cx, cy, cz), rgb),
        # The label is thinner than the pack and flush with it, so it never carries a contact of its own.
        Box((0.6 * x, 0.6 * y, 0.9 * z), (cx, cy, cz), rgb2),
    )
    return Shape(boxes, (_body_grasp(made),))


def _banded(rgb: Vector, rgb2: Vector, made: Measured) -> Shape:
    (x, y, z), (cx, cy, cz) = (s / 2 for s in made.size), made.centre
    boxes = (
        Box((x, y, z), (cx, cy, cz), rgb),
        # Half a millimetre proud of the pack but for its bottom: seen, and out of the way of the floor. It is wide, for
        # a bowl that stands half on a band rocks on its edge.
        Box((0.75 * x, y + 0.0005, z - 0.0005), (cx, cy, cz + 0.001), rgb2),
    )
    return Shape(boxes, (_body_grasp(made),))


def _tall(share: float, narrow: float, rgb: Vector, rgb2: Vector, made: Measured) -> Shape:
    """A body of ``share`` of the height and a top of ``narrow`` of the width."""
    (x, y, z), (cx, cy, cz) = (s / 2 for s in made.size), made.centre
    body, top = z * share, z * (1 - share)
    boxes = (
        Box((x, y, body), (cx, cy, cz - top), rgb),
        Box((narrow * x, narrow * y, top), (cx, cy, cz + body), rgb2),
    )
    return Shape(boxes, (_body_grasp(made),))


def _basket(made: Measured) -> Shape:
    (x, y, z), (cx, cy, cz) = (s / 2 for s in made.size), made.centre
    half, floor = WALL / 2, _FLOOR / 2
    wicker, rim = (0.62, 0.45, 0.28), (0.55, 0.39, 0.24)
    tall, up = z - floor, cz + floor  # walls stand on the basket's floor, not on the ground: fewer contacts
    boxes = (
        Box((x, y, floor), (cx, cy, cz - z + floor), rim),
        Box((half, y, tall), (cx + x - half, cy, up), wicker),
        Box((half, y, tall), (cx - x + half, cy, up), wicker),
        Box((x, half, tall), (cx, cy + y - half, up), wicker),
        Box((x, half, tall), (cx, cy - y + half, up), wicker),
    )
    grip = (cx, cy + y - half, cz + z - 0.01)
    return Shape(boxes, (Grasp("rim", grip, Y, DOWN, WALL),))


_bottle, _carton = partial(_tall, 0.78, 0.45), partial(_tall, 0.80, 0.55)

SHAPES: dict[str, Callable[[Measured], Shape]] = {
    "alphabet_soup": partial(_can, (0.75, 0.12, 0.10), (0.80, 0.16, 0.12)),
    "tomato_sauce": partial(_can, (0.70, 0.20, 0.14), (0.62, 0.14, 0.10)),
    "ketchup": partial(_bottle, (0.72, 0.06, 0.06), (0.92, 0.92, 0.90)),
    "bbq_sauce": partial(_bottle, (0.34, 0.14, 0.08), (0.15, 0.12, 0.10)),
    "salad_dressing": partial(_bottle, (0.82, 0.72, 0.42), (0.25, 0.50, 0.22)),
    "new_salad_dressing": partial(_bottle, (0.82, 0.72, 0.42), (0.25, 0.50, 0.22)),
    "milk": partial(_carton, (0.90, 0.92, 0.96), (0.25, 0.40, 0.75)),
    "orange_juice": partial(_carton, (0.95, 0.62, 0.15), (0.95, 0.80, 0.35)),
    "butter": partial(_pack, (0.93, 0.85, 0.45), (0.85, 0.75, 0.35)),
    "cream_cheese": partial(_pack, (0.85, 0.88, 0.95), (0.45, 0.55, 0.80)),
    "chocolate_pudding": partial(_pack, (0.36, 0.20, 0.12), (0.55, 0.35, 0.22)),
    "cookies": partial(_banded, (0.85, 0.65, 0.30), (0.45, 0.25, 0.12)),
    "basket": _basket,
}
