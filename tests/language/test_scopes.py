"""Which scope each name belongs to, by Python's rules."""

from __future__ import annotations

import ast
import symtable

import pytest

from aspire_mjx.language.scopes import analyse_scopes, entry_point, pattern_names

TEXT = """
import math as m
from numpy import sin
x = 1
def outer(a, b=x, *rest, k=2, **named):
    y = [(z := i) for i in a if i for j in rest]
    def inner():
        nonlocal y
        y = b
    try:
        inner()
    except ValueError as error:
        del error
    match a:
        case [first, *others] as whole:
            return lambda q: q + first
for w in [1]:
    v: int = w
"""


def _tables(table: symtable.SymbolTable) -> list[symtable.SymbolTable]:
    return [table, *(inner for child in table.get_children() for inner in _tables(child))]


def test_functions_bind_what_pythons_own_table_says():
    scopes = analyse_scopes(ast.parse(TEXT))
    named = {getattr(node, "name", type(node).__name__): scope.names for node, scope in scopes.items()}
    for table in _tables(symtable.symtable(TEXT, "text", "exec")):
        if table.get_type() == "function" and table.get_name() in ("outer", "inner", "lambda"):
            key = "Lambda" if table.get_name() == "lambda" else table.get_name()
            bound = {s.get_name() for s in table.get_symbols() if s.is_local() or s.is_assigned()}
            assert {name for name in bound if name.isidentifier()} == named[key], table.get_name()
    assert named["Module"] == {"m", "sin", "x", "outer", "w", "v"} and named["ListComp"] == {"i", "j"}


def test_a_name_is_found_in_the_nearest_scope_that_binds_it():
    tree = ast.parse(TEXT)
    scopes = analyse_scopes(tree)
    inner = next(scope for node, scope in scopes.items() if getattr(node, "name", "") == "inner")
    outer = next(scope for node, scope in scopes.items() if getattr(node, "name", "") == "outer")
    assert inner.find("y") == (1, outer) and inner.find("x") == (2, scopes[tree]) and inner.find("absent") is None
    assert inner.imported("m") == ("math", None) and inner.imported("sin") == ("numpy", "sin")
    assert inner.imported("x") is None


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("def main(): pass", "main"),
        ("def run(a=1, *, b=2): pass", "run"),
        ("def main(): pass\ndef run(): pass", "main"),
        ("def main(): pass\nmain()", None),
        ("def main(a): pass", None),
        ("x = 1", None),
    ],
)
def test_the_entry_point_needs_nothing_and_is_mentioned_nowhere(text, entry):
    assert entry_point(ast.parse(text)) == entry


def test_pattern_names():
    (match,) = ast.parse("match 1:\n    case [a, *b, (1 | 2) as c, _]: pass").body
    assert isinstance(match, ast.Match) and sorted(pattern_names(match.cases[0].pattern)) == ["a", "b", "c"]
