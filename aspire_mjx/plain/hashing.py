"""Hashing in the plain runner: Python recurses through nested tuples without a limit and would crash.

What a plain program uses as a key passes ``guarded_key`` first, and the types that hash what they are made of are
called through :class:`Guarded`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from aspire_mjx.language.callables import named
from aspire_mjx.language.limits import guarded_key

KEY, ELEMENTS, MERGED = ".key", ".elements", ".merged"
_KEYED = frozenset({"get", "pop", "setdefault", "add", "discard", "remove"})


def elements(values: Any) -> Any:
    """What is to become the elements of a set, or the keys of a dict."""
    return values if isinstance(values, (set, dict, str)) else map(guarded_key, values)


def pairs(values: Any) -> Any:
    """What is to become the items of a dict."""
    return values if isinstance(values, dict) else _checked(values)


def merged(value: Any) -> Any:
    """What ``|=`` merges into a set or a dict."""
    return list(_checked(value)) if isinstance(value, (list, tuple, Iterator)) else value


def _checked(values: Iterable[Any]) -> Iterator[Any]:
    for pair in values:
        try:
            parts = tuple(pair)
        except TypeError:  # for dict to refuse
            yield pair
            continue
        yield (guarded_key(parts[0]), *parts[1:]) if parts else parts


def hashing(function: Callable[..., Any], name: str, *, own: int = 0) -> Callable[..., Any]:
    """A method of a dict or a set that checks what it hashes; ``own`` is 1 when the object is an argument itself."""

    def call(*args: Any, **keywords: Any) -> Any:
        first, rest = args[:own], args[own:]
        if name in _KEYED:
            rest = (*map(guarded_key, rest[:1]), *rest[1:])
        elif name == "fromkeys":
            rest = (*map(elements, rest[:1]), *rest[1:])
        elif name == "update" and isinstance(first[0] if own else getattr(function, "__self__", None), dict):
            rest = tuple(map(pairs, rest))
        else:
            rest = tuple(map(elements, rest))
        return function(*first, *rest, **keywords)

    return named(call, function.__qualname__)


class Guarded(type):
    """A type as plain programs have it: the type itself for ``isinstance``, and guarded where it is called."""

    real: type
    make: Callable[..., Any]

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, cls.real)

    def __call__(cls, *args: Any, **keywords: Any) -> Any:
        """Made with the guard."""
        return cls.make(*args, **keywords)

    def __repr__(cls) -> str:
        return repr(cls.real)


def _refused(*_: Any, **__: Any) -> Any:
    raise TypeError("np.ndarray cannot be called like this; use np.array")


def _set(*args: Any, **keywords: Any) -> set[Any]:
    return set(*(map(elements, args) if len(args) == 1 else args), **keywords)


def _dict(*args: Any, **keywords: Any) -> dict[Any, Any]:
    return dict(*map(pairs, args), **keywords)


#: types that plain programs have in place of Python's and numpy's
GUARDED: dict[type, Guarded] = {
    real: Guarded(real.__name__, (), {"real": real, "make": staticmethod(make), "__module__": real.__module__})
    for real, make in ((set, _set), (dict, _dict), (np.ndarray, _refused))
}


class Hashed(ast.NodeTransformer):
    """Everything that a program hashes, by way of the functions above."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """What indexes, slices apart."""
        self.generic_visit(node)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if not any(isinstance(part, ast.Slice) for part in parts):
            node.slice = through(KEY, node.slice)
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        """The keys."""
        self.generic_visit(node)
        node.keys = [None if part is None else through(KEY, part) for part in node.keys]
        return node

    def visit_Set(self, node: ast.Set) -> ast.AST:
        """The elements, and those of what is starred."""
        self.generic_visit(node)
        for index, part in enumerate(node.elts):
            if isinstance(part, ast.Starred):
                part.value = through(ELEMENTS, part.value)
            else:
                node.elts[index] = through(KEY, part)
        return node

    def visit_SetComp(self, node: ast.SetComp | ast.DictComp) -> ast.AST:
        """The element, or the key."""
        self.generic_visit(node)
        hashed = "elt" if isinstance(node, ast.SetComp) else "key"
        setattr(node, hashed, through(KEY, getattr(node, hashed)))
        return node

    visit_DictComp = visit_SetComp

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """What is looked for."""
        self.generic_visit(node)
        operands = [node.left, *node.comparators]
        for index, operator in enumerate(node.ops):
            if isinstance(operator, ast.In | ast.NotIn):
                operands[index] = through(KEY, operands[index])
        node.left, *node.comparators = operands
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """What ``|=`` merges."""
        self.generic_visit(node)
        if isinstance(node.op, ast.BitOr):
            node.value = through(MERGED, node.value)
        return node


def through(helper: str, node: ast.expr) -> ast.expr:
    """A call of a helper with the value of an expression."""
    if isinstance(node, ast.Constant):
        return node
    return ast.copy_location(ast.Call(ast.Name(helper, ast.Load()), [node], []), node)
