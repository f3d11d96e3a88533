"""Compiling: errors with lines, and listings."""

from __future__ import annotations

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.compiler.instruction_set import Op
from aspire_mjx.errors import ProgramRefused
from aspire_mjx.language.program import Program


def test_a_refusal_names_file_line_and_rule() -> None:
    with pytest.raises(ProgramRefused) as caught:
        compile_program(Program("import os\nx = os\nx.env.sim\n", name="grab.py"))
    assert [(line, rule) for line, rule, _ in caught.value.findings] == [
        (2, "import"),
        (3, "attribute"),
        (3, "attribute"),
    ]
    assert "grab.py:2: [import] os is not available to programs" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("wait(1)\nbreak\n", 2, "syntax"),
        ("return 1", 1, "syntax"),
        ("def f():\n    nonlocal x\n", 2, "syntax"),
        ("def f(a, a):\n    pass", 1, "syntax"),
        ("x = *[1]", 1, "syntax"),
        ('tunable("d", 1, low=0, high=2)\ntunable("d", 1, low=0, high=3)\n', 2, "tunable"),
        ("x=1\n" * 12_000, 10_001, "limit"),
    ],
)
def test_what_only_lowering_finds_has_a_line_too(text: str, line: int, rule: str) -> None:
    with pytest.raises(ProgramRefused) as caught:
        compile_program(Program(text))
    assert caught.value.findings[0][:2] == (line, rule)


def test_schedule_lists_reachable_primitives_and_tunables() -> None:
    text = 'def f(g):\n    return g()\n\nd = tunable("deep", 1, low=0, high=2)\nf(open_gripper)\nwait(d)\nwait(1)\n'
    schedule = compile_program(Program(text))
    assert schedule.primitives == (("open_gripper", (5,)), ("wait", (6, 7)))
    assert [(t.name, t.default, t.low, t.high, t.line) for t in schedule.tunables] == [("deep", 1.0, 0.0, 2.0, 4)]
    listing = "\n".join(schedule.listing())
    assert "f(g):" in listing and "PRIMITIVE          wait 1 ()" in listing
    jumps = [i.arg for i in schedule.instructions if i.op.target]
    assert all(isinstance(j, int) and 0 <= j < len(schedule.instructions) for j in jumps)


def test_main_is_called_only_when_the_program_does_not() -> None:
    def calls_entry(text: str) -> bool:
        return any(i.op is Op.CALL_ENTRY for i in compile_program(Program(text)).instructions)

    assert calls_entry("def main():\n    wait(1)\n")
    assert calls_entry("def run(tries=2):\n    wait(1)\n")
    assert not calls_entry("def main():\n    wait(1)\nmain()\n")
    assert not calls_entry("def main(name):\n    wait(1)\n")


def test_program_hash_is_of_the_text() -> None:
    assert Program("wait(1)", name="a").hash == Program("wait(1)", name="b").hash != Program("wait(2)").hash
    assert len(Program("").hash) == 12
