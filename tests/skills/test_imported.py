"""Imported skills: a round trip, and code read as one function with its free names as parameters."""

from __future__ import annotations

import re

import pytest

from aspire_mjx.errors import SkillError
from aspire_mjx.skills.imported import ImportedSkill, parse_imported


def skill(body: str, **changes: str) -> ImportedSkill:
    return ImportedSkill(**{"name": "a-b", "description": "Does it.", "body": body, "source": "x.md:3", **changes})


def code(text: str):
    (found,) = skill(f"```python\n{text}\n```").codes
    return found


@pytest.mark.parametrize("body", ["Words only.", "---\n\nafter a rule", "```python\nwait(1)\n```\n\n  indented end"])
def test_written_and_read_back_it_is_equal(body):
    made = skill(body, description="With: colon, 'quotes' and ümlauts", source="folder/x.md:12")
    assert parse_imported(made.format()) == made and parse_imported(made.format()).hash == made.hash


def test_free_names_become_parameters_in_the_order_of_their_first_use():
    found = code("target = position + np.array([0, 0, height])\ngoto_pose(target, quaternion)\nprint(len(names))")
    assert not found.problem and found.parameters == ("position", "height", "quaternion", "names")
    assert found.function.startswith("def a_b(position, height, quaternion, names):\n    import numpy as np\n")


def test_names_of_every_api_profile_are_known():
    found = code("p, q = get_object_pose(object_name=name)\nprint(env.handle.task_language)\nhome_pose()")
    assert not found.problem and found.parameters == ("name",)


def test_a_block_of_one_function_is_that_function():
    found = code('import math\n\ndef lift(height=0.1):\n    """Up."""\n    return math.ceil(height) + offset\n')
    assert found.function.startswith('def lift(offset, height=0.1):\n    """Up."""\n    import math\n')
    assert found.parameters == ("offset", "height")


def test_names_of_inner_functions_and_comprehensions_are_not_free():
    found = code("def inner(a):\n    return [a + b + c for b in range(3)]\nprint(inner(1))\nd = c")
    assert not found.problem and found.parameters == ("c",)


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("x = localise(target)", "localise", "unknown name 'localise'"),
        ("helper = lookup\nlookup(helper)", "lookup", "unknown name 'lookup'"),
        ("try:\n    wait(t)\nexcept MoveError:\n    pass", "MoveError", "unknown name 'MoveError'"),
        ("@retry\ndef f(x):\n    wait(x)", "retry", "decorators"),
        ("class_of = [Pose(p) for p in ps]", "Pose", "unknown name 'Pose'"),
    ],
)
def test_a_name_that_is_called_or_caught_is_no_parameter_but_missing(text, name, told):
    found = code(text)
    taken = re.search(r"def \w+\((.*)\)", found.function)
    assert taken and name not in taken[1] and found.parameters == ()
    assert told in found.problem


def test_a_function_that_is_given_to_another_may_be_a_parameter():
    assert code("best = max(candidates, key=score)").parameters == ("candidates", "score")


def test_names_of_annotations_are_no_parameters():
    assert code("def f(p: Pose) -> Grasp:\n    width: Metres = p + w\n    return width").parameters == ("w", "p")


@pytest.mark.parametrize(
    ("text", "robot", "name"),
    [
        ("move_to_joints_both(left, right)", "two arms", "move_to_joints_both"),
        ("open_gripper_arm1()", "two arms", "open_gripper_arm1"),
        ("move_base(1.0, 0.0)", "mobile base", "move_base"),
        ("p = get_navigation_pose(name)\nnavigate_to_pose(p)", "mobile base", "navigate_to_pose"),
        ("robot = UR5Robot()\nrobot.move(p)", "own software", "UR5Robot"),
    ],
)
def test_calls_of_another_robot_are_said_with_the_robot(text, robot, name):
    found = code(text)
    assert robot in found.problem and f"{name} (line " in found.problem
    assert skill(f"```python\n{text}\n```").kind == "knowledge"


def test_what_is_wrong_is_told_with_the_lines_of_the_text():
    body = (
        "Words.\n\n```python\ntext = (\n    'a'\n)\n\nif text:\n    wait(1)\n    goto(text)  # one\ngoto(text)\n```\n"
    )
    ((line, message),) = skill(body).codes[0].problems
    assert line == 10 and "goto" in message and message.endswith("(also in line 11)")
    ((line, message),) = skill("```python\nx = 1\ny = 'open\n```").codes[0].problems
    assert line == 3 and "unterminated string literal (detected at line 3)" in message


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = (", "not Python"),
        ("goto_pose(<p>, q)", "not Python"),
        ("x = " + "-" * 50_000 + "1", "not Python"),
        ("x = " + "[" * 90 + "]" * 90, "nested too deeply"),
        ("x" + " + x" * 3_000, "nested too deeply"),
        ("break", "outside loop"),
        ("open('file')", "open"),
        ("import subprocess\nsubprocess.run(['ls'])", "subprocess"),
    ],
)
def test_code_that_cannot_run_is_knowledge_with_the_reason(text, problem):
    found = code(text)
    assert problem in found.problem and found.parameters == ()
    assert skill(f"```python\n{text}\n```").kind == "knowledge"


def test_one_block_that_runs_makes_it_code():
    mixed = skill("```python\nx = (\n```\n\n```python\nopen_gripper()\n```")
    assert mixed.kind == "code" and [bool(c.problem) for c in mixed.codes] == [True, False]
    assert skill("No code.").kind == "knowledge"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no front matter", "1: no YAML front matter"),
        ("---\nname: a\ndescription: b\n---\nx", "1: an imported skill has 'status: imported'"),
        ("---\nname: 1\ndescription: b\nmetadata: {status: imported}\n---\nx", "must be text"),
        ("---\nname: A b\ndescription: b\nmetadata: {status: imported}\n---\nx", "lower-case"),
        ("---\nname: a\ndescription: b\nmetadata: {status: imported}\n---\n\n", "body is empty"),
    ],
)
def test_a_broken_file_is_refused(text, message):
    with pytest.raises(SkillError, match=f"^f.md:.*{message}"):
        parse_imported(text, path="f.md")
