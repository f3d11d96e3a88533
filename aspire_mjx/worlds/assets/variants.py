"""LIBERO-PRO's variants: a category of the asset table with another colour or size."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aspire_mjx.worlds.assets.asset import Asset, Vector


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


_RED, _GREEN, _YELLOW = (0.80, 0.10, 0.10), (0.16, 0.58, 0.22), (0.94, 0.80, 0.14)
_BLUE, _WHITE, _BROWN = (0.13, 0.28, 0.75), (0.93, 0.93, 0.92), (0.40, 0.24, 0.13)
_BIGGER = 1.2  # upstream publishes no figure
_CONTRAST = 0.5  # share of the differences in brightness that a variant keeps

VARIANTS: dict[str, Variant] = {
    "bigger_akita_black_bowl": Variant("akita_black_bowl", scale=_BIGGER),
    "bigger_alphabet_soup": Variant("alphabet_soup", scale=_BIGGER),
    "black_bowl": Variant("akita_black_bowl", (0.05, 0.05, 0.05)),
    "blue_ketchup": Variant("ketchup", _BLUE),
    "brown_rack": Variant("wine_rack", _BROWN),
    "green_bbq_sauce": Variant("bbq_sauce", _GREEN),
    "green_butter": Variant("butter", _GREEN),
    "green_chocolate_pudding": Variant("chocolate_pudding", _GREEN),
    "red_alphabet_soup": Variant("alphabet_soup", _RED),
    "red_basket": Variant("basket", _RED),
    "red_cream_cheese": Variant("cream_cheese", _RED),
    "red_salad_dressing": Variant("salad_dressing", _RED),
    "white_bottle": Variant("wine_bottle", _WHITE),
    "white_porcelain_mug": Variant("porcelain_mug", _WHITE),
    "white_white_porcelain_mug": Variant("porcelain_mug", _WHITE),  # upstream spells it so in one task
    "yellow_cabinet": Variant("wooden_cabinet", _YELLOW),
    "yellow_milk": Variant("milk", _YELLOW),
    "yellow_moka_pot": Variant("moka_pot", _YELLOW),
    "yellow_plate": Variant("plate", _YELLOW),
    "yellow_stove": Variant("flat_stove", _YELLOW),
    "yellow_tomato_sauce": Variant("tomato_sauce", _YELLOW),
}


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
