"""The numbers that a program leaves open, read from its text."""

from __future__ import annotations

import ast

from aspire_mjx.language.program import Program
from aspire_mjx.language.tunables import Tunable, read_tunable


def tunables_of(program: Program) -> tuple[Tunable, ...]:
    """The tunables that a program declares, in the order of its lines; a wrong declaration is left to the compiler."""
    found: dict[str, Tunable] = {}
    for node in ast.walk(ast.parse(program.text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tunable":
            try:
                tunable = read_tunable(node)
            except ValueError:
                continue
            found.setdefault(tunable.name, tunable)
    return tuple(sorted(found.values(), key=lambda tunable: tunable.line))
