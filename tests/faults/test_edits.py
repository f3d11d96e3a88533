"""Single edits of programs: each changes its line alone, parses, and stands once."""

from __future__ import annotations

import ast
import difflib

import pytest

from aspire_mjx.faults.edits import edits
from aspire_mjx.language.program import Program
from tests.support.paths import PROGRAMS

_TEXT = """\
import numpy as np


def pick(name, height=0.2):
    found = get_object_pose(name)
    if found is None:
        return None
    goto_pose(found.position + np.array([0.0, 0.0, height]), [1.0, 0.0, 0.0, 0.0])
    close_gripper()
    goto_pose(found.position - 0.05, found.quaternion_wxyz)


for name in ["bowl", "plate"][:1]:
    pick(name)
    open_gripper()
"""


def _of(line: int, text: str = _TEXT, **options) -> dict[str, list[str]]:
    """Kind to the words of the edits of a line."""
    found: dict[str, list[str]] = {}
    for edit in edits(Program(text, "p.py"), [line], **options):
        found.setdefault(edit.kind, []).append(edit.words)
    return found


@pytest.mark.parametrize("path", sorted(PROGRAMS.glob("*.py")), ids=lambda path: path.name)
def test_edits_parse_differ_and_change_one_place(path):
    program = Program.read(path)
    lines = range(1, len(program.text.splitlines()) + 1)
    found = edits(program, lines)
    assert len({edit.program.text for edit in found}) == len(found) > 100
    for edit in found:
        ast.parse(edit.program.text)
        before, after = program.text.splitlines(), edit.program.text.splitlines()
        changed = [
            op for op in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if op[0] != "equal"
        ]
        assert 1 <= len(changed) <= 2 and max(op[2] - op[1] for op in changed) <= 6, edit.words


def test_what_a_person_would_try_is_among_them():
    assert "0.2 -> 0.1" in _of(4)["number"] and "0.2 -> 0.0" in _of(4)["number"]
    assert "found is None -> (not (found is None))" in _of(6)["condition"]
    assert "remove line 7" in _of(7)["way out"] and "return found in line 7" in _of(7)["name"]
    assert "[1.0, 0.0, 0.0, 0.0] -> [0.0, 1.0, 0.0, 0.0]" in _of(8)["orientation"]
    assert "exchange lines 8 and 9" in _of(8)["order"] and "remove line 9" in _of(9)["removed"]
    assert "add open_gripper() before line 9" in _of(9)["added"]
    assert "found.position - 0.05 -> found.position + 0.05" in _of(10)["sign"]
    assert '["bowl", "plate"][:1] -> ["bowl", "plate"]' in _of(13)["index"]
    assert "\"bowl\" -> 'plate'" in _of(13)["text"]
    assert "\"bowl\" -> 'wine bottle'" in _of(13, texts=["wine bottle"])["text"]


def test_only_the_lines_that_are_asked_for_are_edited():
    assert {edit.line for edit in edits(Program(_TEXT, "p.py"), [6, 9])} <= {6, 8, 9}  # 8: exchanged with 9
    assert edits(Program(_TEXT, "p.py"), []) == []


def test_a_function_that_gives_nothing_back_may_give_a_value():
    text = "def look():\n    where = get_object_pose('bowl').position\n    wait(0.1)\n\n\nprint(look())\n"
    assert "add return where after line 3" in _of(3, text)["name"]


def test_texts_beyond_ascii_keep_their_places():
    text = "name = 'größe'; height = 0.25\nwait(height)\n"
    (edit,) = [each for each in edits(Program(text, "p.py"), [1]) if each.words == "0.25 -> 0.15"]
    assert edit.program.text == "name = 'größe'; height = 0.15\nwait(height)\n"
