"""What can be carried: packed food, solid things such as books and pots, and hollow ones such as bowls and mugs.

Every packed item has exactly two boxes, so that any item fits any slot of a world template; what differs between
items (sizes, offsets, mass, friction, colour) is data. Cans are two crossed boxes (flat where fingers close, at the
true diameter), bottles and cartons a body and a narrower top, flat packs one box and a label on it.
MJX in JAX has no cylinder-box contact, and box faces hold a grasp where prisms made of many boxes slip.

Round hollow things are eight turned walls around a floor of two crossed boxes, or of one square where a handle takes
the tenth box. Walls and floors are 4.5 mm or more, so that nothing passes through them within a physics step. Walls and
the second box of a floor begin a little higher than its first one, which alone touches what is below.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from aspire_mjx.geometry import to_matrix
from aspire_mjx.worlds.assets.asset import Box, Grasp, Vector
from aspire_mjx.worlds.assets.measured import Measured
from aspire_mjx.worlds.assets.shape import DOWN, Shape, X, Y, ring, span, turned

_WALL = 0.008  # m, thickness of the basket's walls
_FLOOR = 0.0168  # m, thickness of its floor: things rest at upstream's height
_SIDES = 8  # walls of round things
_LIFT = 0.0005  # m, walls above the floor's underside


def _body_grasp(made: Measured) -> Grasp:
    """Around the narrower side, from above."""
    x, y, _ = made.size
    return Grasp("body", made.centre, Y if y < x else X, DOWN, min(x, y))


def _can(made: Measured, *, rgb: Vector, rgb2: Vector) -> Shape:
    (x, y, z), (cx, cy, cz) = (s / 2 for s in made.size), made.centre
    boxes = (
        Box((x, 0.5 * y, z), (cx, cy, cz), rgb),
        # A millimetre shorter at each end: one set of floor contacts a can, not two.
        Box((0.5 * x, y, z - 0.001), (cx, cy, cz), rgb2),
    )
    return Shape(boxes, (_body_grasp(made),))


def _pack(made: Measured, *, rgb: Vector, rgb2: Vector) -> Shape:
    (x, y, z), (cx, cy, cz) = (s / 2 for s in made.size), made.centre
    boxes = (
        Box((x, y, z), (cx, cy, cz), rgb),
        # The label is thinner than the pack and flush with it, so it never carries a contact of its own.
        Box((0.6 * x, 0.6 * y, 0.9 * z), (cx, cy, cz), rgb2),
    )
    return Shape(boxes, (_body_grasp(made),))


def _banded(made: Measured, *, rgb: Vector, rgb2: Vector) -> Shape:
    (x, y, z), (cx, cy, cz) = (s / 2 for s in made.size), made.centre
    boxes = (
        Box((x, y, z), (cx, cy, cz), rgb),
        # Half a millimetre proud of the pack but for its bottom: seen, and out of the way of the floor. It is wide, for
        # a bowl that stands half on a band rocks on its edge.
        Box((0.75 * x, y + 0.0005, z - 0.0005), (cx, cy, cz + 0.001), rgb2),
    )
    return Shape(boxes, (_body_grasp(made),))


def _tall(made: Measured, *, share: float, narrow: float, rgb: Vector, rgb2: Vector) -> Shape:
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
    half, floor = _WALL / 2, _FLOOR / 2
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
    return Shape(boxes, (Grasp("rim", grip, Y, DOWN, _WALL),))


def _book(made: Measured, *, cover: Vector) -> Shape:
    """A cover with a strip of pages at the fore-edge, standing on its lower edge."""
    pages, (x0, y0, z0), (x1, y1, z1) = (0.92, 0.90, 0.82), made.low, made.high
    boxes = (
        span((x0, y0, z0), (x1, y1 - 0.006, z1), cover),
        span((x0 + 0.003, y0 + 0.010, z0 + 0.002), (x1 - 0.003, y1, z1 - 0.003), pages),
    )
    return Shape(boxes, (Grasp("body", (*made.centre[:2], z1 - 0.02), X, DOWN, x1 - x0),))


def _wine_bottle(made: Measured) -> Shape:
    """Two crossed boxes for the body, flat where fingers close and where it lies; a neck and a cork."""
    glass, label, foil = (0.10, 0.20, 0.12), (0.90, 0.86, 0.72), (0.50, 0.08, 0.10)
    (x, y, _), (cx, cy, _), bottom, top = made.size, made.centre, made.low[2], made.high[2]
    x, y = 0.96 * x, 0.96 * y  # it lies on the faces of upstream's octagon, not on its corners
    shoulder, share = bottom + 0.088, 0.42

    def block(wide: float, deep: float, low: float, high: float, rgb: Vector) -> Box:
        return span((cx - wide * x, cy - deep * y, low), (cx + wide * x, cy + deep * y, high), rgb)

    boxes = (
        block(0.5, share * math.tan(math.pi / 8) * 2, bottom, shoulder, glass),
        block(share * math.tan(math.pi / 8) * 2, 0.5, bottom + 0.001, shoulder - 0.004, label),
        block(0.27, 0.27, shoulder - 0.002, bottom + 0.112, glass),
        block(0.155, 0.155, bottom + 0.110, top, foil),
    )
    return Shape(boxes, (Grasp("body", (cx, cy, bottom + 0.05), X, DOWN, x),))


def _moka_pot(made: Measured) -> Shape:
    silver, light, black = (0.68, 0.69, 0.71), (0.78, 0.79, 0.81), (0.09, 0.09, 0.10)
    (x, _, _), (low, high) = made.centre, (made.low, made.high)
    y, bottom, top = 0.0, low[2], low[2] + 0.133  # the pot stands around the origin; the lid's knob reaches higher
    wide = made.size[0] / 2
    boxes = (
        span((x - 0.036, y - 0.033, bottom), (x + 0.036, y + 0.033, bottom + 0.060), silver),
        span((x - 0.029, y - 0.027, bottom + 0.058), (x + 0.029, y + 0.027, bottom + 0.074), black),
        span((x - wide, y - 0.034, bottom + 0.072), (x + wide, y + 0.034, top), light),
        span((x - 0.012, y + 0.030, top - 0.034), (x + 0.012, high[1], top - 0.004), silver),
        span((x - 0.007, y - 0.007, top - 0.001), (x + 0.007, y + 0.007, high[2]), black),
        span((x - 0.0065, low[1], top - 0.014), (x + 0.0065, y - 0.032, top), black),
        span((x - 0.0065, low[1], bottom + 0.060), (x + 0.0065, low[1] + 0.014, top - 0.012), black),
    )
    # The handle and the spout are in the way of fingers around the body.
    return Shape(boxes, (Grasp("handle", (x, low[1] + 0.007, top - 0.03), X, DOWN, 0.013),))


def _vessel(
    made: Measured,
    *,
    waist: float,
    arm: float,
    inside: Vector,
    outside: Vector,
    thickness: float = 0.005,
    floor: float = 0.005,
    meet: float = 0.0,
) -> Shape:
    """A round vessel.

    Args:
      made: its figures.
      waist: radius of the walls' outer faces at the bottom, m.
      arm: half width of the floor's crossed boxes, m.
      inside: colour of the floor.
      outside: colour of the walls.
      thickness: of the walls, m.
      floor: thickness of the floor, m: what it holds rests at upstream's height.
      meet: as of :func:`ring`, m.
    """
    (cx, cy, _), bottom, top = made.centre, made.low[2], made.high[2]
    radius = (made.size[0] + made.size[1]) / 4
    long, short, base = waist - thickness + 0.001, arm, bottom + floor
    base_boxes = (
        span((cx - long, cy - short, bottom), (cx + long, cy + short, base), inside),
        span((cx - short, cy - long, bottom + _LIFT), (cx + short, cy + long, base - _LIFT), inside),
    )
    walls = ring((cx, cy), (waist, bottom + _LIFT), (radius, top), thickness, (outside,) * _SIDES, meet)
    return Shape((*base_boxes, *walls), (_rim(walls[2]),))


def _rim(wall: Box) -> Grasp:
    """One wall across y between the fingers, from above, a finger's breadth below its upper edge."""
    turn = to_matrix(np.asarray(wall.quaternion))
    x, y, z = (float(c) for c in wall.centre + turn[:, 2] * (wall.half_size[2] - 0.006))
    return Grasp("rim", (x, y, z), Y, DOWN, float(2 * wall.half_size[0] / abs(turn[1, 0])))


def _mug(
    made: Measured,
    *,
    handle_towards: float,
    waist: float,
    rise: float,
    handle_low: float,
    handle_high: float,
    outside: Vector,
    inside: Vector,
    grip: Vector,
    stripe: Vector | None = None,
) -> Shape:
    """A mug.

    Args:
      made: its figures.
      handle_towards: +1 where the handle points along y, -1 where against it.
      waist: radius of the bottom as a share of the rim's.
      rise: m, walls above the floor's underside.
      handle_low: where the handle begins, share of the height.
      handle_high: where it ends, share of the height.
      outside: colour of the walls.
      inside: colour of the floor.
      grip: colour of the handle.
      stripe: colour of every other wall; None as the others.
    """
    wall, half_grip = 0.005, 0.007
    radius, sign, (low, high) = made.size[0] / 2, handle_towards, (made.low, made.high)
    far = high[1] if sign > 0 else low[1]  # where the handle ends
    x, y = made.centre[0], (low[1] + radius if sign > 0 else high[1] - radius)
    foot = 0.68 * waist * radius
    floor = span((x - foot, y - foot, low[2]), (x + foot, y + foot, low[2] + 0.006), inside)
    colours = tuple(outside if i % 2 == 0 else stripe or outside for i in range(_SIDES))
    walls = ring((x, y), (waist * radius, low[2] + rise), (radius, high[2]), wall, colours)
    near, height = y + sign * (radius - wall), high[2] - low[2]
    bottom, top = low[2] + handle_low * height, low[2] + handle_high * height
    handle = span((x - half_grip, min(near, far), bottom), (x + half_grip, max(near, far), top), grip)
    hold = Grasp("handle", (x, (y + sign * radius + far) / 2, (bottom + top) / 2), X, DOWN, 2 * half_grip)
    rim = _rim(walls[6 if sign > 0 else 2])  # the wall opposite the handle
    return Shape((floor, *walls, handle), (rim, hold))


def _frypan(made: Measured) -> Shape:
    iron, dark = (0.22, 0.22, 0.24), (0.10, 0.10, 0.11)
    wall, radius, rim = 0.005, made.size[0] / 2, 0.0416  # m, rim above the lowest point
    (x, _, _), (low, high) = made.centre, (made.low, made.high)
    y, foot = low[1] + radius, 0.0635
    floor = span((x - foot, y - foot, low[2]), (x + foot, y + foot, low[2] + 0.006), iron)
    walls = ring((x, y), (0.068, low[2] + _LIFT), (radius, low[2] + rim), wall, (iron,) * _SIDES)
    # A flat bar that rises from the rim to its tip; it weighs less than the pan's floor, so the pan stands.
    half, thick, start, end = 0.0127, 0.006, (y + radius - 0.012, low[2] + rim - 0.010), (high[1], high[2] - 0.006)
    rise = math.atan2(end[1] - start[1], end[0] - start[0])
    length = math.hypot(end[0] - start[0], end[1] - start[1]) - thick * math.sin(rise)
    middle = (x, start[0] + length / 2 * math.cos(rise), start[1] + length / 2 * math.sin(rise))
    handle = turned(Box((half, length / 2, thick), middle, dark), X, rise)
    hold = Grasp("handle", (x, (y + radius + end[0]) / 2, (rim + high[2]) / 2), X, DOWN, 2 * half)
    return Shape((floor, *walls, handle), (_rim(walls[6]), hold))


def _tray(made: Measured) -> Shape:
    wood, dark = (0.70, 0.50, 0.30), (0.55, 0.37, 0.20)
    wall, (x0, y0, z0), (x1, y1, z1) = 0.005, made.low, made.high
    end, bar = z0 + 0.048, 0.012  # m: top of the end walls, height of the handle bars over them
    boxes = (
        span((x0 + 0.001, y0 + 0.001, z0), (x1 - 0.001, y1 - 0.001, z0 + 0.007), wood),
        span((x0, y0, z0 + _LIFT), (x1, y0 + wall, z1 - 0.002), dark),
        span((x0, y1 - wall, z0 + _LIFT), (x1, y1, z1 - 0.002), dark),
        span((x0 + 0.004, y0, z0 + _LIFT), (x0 + 0.010, y1, end), dark),
        span((x1 - 0.010, y0, z0 + _LIFT), (x1 - 0.004, y1, end), dark),
        span((x0, y0 + wall, z1 - bar), (x0 + 0.014, y1 - wall, z1), wood),
        span((x1 - 0.014, y0 + wall, z1 - bar), (x1, y1 - wall, z1), wood),
    )
    rim = Grasp("rim", (made.centre[0], y1 - wall / 2, z1 - 0.012), Y, DOWN, wall)
    return Shape(boxes, (rim, Grasp("handle", (x0 + 0.007, made.centre[1], z1 - bar / 2), X, DOWN, 0.014)))


#: Forms of data/shapes.json.
FORMS: dict[str, Callable[..., Shape]] = {
    "can": _can,
    "pack": _pack,
    "banded": _banded,
    "tall": _tall,
    "basket": _basket,
    "book": _book,
    "wine_bottle": _wine_bottle,
    "moka_pot": _moka_pot,
    "vessel": _vessel,
    "mug": _mug,
    "frypan": _frypan,
    "tray": _tray,
}
