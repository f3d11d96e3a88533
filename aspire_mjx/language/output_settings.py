"""Statements that say how a program's output looks: numpy's print options, filters of warnings, flushing.

Numpy's print options are those of a whole program: they are set before it does anything else. No warning is ever shown
and nothing is kept in a buffer, so that what is said about those changes nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

_WITHOUT_EFFECT = ("warnings.filterwarnings", "warnings.simplefilter", "sys.stdout.flush", "sys.stderr.flush")
_MODULES = frozenset({"warnings", "sys"})
_SETS = "numpy.set_printoptions"
_OPTIONS = "print_options"  # attribute of a module's tree that has some
#: the options that programs may set, and what is a value of each
_ALLOWED = {
    "precision": lambda value: type(value) is int and 0 <= value <= 17,
    "suppress": lambda value: type(value) is bool,
    "linewidth": lambda value: type(value) is int and 20 <= value <= 1000,
    "threshold": lambda value: type(value) is int and 0 <= value <= 1000,
    "edgeitems": lambda value: type(value) is int and 0 <= value <= 10,
    "floatmode": lambda value: value in ("fixed", "unique", "maxprec", "maxprec_equal"),
    "sign": lambda value: value in ("-", "+", " "),
}


def may_set_output(text: str) -> bool:
    """Whether a text is worth looking through."""
    return any(written.rpartition(".")[2] in text for written in (_SETS, *_WITHOUT_EFFECT))


def settle_output(tree: ast.Module) -> None:
    """Takes the statements that say how output looks out of a program, and notes the print options."""
    names = dict(_modules(tree))
    options = dict[str, Any]()
    for place, statement in enumerate(tree.body):
        if _written(statement, names) == _SETS:
            found = _options(statement)
            if found is None:
                break
            options |= found
            tree.body[place] = ast.copy_location(ast.Pass(), statement)
        elif not _is_silent(statement):
            break
    if options:
        setattr(tree, _OPTIONS, options)
    for node in list(ast.walk(tree)):
        for _, value in ast.iter_fields(node):
            if isinstance(value, list):
                for place, part in enumerate(value):
                    if _written(part, names) in _WITHOUT_EFFECT:
                        value[place] = ast.copy_location(ast.Pass(), part)


def print_options(tree: ast.Module) -> dict[str, Any]:
    """Numpy's print options of a program."""
    return getattr(tree, _OPTIONS, {})


def _modules(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Names that a program's imports give to modules that are known here, and the modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "numpy" or alias.name in _MODULES:
                    yield alias.asname or alias.name, alias.name


def _written(statement: object, modules: dict[str, str]) -> str:
    """``module.name`` of what a statement calls, if that is all it does and it is in a module; else ""."""
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
        return ""
    function, names = statement.value.func, list[str]()
    while isinstance(function, ast.Attribute) and len(names) < 2:
        names.append(function.attr)
        function = function.value
    if not (isinstance(function, ast.Name) and function.id in modules and names):
        return ""
    return ".".join([modules[function.id], *reversed(names)])


def _options(statement: ast.stmt) -> dict[str, Any] | None:
    """The options that a call sets; None where it is not written out, or sets others."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or call.args:
        return None
    given = {each.arg: each.value.value for each in call.keywords if isinstance(each.value, ast.Constant)}
    if len(given) != len(call.keywords) or not all(name in _ALLOWED for name in given):
        return None
    return {str(name): value for name, value in given.items()} if _fit(given) else None


def _fit(given: dict[str | None, Any]) -> bool:
    return all(_ALLOWED[str(name)](value) for name, value in given.items())


def _is_silent(statement: ast.stmt) -> bool:
    """Whether a statement at the start of a program can print nothing: it imports, defines, or names a value."""
    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.Pass)):
        return True
    now = statement.args if isinstance(statement, ast.FunctionDef) else statement
    if not isinstance(now, (ast.arguments, ast.Assign, ast.AnnAssign, ast.Expr)):
        return False
    return not any(isinstance(node, ast.Call) for node in ast.walk(now))
