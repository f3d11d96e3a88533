"""From program text to schedule: parse, policy check, lowering."""

from __future__ import annotations

import ast
from functools import lru_cache

from aspire_mjx.checked import checked
from aspire_mjx.compiler.lowering.statements import Lowering
from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.errors import ProgramRefused
from aspire_mjx.language import standard_library as library
from aspire_mjx.language.imports import settle_imports
from aspire_mjx.language.output_settings import print_options
from aspire_mjx.language.policy import examine
from aspire_mjx.language.program import Program
from aspire_mjx.language.scopes import analyse_scopes, entry_point
from aspire_mjx.language.tunables import Tunable, read_tunable, tunable_calls
from aspire_mjx.primitives.registry import Registry
from aspire_mjx.primitives.robot_api import ROBOT_API


@checked
def compile_program(program: Program, *, registry: Registry = ROBOT_API) -> Schedule:
    """Compile a program for the machine; the last few schedules are kept: it is checked, run, and run in plain Python.

    Raises:
        ProgramRefused: syntax errors, policy findings and limits, each with line, rule and message.
    """
    return _compiled(program, registry)


@lru_cache(maxsize=8)
def _compiled(program: Program, registry: Registry) -> Schedule:
    found, tree, profile = examine(program.text, registry)
    if found:
        raise ProgramRefused(program.name, found)
    tunables = _tunables(program, tree)
    settle_imports(tree, (*registry.names, *library.public_functions(profile)))
    shelf, given = library.hidden_helpers(tree, profile), library.helper_bindings(tree, profile)
    helpers = library.prelude_needed_by(ast.Module([*shelf.body, *tree.body], []))
    entry, tree.body[:0] = entry_point(tree), given
    scopes = analyse_scopes(tree) | analyse_scopes(shelf) | analyse_scopes(ast.Module(list(helpers), []))
    scopes[tree].names |= scopes[shelf].names
    lowering = Lowering(program.name, registry, scopes)
    lowering.module(shelf, tree, entry)
    prelude = {helper.name: lowering.helper(helper) for helper in helpers}
    instructions, begins, codes = lowering.finish()
    mentioned = {name: tuple(sorted(lines)) for name, lines in lowering.primitives.items()}
    primitives = tuple((name, mentioned[name]) for name in registry.names if name in mentioned)
    helper_codes = {name: codes[index] for name, index in prelude.items()}
    options = print_options(tree)
    return Schedule(program, registry, instructions, begins, codes, tunables, primitives, helper_codes, options)


def _tunables(program: Program, tree: ast.Module) -> tuple[Tunable, ...]:
    declared: dict[str, Tunable] = {}
    for tunable in sorted(map(read_tunable, tunable_calls(tree)), key=lambda t: t.line):
        first = declared.setdefault(tunable.name, tunable)
        if (first.default, first.low, first.high) != (tunable.default, tunable.low, tunable.high):
            message = f"tunable {tunable.name!r} is declared differently in line {first.line}"
            raise ProgramRefused(program.name, [(tunable.line, "tunable", message)])
    return tuple(declared.values())
