"""A schedule: the flat list of instructions, with jumps, that a program compiles to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from aspire_mjx.compiler.code import Code
from aspire_mjx.compiler.control_flow import ControlFlow, control_flow
from aspire_mjx.compiler.instruction_set import Instruction, Op
from aspire_mjx.compiler.liveness import Liveness
from aspire_mjx.language.program import Program
from aspire_mjx.language.tunables import Tunable
from aspire_mjx.primitives.registry import Registry


@dataclass(frozen=True, eq=False)
class Schedule:
    """A compiled program.

    Attributes:
        program: the text it came from.
        registry: the robot API it was checked against.
        instructions: all functions, one after the other; the module starts at 0.
        begins: for each instruction the source line whose statement it begins, 0 for none; a ``for`` begins each trip.
        codes: the functions.
        tunables: declared tunables, by line.
        primitives: each primitive the program can reach, with the lines that mention it.
        prelude: code of the built-in functions that call functions of the program, by name.
        print_options: numpy's, while the program runs.
    """

    program: Program
    registry: Registry
    instructions: tuple[Instruction, ...]
    begins: tuple[int, ...]
    codes: tuple[Code, ...]
    tunables: tuple[Tunable, ...]
    primitives: tuple[tuple[str, tuple[int, ...]], ...]
    prelude: dict[str, Code]
    print_options: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def draws(self) -> bool:
        """Whether the program may use ``np.random``."""
        return any("random" in str(i.arg) for i in self.instructions if i.op in (Op.MEMBER, Op.IMPORT))

    @cached_property
    def flow(self) -> ControlFlow:
        """Where control can go."""
        return control_flow(self.instructions, self.codes)

    @cached_property
    def liveness(self) -> Liveness:
        """Which variables can still be read."""
        return Liveness(self.flow, self.codes)

    def listing(self) -> Iterator[str]:
        """The schedule as a person reads it: one line of text an instruction."""
        for code in self.codes:
            names = [parameter.arg for parameter in (*code.parameters.posonlyargs, *code.parameters.args)]
            yield f"{code.name}({', '.join(names)}):"
            line = -1
            for index in range(code.entry, code.end):
                instruction = self.instructions[index]
                shown = f"{instruction.line:>5}" if instruction.line != line else " " * 5
                line = instruction.line
                yield f"{shown} {index:>6}  {instruction}"
            yield ""
