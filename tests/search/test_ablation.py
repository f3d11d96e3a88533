"""Ablation: what each repair of a winner is worth, measured on the same seeds."""

from __future__ import annotations

import dataclasses
import functools

import pytest

from aspire_mjx.agents.repertoire import REPERTOIRE
from aspire_mjx.search.ablation import measure_repairs
from aspire_mjx.seeds import Purpose

BY_NAME = {repair.name: repair for repair in REPERTOIRE}
RETRY = (BY_NAME["retry-until-held"], "pick")
LOOK = (BY_NAME["look-again-for-the-place"], "")
USELESS = (BY_NAME["grip-before-moving"], "")
SEEDS = tuple(range(51, 81))
RETRY_WITH_TUNABLE = """
def retry_until_held(attempt, *arguments):
    wait(tunable("tries", 3.0, low=1.0, high=5.0))
    return attempt(*arguments)
"""


@pytest.fixture
def measured(toy):
    """Measures a candidate's repairs in the toy world; and its evaluator."""
    evaluate = toy.Direct()
    return functools.partial(measure_repairs, task=toy.TASK, setup=toy.setup(evaluate=evaluate)), evaluate


def names(candidate):
    return {repair.name for repair, _ in candidate.repairs}


def test_useless_repairs_are_not_worth_a_draft(toy, measured):
    found = measured[0](toy.first().with_repairs([RETRY, LOOK, USELESS]))
    assert {ablation.repair.name for ablation in found} == {RETRY[0].name, LOOK[0].name}
    assert measured[0](toy.first().with_repairs([USELESS])) == ()
    assert {purpose for _, purpose in measured[1].purposes} == {Purpose.ADMIT}


def test_repairs_are_measured_one_on_top_of_the_other(toy, measured):
    winner = toy.first().with_repairs([RETRY, LOOK])
    ablations = measured[0](winner)
    assert {a.repair.name for a in ablations} == names(winner)
    assert ablations[0].without.program == toy.FIRST and ablations[-1].with_repair.program == winner.program
    assert ablations[1].without.program == ablations[0].with_repair.program
    gains = [int(a.gained.sum()) for a in ablations]
    assert gains == sorted(gains, reverse=True) and gains[-1] > 0
    for ablation in ablations:
        seeds = [b.rollouts["seed"].tolist() for b in (ablation.without_batch, ablation.with_batch)]
        assert seeds == [list(SEEDS), list(SEEDS)]


def test_settings_of_a_repairs_own_tunables_stay_with_it(toy, measured):
    tuned = dataclasses.replace(BY_NAME["retry-until-held"], sketch=RETRY_WITH_TUNABLE)
    winner = toy.first().with_repairs([(tuned, "pick")]).with_tunables({"tries": 2.0, "lift_height": 0.11})
    (ablation,) = measured[0](winner)
    assert dict(ablation.with_repair.tunables) == {"tries": 2.0, "lift_height": 0.11}
    assert dict(ablation.without.tunables) == {"lift_height": 0.11}


def test_a_repair_hidden_by_another_leaves_the_stronger_one(toy, measured):
    home = (BY_NAME["carry-over-home"], "place")  # copes with the same trouble as LOOK
    ablations = measured[0](toy.first().with_repairs([home, LOOK]))
    assert len(ablations) == 1 and ablations[0].without.program == toy.FIRST


def test_repairs_of_the_library_are_not_measured_again(toy, measured):
    known = (dataclasses.replace(RETRY[0], from_library=True), "pick")
    winner = toy.first().with_repairs([known])
    assert measured[0](winner) == ()
    assert measured[1].purposes == []
    (ablation,) = measured[0](winner.with_repairs([known, LOOK]))
    assert ablation.without.program == winner.program
