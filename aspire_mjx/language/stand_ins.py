"""Expressions of other robot APIs that stand for a call here, such as ``env.handle.task_language``."""

from __future__ import annotations

import ast

from aspire_mjx.primitives.api_profile import EXPRESSIONS

#: what such expressions begin with
_PATHS = frozenset(each[:i] for each in EXPRESSIONS for i, letter in enumerate(each) if letter == ".")
_WRITTEN = "written"  # attribute of a call that was written as something else


def may_have_stand_ins(text: str) -> bool:
    """Whether a text is worth looking through."""
    return any(all(name in text for name in written.split(".")) for written in EXPRESSIONS)


def replace_stand_ins(tree: ast.Module) -> None:
    """Puts the calls in their place, in programs that do not bind the first name themselves.

    A variable that is given a part of such an expression once (``h = env.handle``) may stand for it.
    """
    nodes = list(ast.walk(tree))
    names = [node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)]
    bound = {*names, *(node.arg for node in nodes if isinstance(node, ast.arg))}
    aliases = dict[str, str]()
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name, path = node.targets[0].id, _dotted(node.value)
            if path in _PATHS and path.partition(".")[0] not in bound and names.count(name) == 1:
                aliases[name] = path
                node.value = ast.copy_location(ast.Constant(None), node.value)
    for node in nodes:
        for field, value in ast.iter_fields(node):
            parts = value if isinstance(value, list) else [value]
            for place, part in enumerate(parts):
                first, dot, rest = _dotted(part).partition(".")
                written = aliases.get(first, first) + dot + rest
                if written in EXPRESSIONS and written.partition(".")[0] not in bound:
                    call = ast.Call(ast.copy_location(ast.Name(EXPRESSIONS[written], ast.Load()), part), [], [])
                    setattr(call, _WRITTEN, written)
                    parts[place] = ast.copy_location(call, part)
                    setattr(node, field, parts if isinstance(value, list) else parts[0])


def stand_ins(nodes: list[ast.AST]) -> set[str]:
    """The expressions that stood in a program for calls, as they were written."""
    return {getattr(node, _WRITTEN) for node in nodes if hasattr(node, _WRITTEN)}


def _dotted(node: object) -> str:
    """``a.b.c`` where a node that is read says so, else ""."""
    names: list[str] = []
    while isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and len(names) < 4:
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else ""
