"""Both engines over one template, shared by all tests: one compilation each."""

from __future__ import annotations

import pytest

from aspire_mjx.physics.engines import make
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds

LANES = 8


@pytest.fixture(scope="session", params=["native", "mjx"])
def engine(request):
    return make(request.param, template_of("floor"), capacity=LANES)


@pytest.fixture(scope="session")
def worlds():
    tasks = load_suite("libero_object_swap")
    return make_worlds([WorldSpec(tasks[i % 5], 51 + i) for i in range(LANES)])
