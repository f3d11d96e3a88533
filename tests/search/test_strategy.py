"""Strategies: each has one part of the loop more than the one before it."""

from __future__ import annotations

import pytest

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.search.coordinator import Coordinator
from aspire_mjx.search.setup import SearchLimits
from aspire_mjx.search.strategy import STRATEGIES, find_strategy
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.worlds.suites import load_suite


def outcome(toy, folder, name: str):
    """Two tasks with a strategy."""
    strategy = find_strategy(name)
    limits = strategy.limited(SearchLimits(candidates=6, rounds=2, threshold=1.0))
    setup = toy.setup(limits=limits, traces=strategy.traces, skills=strategy.skills)
    library = SkillLibrary(folder / name)
    return list(Coordinator(setup, library).run(load_suite("libero_object_swap")[:2], toy.FIRST)), library


def test_each_part_adds_to_what_is_found(toy, tmp_path):
    found = {name: outcome(toy, tmp_path, name) for name in STRATEGIES}
    passes = {name: sum(r.outcome.winner.debug.passes for r in records) for name, (records, _) in found.items()}
    assert passes["blind"] < passes["traces"] < passes["search"]
    assert [len(library) > 0 for _, library in found.values()] == [False, False, False, True]
    assert found["skills"][0][1].skills_used and not found["search"][0][1].skills_used
    sizes = {len(done.entries) for record in found["traces"][0] for done in record.outcome.rounds}
    assert sizes == {2}, "the incumbent and one candidate"


def test_an_unknown_strategy_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match="blind, traces, search, skills"):
        find_strategy("all")
