"""What a program does only where a module is there that programs do not have: it is dropped before anybody looks at it.

``try: import x`` with ``except ImportError`` fails at such a module. What follows the import there is never reached;
nor is what stands behind ``if x:``, ``if x is not None:`` or ``if HAS_X:`` where ``x`` is None and ``HAS_X`` False.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from aspire_mjx.language.scopes import COMPREHENSIONS, KnownScopeVisitor, Scope, analyse_scopes, catches_imports, named

Missing = Callable[[ast.Import | ast.ImportFrom], bool]  #: whether an import names something that programs do not have
_INNER = (ast.FunctionDef, ast.Lambda, *COMPREHENSIONS)


def drop_unreached(tree: ast.Module, missing: Missing) -> None:
    """Empties the parts of a program that are never reached; names that they bind stay bound in their scope.

    Args:
        tree: the program; changed in place.
        missing: whether an import fails where that is caught.
    """
    if not any(isinstance(each, (ast.Import, ast.ImportFrom)) and missing(each) for each in _statements(tree)):
        return
    facts = _Facts(analyse_scopes(tree), missing)
    facts.visit(tree)
    if facts.failing:
        _Dropped(facts).visit(tree)
        ast.fix_missing_locations(tree)


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """All statements of a program."""
    for name in ("body", "handlers", "orelse", "finalbody", "cases"):
        parts = getattr(node, name, ())
        for part in parts if isinstance(parts, list) else ():  # of an expression, body is one
            if isinstance(part, ast.stmt):
                yield part
            yield from _statements(part)


class _Facts(KnownScopeVisitor):
    """Which imports fail, and what names tell so.

    Attributes:
        failing: the place of the failing import in the body of each statement that catches it.
        failed: names of such imports, by scope.
        flags: what ``name = True`` and ``name = False`` set, by scope and name, but for a True that is never reached.
        bound: how often anything else binds a name.
    """

    def __init__(self, scopes: dict[ast.AST, Scope], missing: Missing) -> None:
        super().__init__(scopes)
        self.missing = missing
        self.failing: dict[ast.AST, int] = {}
        self.failed: dict[Scope, set[str]] = defaultdict(set)
        self.flags: dict[tuple[Scope, str], list[bool]] = defaultdict(list)
        self.bound: Counter[tuple[Scope, str]] = Counter()
        self.dead = False

    def bind(self, name: str) -> None:
        self.bound[self.scope.bound_in(name), name] += 1

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.bind(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        value = node.value.value if isinstance(node.value, ast.Constant) else ...
        for target in node.targets:
            if not isinstance(target, ast.Name) or not (value is None or isinstance(value, bool)):
                self.visit(target)
            elif value is not None and not (value and self.dead):
                self.flags[self.scope.bound_in(target.id), target.id].append(value)
        self.visit(node.value)

    def visit_Try(self, node: ast.Try) -> None:
        imports = [(i, each) for i, each in enumerate(node.body) if isinstance(each, (ast.Import, ast.ImportFrom))]
        lacking = [(i, each) for i, each in imports if self.missing(each)]
        fails = bool(lacking) and any(map(catches_imports, node.handlers))
        outside = self.dead
        for place, part in enumerate(node.body):
            self.visit(part)
            if fails and place == lacking[0][0]:
                self.failing[node] = place
                self.failed[self.scope].update(name for i, each in imports if i >= place for name in named(each))
                self.dead = True
        self.children(node.orelse)
        self.dead = outside
        self.children([*node.handlers, *node.finalbody])

    def absent(self, scope: Scope, name: str) -> bool:
        """Whether a name is None, or a flag that is False, because an import has failed."""
        found = scope.find(name)
        if found is None:
            return False
        where = found[1]
        if name in self.failed[where]:
            return name in where.emptied and not self.bound[where, name]
        flags = self.flags.get((where, name), [])
        return bool(self.failing) and bool(flags) and not any(flags) and not self.bound[where, name]

    def truth(self, scope: Scope, test: ast.expr) -> bool | None:
        """The truth of a condition where that follows from what is absent, else None."""
        match test:
            case ast.Name():
                return False if self.absent(scope, test.id) else None
            case ast.UnaryOp(op=ast.Not()):
                inner = self.truth(scope, test.operand)
                return None if inner is None else not inner
            case ast.BoolOp():
                decides = isinstance(test.op, ast.Or)
                return decides if any(self.truth(scope, each) is decides for each in test.values) else None
            case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[ast.Constant(value=None)]):
                found = scope.find(name)
                module = found is not None and name in self.failed[found[1]] and self.absent(scope, name)
                return isinstance(op, (ast.Is, ast.Eq)) if module else None
        return None


class _Dropped(KnownScopeVisitor):
    """Empties what is never reached."""

    def __init__(self, facts: _Facts) -> None:
        super().__init__(facts.scopes)
        self.facts = facts

    def visit_Try(self, node: ast.Try) -> None:
        place = self.facts.failing.get(node)
        if place is not None:
            node.body[place + 1 :] = _only_names(node.body[place + 1 :])
            node.orelse = _only_names(node.orelse)
        self.children([*node.body, *node.handlers, *node.orelse, *node.finalbody])

    def visit_If(self, node: ast.If) -> None:
        truth = self.facts.truth(self.scope, node.test)
        if truth is False:
            node.body = _only_names(node.body) or [ast.Pass()]
        elif truth is True:
            node.orelse = _only_names(node.orelse)
        self.children([node.test, *node.body, *node.orelse])


def _only_names(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Statements that bind what some others bind, and do nothing else."""
    imports = [each for each in statements if isinstance(each, (ast.Import, ast.ImportFrom))]
    names = dict.fromkeys(_bound(each for each in statements if each not in imports))
    empty = [ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None)) for name in names]
    return [*imports, *(ast.copy_location(each, statements[0]) for each in empty)]


def _bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The names that nodes bind in the scope that they stand in."""
    for node in nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from named(node)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name
        if not isinstance(node, _INNER):
            yield from _bound(ast.iter_child_nodes(node))
