"""The table of instructions says what is true: one handler each, and the effect on the stack that it states."""

from __future__ import annotations

from collections import Counter

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.compiler.instruction_set import Instruction, Op
from aspire_mjx.language.program import Program
from aspire_mjx.machine import machine as machine_module
from aspire_mjx.machine.instructions import HANDLERS
from aspire_mjx.machine.instructions.costs import COSTS
from aspire_mjx.machine.instructions.handlers import handles
from tests.support.paths import CORPUS
from tests.support.table_robot import run_compiled

#: instructions that leave their function, or enter another
ELSEWHERE = {Op.RAISE, Op.RAISE_AGAIN, Op.RETURN, Op.RESUME}


def test_every_instruction_has_one_handler() -> None:
    assert set(HANDLERS) == set(Op)
    assert set(COSTS) <= set(Op)
    with pytest.raises(RuntimeError, match="POP has two handlers"):
        handles(Op.POP)(HANDLERS[Op.POP])


def test_rows_say_what_an_instruction_is() -> None:
    for op in Op:
        assert op.stack.count("--") == 1 and op.meaning, op
        assert op.target == (op.operand == "target"), op
        assert not (op.reads and op.writes), op
    assert {op for op in Op if op.writes} == {Op.STORE, Op.STORE_GLOBAL, Op.FORGET}


def test_instructions_are_written_with_their_names() -> None:
    assert str(Instruction(Op.POP, None, 1)) == "POP"
    assert str(Instruction(Op.LOAD, (0, "x"), 1)) == "LOAD               0 x"
    assert str(Instruction(Op.FORGET, (Op.DELETE, (0, "e")), 1)) == "FORGET             DELETE (0, 'e')"


def test_programs_change_the_stack_as_the_table_says(monkeypatch: pytest.MonkeyPatch) -> None:
    executed: Counter[Op] = Counter()

    def watched(op: Op):
        handler = HANDLERS[op]
        before, after = (part.split() for part in op.stack.split("--"))
        fixed = not {"*", "|"} & set(op.stack) and op not in ELSEWHERE

        def call(strand, frame, arg):
            depth = len(frame.stack)
            following = handler(strand, frame, arg)
            executed[op] += 1
            if fixed and strand.frames[-1] is frame:
                assert len(frame.stack) - depth == len(after) - len(before), op
            return following

        return call

    monkeypatch.setattr(machine_module, "HANDLERS", {op: watched(op) for op in Op})
    texts = [path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*.py"))]
    for text in [*texts, "x = 1\ndel x\ndef f():\n    y = 1\n    del y\nf()"]:
        run_compiled(text, [1, 2, 3])
    assert {op for op in Op if not executed[op]} == {Op.RAISE, Op.PRIMITIVE, Op.RAISE_AGAIN}  # these only raise


def test_targets_are_places_in_the_schedule() -> None:
    for path in sorted(CORPUS.glob("*.py")):
        instructions = compile_program(Program(path.read_text(encoding="utf-8"))).instructions
        targets = [i.arg for i in instructions if i.op.target]
        assert all(isinstance(target, int) and 0 <= target < len(instructions) for target in targets)
