"""What a task answers about its own names."""

from __future__ import annotations

import dataclasses

import pytest

from aspire_mjx.errors import WorldError
from aspire_mjx.worlds.suites import find_task, load_suite, suite_names
from aspire_mjx.worlds.tasks import Task


@pytest.mark.parametrize("suite", ["libero_object", "libero_object_swap", "libero_object_task"])
def test_object_tasks_have_a_basket_and_six_items(suite):
    for task in load_suite(suite):
        categories = [category for _, category in task.objects]
        assert len(set(categories)) == 7 and "basket" in categories
        assert task.container_category == "basket" and task.target_category in categories


def test_names_of_instances_sites_and_surface_regions_have_a_category():
    task = find_task("libero_goal", "put_the_bowl_on_the_stove")
    assert task.category_of("akita_black_bowl_1") == "akita_black_bowl"
    assert task.category_of("wooden_cabinet_1_top_region") == "wooden_cabinet"
    assert task.category_of("main_table") == task.category_of("main_table_plate_region") == "table"
    with pytest.raises(WorldError, match="libero_goal/.*'spoon_1'.*akita_black_bowl_1, .*main_table"):
        task.category_of("spoon_1")


def test_the_longest_instance_name_decides():
    task = dataclasses.replace(
        find_task("libero_goal", 0), objects=(("cup", "mug"), ("cup_1", "plate")), fixtures=(), surface="cup_1_2"
    )
    assert [task.category_of(n) for n in ("cup_rim", "cup_1_rim", "cup_1_2_rim")] == ["mug", "plate", "table"]


def test_a_goal_of_one_name_has_one_category_for_both_roles():
    task = find_task("libero_goal", "turn_on_the_stove")
    assert task.goal == (("Turnon", "flat_stove_1"),)
    assert task.target_category == task.container_category == "flat_stove"


def test_a_goal_that_also_closes_something_is_about_what_it_moves():
    task = find_task("libero_10", 3)
    assert task.goal[0] == ("Close", "white_cabinet_1_bottom_region")
    assert (task.target_category, task.container_category) == ("akita_black_bowl", "white_cabinet")


def test_regions_are_found_by_name():
    task = find_task("libero_spatial", 0)
    region = task.surface_region("main_table_plate_region")
    assert region is not None
    assert (region.low, region.high, region.yaw) == ((0.05, 0.19), (0.07, 0.21), None)
    turned = task.surface_region("main_table_cabinet_region")
    assert turned is not None and turned.yaw == (2.6613777765410678, 2.7242096296128633)
    assert task.surface_region("main_table_moon") is None


def test_every_task_comes_back_from_its_json():
    for name in suite_names():
        for task in load_suite(name):
            assert Task.from_json(task.definition) == task
