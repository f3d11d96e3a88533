"""Whether everything that is declared can be called."""

from __future__ import annotations

from aspire_mjx.primitives import added, instant, motion
from aspire_mjx.primitives.registry import Registry

_OWN = frozenset({*instant.SERVED, *motion.PLANNERS})


def check_implemented(registry: Registry) -> None:
    """Finds the function of every primitive.

    Raises:
        AspireError: a primitive has none, or one that cannot be loaded.
    """
    for primitive in registry:
        if primitive.name not in _OWN:
            added.implementation(primitive)
