"""The lines that each lane executed are those that Python's own tracer sees."""

from __future__ import annotations

import ast
import sys

import numpy as np
import pytest

from aspire_mjx.language.program import Program
from aspire_mjx.machine.coverage import Coverage, read_coverage
from aspire_mjx.plain.runner import run_plain
from tests.support.table_robot import TableRobot, run_compiled

_SEEDS = list(range(12))
_PROGRAMS = {
    "branches": """
w = get_gripper_width() * 1000
if int(w) % 2:
    wait(0.1)
elif int(w) % 3:
    print("three")
else:
    print("none")
    wait(0.2)
print("end")
""",
    "loops": """
def count(limit):
    total = 0
    for number in range(limit):
        if number == 3:
            continue
        if number > 5:
            break
        total += number
    else:
        total = -1
    return total

width = int(get_gripper_width() * 1000) % 5
while width > 0:
    width -= 1 + abs(count(width % 9))
    wait(0.1)
""",
    "errors": """
def look(name):
    found = get_object_pose(name)
    if not found:
        raise ValueError(name)
    return found.position

for name in ["bowl", "plate", "mug"]:
    try:
        where = look(name)
    except ValueError as error:
        print(error)
        continue
    finally:
        wait(0.1)
    print(where[0] > 0)
values = [1, 2]
print(values[2])
""",
}


def traced(program: Program, seed: int, failure_rate: float) -> set[int]:
    """The lines that CPython's tracer sees in a plain run."""
    lines: set[int] = set()

    def trace(frame, event, _arg):
        if frame.f_code.co_filename != program.name:
            return None
        if event == "line":
            lines.add(frame.f_lineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run_plain(program, TableRobot(seed, failure_rate), seed=seed)
    finally:
        sys.settrace(before)
    return lines


def silent(text: str) -> set[int]:
    """Lines that need no instruction: headers of try statements and of their parts."""
    return {node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Try | ast.ExceptHandler)}


@pytest.mark.parametrize("name", _PROGRAMS)
def test_lines_are_those_of_pythons_tracer(name):
    text = _PROGRAMS[name]
    compiled = run_compiled(text, _SEEDS, failure_rate=0.4)
    different = set()
    for lane, seed in enumerate(_SEEDS):
        seen = set(read_coverage(compiled.ends[lane].executed))
        expected = traced(Program(text), seed, 0.4)
        assert seen - silent(text) == expected - silent(text), (seed, seen ^ expected)
        different.add(frozenset(seen))
    assert len(different) > 1  # lanes went different ways


def test_counts_do_not_depend_on_how_lanes_go_together():
    text = _PROGRAMS["loops"]
    together = run_compiled(text, _SEEDS, failure_rate=0.0)
    shuffled = run_compiled(text, _SEEDS, failure_rate=0.0, shuffle=5)
    for lane, seed in enumerate(_SEEDS):
        alone = run_compiled(text, [seed], failure_rate=0.0).ends[0].executed
        assert together.ends[lane].executed == shuffled.ends[lane].executed == alone


def test_a_line_counts_each_time_that_it_begins():
    executed = run_compiled("total = 0\nfor n in range(4):\n    total += n\nprint(total)\n", [1]).ends[0].executed
    assert read_coverage(executed) == {1: 1, 2: 5, 3: 4, 4: 1}


def test_lanes_start_anew():
    coverage = Coverage()
    coverage.start(np.array([0, 2]), 3)
    coverage.add(np.array([0, 2]), {1: 1, 3: 4})
    coverage.start(np.array([2, 5]), 7)
    coverage.add(np.array([5]), {7: 2})
    assert coverage.take(np.array([0, 2, 5])).tolist() == ["1 3:4", "", "7:2"]
