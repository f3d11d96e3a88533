"""The study of factor effects at a small size: few false alarms in every design, and effects are found."""

from __future__ import annotations

import pytest
from scipy import stats

from experiments.studies.effects import DESIGNS, SHAPES, Design, effects, false_alarms, found

BATCHES = 60


@pytest.mark.parametrize("name", DESIGNS)
def test_what_does_nothing_is_blamed_in_five_of_a_hundred_batches_at_most(name):
    assert false_alarms(DESIGNS[name], BATCHES) <= stats.binom.ppf(0.99, BATCHES, 0.05)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_acts_is_blamed(shape):
    assert found(DESIGNS["own seeds"], SHAPES[shape], 20) >= 18


def test_what_acts_on_seeds_that_tasks_share_is_blamed():
    assert found(Design(48, tasks=4, luck=0.5), SHAPES["low is good"], 10) >= 8


def test_the_figures_are_plain():
    figures = effects(2)
    assert figures["false_alarms"].keys() == DESIGNS.keys() and len(figures["found"]) == 4
    assert all(rated["batches"] == 1 for rated in figures["found"].values())
