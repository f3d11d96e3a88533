"""The shipped programs: the first draft reads the sentences of the suites; one for bowls does what it says."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable

import pytest

from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Job, run_jobs
from aspire_mjx.sensing.vocabulary import MATCH, similarity
from aspire_mjx.worlds.suites import find_task, load_suite
from tests.support.paths import PROGRAMS, ROOT

SOURCE = PROGRAMS / "pick_and_place.py"


@pytest.fixture(scope="module")
def read_task() -> Callable[[str], tuple[str, str]]:
    """The function of that name, with what it needs: all of the file but its last line, which starts it."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    names: dict = {}
    exec(compile(ast.Module(tree.body[:-1], []), str(SOURCE), "exec"), names)
    return names["read_task"]


@pytest.mark.parametrize(
    ("sentence", "target", "place"),
    [
        ("Pick the alphabet soup and place it in the basket", "alphabet soup", "basket"),
        ("pick up the yellow and white mug and place it on the plate.", "yellow and white mug", "plate"),
        ("Pick the akita black bowl next to the ramekin and place it on the plate", "akita black bowl", "plate"),
        ("lift bowl from stove and set on plate", "bowl", "plate"),
        ("put the black bowl at the back on the plate", "black bowl", "plate"),
        ("put the ketchup in the top drawer of the cabinet and close it", "ketchup", "top drawer of cabinet"),
        ("Push the plate to the front of the stove", "plate", "front of stove"),
    ],
)
def test_the_object_and_its_place_are_found(read_task, sentence, target, place):
    assert read_task(sentence) == (target, place)


@pytest.mark.parametrize("sentence", ["Turn on the stove", "open the top drawer of the cabinet", ""])
def test_a_task_without_anything_to_carry_is_an_error(read_task, sentence):
    with pytest.raises(ValueError, match="no object and its place"):
        read_task(sentence)


@pytest.mark.parametrize("suite", ["libero_spatial", "libero_spatial_lan", "libero_object", "libero_object_lan"])
def test_the_names_mean_what_the_goal_names(read_task, suite):
    for task in load_suite(suite):
        target, place = read_task(task.language)
        assert similarity(target, task.target_category) >= MATCH, task.language
        assert similarity(place, task.container_category) >= MATCH, task.language


def test_a_bowl_is_carried_to_the_plate_by_its_rim():
    """A world of another template than the food's, from pixels to the verdict."""
    program = Program.read(PROGRAMS / "bowl_on_plate.py")
    task = find_task("libero_goal", "put_the_bowl_on_the_plate")
    batch = run_jobs([Job(program, task, seed) for seed in range(51, 57)], engine="native")
    assert batch.passes().sum() >= 5


def test_the_programs_behind_the_published_numbers_are_here():
    texts = {Program.read(path).hash for path in PROGRAMS.rglob("*.py")}
    for summary in (ROOT / "experiments").glob("*/summary.json"):
        for task in json.loads(summary.read_text(encoding="utf-8"))["tasks"]:
            assert {task["program"], task["first"]["program"]} <= texts, f"put the learned programs of {summary} there"
