"""What imports mean. Nothing is ever imported: a name is a closed namespace, something else's, or cannot be used.

A member of a module may be a function of the library, a primitive (``time.sleep`` is ``wait``) or a builtin.

A module that programs do not have may be imported, and only its use is refused. Where the program is prepared to do
without it (``try: import x`` with ``except ImportError``), it does not exist, and it may be used where the program asks
for it first (``if x is not None``).
"""

from __future__ import annotations

import ast
from collections.abc import Container

from aspire_mjx.language.absent import drop_unreached
from aspire_mjx.language.default_dicts import replace_default_dicts
from aspire_mjx.language.modules import IMPORTS
from aspire_mjx.language.scopes import Scope, ScopeVisitor, analyse_scopes, catches_imports
from aspire_mjx.language.standard_library import HIDDEN, module_functions

#: modules whose names programs may import for annotations, which mean nothing
ANNOTATION_MODULES = ("__future__", "typing", "collections.abc", "numpy.typing")
#: what members of modules are here: a primitive, a builtin, or a function of the library
STANDS_FOR = {
    **{name: hidden for name, hidden in module_functions().items() if name != "itertools.chain_from_iterable"},
    "itertools.chain.from_iterable": module_functions()["itertools.chain_from_iterable"],
    "time.sleep": f"{HIDDEN}wait",
    "collections.OrderedDict": f"{HIDDEN}dict",
    "json.JSONDecodeError": f"{HIDDEN}ValueError",
}
_MODULES = frozenset(name.partition(".")[0] for name in STANDS_FOR)
#: names that need no import, and what they are
_BARE = {name: STANDS_FOR["sys.exit"] for name in ("exit", "quit")}


def is_available(module: str, member: str | None) -> bool:
    """Whether programs can use what an import names."""
    return member in IMPORTS.get(module, {})


def meant(scope: Scope, node: ast.expr) -> str | None:
    """The hidden name of what a name or a member of a module stands for; None where it is nothing of the kind."""
    if isinstance(node, ast.Name) and scope.find(node.id) is None:
        return _BARE.get(node.id)
    return STANDS_FOR.get(_path(scope, node))


def members_of(module: str) -> list[str]:
    """What programs have of one of Python's modules that stand for something else here."""
    rewritten = ("collections.defaultdict", "collections.deque")
    return sorted(n.partition(".")[2] for n in (*STANDS_FOR, *rewritten) if n.startswith(f"{module}."))


def _path(scope: Scope, node: ast.expr) -> str:
    """The dotted name of a module, or of something in it, as it was imported; "" for anything else."""
    members: list[str] = []
    while isinstance(node, ast.Attribute):
        members.append(node.attr)
        node = node.value
    bound = scope.imported(node.id) if isinstance(node, ast.Name) else None
    if bound is None:
        return ""
    return ".".join([bound[0], *([bound[1]] if bound[1] else []), *reversed(members)])


def missing_module(node: ast.Import | ast.ImportFrom, api: Container[str]) -> str:
    """The first module of an import that programs do not have; ""."""
    for alias in node.names:
        module, member = _imported(node, alias)
        known = is_available(module, member) or module in ANNOTATION_MODULES or alias.name in api
        if not known and (module not in _MODULES if member is None else f"{module}.{member}" not in STANDS_FOR):
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
    replace_default_dicts(tree)
    drop_without_modules(tree, api)
    found = _Meant(analyse_scopes(tree))
    found.visit(tree)
    _Settled(found.hidden, api).visit(tree)
    ast.fix_missing_locations(tree)


class _Meant(ScopeVisitor):
    """Notes the expressions that stand for something else, and the hidden names of that."""

    def __init__(self, scopes: dict[ast.AST, Scope]) -> None:
        super().__init__()
        self.scopes = scopes
        self.hidden: dict[ast.AST, str] = {}

    def scope_of(self, node: ast.AST) -> Scope:
        return self.scopes[node]

    def bind(self, name: str) -> None:
        """Of no interest here."""

    def visit_Attribute(self, node: ast.Attribute | ast.Name) -> None:
        hidden = meant(self.scope, node)
        if hidden is not None:
            self.hidden[node] = hidden
        self.generic_visit(node)

    visit_Name = visit_Attribute


class _Settled(ast.NodeTransformer):
    """Drops imports that mean nothing, fails those that a program is prepared to see fail, and names what is meant."""

    def __init__(self, hidden: dict[ast.AST, str], api: Container[str]) -> None:
        self.hidden, self.api = hidden, api
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
        if node in self.hidden:
            return ast.copy_location(ast.Name(self.hidden[node], ast.Load()), node)
        return self.generic_visit(node)

    visit_Name = visit_Attribute


def _imported(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> tuple[str, str | None]:
    """A module, and which member of it."""
    return (alias.name, None) if isinstance(node, ast.Import) else (node.module or "", alias.name)
