"""Task definitions against the upstream facts they came from."""

from __future__ import annotations

import pytest

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.worlds.tasks import find_task, load_suite, suite_names


@pytest.mark.parametrize("suite", suite_names())
def test_every_suite_has_ten_tasks_of_a_basket_and_six_items(suite):
    tasks = load_suite(suite)
    assert [task.index for task in tasks] == list(range(10))
    for task in tasks:
        categories = [p.category for p in task.placements]
        assert len(set(categories)) == 7 and "basket" in categories
        assert task.container_category == "basket" and task.target_category in categories


def test_swap_exchanges_two_placements_and_nothing_else():
    for plain, swapped in zip(load_suite("libero_object"), load_suite("libero_object_swap"), strict=True):
        before = {p.object: (p.low, p.high) for p in plain.placements}
        after = {p.object: (p.low, p.high) for p in swapped.placements}
        moved = [name for name in before if before[name] != after[name]]
        assert len(moved) == 2 and swapped.goal == plain.goal and swapped.language == plain.language
        first, second = moved
        assert after[first] == before[second] and after[second] == before[first]


def test_task_suite_changes_goal_and_language_together():
    for plain, changed in zip(load_suite("libero_object"), load_suite("libero_object_task"), strict=True):
        assert changed.target_category != plain.target_category
        assert changed.target_category.replace("_", " ") in changed.language


def test_find_task_by_index_and_by_name():
    task = find_task("libero_object_swap", "3")
    assert task == find_task("libero_object_swap", task.name) and task.key == "libero_object_swap/3"


def test_unknown_names_list_the_known_ones():
    with pytest.raises(UnknownNameError, match="libero_object_swap"):
        load_suite("libero_objekt_swap")
    with pytest.raises(UnknownNameError, match="0:pick_up_the_alphabet_soup"):
        find_task("libero_object", "99")
