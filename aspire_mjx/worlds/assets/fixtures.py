"""Fixtures: cabinets of three drawers, the stove, the microwave, the wine rack, the desk caddy and the shelf.

A cabinet is a shell of five boards and, for each drawer, floor, front, back, two sides and a handle bar that stands off
the front, so that fingers can close on it from above and from before. Drawers do not collide with the shell: they keep
to it by their joints. The stove is a plate with one burner and a turning knob beside it; the microwave a hollow body
with a panel of buttons, and a door with a window and a handle on a hinge.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from aspire_mjx.worlds.assets.asset import Box, Grasp, Vector
from aspire_mjx.worlds.assets.measured import Measured
from aspire_mjx.worlds.assets.shape import DOWN, Shape, X, Y, Z, moving_part, span, turned

#: Drawer (and joint) name to the region on it and its floor's underside over the cabinet's lowest point, m.
_DRAWERS = {
    "top_level": ("top_region", 0.1475),
    "middle_level": ("middle_region", 0.0780),
    "bottom_level": ("bottom_region", 0.0090),
}
_DRAWER_HEIGHT = 0.066  # m, of its front
_DRAWER_MASS = 3.0  # kg: damping * step / mass is 0.08
_DRAWER_OPEN, _DRAWER_CLOSED = (-0.16, -0.14), (0.0, 0.005)  # m
_KNOB = "button"
_KNOB_MASS = 3.0  # kg
_KNOB_ARMATURE = 1.0  # kg m^2, the inertia that upstream gives the knob: damping * step / inertia is 0.005
_KNOB_ON, _KNOB_OFF = (0.5, 2.1), (-0.005, 0.0)  # rad
_DOOR = "microjoint"
_DOOR_MASS = 0.26  # kg
_DOOR_ARMATURE = 0.003  # kg m^2: with the door's own inertia, damping * step / inertia is about 0.3
_DOOR_OPEN, _DOOR_CLOSED = (-2.094, -1.3), (-0.005, 0.0)  # rad
_FACE = 0.0395  # m, from the handle's front to the door's front
_HINGE = (-0.1725, -0.0880, 0.0960)  # m
_SLOPE = math.radians(31.2)  # of the wine rack's shelves; their region is 4 degrees flatter
_SINK = 0.005  # m, the upper shelf below its region's middle: a lying bottle's axis is well within the region
_LEVEL = 0.00025  # m, what stands on the shelf below the highest point of the asset table


def _cabinet(made: Measured, *, shell: Vector, front: Vector, inside: Vector, handle: Vector) -> Shape:
    boxes, grasps = list(_shell(made, shell)), []
    for name, (_, height) in _DRAWERS.items():
        boxes += _drawer(made, name, made.low[2] + height, front, inside)
        middle, grip = (made.low[0] + made.high[0]) / 2, made.low[2] + height + _DRAWER_HEIGHT / 2
        low, high = (middle - 0.045, made.low[1], grip - 0.008), (middle + 0.045, made.low[1] + 0.010, grip + 0.008)
        bar = span(low, high, handle, name)
        boxes.append(bar)
        grasps.append(Grasp("handle", bar.centre, Y, DOWN, 2 * bar.half_size[1], name))
    return Shape(
        boxes=tuple(boxes),
        grasps=tuple(grasps),
        links=tuple(
            moving_part(made.joints[name], mass=_DRAWER_MASS, open_start=_DRAWER_OPEN, closed_start=_DRAWER_CLOSED)
            for name in _DRAWERS
        ),
        fixture="cabinet",
        region_links=tuple((region, name) for name, (region, _) in _DRAWERS.items()),
    )


def _shell(made: Measured, rgb: Vector) -> tuple[Box, ...]:
    (x0, y0, z0), (x1, y1, z1) = made.low, made.high
    front, side, board = y0 + 0.0300, 0.008, 0.005  # the handles reach 30 mm beyond the shell
    return (
        span((x0, front, z1 - board), (x1, y1, z1), rgb),
        span((x0, front, z0), (x1, y1, z0 + board), rgb),
        span((x0 + 0.006, front, z0), (x0 + 0.006 + side, y1, z1 - 0.001), rgb),
        span((x1 - 0.006 - side, front, z0), (x1 - 0.006, y1, z1 - 0.001), rgb),
        span((x0 + 0.006, y1 - side, z0), (x1 - 0.006, y1, z1 - 0.001), rgb),
    )


def _drawer(made: Measured, link: str, bottom: float, face: Vector, inside: Vector) -> tuple[Box, ...]:
    (x0, y0, _), (x1, y1, _) = made.low, made.high
    left, right, front, back = x0 + 0.018, x1 - 0.018, y0 + 0.0295, y1 - 0.014
    floor, wall = bottom + 0.007, 0.006
    top = bottom + _DRAWER_HEIGHT - 0.006  # the sides; the front covers the gap above
    return (
        span((left, front, bottom), (right, back, floor), inside, link),
        span((left - 0.006, front, bottom), (right + 0.006, front + 0.008, bottom + _DRAWER_HEIGHT), face, link),
        span((left, back - wall, bottom), (right, back, top), inside, link),
        span((left, front, bottom), (left + wall, back, top), inside, link),
        span((right - wall, front, bottom), (right, back, top), inside, link),
    )


def _stove(made: Measured) -> Shape:
    steel, black, glow, grey = (0.72, 0.73, 0.75), (0.10, 0.10, 0.11), (0.30, 0.13, 0.11), (0.55, 0.56, 0.58)
    (x0, y0, z0), (x1, y1, z1) = made.low, made.high
    body = x1 - 0.190  # the burner's square body; the panel below the knob reaches from there to the edge
    x, top, plate = (body + x1) / 2, z0 + 0.040, z0 + 0.0455
    burner = Box((0.056, 0.056, (plate - top) / 2), (x, 0.0, (plate + top) / 2), black)
    below = Box((0.056, 0.056, (plate - top) / 2), (x, 0.0, (plate + top) / 2 - 0.001), glow)
    boxes = (
        span((body, y0, z0), (x1, y1, top), steel),
        span((x0 + 0.003, y0 + 0.030, z0), (body, y1 - 0.030, 0.0), grey),
        burner,
        turned(below, Z, math.pi / 4),
        *_knob(made, black, steel),
    )
    link = moving_part(
        made.joints[_KNOB], mass=_KNOB_MASS, armature=_KNOB_ARMATURE, open_start=_KNOB_ON, closed_start=_KNOB_OFF
    )
    grasp = Grasp("handle", (0.0, 0.0, z1 - 0.012), Y, DOWN, 0.024, _KNOB)
    return Shape(boxes, (grasp,), (link,), "stove")


def _knob(made: Measured, black: Vector, steel: Vector) -> tuple[Box, ...]:
    """Two turned squares for the disc, a fin across it to turn it by, and a mark on the fin that shows its turn."""
    reach, top = -made.low[0], made.high[2]
    disc = Box((0.036, 0.036, 0.006), (0.0, 0.0, 0.0075), black, link=_KNOB)
    fin = span((-reach, -0.012, 0.002), (0.050, 0.012, top - 0.001), black, _KNOB)
    mark = span((0.020, -0.003, 0.030), (0.0505, 0.003, top), steel, _KNOB)
    return disc, turned(disc, Z, math.pi / 4), fin, mark


def _microwave(made: Measured) -> Shape:
    white, grey, dark = (0.82, 0.83, 0.85), (0.30, 0.31, 0.33), (0.06, 0.07, 0.09)
    (x0, y0, z0), (x1, y1, z1) = made.low, made.high
    front, door = y0 + _FACE + 0.024, x0 + 0.259  # where the body begins behind the door; the door's free edge
    cavity = door - 0.022
    body = (
        span((x0, front, z0), (x0 + 0.025, y1, z1), white),
        span((cavity, front, z0), (x1, y1, z1), white),
        span((x0 + 0.025, y1 - 0.025, z0 + 0.024), (cavity, y1, z1 - 0.018), white),
        span((x0 + 0.025, front, z1 - 0.018), (cavity, y1, z1), white),
        span((x0 + 0.025, front, z0), (cavity, y1, z0 + 0.024), grey),
        span((door + 0.001, y0 + _FACE, z0), (x1, front, z1), grey),
        span((door + 0.022, y0 + _FACE - 0.002, z1 - 0.060), (x1 - 0.014, y0 + _FACE, z1 - 0.022), (0.20, 0.55, 0.45)),
    )
    bar = span((door - 0.032, y0, z0 + 0.025), (door - 0.014, y0 + 0.018, z1 - 0.020), (0.72, 0.73, 0.75), _DOOR)
    leaf: tuple[Box, ...] = (
        span((x0, y0 + _FACE, z0 + 0.002), (door, front, z1), white, _DOOR),
        span((x0 + 0.030, y0 + _FACE - 0.002, z0 + 0.035), (door - 0.050, front + 0.001, z1 - 0.035), dark, _DOOR),
        bar,
        *(
            span((door - 0.030, y0 + 0.018, height - 0.008), (door - 0.016, y0 + _FACE, height + 0.008), grey, _DOOR)
            for height in (z0 + 0.038, z1 - 0.033)
        ),
    )
    link = moving_part(
        made.joints[_DOOR],
        mass=_DOOR_MASS,
        armature=_DOOR_ARMATURE,
        anchor=_HINGE,
        open_start=_DOOR_OPEN,
        closed_start=_DOOR_CLOSED,
    )
    grasp = Grasp("handle", bar.centre, X, Y, 2 * bar.half_size[0], _DOOR)
    above = Grasp("handle", (bar.centre[0], bar.centre[1], z1 - 0.030), Y, DOWN, 2 * bar.half_size[1], _DOOR)
    return Shape((*body, *leaf), (grasp, above), (link,), "microwave")


def _wine_rack(made: Measured) -> Shape:
    wood, dark = (0.66, 0.46, 0.28), (0.42, 0.27, 0.16)
    (x0, y0, z0), (x1, y1, z1) = made.low, made.high
    foot = 0.009
    post, lean = (0.010, 0.010, 0.1610), math.atan2(0.056, 0.29)
    frame = (
        span((x0 + 0.045, y0, z0), (x0 + 0.063, y1, z0 + foot), dark),
        span((x1 - 0.063, y0, z0), (x1 - 0.045, y1, z0 + foot), dark),
        span((x0 + 0.045, -0.050, z0 + foot), (x1 - 0.045, -0.030, z0 + 2 * foot), dark),
        turned(Box(post, (0.0, 0.010, (z0 + z1) / 2 + 0.002), dark), X, -lean),
        turned(Box((0.020, 0.010, 0.085), (0.0, 0.042, z0 + 0.085), dark), X, -lean - 0.05),
    )
    upper = next(region.centre for region in made.regions if region.name == "top_region")
    lower = (0.0, upper[1] - 0.035, upper[2] - 0.122)
    half = x1
    return Shape((*frame, *_layer(upper, half, wood, dark), *_layer(lower, half, wood, dark)), fixture="wine_rack")


def _layer(edge: Vector, half: float, wood: Vector, dark: Vector) -> tuple[Box, Box]:
    """A shelf that rises towards +y from a lower edge in the middle of ``edge``, and the stopper there."""
    cosine, sine = math.cos(_SLOPE), math.sin(_SLOPE)
    length, board, lip = 0.158, 0.009, 0.014

    def at(along: float, above: float) -> Vector:
        return 0.0, edge[1] + along * cosine - above * sine, edge[2] + along * sine + above * cosine

    shelf = Box((half, length / 2, board / 2), at(length / 2 + 0.002, -board / 2 - _SINK), wood)
    stopper = Box((half, 0.0025, lip / 2), at(0.0047, lip / 2 - _SINK), dark)
    return turned(shelf, X, _SLOPE), turned(stopper, X, _SLOPE)


def _caddy(made: Measured) -> Shape:
    wood, dark, floor = (0.60, 0.42, 0.26), (0.48, 0.32, 0.19), (0.70, 0.54, 0.36)
    wall, (x0, y0, z0), (x1, y1, z1) = 0.007, made.low, made.high
    side = z0 + 0.125  # m, top of the sides and dividers
    left, right = 0.0720, -0.0720  # m, dividers between the compartments
    across = 0.0015  # m, the middle wall between front and back
    boxes = (
        span((x0, y0, z0), (x1, y1, z0 + 0.0124), floor),
        span((x1 - wall, y0, z0 + 0.001), (x1, y1, z1), wood),
        span((x0, y0, z0 + 0.001), (x0 + wall, y1, z0 + 0.073), wood),
        span((x0 + 0.001, y1 - wall, z0 + 0.001), (x1 - 0.001, y1 - 0.001, side), dark),
        span((x0 + 0.001, y0 + 0.001, z0 + 0.001), (x1 - 0.001, y0 + wall, side), dark),
        span((x0 + 0.001, left - wall / 2, z0 + 0.001), (x1 - 0.001, left + wall / 2, side), dark),
        span((x0 + 0.001, right - wall / 2, z0 + 0.001), (x1 - 0.001, right + wall / 2, side), dark),
        span((across - wall / 2, right, z0 + 0.001), (across + wall / 2, left, z0 + 0.0973), wood),
        # The back compartment's floor is raised: its region begins higher than the others'.
        span((across, right, z0 + 0.001), (x1 - wall, left, z0 + 0.024), floor),
    )
    return Shape(boxes, fixture="caddy")


def _shelf(made: Measured) -> Shape:
    wood, dark = (0.72, 0.54, 0.34), (0.58, 0.41, 0.25)
    side, board, (x0, y0, z0), (x1, y1, z1) = 0.010, 0.0042, made.low, made.high
    inset, back, middle = 0.010, 0.005, z0 + 0.0687  # thin boards: a book of 134 mm stands between them
    boxes = (
        span((x0, y0, z1 - board), (x1, y1, z1 - _LEVEL), wood),
        span((x0 + inset, y0 + 0.001, middle - board / 2), (x1 - inset, y1 - back, middle + board / 2), wood),
        span((x0 + inset, y0, z0), (x0 + inset + side, y1, z1 - board), dark),
        span((x1 - inset - side, y0, z0), (x1 - inset, y1, z1 - board), dark),
        span((x0 + inset, y1 - back, z0), (x1 - inset, y1, z1 - board), dark),
    )
    return Shape(boxes, fixture="shelf")


#: Forms of data/shapes.json.
FORMS: dict[str, Callable[..., Shape]] = {
    "cabinet": _cabinet,
    "stove": _stove,
    "microwave": _microwave,
    "wine_rack": _wine_rack,
    "caddy": _caddy,
    "shelf": _shelf,
}
