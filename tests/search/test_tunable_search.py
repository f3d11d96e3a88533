"""Settings of tunables: within bounds, spread evenly, repeatable."""

from __future__ import annotations

import pytest

from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.language.program import Program
from aspire_mjx.language.tunables import tunables_of
from aspire_mjx.search.tunable_search import tunable_settings


def test_tunables_are_read_in_order_of_lines():
    again = 'tunable("b", 1, low=0, high=2)\n'
    text = f'{again}a = tunable("a", 0.5, low=0.0, high=1.0)\n{again}'
    assert [(t.name, t.default) for t in tunables_of(Program(text))] == [("b", 1.0), ("a", 0.5)]


def test_settings_are_a_latin_hypercube_over_the_range(toy):
    candidate = Candidate.first(Program('tunable("x", 0.5, low=0.0, high=1.0)\ntunable("y", 0.5, low=0.0, high=1.0)\n'))
    made = tunable_settings(candidate, 10, seed=(0, 1), spread=1.0)
    for name in ("x", "y"):
        assert sorted(int(dict(c.tunables)[name] * 10) for c in made) == list(range(10))


@pytest.mark.parametrize("spread", [0.1, 1.0])
def test_settings_stay_within_bounds_and_near_the_candidate(toy, spread):
    at_edge = toy.first().with_tunables({"lift_height": 0.3})
    for made in tunable_settings(at_edge, 20, seed=(3,), spread=spread):
        value = dict(made.tunables)["lift_height"]
        assert 0.1 <= value <= 0.3 and abs(value - 0.3) <= 0.5 * spread * 0.2 + 1e-4
        assert made.program == at_edge.program and made.parent == at_edge.key and "lift_height" in made.difference


def test_the_seed_decides(toy):
    def draw(seed):
        return [c.tunables for c in tunable_settings(toy.first(), 5, seed=seed, spread=1.0)]

    assert draw((0, 1)) == draw((0, 1)) != draw((0, 2))


def test_nothing_to_tune_gives_nothing():
    assert tunable_settings(Candidate.first(Program("wait(1.0)\n")), 5, seed=(0,), spread=1.0) == []
