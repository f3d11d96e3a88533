"""Tasks as people read them."""

from __future__ import annotations

import pytest

from aspire_mjx.worlds.suites import find_task, load_suite, suite_names
from aspire_mjx.worlds.task_text import literal_text, task_line, task_page


def test_a_line_has_index_name_language_and_goal():
    assert task_line(find_task("libero_10", 3)) == (
        " 3  KITCHEN_SCENE4_put_the_black_bowl_in_the_bottom_drawer_of_the_cabinet_and_close_it  "
        "'put the black bowl in the bottom drawer of the cabinet and close it'  "
        "Close(white_cabinet_1_bottom_region) and In(akita_black_bowl_1, white_cabinet_1_bottom_region)"
    )


@pytest.mark.parametrize("suite", suite_names())
def test_a_page_names_everything_that_defines_the_task(suite):
    for task in load_suite(suite):
        page = task_page(task)
        assert page.startswith(f"{task.key}  {task.name}\nlanguage   {task.language}\nworkspace  {task.workspace}: ")
        names = [name for name, _ in (*task.objects, *task.fixtures)] + [region.name for region in task.regions]
        assert all(f"\n  {name}  " in page for name in names)
        assert all(f"\n  {literal_text(literal)}" in page for literal in task.init + task.goal)
        assert ("\nlook       env\n" in page) == suite.endswith("_env") and ("\nfixtures\n" in page) == bool(
            task.fixtures
        )


def test_a_region_shows_its_rectangle_and_yaw():
    page = task_page(find_task("libero_spatial", 0))
    assert "\n  main_table_plate_region  x 0.05 to 0.07, y 0.19 to 0.21 m\n" in page
    assert "\n  main_table_cabinet_region  x 0.02 to 0.04, y -0.28 to -0.26 m, yaw 2.661 to 2.724 rad\n" in page
