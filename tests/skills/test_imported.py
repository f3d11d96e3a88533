"""Imported skills: a round trip, and code read as one function with its free names as parameters."""

from __future__ import annotations

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
    ("text", "problem"),
    [
        ("x = (", "not Python"),
        ("goto_pose(<p>, q)", "not Python"),
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
