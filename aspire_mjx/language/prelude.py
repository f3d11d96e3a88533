"""Built-in functions that call functions of the program, written in the language of programs itself."""

from __future__ import annotations

import ast

from aspire_mjx.language.function_texts import function_trees

#: functions that leave their answer in ``ready``; the instruction that needed it is executed again
RESUMING = ("map", "filter")


def prelude_needed_by(tree: ast.Module) -> list[ast.FunctionDef]:
    """The functions of ``stdlib/prelude.py`` that a program may need."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return [function for name, function in function_trees("language/stdlib", "prelude").items() if name in names]
