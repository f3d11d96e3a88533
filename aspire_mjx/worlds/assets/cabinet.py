"""Cabinets of three drawers.

A shell of five boards and, for each drawer, floor, front, back, two sides and a handle bar that stands off the front,
so that fingers can close on it from above and from before. Drawers do not collide with the shell: they keep to it by
their joints.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from aspire_mjx.worlds.assets.asset import Box, Grasp, Vector
from aspire_mjx.worlds.assets.measured import Measured
from aspire_mjx.worlds.assets.shape import DOWN, Shape, Y, moving_part, span

#: Drawer (and joint) name to the region on it and its floor's underside over the cabinet's lowest point, m.
_DRAWERS = {
    "top_level": ("top_region", 0.1475),
    "middle_level": ("middle_region", 0.0780),
    "bottom_level": ("bottom_region", 0.0090),
}
_DRAWER_HEIGHT = 0.066  # m, of its front
_DRAWER_MASS = 3.0  # kg: damping * step / mass is 0.08
_OPEN_START, _CLOSED_START = (-0.16, -0.14), (0.0, 0.005)  # m


@dataclass(frozen=True)
class _Look:
    shell: Vector
    front: Vector
    inside: Vector
    handle: Vector


def _cabinet(look: _Look, made: Measured) -> Shape:
    boxes, grasps = list(_shell(look, made)), []
    for name, (_, height) in _DRAWERS.items():
        drawer, grasp = _drawer(look, made, name, made.low[2] + height)
        boxes += drawer
        grasps.append(grasp)
    return Shape(
        boxes=tuple(boxes),
        grasps=tuple(grasps),
        links=tuple(
            moving_part(made.joints[name], mass=_DRAWER_MASS, open_start=_OPEN_START, closed_start=_CLOSED_START)
            for name in _DRAWERS
        ),
        fixture="cabinet",
        region_links=tuple((region, name) for name, (region, _) in _DRAWERS.items()),
    )


def _shell(look: _Look, made: Measured) -> tuple[Box, ...]:
    (x0, y0, z0), (x1, y1, z1) = made.low, made.high
    front, side, board = y0 + 0.0300, 0.008, 0.005  # the handles reach 30 mm beyond the shell
    return (
        span((x0, front, z1 - board), (x1, y1, z1), look.shell),
        span((x0, front, z0), (x1, y1, z0 + board), look.shell),
        span((x0 + 0.006, front, z0), (x0 + 0.006 + side, y1, z1 - 0.001), look.shell),
        span((x1 - 0.006 - side, front, z0), (x1 - 0.006, y1, z1 - 0.001), look.shell),
        span((x0 + 0.006, y1 - side, z0), (x1 - 0.006, y1, z1 - 0.001), look.shell),
    )


def _drawer(look: _Look, made: Measured, link: str, bottom: float) -> tuple[tuple[Box, ...], Grasp]:
    (x0, y0, _), (x1, y1, _) = made.low, made.high
    left, right, front, back = x0 + 0.018, x1 - 0.018, y0 + 0.0295, y1 - 0.014
    floor, wall = bottom + 0.007, 0.006
    top = bottom + _DRAWER_HEIGHT - 0.006  # the sides; the front covers the gap above
    middle, grip = (x0 + x1) / 2, bottom + _DRAWER_HEIGHT / 2
    handle = span((middle - 0.045, y0, grip - 0.008), (middle + 0.045, y0 + 0.010, grip + 0.008), look.handle, link)
    boxes = (
        span((left, front, bottom), (right, back, floor), look.inside, link),
        span((left - 0.006, front, bottom), (right + 0.006, front + 0.008, bottom + _DRAWER_HEIGHT), look.front, link),
        span((left, back - wall, bottom), (right, back, top), look.inside, link),
        span((left, front, bottom), (left + wall, back, top), look.inside, link),
        span((right - wall, front, bottom), (right, back, top), look.inside, link),
        handle,
    )
    return boxes, Grasp("handle", handle.centre, Y, DOWN, 2 * handle.half_size[1], link)


SHAPES: dict[str, Callable[[Measured], Shape]] = {
    "wooden_cabinet": partial(
        _cabinet, _Look((0.50, 0.32, 0.18), (0.63, 0.43, 0.25), (0.72, 0.55, 0.37), (0.16, 0.13, 0.11))
    ),
    "white_cabinet": partial(
        _cabinet, _Look((0.86, 0.86, 0.85), (0.95, 0.95, 0.94), (0.80, 0.80, 0.79), (0.45, 0.45, 0.47))
    ),
}
