"""Which scope each name of a program belongs to, by Python's rules."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeGuard

_CAUGHT = frozenset({"ImportError", "ModuleNotFoundError", "Exception"})
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(eq=False)
class Scope:
    """The names bound in the module, one function or one comprehension.

    Attributes:
        parent: the scope around it; None for the module.
        names: names bound here.
        imports: names bound here by an import: name -> (module, member or None).
        optional: imports that the program can do without: it catches that they fail, and asks whether they did.
        emptied: names bound here by ``name = None``.
        assigned: names bound here by anything else.
        outer: names declared nonlocal here.
        of_module: names declared global here.
        comprehension: whether it is the scope of a comprehension.
    """

    parent: Scope | None = None
    names: set[str] = field(default_factory=set)
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    optional: set[str] = field(default_factory=set)
    emptied: set[str] = field(default_factory=set)
    assigned: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    of_module: set[str] = field(default_factory=set)
    comprehension: bool = False

    def find(self, name: str) -> tuple[int, Scope] | None:
        """The scope that a name refers to from here and how many scopes further out it is; None when unbound."""
        depth, scope, of_module = 0, self, False
        while scope is not None:
            of_module = of_module or name in scope.of_module
            passed = scope.parent is not None and (of_module or name in scope.outer)
            if name in scope.names and not passed:
                return depth, scope
            depth, scope = depth + 1, scope.parent
        return None

    def bound_in(self, name: str) -> Scope:
        """The scope that a name is bound in where this one assigns it: its own, but for ``global``."""
        found = self.find(name) if name in self.of_module else None
        return self if found is None else found[1]

    def imported(self, name: str) -> tuple[str, str | None] | None:
        """What an import bound a name to, when nothing else binds it; it may be None all the same."""
        found = self.find(name)
        if found is None or name in found[1].assigned:
            return None
        return found[1].imports.get(name)

    def may_be_none(self, name: str) -> bool:
        """Whether ``name = None`` stands beside its import."""
        found = self.find(name)
        return found is not None and name in found[1].emptied

    def can_do_without(self, name: str) -> bool:
        """Whether a name is that of an optional import."""
        found = self.find(name)
        return found is not None and name in found[1].optional


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


class KnownScopeVisitor(ScopeVisitor):
    """Visits a program whose scopes have been analysed; what is bound in them is known.

    Args:
        scopes: by the node that opens it.
    """

    def __init__(self, scopes: dict[ast.AST, Scope]) -> None:
        super().__init__()
        self.scopes = scopes

    def scope_of(self, node: ast.AST) -> Scope:
        """As it was analysed."""
        return self.scopes[node]

    def bind(self, name: str) -> None:
        """Of no interest here."""


class _Analysis(ScopeVisitor):
    """Notes the names that each scope binds.

    Attributes:
        scopes: by the node that opens it.
        tries: for each import that may fail: its scope, the names it binds, and all names that tell whether it did.
        tests: the conditions of the program.
    """

    def __init__(self) -> None:
        super().__init__()
        self.scopes: dict[ast.AST, Scope] = {}
        self.tries: list[tuple[Scope, set[str], set[str]]] = []
        self.tests: list[ast.expr] = []

    def scope_of(self, node: ast.AST) -> Scope:
        around = None if isinstance(node, ast.Module) else self.scope
        self.scopes[node] = Scope(around, comprehension=isinstance(node, COMPREHENSIONS))
        return self.scopes[node]

    def bind(self, name: str) -> None:
        where = self.scope.bound_in(name)
        where.names.add(name)
        where.assigned.add(name)

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.bind(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        """``name = None`` leaves what an import makes of the name."""
        none = isinstance(node.value, ast.Constant) and node.value.value is None
        emptied = [target.id for target in node.targets if isinstance(target, ast.Name)] if none else []
        for name in emptied:
            where = self.scope.bound_in(name)
            where.names.add(name)
            where.emptied.add(name)
        self.children(target for target in node.targets if not (none and isinstance(target, ast.Name)))
        self.visit(node.value)

    def visit_Try(self, node: ast.Try) -> None:
        """Imports that the program may see fail."""
        imports = [each for each in node.body if isinstance(each, (ast.Import, ast.ImportFrom))]
        if imports and any(map(catches_imports, node.handlers)):
            bound = {name for each in imports for name in named(each)}
            parts = [*node.body, *node.orelse, *(part for handler in node.handlers for part in handler.body)]
            told = {name.id for part in parts for name in ast.walk(part) if _is_bound(name)}
            self.tries.append((self.scope, bound, bound | told))
        self.generic_visit(node)

    def visit_test(self, node: ast.If | ast.IfExp | ast.While | ast.Assert | ast.BoolOp | ast.Compare) -> None:
        """A condition."""
        self.tests.append(node if isinstance(node, (ast.BoolOp, ast.Compare)) else node.test)
        self.generic_visit(node)

    visit_If = visit_IfExp = visit_While = visit_Assert = visit_BoolOp = visit_Compare = visit_test

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        outside = self.scope
        while self.scope.comprehension and self.scope.parent is not None:
            self.scope = self.scope.parent
        self.bind(node.target.id)
        self.scope = outside
        self.visit(node.value)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.scope.outer.update(node.names)

    def visit_Global(self, node: ast.Global) -> None:
        """The names are the module's, whether it binds them itself or not."""
        module = self.scope
        while module.parent is not None:
            module = module.parent
        self.scope.of_module.update(node.names)
        module.names.update(node.names)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        whole = isinstance(node, ast.Import)
        for name, alias in zip(named(node), node.names, strict=True):
            where = self.scope.bound_in(name)
            where.names.add(name)
            module = alias.name if alias.asname else name
            where.imports[name] = (module, None) if whole else (node.module or "", alias.name)

    visit_ImportFrom = visit_Import


def named(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The names that an import binds."""
    whole = isinstance(node, ast.Import)
    return [alias.asname or (alias.name.partition(".")[0] if whole else alias.name) for alias in node.names]


def catches_imports(handler: ast.ExceptHandler) -> bool:
    """Whether an except clause takes a failed import."""
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(each is None or (isinstance(each, ast.Name) and each.id in _CAUGHT) for each in types)


def _is_bound(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)


def analyse_scopes(tree: ast.Module) -> dict[ast.AST, Scope]:
    """The scope of the module and of every function, lambda and comprehension in it."""
    analysis = _Analysis()
    analysis.visit(tree)
    if analysis.tries:
        asked = {name.id for test in analysis.tests for name in ast.walk(test) if isinstance(name, ast.Name)}
        for scope, bound, told in analysis.tries:
            if told & asked:
                scope.optional |= bound
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
