"""What imports mean. Nothing is ever imported: a name is a closed namespace, a primitive, or cannot be used.

A module that programs do not have may be imported, and only its use is refused. Where the program is prepared to do
without it (``try: import x`` with ``except ImportError``), it does not exist, and it may be used where the program asks
for it first (``if x is not None``).
"""

from __future__ import annotations

import ast
from collections.abc import Container

from aspire_mjx.language.absent import drop_unreached
from aspire_mjx.language.modules import IMPORTS
from aspire_mjx.language.scopes import Scope, ScopeVisitor, analyse_scopes, catches_imports
from aspire_mjx.language.standard_library import HIDDEN

#: modules whose names programs may import for annotations, which mean nothing
ANNOTATION_MODULES = ("__future__", "typing", "collections.abc", "numpy.typing")
#: functions of modules that are primitives here
STANDS_FOR = {("time", "sleep"): "wait"}


def is_available(module: str, member: str | None) -> bool:
    """Whether programs can use what an import names."""
    return member in IMPORTS.get(module, {})


def primitive_meant(scope: Scope, node: ast.expr) -> str | None:
    """The primitive that a name or an attribute of a module stands for."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        bound = scope.imported(node.value.id)
        return STANDS_FOR.get((bound[0], node.attr)) if bound and bound[1] is None else None
    bound = scope.imported(node.id) if isinstance(node, ast.Name) else None
    return STANDS_FOR.get((bound[0], bound[1])) if bound and bound[1] else None


def missing_module(node: ast.Import | ast.ImportFrom, api: Container[str]) -> str:
    """The first module of an import that programs do not have; ""."""
    for alias in node.names:
        module, member = _imported(node, alias)
        known = is_available(module, member) or module in ANNOTATION_MODULES or alias.name in api
        if not known and not _has_primitives(module):
            return module
    return ""


def drop_without_modules(tree: ast.Module, api: Container[str]) -> None:
    """Empties the parts of a program that are reached only where a module is there that programs do not have."""
    drop_unreached(tree, lambda node: bool(missing_module(node, api)))


def settle_imports(tree: ast.Module, api: Container[str]) -> None:
    """Leave the imports that have a meaning when the program runs, in place.

    Args:
        tree: a program that the policy accepts; changed in place.
        api: the names that mean the same whether they are imported or not: primitives and functions of the library.
    """
    drop_without_modules(tree, api)
    meant = _Meant(analyse_scopes(tree))
    meant.visit(tree)
    _Settled(meant.primitives, api).visit(tree)
    ast.fix_missing_locations(tree)


class _Meant(ScopeVisitor):
    """Notes the expressions that stand for primitives."""

    def __init__(self, scopes: dict[ast.AST, Scope]) -> None:
        super().__init__()
        self.scopes = scopes
        self.primitives: dict[ast.AST, str] = {}

    def scope_of(self, node: ast.AST) -> Scope:
        return self.scopes[node]

    def bind(self, name: str) -> None:
        """Of no interest here."""

    def visit_Attribute(self, node: ast.Attribute | ast.Name) -> None:
        primitive = primitive_meant(self.scope, node)
        if primitive is not None:
            self.primitives[node] = primitive
        self.generic_visit(node)

    visit_Name = visit_Attribute


class _Settled(ast.NodeTransformer):
    """Drops imports that mean nothing, fails those that a program is prepared to see fail, and names primitives."""

    def __init__(self, primitives: dict[ast.AST, str], api: Container[str]) -> None:
        self.primitives, self.api = primitives, api
        self.caught = False

    def visit_Try(self, node: ast.Try) -> ast.AST:
        outside = self.caught
        self.caught = outside or any(map(catches_imports, node.handlers))
        node.body = [self.visit(each) for each in node.body]
        self.caught = outside
        for part in (node.handlers, node.orelse, node.finalbody):
            part[:] = [self.visit(each) for each in part]
        return node

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> ast.AST:
        missing = missing_module(node, self.api)
        if missing and self.caught:
            error = ast.Name("ModuleNotFoundError", ast.Load())
            failing = ast.Raise(ast.Call(error, [ast.Constant(f"No module named {missing!r}")], []), None)
            return ast.copy_location(failing, node)
        node.names = [alias for alias in node.names if is_available(*_imported(node, alias))]
        return node if node.names else ast.copy_location(ast.Pass(), node)

    visit_ImportFrom = visit_Import

    def visit_Attribute(self, node: ast.Attribute | ast.Name) -> ast.AST:
        if node in self.primitives:
            return ast.copy_location(ast.Name(HIDDEN + self.primitives[node], ast.Load()), node)
        return self.generic_visit(node)

    visit_Name = visit_Attribute


def _imported(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> tuple[str, str | None]:
    """A module, and which member of it."""
    return (alias.name, None) if isinstance(node, ast.Import) else (node.module or "", alias.name)


def _has_primitives(module: str) -> bool:
    return any(module == known for known, _ in STANDS_FOR)
