"""Furniture without joints: the wine rack, the desk caddy and the shelf of two layers."""

from __future__ import annotations

import math
from collections.abc import Callable

from aspire_mjx.worlds.assets.asset import Box, Vector
from aspire_mjx.worlds.assets.measured import Measured
from aspire_mjx.worlds.assets.shape import Shape, X, span, turned

_SLOPE = math.radians(31.2)  # of the wine rack's shelves; their region is 4 degrees flatter
_SINK = 0.005  # m, the upper shelf below its region's middle: a lying bottle's axis is well within the region
_LEVEL = 0.00025  # m, what stands on the shelf below the highest point of the asset table


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


SHAPES: dict[str, Callable[[Measured], Shape]] = {
    "wine_rack": _wine_rack,
    "desk_caddy": _caddy,
    "wooden_two_layer_shelf": _shelf,
}
