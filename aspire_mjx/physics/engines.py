"""Engines by name."""

from __future__ import annotations

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.physics.engine import Engine
from aspire_mjx.worlds.template import Template

ENGINES = ("auto", "mjx", "native")
_CAPACITY = {"native": 256, "mjx": 64}


def make(name: str, template: Template, *, capacity: int = 0) -> Engine:
    """The engine ``name`` over ``capacity`` lanes (0: its default).

    ``auto`` is ``mjx`` where JAX has an accelerator and ``native`` elsewhere, where it is 15-20 times faster.

    Raises:
      UnknownNameError: not one of :data:`ENGINES`.
    """
    if name not in ENGINES:
        raise UnknownNameError("engine", name, ENGINES)
    if name == "auto":
        import jax

        name = "native" if jax.default_backend() == "cpu" else "mjx"
    capacity = capacity or _CAPACITY[name]
    if name == "native":
        from aspire_mjx.physics.native import NativeEngine

        return NativeEngine(template, capacity=capacity)
    from aspire_mjx.physics.mjx import MjxEngine

    return MjxEngine(template, capacity=capacity)
