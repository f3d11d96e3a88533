"""Engines by name."""

from __future__ import annotations

from aspire_mjx.errors import EngineError, UnknownNameError
from aspire_mjx.jax_setup import set_up_jax
from aspire_mjx.physics.engine import Engine
from aspire_mjx.worlds.template import Template

ENGINES = ("auto", "mjx", "native")
MOST_LANES = 65_536  #: of an engine
_NATIVE_LANES = 256
_CPU_LANES, _ACCELERATOR_LANES = 16, 2048  # of mjx: idle lanes cost as much as busy ones


def resolve(name: str) -> str:
    """``native`` or ``mjx``; ``auto`` is ``mjx`` where JAX has an accelerator, and ``native``, faster there, elsewhere.

    Raises:
      UnknownNameError: not one of :data:`ENGINES`.
    """
    if name not in ENGINES:
        raise UnknownNameError("engine", name, ENGINES)
    if name != "auto":
        return name
    return "mjx" if _accelerated() else "native"


def make(name: str, template: Template, *, capacity: int = 0) -> Engine:
    """The engine ``name`` over ``capacity`` lanes (0: its default).

    Raises:
      UnknownNameError: not one of :data:`ENGINES`.
      EngineError: geometry of a LIBERO checkout on an engine other than ``native``; a capacity that no engine has.
    """
    if template.original and name == "mjx":
        raise EngineError(
            f"template {template.name!r}: the geometry of a LIBERO checkout runs on native only; use --engine=native."
        )
    if not 0 <= capacity <= MOST_LANES:
        raise EngineError(f"capacity {capacity}: give 1 to {MOST_LANES} lanes, or 0 for the engine's default.")
    set_up_jax()
    if template.original or resolve(name) == "native":
        from aspire_mjx.physics.native import NativeEngine

        return NativeEngine(template, capacity=capacity or _NATIVE_LANES)
    from aspire_mjx.physics.mjx import MjxEngine

    return MjxEngine(template, capacity=capacity or default_lanes())


def default_lanes() -> int:
    """Lanes of ``mjx`` where nothing else is asked for."""
    return _ACCELERATOR_LANES if _accelerated() else _CPU_LANES


def _accelerated() -> bool:
    """Whether JAX has a device other than the CPU."""
    import jax

    set_up_jax()
    return jax.default_backend() != "cpu"
