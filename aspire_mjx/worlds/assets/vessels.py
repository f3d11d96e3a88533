"""Hollow things: bowls, plates, mugs, a pan and a tray.

Round ones are eight turned walls around a floor of two crossed boxes, or of one square where a handle takes the tenth
box. Walls and floors are 4.5 mm or more, so that nothing passes through them within a physics step. Walls and the
second box of a floor begin a little higher than its first one, which alone touches what is below.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from aspire_mjx.geometry import to_matrix
from aspire_mjx.worlds.assets.asset import Box, Grasp, Vector
from aspire_mjx.worlds.assets.measured import Measured
from aspire_mjx.worlds.assets.shape import DOWN, Shape, X, Y, ring, span, turned

_SIDES = 8
_LIFT = 0.0005  # m, walls above the floor's underside


@dataclass(frozen=True)
class _Round:
    """A round vessel.

    Attributes:
      waist: radius of the walls' outer faces at the bottom, m.
      arm: half width of the floor's crossed boxes, m.
      thickness: of the walls, m.
      floor: thickness of the floor, m: what it holds rests at upstream's height.
      inside: colour of the floor.
      outside: colour of the walls.
    """

    waist: float
    arm: float
    inside: Vector
    outside: Vector
    thickness: float = 0.005
    floor: float = 0.005
    meet: float = 0.0


def _vessel(form: _Round, made: Measured) -> Shape:
    (cx, cy, _), bottom, top = made.centre, made.low[2], made.high[2]
    radius = (made.size[0] + made.size[1]) / 4
    long, short, base = form.waist - form.thickness + 0.001, form.arm, bottom + form.floor
    floor = (
        span((cx - long, cy - short, bottom), (cx + long, cy + short, base), form.inside),
        span((cx - short, cy - long, bottom + _LIFT), (cx + short, cy + long, base - _LIFT), form.inside),
    )
    walls = ring(
        (cx, cy), (form.waist, bottom + _LIFT), (radius, top), form.thickness, (form.outside,) * _SIDES, form.meet
    )
    return Shape((*floor, *walls), (_rim(walls[2]),))


def _rim(wall: Box) -> Grasp:
    """One wall across y between the fingers, from above, a finger's breadth below its upper edge."""
    turn = to_matrix(np.asarray(wall.quaternion))
    x, y, z = (float(c) for c in wall.centre + turn[:, 2] * (wall.half_size[2] - 0.006))
    return Grasp("rim", (x, y, z), Y, DOWN, float(2 * wall.half_size[0] / abs(turn[1, 0])))


@dataclass(frozen=True)
class _Mug:
    """A mug.

    Attributes:
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

    handle_towards: float
    waist: float
    rise: float
    handle_low: float
    handle_high: float
    outside: Vector
    inside: Vector
    grip: Vector
    stripe: Vector | None = None


def _mug(form: _Mug, made: Measured) -> Shape:
    wall, half_grip = 0.005, 0.007
    radius, sign, (low, high) = made.size[0] / 2, form.handle_towards, (made.low, made.high)
    far = high[1] if sign > 0 else low[1]  # where the handle ends
    x, y = made.centre[0], (low[1] + radius if sign > 0 else high[1] - radius)
    foot = 0.68 * form.waist * radius
    floor = span((x - foot, y - foot, low[2]), (x + foot, y + foot, low[2] + 0.006), form.inside)
    colours = tuple(form.outside if i % 2 == 0 else form.stripe or form.outside for i in range(_SIDES))
    walls = ring((x, y), (form.waist * radius, low[2] + form.rise), (radius, high[2]), wall, colours)
    near, height = y + sign * (radius - wall), high[2] - low[2]
    bottom, top = low[2] + form.handle_low * height, low[2] + form.handle_high * height
    handle = span((x - half_grip, min(near, far), bottom), (x + half_grip, max(near, far), top), form.grip)
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


_BLACK, _WHITE = (0.11, 0.11, 0.13), (0.93, 0.93, 0.91)

SHAPES: dict[str, Callable[[Measured], Shape]] = {
    "akita_black_bowl": partial(_vessel, _Round(0.040, 0.018, (0.20, 0.19, 0.20), _BLACK, 0.0045, meet=0.041)),
    "white_bowl": partial(_vessel, _Round(0.031, 0.0175, _WHITE, (0.88, 0.88, 0.86))),
    "glazed_rim_porcelain_ramekin": partial(_vessel, _Round(0.0370, 0.0205, (0.80, 0.76, 0.66), (0.90, 0.87, 0.78))),
    "plate": partial(_vessel, _Round(0.040, 0.030, (0.94, 0.93, 0.90), (0.86, 0.84, 0.80), floor=0.00845)),
    "red_coffee_mug": partial(
        _mug, _Mug(-1.0, 0.92, _LIFT, 0.20, 0.88, (0.75, 0.10, 0.09), (0.92, 0.90, 0.86), (0.62, 0.07, 0.07))
    ),
    "porcelain_mug": partial(_mug, _Mug(1.0, 0.72, 0.003, 0.15, 0.88, _WHITE, (0.86, 0.85, 0.82), (0.84, 0.84, 0.83))),
    "white_yellow_mug": partial(
        _mug, _Mug(-1.0, 0.705, 0.003, 0.22, 0.82, _WHITE, (0.93, 0.80, 0.25), (0.93, 0.78, 0.20), (0.95, 0.84, 0.40))
    ),
    "chefmate_8_frypan": _frypan,
    "wooden_tray": _tray,
}
