"""The built-in suites: complete, consistent, and perturbed in what their axis says and in nothing else."""

from __future__ import annotations

import dataclasses

import pytest

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.worlds.suites import find_task, load_suite, suite_names
from aspire_mjx.worlds.tables import table
from aspire_mjx.worlds.workspaces import workspace

BASES = ("libero_spatial", "libero_object", "libero_goal", "libero_10")
FIELDS = ("language", "workspace", "objects", "fixtures", "surface", "regions", "init", "goal", "look")


def changed(plain, other):
    return {name for name in FIELDS if getattr(plain, name) != getattr(other, name)}


def pairs(axis):
    for base in BASES:
        yield from zip(load_suite(base), load_suite(f"{base}_{axis}"), strict=True)


def test_all_of_libero_and_libero_pro_is_there():
    assert {name: len(load_suite(name)) for name in suite_names()} == {
        name: 90 if name == "libero_90" else 10 for name in suite_names()
    }
    assert len(suite_names()) == 5 + 4 * 5 and set(table("tasks")) <= set(suite_names())


@pytest.mark.parametrize("suite", suite_names())
def test_every_name_in_a_task_is_declared(suite):
    for index, task in enumerate(load_suite(suite)):
        assert (task.suite, task.index) == (suite, index) and task.language
        instances = [name for name, _ in (*task.objects, *task.fixtures)]
        regions = [region.name for region in task.regions]
        assert len(set(instances)) == len(instances) and regions == sorted(set(regions))
        assert all(name.startswith(task.surface + "_") for name in regions)
        assert all(region.low[axis] <= region.high[axis] for region in task.regions for axis in (0, 1))
        for literal in task.init + task.goal:
            assert len(literal) == (3 if literal[0] in ("On", "In") else 2)
            for name in literal[1:]:
                task.category_of(name)
                assert not name.startswith(task.surface) or name in regions
        surface = workspace(task.workspace).surface
        assert task.surface == ("main_table" if surface == "table" else surface)
        # Everything starts in exactly one place.
        placed = [literal[1] for literal in task.init if literal[0] in ("On", "In")]
        assert sorted(placed) == sorted(instances)


def test_tasks_of_libero_use_categories_and_sites_of_the_asset_table():
    sites = {category: {region["name"] for region in raw["regions"]} for category, raw in table("assets").items()}
    for suite in (*BASES, "libero_90"):
        for task in load_suite(suite):
            instances = dict((*task.objects, *task.fixtures))
            for name in {name for literal in task.init + task.goal for name in literal[1:]}:
                if name not in instances and not name.startswith(task.surface):
                    holder = max((i for i in instances if name.startswith(i + "_")), key=len)
                    assert name.removeprefix(holder + "_") in sites[instances[holder]]


def test_swap_exchanges_placements_and_nothing_else():
    for plain, swapped in pairs("swap"):
        assert changed(plain, swapped) == {"init"}
        before, after = ({literal[1]: literal for literal in task.init} for task in (plain, swapped))
        assert list(before) == list(after) and before != after
        places = {literal[-1] for literal in plain.init} | {region.name for region in plain.regions}
        assert {literal[-1] for literal in swapped.init} <= places


def test_object_swap_exchanges_exactly_two_places():
    for plain, swapped in zip(load_suite("libero_object"), load_suite("libero_object_swap"), strict=True):
        before, after = ({name: region for _, name, region in task.init} for task in (plain, swapped))
        first, second = (name for name in before if before[name] != after[name])
        assert after[first] == before[second] and after[second] == before[first]


def test_task_suite_changes_the_goal_and_says_so():
    for plain, other in pairs("task"):
        assert changed(plain, other) == {"language", "goal"}
    for plain, other in zip(load_suite("libero_object"), load_suite("libero_object_task"), strict=True):
        assert other.target_category != plain.target_category
        assert other.target_category.replace("_", " ") in other.language


def test_language_suite_changes_the_words_only():
    for plain, other in pairs("lan"):
        assert changed(plain, other) == {"language"}


def test_object_suite_changes_categories_and_inherits_the_places():
    for plain, other in pairs("object"):
        assert {"init", "goal"} <= changed(plain, other) <= {"objects", "fixtures", "regions", "init", "goal"}
        assert {"objects", "fixtures"} & changed(plain, other)
        where = [sorted((r.low, r.high, r.yaw or ()) for r in task.regions) for task in (plain, other)]
        assert where[0] == where[1]  # regions are renamed after the new objects, never moved


def test_environment_suite_changes_the_look_only():
    for plain, other in pairs("env"):
        assert changed(plain, other) == {"look"} and (plain.look, other.look) == ("", "env")
        assert dataclasses.replace(other, suite=plain.suite, look="") == plain


def test_find_task_by_index_and_by_name():
    task = find_task("libero_object_swap", "3")
    assert task == find_task("libero_object_swap", task.name) and task.key == "libero_object_swap/3"
    assert find_task("libero_90", 89).index == 89


def test_unknown_names_list_the_known_ones():
    with pytest.raises(UnknownNameError, match="libero_object_swap"):
        load_suite("libero_objekt_swap")
    with pytest.raises(UnknownNameError, match="libero_90"):
        load_suite("libero_90_swap")
    with pytest.raises(UnknownNameError, match="0:pick_up_the_alphabet_soup"):
        find_task("libero_object", "99")
