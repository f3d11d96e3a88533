"""Every category there is: made of its measured figures and its own shape, or LIBERO-PRO's variant of another."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from functools import cache

from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.extensions import added
from aspire_mjx.worlds.assets import fixtures, objects
from aspire_mjx.worlds.assets.asset import Asset, Figures, Vector, balance
from aspire_mjx.worlds.assets.measured import Measured, measured
from aspire_mjx.worlds.assets.shape import Shape
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


_SHAPES = table("shapes")  # category to its form and what that asks for
_FORMS = {**objects.FORMS, **fixtures.FORMS}
_UPRIGHT = [_FORMS[name] for name in ("vessel", "mug", "frypan", "moka_pot", "wine_bottle")]


def categories() -> tuple[str, ...]:
    """Names of all categories that can be built: the asset table's, then the variants."""
    return (*_SHAPES, *VARIANTS)


@cache
def asset(category: str) -> Asset:
    """The description of a category.

    Raises:
      UnknownNameError: no such category.
    """
    if category in VARIANTS:
        variant = VARIANTS[category]
        made, heavier = scaled(asset(variant.base), variant.scale), variant.scale**3
        if variant.rgb is not None:
            made = recoloured(made, variant.rgb)
        x, y, z = made.inertia
        inertia = (x * heavier, y * heavier, z * heavier)
        return dataclasses.replace(made, category=category, mass=made.mass * heavier, inertia=inertia)
    if category not in _SHAPES:
        raise UnknownNameError("object category", category, categories())
    figures, options = measured(category), as_tuples(_SHAPES[category])
    if options["form"] not in _FORMS:
        raise UnknownNameError(f"form of object category {category!r}", options["form"], _FORMS)
    if options["form"] in fixtures.FORMS and category in added("categories"):
        raise AspireError(
            f"object category {category!r} of an extension: {options['form']!r} is the form of a fixture. Fixtures are "
            "part of a workspace's compiled template, which all its tasks share, so that they cannot be added from "
            f"outside; choose one of {', '.join(objects.FORMS)}, or add the fixture to this package (docs/changing.md)."
        )
    form = _FORMS[options.pop("form")]
    return _assembled(figures, form(figures, **options), upright=form in _UPRIGHT)


def _assembled(figures: Measured, shape: Shape, *, upright: bool) -> Asset:
    mass = figures.mass - sum(link.mass for link in shape.links)
    centre, inertia = figures.centre_of_mass, figures.inertia
    if centre is None or inertia is None:
        centre, inertia = (tuple(v.tolist()) for v in balance((box for box in shape.boxes if not box.link), mass))
    carrier = dict(shape.region_links)
    own = {
        "mass": mass,
        "regions": tuple(dataclasses.replace(r, link=carrier.get(r.name, "")) for r in figures.regions),
    }
    return Asset(
        **{field.name: getattr(figures, field.name) for field in dataclasses.fields(Figures)} | own,
        fixture=shape.fixture,
        upright=upright,
        boxes=shape.boxes,
        links=shape.links,
        grasps=shape.grasps,
        centre_of_mass=centre,
        inertia=inertia,
    )
