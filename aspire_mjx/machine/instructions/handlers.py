"""The handlers of instructions, by instruction. What each instruction costs is charged here, around its handler.

A handler does to a strand what its instruction means. It returns the index of the next instruction, or None for the
one that follows, and leaves the strand unchanged when it raises a Signal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aspire_mjx.compiler.instruction_set import Op
from aspire_mjx.machine.instructions.costs import COSTS, Cost, charge_items
from aspire_mjx.machine.iterators import drained
from aspire_mjx.machine.strand import CallFrame, Strand
from aspire_mjx.machine.values import is_iterator

Handler = Callable[[Strand, CallFrame, Any], int | None]
Place = Callable[[list[Any], Any], int | None]  # of stack and operand: a place on the stack, if any

HANDLERS: dict[Op, Handler] = {}


def handles(
    op: Op, *, reads: int | Place | None = None, most: Callable[[Any], int] | None = None
) -> Callable[[Handler], Handler]:
    """Register the handler of an instruction.

    Args:
        op: the instruction.
        reads: where on the stack the instruction reads something to its end. An iterator there gives way to the list
            of its elements before anything is charged, because the instruction may have to be executed again.
        most: how many elements it reads at most, by its operand; all when not given.
    """

    def register(handler: Handler) -> Handler:
        if op in HANDLERS:
            raise RuntimeError(f"{op} has two handlers")
        charged = _charging(COSTS[op], handler) if op in COSTS else handler
        HANDLERS[op] = charged if reads is None else _draining(reads, most, charged)
        return handler

    return register


def on_one(op: Op, rule: Callable[[Any, Any, int], Any]) -> None:
    """Register an instruction that makes one value of its operand and the value on top of the stack, by its rule."""

    @handles(op)
    def replace(strand: Strand, frame: CallFrame, arg: Any) -> None:
        frame.stack[-1] = rule(arg, frame.stack[-1], strand.size)


def on_two(op: Op, rule: Callable[[Any, Any, Any, int], Any], *, reads: Place | None = None) -> None:
    """Register an instruction that makes one value of its operand and the two on top of the stack, by its rule."""

    @handles(op, reads=reads)
    def replace(strand: Strand, frame: CallFrame, arg: Any) -> None:
        frame.stack[-2:] = [rule(arg, frame.stack[-2], frame.stack[-1], strand.size)]


def _charging(cost: Cost, handler: Handler) -> Handler:
    before, after = cost

    def call(strand: Strand, frame: CallFrame, arg: Any) -> int | None:
        count, spent = strand.count, strand.spent
        before(strand, frame.stack, arg)
        strand.pay(count, spent)
        following = handler(strand, frame, arg)
        if after is not None:
            after(strand, frame.stack, arg)
        return following

    return call


def _draining(reads: int | Place, most: Callable[[Any], int] | None, handler: Handler) -> Handler:
    def call(strand: Strand, frame: CallFrame, arg: Any) -> int | None:
        stack = frame.stack
        place = reads if isinstance(reads, int) else reads(stack, arg)
        if place is not None and is_iterator(stack[place]):
            stack[place] = drained(stack[place], strand.size, None if most is None else most(arg))
            charge_items(strand, len(stack[place]))
        return handler(strand, frame, arg)

    return call
