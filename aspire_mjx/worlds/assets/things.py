"""Solid things that are not food: books, the moka pot and the wine bottle."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from aspire_mjx.worlds.assets.asset import Box, Grasp, Vector
from aspire_mjx.worlds.assets.measured import Measured
from aspire_mjx.worlds.assets.shape import DOWN, Shape, X, span


def _book(cover: Vector, made: Measured) -> Shape:
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


SHAPES: dict[str, Callable[[Measured], Shape]] = {
    "black_book": partial(_book, (0.10, 0.10, 0.11)),
    "yellow_book": partial(_book, (0.92, 0.76, 0.16)),
    "wine_bottle": _wine_bottle,
    "moka_pot": _moka_pot,
}
