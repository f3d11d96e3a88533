"""The ``toy`` fixture (rollouts without physics, see tests/search/toy.py) and the shipped first program."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("toy", Path(__file__).parents[1] / "search" / "toy.py")
assert _spec is not None and _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)


@pytest.fixture
def toy():
    """The toy world."""
    return _module


@pytest.fixture
def first_program() -> str:
    """Text of the shipped first program."""
    return (Path(__file__).parents[2] / "programs" / "pick_and_place.py").read_text(encoding="utf-8")
