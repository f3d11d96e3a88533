"""Which scope each name of a program belongs to, by Python's rules."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

FUNCTION_NODES = (ast.FunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(eq=False)
class Scope:
    """The names bound in the module, one function or one comprehension.

    Attributes:
        parent: the scope around it; None for the module.
        names: names bound here.
        imports: names bound here by an import: name -> (module, member or None).
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


class _Analysis(ast.NodeVisitor):
    def __init__(self) -> None:
        self.scopes: dict[ast.AST, Scope] = {}
        self.scope = Scope()

    def bind(self, name: str, scope: Scope | None = None) -> None:
        scope = scope or self.scope
        scope.names.add(name)
        scope.assigned.add(name)

    def inside(self, node: ast.AST, scope: Scope, children: list[ast.AST]) -> None:
        self.scopes[node] = scope
        outside, self.scope = self.scope, scope
        for child in children:
            self.visit(child)
        self.scope = outside

    def visit_Module(self, node: ast.Module) -> None:
        self.inside(node, self.scope, list(node.body))

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.Lambda) -> None:
        if isinstance(node, ast.FunctionDef):
            self.bind(node.name)
        for default in (*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)):
            self.visit(default)
        scope = Scope(parent=self.scope)
        arguments = node.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        for argument in every:
            if argument is not None:
                self.bind(argument.arg, scope)
        body: list[ast.AST] = [*node.body] if isinstance(node, ast.FunctionDef) else [node.body]
        self.inside(node, scope, body)

    visit_Lambda = visit_FunctionDef

    def visit_comprehension_scope(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        first, *others = node.generators
        self.visit(first.iter)
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        inner: list[ast.AST] = [first.target, *first.ifs]
        for generator in others:
            inner += [generator.target, generator.iter, *generator.ifs]
        self.inside(node, Scope(parent=self.scope, comprehension=True), inner + list(results))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comprehension_scope

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.bind(node.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        scope = self.scope
        while scope.comprehension and scope.parent is not None:
            scope = scope.parent
        self.bind(node.target.id, scope)
        self.visit(node.value)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.scope.outer.update(node.names)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name
            self.scope.names.add(name)
            self.scope.imports[name] = (alias.name, None)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            name = alias.asname or alias.name
            self.scope.names.add(name)
            self.scope.imports[name] = (node.module or "", alias.name)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)


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
