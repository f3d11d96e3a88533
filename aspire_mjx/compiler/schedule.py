"""A schedule: the flat list of instructions, with jumps, that a program compiles to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from aspire_mjx.compiler.program import Program
from aspire_mjx.compiler.tunables import Tunable
from aspire_mjx.primitives.registry import Registry


class Instruction(NamedTuple):
    """One instruction of the stack machine: what to do, with what, and the source line it came from."""

    op: str
    arg: object
    line: int

    def __str__(self) -> str:
        return self.op if self.arg is None else f"{self.op:<18} {_show(self.arg)}"


@dataclass(frozen=True, eq=False)
class Code:
    """One function of a schedule (the module itself is the first).

    Attributes:
        name: function name; ``inline`` ones (comprehensions, the prelude) do not show in strand paths.
        entry: index of its first instruction; end: index after its last one.
        parameters: positional parameters, of which the last ``defaults`` have default values.
        keyword_only: parameters after ``*``; ``keyword_defaults`` names those with a default.
        rest, rest_keywords: names of ``*args`` and ``**kwargs``, if any.
        positional_only: how many of the parameters cannot be given by keyword.
    """

    name: str
    entry: int
    end: int = 0
    parameters: tuple[str, ...] = ()
    defaults: int = 0
    keyword_only: tuple[str, ...] = ()
    keyword_defaults: tuple[str, ...] = ()
    rest: str | None = None
    rest_keywords: str | None = None
    positional_only: int = 0
    inline: bool = False


@dataclass(frozen=True, eq=False)
class Schedule:
    """A compiled program.

    Attributes:
        program: the text it came from.
        registry: the robot API it was checked against.
        instructions: all functions, one after the other; the module starts at 0.
        codes: the functions.
        tunables: declared tunables, by line.
        primitives: each primitive the program can reach, with the lines that mention it.
        prelude: code of the built-in functions that call functions of the program, by name.
    """

    program: Program
    registry: Registry
    instructions: tuple[Instruction, ...]
    codes: tuple[Code, ...]
    tunables: tuple[Tunable, ...]
    primitives: tuple[tuple[str, tuple[int, ...]], ...]
    prelude: dict[str, Code]

    @cached_property
    def draws(self) -> bool:
        """Whether the program may use ``np.random``."""
        return any("random" in str(i.arg) for i in self.instructions if i.op in ("MEMBER", "IMPORT"))

    def listing(self) -> Iterator[str]:
        """The schedule as a person reads it: one line of text an instruction."""
        for code in self.codes:
            yield f"{code.name}({', '.join(code.parameters)}):"
            line = -1
            for index in range(code.entry, code.end):
                instruction = self.instructions[index]
                shown = f"{instruction.line:>5}" if instruction.line != line else " " * 5
                line = instruction.line
                yield f"{shown} {index:>6}  {instruction}"
            yield ""


def _show(arg: object) -> str:
    if isinstance(arg, tuple) and arg and all(isinstance(part, (str, int, tuple)) for part in arg):
        return " ".join(repr(part) if isinstance(part, tuple) else str(part) for part in arg)
    text = repr(arg)
    return text if len(text) <= 80 else text[:77] + "..."
