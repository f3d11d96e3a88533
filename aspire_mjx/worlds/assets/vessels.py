"""Hollow things: bowls, plates, mugs, a pan and a tray.

Round ones are eight turned walls around a square floor. Walls and floors are 4.5 mm or more, so that nothing passes
through them within a physics step. Walls stand a little higher than the floor: only the floor touches what is below.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from aspire_mjx.worlds.assets.asset import Grasp, Vector
from aspire_mjx.worlds.assets.measured import Measured
from aspire_mjx.worlds.assets.shape import DOWN, Shape, X, Y, ring, span

_SIDES = 8
_LIFT = 0.001  # m, walls above the floor's underside


@dataclass(frozen=True)
class _Round:
    """A round vessel.

    Attributes:
      foot: half side of the square floor, m.  waist: radius of the walls' outer faces at the bottom, m.
      thickness: of walls and floor, m.
      inside, outside: colours of the floor and of the walls.
    """

    foot: float
    waist: float
    inside: Vector
    outside: Vector
    thickness: float = 0.005


def _vessel(form: _Round, made: Measured) -> Shape:
    (cx, cy, _), bottom, top = made.centre, made.low[2], made.high[2]
    radius = (made.size[0] + made.size[1]) / 4
    floor = span(
        (cx - form.foot, cy - form.foot, bottom), (cx + form.foot, cy + form.foot, bottom + form.thickness), form.inside
    )
    walls = ring((cx, cy), (form.waist, bottom + _LIFT), (radius, top), form.thickness, (form.outside,) * _SIDES)
    return Shape((floor, *walls), (_rim((cx, cy), radius, top, form.thickness),))


def _rim(centre: tuple[float, float], radius: float, top: float, thickness: float) -> Grasp:
    """One wall between the fingers, from above."""
    return Grasp("rim", (centre[0], centre[1] + radius - thickness / 2, top - 0.008), Y, DOWN, thickness)


@dataclass(frozen=True)
class _Mug:
    """A mug.

    Attributes:
      handle_towards: +1 where the handle points along y, -1 where against it.
      waist: radius of the bottom as a share of the rim's.
      handle_low, handle_high: where the handle begins and ends, share of the height.
      outside, inside, grip: colours of walls, floor and handle.
      stripe: colour of every other wall; None as the others.
    """

    handle_towards: float
    waist: float
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
    walls = ring((x, y), (form.waist * radius, low[2] + _LIFT), (radius, high[2]), wall, colours)
    near, height = y + sign * (radius - wall), high[2] - low[2]
    bottom, top = low[2] + form.handle_low * height, low[2] + form.handle_high * height
    handle = span((x - half_grip, min(near, far), bottom), (x + half_grip, max(near, far), top), form.grip)
    hold = Grasp("handle", (x, (y + sign * radius + far) / 2, (bottom + top) / 2), X, DOWN, 2 * half_grip)
    rim = Grasp("rim", (x, y - sign * (radius - wall / 2), high[2] - 0.008), Y, DOWN, wall)
    return Shape((floor, *walls, handle), (rim, hold))


def _frypan(made: Measured) -> Shape:
    iron, dark = (0.22, 0.22, 0.24), (0.10, 0.10, 0.11)
    wall, radius, rim = 0.005, made.size[0] / 2, 0.0416  # m, rim above the lowest point
    (x, _, _), (low, high) = made.centre, (made.low, made.high)
    y, foot = low[1] + radius, 0.069
    floor = span((x - foot, y - foot, low[2]), (x + foot, y + foot, low[2] + 0.006), iron)
    walls = ring((x, y), (0.086, low[2] + _LIFT), (radius, low[2] + rim), wall, (iron,) * _SIDES)
    half, start, tip = 0.0127, y + radius - 0.012, high[1]
    handle = span((x - half, start, low[2] + rim - 0.016), (x + half, tip, high[2]), dark)
    hold = Grasp("handle", (x, (y + radius + tip) / 2, high[2] - 0.010), X, DOWN, 2 * half)
    return Shape((floor, *walls, handle), (_rim((x, y - 2 * radius + wall), radius, low[2] + rim, wall), hold))


def _tray(made: Measured) -> Shape:
    wood, dark = (0.70, 0.50, 0.30), (0.55, 0.37, 0.20)
    wall, (x0, y0, z0), (x1, y1, z1) = 0.005, made.low, made.high
    end, bar = z0 + 0.048, 0.012  # m: top of the end walls, height of the handle bars over them
    boxes = (
        span((x0, y0, z0), (x1, y1, z0 + 0.007), wood),
        span((x0, y0, z0 + _LIFT), (x1, y0 + wall, z1 - 0.002), dark),
        span((x0, y1 - wall, z0 + _LIFT), (x1, y1, z1 - 0.002), dark),
        span((x0 + 0.004, y0, z0 + _LIFT), (x0 + 0.010, y1, end), dark),
        span((x1 - 0.010, y0, z0 + _LIFT), (x1 - 0.004, y1, end), dark),
        span((x0, y0 + wall, z1 - bar), (x0 + 0.014, y1 - wall, z1), wood),
        span((x1 - 0.014, y0 + wall, z1 - bar), (x1, y1 - wall, z1), wood),
    )
    return Shape(boxes, (Grasp("handle", (x0 + 0.007, made.centre[1], z1 - bar / 2), X, DOWN, 0.014),))


_BLACK, _WHITE = (0.11, 0.11, 0.13), (0.93, 0.93, 0.91)

SHAPES: dict[str, Callable[[Measured], Shape]] = {
    "akita_black_bowl": partial(_vessel, _Round(0.034, 0.036, (0.20, 0.19, 0.20), _BLACK)),
    "white_bowl": partial(_vessel, _Round(0.0265, 0.028, _WHITE, (0.88, 0.88, 0.86))),
    "glazed_rim_porcelain_ramekin": partial(_vessel, _Round(0.0300, 0.0385, (0.80, 0.76, 0.66), (0.90, 0.87, 0.78))),
    "plate": partial(_vessel, _Round(0.0460, 0.0500, (0.94, 0.93, 0.90), (0.86, 0.84, 0.80))),
    "red_coffee_mug": partial(
        _mug, _Mug(-1.0, 0.96, 0.20, 0.88, (0.75, 0.10, 0.09), (0.92, 0.90, 0.86), (0.62, 0.07, 0.07))
    ),
    "porcelain_mug": partial(_mug, _Mug(1.0, 0.92, 0.15, 0.88, _WHITE, (0.86, 0.85, 0.82), (0.84, 0.84, 0.83))),
    "white_yellow_mug": partial(
        _mug, _Mug(-1.0, 0.84, 0.22, 0.82, _WHITE, (0.93, 0.80, 0.25), (0.93, 0.78, 0.20), (0.95, 0.84, 0.40))
    ),
    "chefmate_8_frypan": _frypan,
    "wooden_tray": _tray,
}
