"""Which scope each name of a program belongs to, by Python's rules."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(eq=False)
class Scope:
    """The names bound in the module, one function or one comprehension.

    Attributes:
        parent: the scope around it; None for the module.
        names: names bound here.
        imports: names bound here by an import: name -> (module, member or None).
        assigned: names bound here by anything else.
        outer: names declared nonlocal here.
        comprehension: whether it is the scope of a comprehension.
    """

    parent: Scope | None = None
    names: set[str] = field(default_factory=set)
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    assigned: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    comprehension: bool = False

    def find(self, name: str) -> tuple[int, Scope] | None:
        """The scope that a name refers to from here and how many scopes further out it is; None when unbound."""
        depth, scope = 0, self
        while scope is not None:
            if name in scope.names and name not in scope.outer:
                return depth, scope
            depth, scope = depth + 1, scope.parent
        return None

    def imported(self, name: str) -> tuple[str, str | None] | None:
        """What an import bound a name to, when nothing else binds it."""
        found = self.find(name)
        if found is None or name in found[1].assigned:
            return None
        return found[1].imports.get(name)


class ScopeVisitor(ast.NodeVisitor):
    """Visits every part of a program in the scope that Python gives it.

    Attributes:
        scope: the scope of what is being visited.
    """

    def __init__(self) -> None:
        self.scope = Scope()

    def scope_of(self, node: ast.AST) -> Scope:
        """The scope that a module, function, lambda or comprehension opens."""
        raise NotImplementedError

    def bind(self, name: str) -> None:
        """A name that a definition, parameter, handler or pattern binds in the present scope."""
        raise NotImplementedError

    def children(self, nodes: Iterable[ast.AST | None]) -> None:
        """Visit nodes in the present scope."""
        for node in nodes:
            if node is not None:
                self.visit(node)

    def inside(self, node: ast.AST, children: Iterable[ast.AST], names: Iterable[str] = ()) -> None:
        """Bind names and visit nodes in the scope that a node opens."""
        outside, self.scope = self.scope, self.scope_of(node)
        for name in names:
            self.bind(name)
        self.children(children)
        self.scope = outside

    def visit_Module(self, node: ast.Module) -> None:
        """The scope around all others."""
        self.inside(node, node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.Lambda) -> None:
        """Defaults are outside, parameters and body inside; annotations mean nothing."""
        if isinstance(node, ast.FunctionDef):
            self.bind(node.name)
        given = node.args
        self.children([*given.defaults, *given.kw_defaults])
        parameters = (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg)
        body = node.body if isinstance(node, ast.FunctionDef) else [node.body]
        self.inside(node, body, [each.arg for each in parameters if each is not None])

    visit_Lambda = visit_FunctionDef

    def visit_comprehension_scope(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        """The first iterable is outside, the rest inside."""
        first, *others = node.generators
        self.visit(first.iter)
        inner: list[ast.expr] = [first.target, *first.ifs]
        for generator in others:
            inner += [generator.target, generator.iter, *generator.ifs]
        inner += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self.inside(node, inner)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comprehension_scope

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """The annotation means nothing."""
        self.children([node.target, node.value])

    def visit_named(self, node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar) -> None:
        """What may bind a name."""
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    visit_ExceptHandler = visit_MatchAs = visit_MatchStar = visit_named


class _Analysis(ScopeVisitor):
    """Notes the names that each scope binds."""

    def __init__(self) -> None:
        super().__init__()
        self.scopes: dict[ast.AST, Scope] = {}

    def scope_of(self, node: ast.AST) -> Scope:
        around = None if isinstance(node, ast.Module) else self.scope
        self.scopes[node] = Scope(around, comprehension=isinstance(node, COMPREHENSIONS))
        return self.scopes[node]

    def bind(self, name: str) -> None:
        self.scope.names.add(name)
        self.scope.assigned.add(name)

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.bind(node.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        outside = self.scope
        while self.scope.comprehension and self.scope.parent is not None:
            self.scope = self.scope.parent
        self.bind(node.target.id)
        self.scope = outside
        self.visit(node.value)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.scope.outer.update(node.names)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            whole = isinstance(node, ast.Import)
            name = alias.asname or (alias.name.partition(".")[0] if whole else alias.name)
            self.scope.names.add(name)
            module = alias.name if alias.asname else name
            self.scope.imports[name] = (module, None) if whole else (node.module or "", alias.name)

    visit_ImportFrom = visit_Import


def analyse_scopes(tree: ast.Module) -> dict[ast.AST, Scope]:
    """The scope of the module and of every function, lambda and comprehension in it."""
    analysis = _Analysis()
    analysis.visit(tree)
    return analysis.scopes


def entry_point(tree: ast.Module) -> str | None:
    """``main`` or ``run`` when the module defines it without required parameters and never mentions it."""
    mentioned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and len(node.args.defaults) == len(node.args.args) + len(node.args.posonlyargs)
        and all(default is not None for default in node.args.kw_defaults)
    }
    return next((name for name in ("main", "run") if name in defined and name not in mentioned), None)


def pattern_names(node: ast.pattern) -> list[str]:
    """The names that a pattern binds."""
    found = [part.name for part in ast.walk(node) if isinstance(part, ast.MatchAs | ast.MatchStar)]
    return [name for name in found if name is not None]
