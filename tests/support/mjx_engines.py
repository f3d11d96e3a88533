"""The mjx engine of each workspace, at the lanes that all tests share: one compilation a workspace."""

from __future__ import annotations

import functools

from aspire_mjx.physics.mjx import MjxEngine
from aspire_mjx.worlds.template import template_of

LANES = 8


@functools.cache
def mjx_engine(workspace: str) -> MjxEngine:
    """The engine of a workspace's template."""
    return MjxEngine(template_of(workspace), capacity=LANES)
