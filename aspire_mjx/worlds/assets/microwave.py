"""The microwave: a hollow body with a panel of buttons, and a door with a window and a handle on a hinge."""

from __future__ import annotations

from collections.abc import Callable

from aspire_mjx.worlds.assets.asset import Box, Grasp
from aspire_mjx.worlds.assets.measured import Measured
from aspire_mjx.worlds.assets.shape import DOWN, Shape, X, Y, moving_part, span

_DOOR = "microjoint"
_DOOR_MASS = 0.26  # kg
_DOOR_ARMATURE = 0.003  # kg m^2: with the door's own inertia, damping * step / inertia is about 0.3
_OPEN_START, _CLOSED_START = (-2.094, -1.3), (-0.005, 0.0)  # rad
_FACE = 0.0395  # m, from the handle's front to the door's front
_HINGE = (-0.1725, -0.0880, 0.0960)  # m


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
        open_start=_OPEN_START,
        closed_start=_CLOSED_START,
    )
    grasp = Grasp("handle", bar.centre, X, Y, 2 * bar.half_size[0], _DOOR)
    above = Grasp("handle", (bar.centre[0], bar.centre[1], z1 - 0.030), Y, DOWN, 2 * bar.half_size[1], _DOOR)
    return Shape((*body, *leaf), (grasp, above), (link,), "microwave")


SHAPES: dict[str, Callable[[Measured], Shape]] = {"microwave": _microwave}
