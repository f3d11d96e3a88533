"""Every category there is, put together from its measured figures and its own shape."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.worlds.assets import fixtures, objects
from aspire_mjx.worlds.assets.asset import Asset, Figures, Vector, balance
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
        made = scaled(asset(variant.base), variant.scale)
        if variant.rgb is not None:
            made = recoloured(made, variant.rgb)
        return dataclasses.replace(_weighing(made, variant.scale**3), category=category)
    if category not in _SHAPES:
        raise UnknownNameError("object category", category, categories())
    figures, options = measured(category), as_tuples(_SHAPES[category])
    form = _FORMS[options.pop("form")]
    return _assembled(figures, form(figures, **options))


def _assembled(figures: Measured, shape: Shape) -> Asset:
    carrier = dict(shape.region_links)
    root_mass = figures.mass - sum(link.mass for link in shape.links)
    centre, inertia = _balance(figures, shape, root_mass)
    common = {field.name: getattr(figures, field.name) for field in dataclasses.fields(Figures)}
    common |= {
        "mass": root_mass,
        "regions": tuple(dataclasses.replace(r, link=carrier.get(r.name, "")) for r in figures.regions),
    }
    return Asset(
        **common,
        fixture=shape.fixture,
        boxes=shape.boxes,
        links=shape.links,
        grasps=shape.grasps,
        centre_of_mass=centre,
        inertia=inertia,
    )


def _balance(figures: Measured, shape: Shape, mass: float) -> tuple[Vector, Vector]:
    if figures.centre_of_mass is not None and figures.inertia is not None:
        return figures.centre_of_mass, figures.inertia
    centre, inertia = balance((box for box in shape.boxes if not box.link), mass)
    return _plain(centre), _plain(inertia)


def _plain(values: np.ndarray) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z


def _weighing(thing: Asset, factor: float) -> Asset:
    """The thing with ``factor`` times its mass."""
    x, y, z = thing.inertia
    return dataclasses.replace(thing, mass=thing.mass * factor, inertia=(x * factor, y * factor, z * factor))
