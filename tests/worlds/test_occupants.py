"""What stands in which slot."""

from __future__ import annotations

import dataclasses

import pytest

from aspire_mjx.errors import WorldError
from aspire_mjx.worlds.occupants import occupants
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.workspaces import family


def test_every_task_fits_the_template_of_its_workspace():
    for suite in suite_names():
        for task in load_suite(suite):
            found, scene = occupants(task, Perturbation(), 51), family(task.workspace)
            assert {o.name for o in found} == {name for name, _ in (*task.objects, *task.fixtures)}
            assert len({o.slot for o in found}) == len(found)
            for occupant in found:
                if occupant.slot < len(scene.slots):
                    assert len(occupant.asset.boxes) <= scene.slots[occupant.slot].boxes
                else:
                    assert occupant.asset.fixture == scene.fixtures[occupant.slot - len(scene.slots)]


def test_food_stands_in_the_order_in_which_the_task_places_it():
    task = load_suite("libero_object")[0]
    order = [literal[1] for literal in task.init if literal[1] != "basket_1"]
    assert [o.name for o in occupants(task, Perturbation(), 51)] == ["basket_1", *order]


def test_distractors_are_drawn_by_seed_and_are_not_of_the_task():
    task = load_suite("libero_spatial")[0]
    added = [
        [o.asset.category for o in occupants(task, Perturbation(distractors=3), seed) if "distractor" in o.name]
        for seed in (51, 51, 52)
    ]
    assert added[0] == added[1] != added[2] and len(set(added[0])) == 3
    assert not set(added[0]) & {category for _, category in task.objects}


def test_too_many_objects_are_refused_with_what_the_template_holds():
    task = load_suite("libero_goal")[0]
    more = dataclasses.replace(task, objects=(*task.objects, *((f"plate_{i}", "plate") for i in range(2, 6))))
    with pytest.raises(WorldError, match=r"no slot .* is left for plate_4.*vessel0 \(up to 10 boxes\)"):
        occupants(more, Perturbation(), 51)


def test_a_fixture_that_the_template_lacks_is_refused():
    task = load_suite("libero_goal")[0]
    odd = dataclasses.replace(task, fixtures=(("microwave_1", "microwave"),))
    with pytest.raises(WorldError, match=r"no place for fixture microwave_1.*cabinet, stove, wine_rack"):
        occupants(odd, Perturbation(), 51)
