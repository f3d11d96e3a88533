"""Matches of regular expressions as the tuples of their groups, the whole first."""

from __future__ import annotations

import ast

_MODULE = "re"


def may_have_matches(text: str) -> bool:
    """Whether a text is worth looking through."""
    return ".group" in text


def replace_matches(tree: ast.Module) -> None:
    """Writes ``m.group()`` as ``m[0]``, ``m.group(k)`` as ``m[k]``, ``m.groups()`` as ``m[1:]`` where re is imported.

    Changes ``tree`` in place. Groups by name, or several at once, stay what programs do not have.
    """
    nodes = list(ast.walk(tree))
    if not any(map(_imports, nodes)):
        return
    for node in nodes:
        for field, value in ast.iter_fields(node):
            parts = value if isinstance(value, list) else [value]
            if any(isinstance(part, ast.Call) for part in parts):
                parts = [_as_item(part) if isinstance(part, ast.Call) else part for part in parts]
                setattr(node, field, parts if isinstance(value, list) else parts[0])


def _imports(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name == _MODULE for alias in node.names)
    return isinstance(node, ast.ImportFrom) and node.module == _MODULE


def _as_item(call: ast.Call) -> ast.expr:
    """What a call is with a tuple; most are what they were."""
    method = call.func
    if not isinstance(method, ast.Attribute) or call.keywords or len(call.args) > 1:
        return call
    if method.attr == "group" and all(map(_is_place, call.args)):
        index: ast.expr = call.args[0] if call.args else ast.Constant(0)
    elif method.attr == "groups" and not call.args:
        index = ast.Slice(ast.Constant(1))
    else:
        return call
    item = ast.copy_location(ast.Subscript(method.value, index, ast.Load()), call)
    return ast.fix_missing_locations(item)


def _is_place(group: ast.expr) -> bool:
    """Whether what names a group may be its number."""
    named = isinstance(group, ast.Constant) and not isinstance(group.value, int)
    return not named and not isinstance(group, ast.Starred)
