"""The functions of a schedule, as the machine and tracebacks need them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property

#: variables of comprehensions and generators that no program can name
FIRST, GENERATOR = ".first", ".generator"


def positional(*names: str) -> ast.arguments:
    """Parameters without defaults."""
    return ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])


@dataclass(frozen=True, eq=False)
class Code:
    """One function of a schedule (the module itself is the first).

    Attributes:
        name: its name.
        entry: index of its first instruction.
        end: index after its last one.
        parameters: as they are declared.
        inline: whether it is a comprehension or of the prelude, which do not show in strand paths.
        title: the name in error messages, with the functions around it, as Python writes it.
    """

    name: str
    entry: int
    end: int = 0
    parameters: ast.arguments = field(default_factory=positional)
    inline: bool = False
    title: str = ""

    @cached_property
    def keyword_defaults(self) -> tuple[str, ...]:
        """The parameters after ``*`` that have a default."""
        pairs = zip(self.parameters.kwonlyargs, self.parameters.kw_defaults, strict=True)
        return tuple(parameter.arg for parameter, default in pairs if default is not None)
