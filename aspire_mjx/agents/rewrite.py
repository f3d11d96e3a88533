"""Apply repairs to program text: the helper goes in, and the calls it stands in for go through it.

The rest of the text keeps its lines. The same repairs on the same program give the same text, and a repair that is
already in a program is not applied again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from aspire_mjx.agents.repair import Repair

_Edit = tuple[int, int, int, str]  # row from 0, start and end column in bytes, new text


def apply(text: str, repair: Repair, *, function: str = "") -> str | None:
    """The program with the repair in it, or None when the repair does not apply.

    Calls of a primitive become calls of the helper. A call ``pick(name)`` of a function that the helper stands in
    for becomes ``helper(pick, name)``; where the function is already handed to another helper, ``other(pick, name)``
    becomes ``other(helper, pick, name)``.

    Args:
      text: program text that parses.
      repair: what to apply.
      function: the program's function that a repair for functions stands in for.

    Returns:
      None when the program calls nothing that the repair stands in for, or already defines the helper's name.
    """
    tree = ast.parse(text)
    defined = functions_of(tree)
    if repair.helper in defined:
        return None
    if repair.wraps_function:
        if function not in defined:
            return None
        edits = list(_wrapping(text, tree, function, repair.helper))
    else:
        if repair.replaces in defined:
            return None
        edits = [_replace(node, repair.helper) for node in _uses(tree, repair.replaces)]
    return _insert(_edit(text, edits), repair.sketch) if edits else None


def apply_all(text: str, repairs: Iterable[tuple[Repair, str]]) -> tuple[str, tuple[Repair, ...]]:
    """Apply several ``(repair, function)`` in the order of their layers; those that do not apply are left out.

    Returns:
      The program text, and the repairs that it now holds, in the order applied.
    """
    applied: list[Repair] = []
    for repair, function in sorted(repairs, key=lambda item: (item[0].layer, item[0].name)):
        rewritten = apply(text, repair, function=function)
        if rewritten is not None:
            text = rewritten
            applied.append(repair)
    return text, tuple(applied)


def functions_of(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """Top-level functions by name."""
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def outermost_function(text: str) -> str:
    """The function of the program that it calls last at top level, such as ``main``, or ""."""
    tree = ast.parse(text)
    defined = functions_of(tree)
    for node in reversed(tree.body):
        if isinstance(node, ast.Expr | ast.Assign) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Name) and called.id in defined:
                return called.id
    return ""


def enclosing_function(text: str, path: str) -> str:
    """The innermost function of a strand path such as ``main:50>pick:31`` that ``text`` defines, or "".

    The function that does the whole task does not count.
    """
    defined = functions_of(ast.parse(text))
    for step in reversed(path.split(">")):
        name = step.partition(":")[0]
        if name in defined and name != outermost_function(text):
            return name
    return ""


def _uses(tree: ast.Module, name: str) -> list[ast.Name]:
    """Every place that reads a name, outside the function of that name."""
    own = functions_of(tree).get(name)
    inside = {id(node) for node in ast.walk(own)} if own else set()
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load) and id(node) not in inside
    ]


def _wrapping(text: str, tree: ast.Module, function: str, helper: str) -> Iterator[_Edit]:
    """Edits that hand a function to a helper wherever it is called, or handed to another helper."""
    uses = {id(node) for node in _uses(tree, function)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        for argument in node.args:
            if id(argument) in uses:
                yield (argument.lineno - 1, argument.col_offset, argument.col_offset, f"{helper}, ")
        if id(node.func) in uses and isinstance(node.func, ast.Name):
            yield _replace(node.func, helper)
            row, column = _bracket(text, node.func)
            yield (row, column, column, f"{function}, " if node.args or node.keywords else function)


def _bracket(text: str, called: ast.Name) -> tuple[int, int]:
    """Row and column (bytes) just behind the opening bracket of a call of a name."""
    lines = text.encode().split(b"\n")
    row, column = called.lineno - 1, called.col_offset + len(called.id.encode())
    while (at := lines[row].find(b"(", column)) < 0:
        row, column = row + 1, 0
    return row, at + 1


def _replace(node: ast.Name, new: str) -> _Edit:
    return (node.lineno - 1, node.col_offset, node.col_offset + len(node.id.encode()), new)


def _edit(text: str, edits: Iterable[_Edit]) -> str:
    lines = text.encode().split(b"\n")
    for row, start, end, new in sorted(edits, reverse=True):
        lines[row] = lines[row][:start] + new.encode() + lines[row][end:]
    return b"\n".join(lines).decode()


def _insert(text: str, sketch: str) -> str:
    """Put the sketch below the docstring and the imports, above everything else."""
    rows = 0
    for position, node in enumerate(ast.parse(text).body):
        docstring = position == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not docstring and not isinstance(node, ast.Import | ast.ImportFrom):
            break
        rows = node.end_lineno or rows
    lines = text.split("\n")
    above, below = lines[:rows], "\n".join(lines[rows:]).lstrip("\n")
    head = [*above, "", ""] if above else []
    return "\n".join([*head, sketch.strip("\n"), "", "", below])
