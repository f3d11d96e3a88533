"""What all tests share: the compilation cache, so that a second run compiles nothing; how long random tests look;
worlds without physics and traces without rollouts."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from aspire_mjx.jax_setup import set_up_jax
from tests.support import toy as toy_world
from tests.support.handmade import Handmade
from tests.support.paths import PROGRAMS

set_up_jax()

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True, suppress_health_check=_SLOW)
settings.register_profile("long", deadline=None, max_examples=2_000, suppress_health_check=_SLOW)
settings.load_profile("ci")


@pytest.fixture
def toy():
    """The toy world: rollouts without physics."""
    return toy_world


@pytest.fixture
def handmade() -> Handmade:
    """An empty collection of hand-made rollouts."""
    return Handmade()


@pytest.fixture
def first_program() -> str:
    """Text of the shipped first program."""
    return (PROGRAMS / "pick_and_place.py").read_text(encoding="utf-8")
