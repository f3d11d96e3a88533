"""The study of the doses at a small size: a strong one breaks a program that passes in the nominal world."""

from __future__ import annotations

import pytest

from aspire_mjx.worlds.perturbation import Perturbation, factor_names
from experiments.studies.doses import BOWL, CARRY, KITCHEN, LADDERS, LIVING_ROOM, STRONG, falls, ladder


@pytest.mark.parametrize("scene", [CARRY, BOWL])
def test_what_is_slippery_enough_is_not_carried(scene):
    found = ladder(scene, "friction", (1.0, 0.01), seeds=8)
    assert found["trials"] == [8, 8] and found["falls"]
    assert found["passes"][0] >= 6 and found["passes"][1] <= 2


def test_every_factor_has_a_ladder_and_a_strong_dose_in_other_workspaces():
    here = {factor for scene, factor, _ in LADDERS if scene not in (KITCHEN, LIVING_ROOM)}
    assert here == set(STRONG) == set(factor_names())
    for scene, factor, values in LADDERS:
        assert values[0] == getattr(Perturbation(), factor) and values[1] != values[0], (scene, factor)


def test_a_factor_that_cannot_act_on_a_scene_has_no_trials():
    found = ladder(LIVING_ROOM, "fixture", (0.3,), seeds=2)
    assert found["trials"] == [0] and found["passes"] == [0]


def test_a_rate_falls_unless_a_stronger_dose_passes_clearly_more():
    assert falls([60, 58, 61, 3], [64, 64, 64, 64])
    assert not falls([60, 5, 61], [64, 64, 64])
    assert falls([60, 0, 2], [64, 0, 64])
