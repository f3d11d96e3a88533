"""Ablation: what a winner does not need goes, what is left is measured on the same seeds."""

from __future__ import annotations

import dataclasses

from aspire_mjx.agents.repertoire import REPERTOIRE
from aspire_mjx.search.ablation import ablate
from aspire_mjx.seeds import Purpose

BY_NAME = {repair.name: repair for repair in REPERTOIRE}
RETRY = (BY_NAME["retry-until-held"], "pick")
LOOK = (BY_NAME["look-again-for-the-place"], "")
USELESS = (BY_NAME["grip-before-moving"], "")
SEEDS = tuple(range(51, 81))


def test_useless_repairs_go_and_the_others_are_measured(toy):
    evaluate = toy.Direct()
    winner = toy.first().with_repairs([RETRY, LOOK, USELESS])
    pruned, ablations = ablate(winner, task=toy.TASK, seeds=SEEDS, evaluate=evaluate)
    assert {repair.name for repair, _ in pruned.repairs} == {RETRY[0].name, LOOK[0].name}
    assert {a.repair.name for a in ablations} == {RETRY[0].name, LOOK[0].name}
    assert {purpose for _, purpose in evaluate.purposes} == {Purpose.ADMIT}
    for ablation in ablations:
        assert ablation.with_repair.key == pruned.key
        assert ablation.repair.name not in [repair.name for repair, _ in ablation.without.repairs]
        without, with_ = ablation.without_batch, ablation.with_batch
        assert without.rollouts["seed"].tolist() == with_.rollouts["seed"].tolist() == list(SEEDS)
        assert ablation.gained.sum() == with_.passes().sum() - without.passes().sum() > 0


def test_repairs_of_the_library_are_not_measured_again(toy):
    evaluate = toy.Direct()
    known = (dataclasses.replace(RETRY[0], from_library=True), "pick")
    winner = toy.first().with_repairs([known])
    assert ablate(winner, task=toy.TASK, seeds=SEEDS, evaluate=evaluate) == (winner, ())
    assert evaluate.purposes == []


def test_a_winner_of_useless_repairs_is_the_first_program_again(toy):
    pruned, ablations = ablate(toy.first().with_repairs([USELESS]), task=toy.TASK, seeds=SEEDS, evaluate=toy.Direct())
    assert pruned.program == toy.FIRST and ablations == ()
