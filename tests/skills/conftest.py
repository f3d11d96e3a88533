"""The ``handmade`` fixture: traces written by hand, see tests/traces/handmade.py."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("handmade", Path(__file__).parents[1] / "traces" / "handmade.py")
assert _spec is not None and _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)


@pytest.fixture
def handmade():
    """An empty collection of hand-made rollouts."""
    return _module.Handmade()
