"""``collections.deque`` as a list, which is enough for the queues that programs search images and places with."""

from __future__ import annotations

import ast

_MODULE, _NAME = "collections", "deque"
_AS_LIST = {"popleft": "pop", "appendleft": "insert"}  # with 0 as their first argument


def replace_deques(tree: ast.Module) -> None:
    """Writes ``deque(items)`` as ``[*items]``, ``popleft()`` as ``pop(0)`` and ``appendleft(x)`` as ``insert(0, x)``.

    Changes ``tree`` in place, of a program that imports deque. One with a greatest length is left as it is. The tree
    may be nested too deeply for functions that call themselves.
    """
    nodes = list(ast.walk(tree))
    names = {name for node in nodes for name in _imported(node)}
    if not names:
        return
    for node in nodes:
        for field, value in ast.iter_fields(node):
            parts = value if isinstance(value, list) else [value]
            if any(isinstance(part, ast.Call) for part in parts):
                parts = [_as_list(part, names) if isinstance(part, ast.Call) else part for part in parts]
                setattr(node, field, parts if isinstance(value, list) else parts[0])


def _imported(node: ast.AST) -> set[str]:
    """What an import makes a program call deque, such as ``deque`` or ``collections.deque``."""
    if isinstance(node, ast.ImportFrom) and node.module == _MODULE:
        return {alias.asname or alias.name for alias in node.names if alias.name == _NAME}
    if isinstance(node, ast.Import):
        return {f"{alias.asname or alias.name}.{_NAME}" for alias in node.names if alias.name == _MODULE}
    return set()


def _as_list(call: ast.Call, names: set[str]) -> ast.expr:
    """What a call is with lists; most are what they were."""
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in _AS_LIST:
        function.attr = _AS_LIST[function.attr]
        call.args.insert(0, ast.copy_location(ast.Constant(0), call))
        return call
    spread = any(isinstance(each, ast.Starred) for each in call.args)
    if _written(function) not in names or len(call.args) > 1 or call.keywords or spread:
        return call
    items: list[ast.expr] = [ast.copy_location(ast.Starred(each, ast.Load()), each) for each in call.args]
    return ast.copy_location(ast.List(items, ast.Load()), call)


def _written(function: ast.expr) -> str:
    """``f`` or ``a.f`` of what is called; "" for anything else."""
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return function.id if isinstance(function, ast.Name) else ""
