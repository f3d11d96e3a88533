"""Built-in functions that call functions of the program, written in the language of programs itself."""

from __future__ import annotations

import ast
from functools import cache

SOURCE = """
def sorted(items, key, reverse):
    items = list(items)
    return _arranged(items, [key(x) for x in items], reverse)

def sort(items, key, reverse):
    items[:] = _arranged(items, [key(x) for x in items], reverse)

def min(items, key):
    items = list(items)
    return items[_first([key(x) for x in items], False)]

def max(items, key):
    items = list(items)
    return items[_first([key(x) for x in items], True)]

def any(items):
    for x in items:
        if x:
            return True
    return False

def all(items):
    for x in items:
        if not x:
            return False
    return True

def map(function, rows, ready):
    for row in rows:
        ready.append(function(*row))

def filter(function, rows, ready):
    for x in rows:
        if function(x):
            ready.append(x)
"""

#: functions that leave their answer in ``ready``; the instruction that needed it is executed again
RESUMING = ("map", "filter")


def functions_in(source: str) -> dict[str, ast.FunctionDef]:
    """The functions of a source by name. Their lines are 0: they are no lines of the program."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.stmt, ast.expr)):
            node.lineno = 0
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


@cache
def prelude_functions() -> dict[str, ast.FunctionDef]:
    """The functions by name."""
    return functions_in(SOURCE)


def prelude_needed_by(tree: ast.Module) -> list[ast.FunctionDef]:
    """The functions that a program may need."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return [function for name, function in prelude_functions().items() if name in names]
