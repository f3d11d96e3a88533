"""Where control can go in a schedule: successors, handlers, loops, and the places where paths meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aspire_mjx.compiler.code import Code
from aspire_mjx.compiler.instruction_set import Instruction, Op


@dataclass(frozen=True, eq=False)
class ControlFlow:
    """The control flow of one schedule.

    Attributes:
        handlers: for each instruction, where an exception in it is handled in its own function; -1 when nowhere.
        joins: instructions that can be reached from more than one other.
        loops: for each instruction, the heads of the loops around it, outermost first.
    """

    instructions: Sequence[Instruction]
    handlers: tuple[int, ...]
    joins: frozenset[int]
    loops: tuple[tuple[int, ...], ...]


def successors(instructions: Sequence[Instruction], pc: int) -> list[int]:
    """Where an instruction can go on in its own function, without exceptions."""
    op, arg, _ = instructions[pc]
    following = [] if op.last else [pc + 1]
    if op.target and op is not Op.TRY and isinstance(arg, int):
        following.append(arg)
    return following


def control_flow(instructions: Sequence[Instruction], codes: Sequence[Code]) -> ControlFlow:
    """The control flow of the functions of a schedule."""
    size = len(instructions)
    handlers, ways = [-1] * size, [0] * size
    loops: list[tuple[int, ...]] = [()] * size
    for code in codes:
        if code.end <= code.entry:
            continue
        spans: dict[int, int] = {}
        pending: list[tuple[int, tuple[int, ...]]] = [(code.entry, ())]
        seen: set[int] = set()
        while pending:
            pc, tries = pending.pop()
            ways[pc] += 1
            if pc in seen:
                continue
            seen.add(pc)
            handlers[pc] = tries[-1] if tries else -1
            op, arg, _ = instructions[pc]
            following = successors(instructions, pc)
            for target in following:
                if target < pc:
                    spans[target] = max(spans.get(target, 0), pc)
            if op is Op.TRY and isinstance(arg, int):
                pending.append((arg, tries))
                tries = (*tries, arg)
            elif op is Op.END_TRY:
                tries = tries[:-1]
            pending += [(target, tries) for target in following]
        for head in sorted(spans):
            for pc in range(head, spans[head] + 1):
                loops[pc] = (*loops[pc], head)
    return ControlFlow(instructions, tuple(handlers), frozenset(i for i, n in enumerate(ways) if n > 1), tuple(loops))
