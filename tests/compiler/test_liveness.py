"""What strands forget is never read again, and what can be read is kept."""

from __future__ import annotations

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.compiler.instruction_set import Op
from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome
from tests.support.table_robot import assert_agrees


def schedule_of(text: str) -> Schedule:
    return compile_program(Program(text))


def kept_at_waits(text: str) -> list[set[str]]:
    """The variables that are kept while each ``wait`` is in progress, in the order of the text."""
    schedule = schedule_of(text)
    places = [pc for pc, i in enumerate(schedule.instructions) if i.op is Op.PRIMITIVE]
    places.sort(key=lambda pc: schedule.instructions[pc].line)
    return [set(schedule.liveness.variables(pc, during=True)) for pc in places]


CASES = [
    ("a = 1\nb = 2\nwait(a)\nprint(b)", [{"b"}]),
    ("a = 1\nwait(1)\na = 2\nprint(a)", [set()]),
    ("a = b = 1\nwhile a < 3:\n    wait(b)\n    a += 1", [{"a", "b"}]),
    ("for i in [1, 2]:\n    x = i\n    wait(x)\n", [set()]),
    ("x = 0\nfor i in [1, 2]:\n    wait(x)\n    x = i\n", [{"i"}]),
    ("x = 1\ntry:\n    y = 2\n    wait(1)\nexcept ValueError:\n    print(x)\nprint(3)", [{"x"}]),
    ("x = 1\ntry:\n    wait(1)\nfinally:\n    print(x)", [{"x"}]),
    ("def f():\n    return k\nk = 1\nwait(1)\nk = 2\nf()", [{"f", "k"}]),
    ("def f(a, b):\n    wait(a)\n    return b\nf(1, 2)", [{"b"}]),
    ("def f():\n    a = b = 1\n    g = lambda: a\n    wait(b)\n    return g\nf()", [{"a", "g"}]),
    ("a = 2\nx = [wait(a * i) for i in [1, 2]]", [{".out"}]),
    ("a = 2\nx = [a for _ in [wait(1)]]", [{"a"}]),
    ("def f():\n    a = 2\n    wait(1)\n    return [a for _ in [1]]\nf()", [{"a"}]),
    ("def f():\n    a = 2\n    x = [a for _ in [1]]\n    wait(1)\nf()", [set()]),
    ("def f():\n    a = 2\n    x = [lambda: a for _ in [1]]\n    wait(1)\nf()", [{"a"}]),
    ("x = 1\nwait(1)\ndel x", [{"x"}]),
    ("a = 1\nif a:\n    wait(1)\nelse:\n    b = 2\n    wait(2)\n    print(b)", [set(), {"b"}]),
]


@pytest.mark.parametrize(("text", "kept"), CASES, ids=range(len(CASES)))
def test_kept_while_a_primitive_is_in_progress(text: str, kept: list[set[str]]) -> None:
    assert kept_at_waits(text) == kept


def test_forgetting_changes_nothing_that_a_program_can_see() -> None:
    text = """
def outer(n):
    kept = n + 1
    gone = n * 2
    def inner(k=kept):
        nonlocal kept
        kept += k
        return kept
    wait(0.1)
    try:
        values = [inner(v) + kept for v in range(3) if get_gripper_width() > 0.1]
        goto_home_joint_position()
        if not values:
            raise ValueError("none")
    except ValueError as error:
        wait(0.2)
        print(error, kept)
        return kept
    finally:
        wait(0.3)
        print(inner(), n)
    return values[-1] + kept

print(outer(1), outer(2))
try:
    print(late)
except NameError as error:
    print(error)
late = get_gripper_width()
wait(0.1)
print(late)
"""
    run = assert_agrees(text, list(range(12)), shuffle=3)
    assert all(end.outcome == Outcome.DONE for end in run.ends.values())


def test_lanes_meet_again_when_what_differs_is_dead() -> None:
    text = """
for name in ["milk", "ketchup"]:
    found = get_object_pose(name)
    note = None if found else [found.status]
    steps = 3 if found else "three"
    open_gripper()
wait(1)
"""
    run = assert_agrees(text, list(range(32)), failure_rate=0.5)
    assert run.requests == 5


def test_every_instruction_with_a_target_is_a_known_jump() -> None:
    text = "x = 1 if 2 < 3 < 4 else 0\nfor i in [1]:\n    while x and i or x:\n        assert x\n        break\n"
    schedule = schedule_of(text + "try:\n    pass\nfinally:\n    pass\nany(i for i in [x])")
    assert {i.op for i in schedule.instructions} >= {op for op in Op if op.target} - {Op.KEEP_IF_TRUE}
