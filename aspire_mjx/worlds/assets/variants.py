"""LIBERO-PRO's variants: a category of the asset table with another colour or size."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aspire_mjx.worlds.assets.asset import Asset, Vector
from aspire_mjx.worlds.tables import as_tuples, table


@dataclass(frozen=True)
class Variant:
    """A category in another colour or size.

    Attributes:
      base: the category it is a variant of.
      rgb: [3], 0 to 1, the colour that it takes; None keeps the colours. Light and dark parts stay lighter and darker.
      scale: factor on its lengths; its mass grows with the volume.
    """

    base: str
    rgb: Vector | None = None
    scale: float = 1.0


_CONTRAST = 0.5  # share of the differences in brightness that a variant keeps

VARIANTS = {name: Variant(**as_tuples(figures)) for name, figures in table("variants").items()}


def scaled(thing: Asset, factor: float) -> Asset:
    """The thing with all its lengths times ``factor`` and its mass unchanged; only things without links."""
    if factor == 1.0:
        return thing

    def longer(lengths: Vector) -> Vector:
        x, y, z = lengths
        return x * factor, y * factor, z * factor

    return replace(
        thing,
        boxes=tuple(replace(b, half_size=longer(b.half_size), centre=longer(b.centre)) for b in thing.boxes),
        regions=tuple(replace(r, half_size=longer(r.half_size), centre=longer(r.centre)) for r in thing.regions),
        grasps=tuple(replace(g, centre=longer(g.centre), width=g.width * factor) for g in thing.grasps),
        size=longer(thing.size),
        origin_height=thing.origin_height * factor,
        centre_of_mass=longer(thing.centre_of_mass),
        inertia=longer(longer(thing.inertia)),
    )


def recoloured(thing: Asset, rgb: Vector) -> Asset:
    """The thing in one colour; its lighter and darker parts stay a little lighter and darker."""
    brightness = [sum(box.rgb) / 3 for box in thing.boxes]
    middle = (min(brightness) + max(brightness)) / 2

    def tinted(level: float) -> Vector:
        shade = 1.0 + _CONTRAST * (level - middle)
        red, green, blue = (min(1.0, channel * shade) for channel in rgb)
        return red, green, blue

    boxes = tuple(replace(box, rgb=tinted(level)) for box, level in zip(thing.boxes, brightness, strict=True))
    return replace(thing, boxes=boxes)
