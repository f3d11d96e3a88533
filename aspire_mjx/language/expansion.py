"""Syntax that becomes much larger, or takes much longer, when it is compiled: refused before anything is.

A ``finally`` block is compiled once for every way out of what it guards, so nested ones grow exponentially, in
Python's own compiler too; the names that a pattern binds cost their square there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from aspire_mjx.language.scopes import COMPREHENSIONS, pattern_names

MAX_COPIED = 50_000  #: nodes of syntax in all copies of finally blocks
MAX_FORS = 20  #: for clauses of a comprehension
MAX_BOUND = 32  #: names bound by a pattern
MAX_DOTTED = 100  #: parts of a dotted name
_DOTTED = re.compile(rf"\b(?:\w++[\s\\]*+\.[\s\\]*+){{{MAX_DOTTED}}}")


def long_dotted_name(text: str) -> int | None:
    """The line of a dotted name that is so long that parsing takes memory that grows with its square."""
    found = _DOTTED.search(text)
    return None if found is None else text.count("\n", 0, found.start()) + 1


def expansions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """``(line, message)`` of what would expand. The tree is at most MAX_NESTING levels deep."""
    weight = _weigh([tree])
    if weight.copied > MAX_COPIED:
        message = "finally blocks are compiled once for every return, break and continue that they guard, and for the "
        message += f"end and for exceptions: these would be more than {MAX_COPIED} nodes of syntax; nest fewer of them"
        yield weight.line, message
    for node in ast.walk(tree):
        if isinstance(node, COMPREHENSIONS) and len(node.generators) > MAX_FORS:
            yield node.lineno, f"a comprehension has at most {MAX_FORS} for clauses; write loops"
        elif isinstance(node, ast.match_case) and len(pattern_names(node.pattern)) > MAX_BOUND:
            yield node.pattern.lineno, f"a pattern binds at most {MAX_BOUND} names"


class _Weight(NamedTuple):
    """Nodes of syntax, nodes in copies of finally blocks, ways out, and the line of the first finally."""

    nodes: int = 0
    copied: int = 0
    ways: int = 0
    line: int = 0


def _weigh(nodes: Iterable[ast.AST]) -> _Weight:
    size = copied = ways = line = 0
    for node in nodes:
        if isinstance(node, ast.Try) and node.finalbody:
            inner, final = _weigh([*node.body, *node.handlers, *node.orelse]), _weigh(node.finalbody)
            copies = 2 + inner.ways
            size += inner.nodes + final.nodes
            copied += inner.copied + copies * (final.nodes + final.copied)
            ways += inner.ways + copies * final.ways
            line = line or node.lineno
            continue
        inner = _weigh(ast.iter_child_nodes(node))
        size, copied, line = size + inner.nodes + 1, copied + inner.copied, line or inner.line
        if isinstance(node, ast.Return | ast.Break | ast.Continue):
            ways += 1
        elif not isinstance(node, ast.FunctionDef):
            ways += inner.ways
    return _Weight(size, copied, ways, line)
