"""Emits instructions: labels, functions that wait for their turn, and the constructs that a jump must leave."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from aspire_mjx.compiler.code import Code
from aspire_mjx.compiler.instruction_set import Instruction, Op
from aspire_mjx.errors import ProgramRefused
from aspire_mjx.language.limits import MAX_INSTRUCTION_COUNT
from aspire_mjx.language.scopes import Scope
from aspire_mjx.primitives.registry import Registry


class Label:
    """A place in the schedule that jumps refer to before it is known."""

    position = -1


@dataclass
class Construct:
    """Something around a statement that break, continue and return have to leave properly.

    Attributes:
        kind: "finally" is what a finally block guards; the block itself is "final" on a way out and "failing" after
            an exception.
        start: where continue goes.
        stop: where break goes.
        body: the statements of a finally block.
        name: the variable of an except clause.
        held: how many values the construct keeps on the stack: an iterator, a pending exception or returned value.
    """

    kind: Literal["loop", "for", "try", "finally", "except", "final", "failing"]
    start: Label | None = None
    stop: Label | None = None
    body: list[ast.stmt] = field(default_factory=list)
    name: str | None = None
    held: int = 0


class Assembler:
    """The instruction list under construction and where in the program it stands."""

    def __init__(self, filename: str, registry: Registry, scopes: dict[ast.AST, Scope]) -> None:
        self.filename, self.registry, self.scopes = filename, registry, scopes
        self.instructions: list[Instruction] = []
        self.begins: dict[int, int] = {}  # by instruction, the line of the statement
        self.codes: list[Code] = []
        self.waiting: list[tuple[int, ast.AST, Callable[[], None], str]] = []
        self.constructs: list[Construct] = []
        self.scope = Scope()
        self.around = ""
        self.primitives: dict[str, set[int]] = {}
        self.line = 1

    def refuse(self, rule: str, message: str) -> ProgramRefused:
        """A refusal at the current line, to be raised."""
        return ProgramRefused(self.filename, [(self.line, rule, message)])

    def emit(self, op: Op, arg: object = None) -> None:
        """Append one instruction; a Label as ``arg`` is resolved at the end."""
        if len(self.instructions) >= MAX_INSTRUCTION_COUNT:
            raise self.refuse("limit", f"the program compiles to more than {MAX_INSTRUCTION_COUNT} instructions")
        if isinstance(arg, Label) and not op.target:
            raise RuntimeError(f"{op} has no target; the instruction set says which instructions have one")
        self.instructions.append(Instruction(op, arg, self.line))

    def place(self, label: Label) -> None:
        """The label stands for the next instruction."""
        label.position = len(self.instructions)

    def function(self, code: Code, node: ast.AST, body: Callable[[], None]) -> int:
        """Declare a function whose body is lowered later; returns its index."""
        self.codes.append(code)
        self.waiting.append((len(self.codes) - 1, node, body, self.inside_of(code)))
        return len(self.codes) - 1

    def inside_of(self, code: Code) -> str:
        """What the names of functions in a function begin with, as Python has it."""
        return self.around if not code.title else f"{code.title}." if code.inline else f"{code.title}.<locals>."

    def finish(self) -> tuple[tuple[Instruction, ...], tuple[int, ...], tuple[Code, ...]]:
        """Lower all waiting functions and resolve the labels: what a schedule consists of."""
        while self.waiting:
            index, node, body, self.around = self.waiting.pop(0)
            self.scope = self.scopes[node]
            self.constructs = []
            self.line = getattr(node, "lineno", self.line)
            entry = len(self.instructions)
            body()
            self.codes[index] = replace(self.codes[index], entry=entry, end=len(self.instructions))
        resolved = [i._replace(arg=i.arg.position) if isinstance(i.arg, Label) else i for i in self.instructions]
        begins = tuple(self.begins.get(at, 0) for at in range(len(resolved)))
        return tuple(resolved), begins, tuple(self.codes)
