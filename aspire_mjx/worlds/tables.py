"""The packaged tables: tasks, assets and workspaces of the benchmark, shapes of our own, the robot; see data/NOTICE."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from aspire_mjx.shipped import packaged_json
from aspire_mjx.worlds.added import added_categories, figures_of

#: tables of categories: what stands in them for one that an extension adds
_OF_CATEGORIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "assets": figures_of,
    "shapes": lambda entry: dict(entry["shape"]),
}


def as_tuples(value: Any) -> Any:
    """Lists of a table as tuples, all the way down."""
    if isinstance(value, list):
        return tuple(map(as_tuples, value))
    return {key: as_tuples(item) for key, item in value.items()} if isinstance(value, dict) else value


@functools.cache
def table(name: str) -> Any:
    """The table of ``data/<name>.json``.

    ``tasks``: suite name to its tasks in upstream's order. Those of a perturbed suite hold their name and the fields
    that differ from the task of the same name in the base suite. Regions are ``[x low, y low, x high, y high]`` in m,
    then ``[yaw low, yaw high]`` in rad where upstream gives a yaw. ``assets``: category to measured figures, with sizes
    in m, mass in kg, friction, joints and site regions. ``panda``: joints and capsules of the robot (panda.py).
    """
    found = packaged_json(f"worlds/data/{name}.json")[name]
    if name in _OF_CATEGORIES:
        categories = added_categories(found)
        found |= {category: _OF_CATEGORIES[name](entry) for category, entry in categories.items()}
    return found
