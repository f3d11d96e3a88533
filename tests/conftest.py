"""What all tests share: the compilation cache, so that a second run compiles nothing; how long random tests look;
worlds without physics and traces without rollouts."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from aspire_mjx.jax_setup import cache_directory, set_up_jax
from tests.support import toy as toy_world
from tests.support.handmade import Handmade
from tests.support.paths import PROGRAMS, ROOT

# JAX writes its cache in place, so a process beside this one could read half an entry: each worker has its own.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(cache_directory() / worker))
set_up_jax()

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True, suppress_health_check=_SLOW)
settings.register_profile("long", deadline=None, max_examples=2_000, suppress_health_check=_SLOW)
settings.load_profile("ci")


@cache
def _is_on_mjx(file: str) -> bool:
    return Path(file).parent.name == "physics" or "mjx_engine" in (ROOT / file).read_text(encoding="utf-8")


class _ByFile(LoadScopeScheduling):
    """Each file is one worker's; those on the mjx engine are all one's, which compiles each workspace once."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "mjx" if _is_on_mjx(file) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """How ``-n auto`` shares the tests out."""
    return _ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests go first, so that no worker is left with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


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
