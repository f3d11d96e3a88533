"""Categories that extensions add, in the form of the packaged tables: measured figures from a size and a mass."""

from __future__ import annotations

import math
from typing import Any

from aspire_mjx.errors import AspireError
from aspire_mjx.extensions import added

_NEEDED = ("size_m", "mass_kg", "shape", "words")
_FRICTION = (0.95, 0.3, 0.1)  # sliding, torsional, rolling: what the benchmark's food has


def added_categories(taken: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What extensions add, by category.

    Args:
      taken: the packaged categories.

    Raises:
      AspireError: an entry without what is needed, or of a category that is there.
    """
    found = added("categories", taken=taken)
    for category, entry in found.items():
        missing = [name for name in _NEEDED if name not in entry]
        if missing:
            raise AspireError(f"object category {category!r} of an extension lacks {', '.join(missing)}.")
        sides = entry["size_m"] if isinstance(entry["size_m"], list) else []
        if len(sides) != 3 or not all(map(_positive, (*sides, entry["mass_kg"]))):
            raise AspireError(
                f"object category {category!r} of an extension: size_m is {entry['size_m']!r} and mass_kg "
                f"{entry['mass_kg']!r}; give three lengths and a mass, each above 0."
            )
    return found


def _positive(value: object) -> bool:
    return isinstance(value, (int, float)) and 0 < value < math.inf


def figures_of(entry: dict[str, Any]) -> dict[str, Any]:
    """The asset table's figures of a solid box of the size and mass that an entry gives, origin in the middle."""
    x, y, z = (float(side) for side in entry["size_m"])
    mass = float(entry["mass_kg"])
    return {
        "aabb_lo_root_frame": [-x / 2, -y / 2, -z / 2],
        "aabb_size_m": [x, y, z],
        "as_placed_size_m": [x, y, z],
        "init_quat_wxyz_seed0": [1.0, 0.0, 0.0, 0.0],
        "mass_kg": mass,
        "friction": list(entry.get("friction", _FRICTION)),
        "as_placed_centre_of_mass_m": [0.0, 0.0, 0.0],
        "as_placed_inertia_kg_m2": [
            mass / 12 * (y * y + z * z),
            mass / 12 * (x * x + z * z),
            mass / 12 * (x * x + y * y),
        ],
        "horizontal_radius_m": max(x, y) / 2,
        "sampler_offsets_m": [-z / 2, z / 2],
        "joints": [],
        "regions": [],
    }
