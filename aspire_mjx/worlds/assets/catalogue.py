"""Every category there is, put together from its measured figures and its own shape."""

from __future__ import annotations

import dataclasses
from functools import cache

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.worlds.assets import fixtures, objects
from aspire_mjx.worlds.assets.asset import Asset, Figures, balance
from aspire_mjx.worlds.assets.measured import Measured, measured
from aspire_mjx.worlds.assets.shape import Shape
from aspire_mjx.worlds.assets.variants import VARIANTS, recoloured, scaled
from aspire_mjx.worlds.tables import as_tuples, table

_SHAPES = table("shapes")  # category to its form and what that asks for
_FORMS = {**objects.FORMS, **fixtures.FORMS}


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
    form = _FORMS[options.pop("form")]
    return _assembled(figures, form(figures, **options))


def _assembled(figures: Measured, shape: Shape) -> Asset:
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
        boxes=shape.boxes,
        links=shape.links,
        grasps=shape.grasps,
        centre_of_mass=centre,
        inertia=inertia,
    )
