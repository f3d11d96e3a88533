"""Both engines over one template, and its worlds, shared by all tests of engines."""

from __future__ import annotations

import pytest

from aspire_mjx.physics.engines import make
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds
from tests.support.mjx_engines import LANES, mjx_engine


@pytest.fixture(scope="session", params=["native", "mjx"])
def engine(request):
    if request.param == "mjx":
        return mjx_engine("floor")
    return make("native", template_of("floor"), capacity=LANES)


@pytest.fixture(scope="session")
def worlds():
    tasks = load_suite("libero_object_swap")
    return make_worlds([WorldSpec(tasks[i % 5], 51 + i) for i in range(LANES)])
