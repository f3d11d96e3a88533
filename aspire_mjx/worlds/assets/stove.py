"""The flat stove: a plate with one burner and a turning knob beside it."""

from __future__ import annotations

import math
from collections.abc import Callable

from aspire_mjx.worlds.assets.asset import Box, Grasp, Vector
from aspire_mjx.worlds.assets.measured import Measured
from aspire_mjx.worlds.assets.shape import DOWN, Shape, Y, Z, moving_part, span, turned

_KNOB = "button"
_KNOB_MASS = 3.0  # kg
_KNOB_ARMATURE = 1.0  # kg m^2, the inertia that upstream gives the knob: damping * step / inertia is 0.005
_ON_START, _OFF_START = (0.5, 2.1), (-0.005, 0.0)  # rad


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
        made.joints[_KNOB], mass=_KNOB_MASS, armature=_KNOB_ARMATURE, open_start=_ON_START, closed_start=_OFF_START
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


SHAPES: dict[str, Callable[[Measured], Shape]] = {"flat_stove": _stove}
