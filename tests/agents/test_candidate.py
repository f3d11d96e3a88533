"""Candidates: keys by content, repairs on the base, tunables that survive."""

from __future__ import annotations

from aspire_mjx.agents.repertoire import REPERTOIRE

BY_NAME = {repair.name: repair for repair in REPERTOIRE}
DEEPER, RETRY = BY_NAME["grasp-deeper"], BY_NAME["retry-until-held"]


def test_keys_are_content(toy):
    first = toy.first()
    assert first.key == first.program.hash
    tuned = first.with_tunables({"lift_height": 0.12})
    assert tuned.key != first.key and tuned.program == first.program and tuned.parent == first.key
    assert tuned.key == first.with_tunables({"lift_height": 0.3}).with_tunables({"lift_height": 0.12}).key


def test_repairs_stand_on_the_base_whatever_their_order(toy):
    first = toy.first()
    both = first.with_repairs([(DEEPER, ""), (RETRY, "pick")])
    steps = first.with_repairs([(RETRY, "pick")])
    steps = steps.with_repairs([*steps.repairs, (DEEPER, "")])
    assert both.program == steps.program and both.base == first.program
    assert [repair.name for repair, _ in both.repairs] == ["grasp-deeper", "retry-until-held"]
    assert both.with_repairs([]).program == first.program


def test_settings_of_tunables_that_go_are_dropped(toy):
    tuned = toy.first().with_repairs([(DEEPER, "")]).with_tunables({"grasp_depth": 0.02, "lift_height": 0.12})
    assert dict(tuned.with_repairs([]).tunables) == {"lift_height": 0.12}


def test_the_simpler_of_two_is_the_one_with_fewer_repairs(toy):
    first = toy.first()
    assert first.complexity < first.with_tunables({"lift_height": 0.2}).complexity
    assert first.with_tunables({"lift_height": 0.2}).complexity < first.with_repairs([(DEEPER, "")]).complexity


def test_a_repair_that_does_not_apply_is_left_out(toy):
    assert toy.first().with_repairs([(RETRY, "")]).repairs == ()
