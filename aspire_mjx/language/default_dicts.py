"""``collections.defaultdict`` and ``Counter`` as dicts: what they add to a dict stands in the program that uses them.

``d = defaultdict(list)`` makes a dict, and every ``d[key]`` where ``d`` is that variable sees to its element first;
of a ``Counter`` it reads 0. Where a function gets such a dict as an argument, it is a plain one.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass

from aspire_mjx.language.scopes import KnownScopeVisitor, Scope, analyse_scopes
from aspire_mjx.language.standard_library import HIDDEN
from aspire_mjx.language.vocabulary import TYPES

_DICT, _COUNTER = "collections.defaultdict", "collections.Counter"
_LIBRARY = f"{HIDDEN}collections."
#: what makes an element, apart from the names of types and of modules
_SIMPLE = (
    ast.Constant,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.Set,
    ast.Call,
    ast.Attribute,
    ast.Name,
    ast.Load,
    ast.UnaryOp,
)
_SIMPLE += (ast.BinOp, ast.operator, ast.unaryop, ast.keyword)


@dataclass(frozen=True)
class _Kind:
    """What a dict does for a key that it does not have.

    Attributes:
        make: the function that makes its element; None where there is none.
        counts: whether it is a Counter.
        inner: the kind of its elements, if they are such dicts.
    """

    make: ast.expr | None
    counts: bool = False
    inner: _Kind | None = None


def replace_default_dicts(tree: ast.Module) -> None:
    """Writes such dicts as dicts where the program says what it needs; others are left for the policy to refuse.

    Args:
        tree: the program, of bounded depth; changed in place.
    """
    if not any(_imports(node) for node in ast.walk(tree)):
        return
    found = _Found(analyse_scopes(tree))
    found.visit(tree)
    uses = _Uses(found)
    uses.visit(tree)
    _Replaced(uses).visit(tree)
    ast.fix_missing_locations(tree)


def _imports(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "collections"
    return isinstance(node, ast.Import) and any(alias.name == "collections" for alias in node.names)


class _InScopes(KnownScopeVisitor):
    def path(self, node: ast.expr) -> str:
        """The dotted name of what was imported, "" for anything else."""
        if isinstance(node, ast.Attribute):
            module = self.path(node.value)
            return module and f"{module}.{node.attr}"
        bound = self.scope.imported(node.id) if isinstance(node, ast.Name) else None
        return "" if bound is None else ".".join(part for part in bound if part)

    def made(self, node: ast.expr | None) -> _Kind | None:
        """The kind of dict that a call makes; None for anything else, and for one that cannot be kept."""
        if not isinstance(node, ast.Call) or any(isinstance(each, ast.Starred) for each in node.args):
            return None
        path = self.path(node.func)
        if path == _COUNTER:
            return _Kind(_type("int"), counts=True)
        if path != _DICT or any(keyword.arg in (None, "default_factory") for keyword in node.keywords):
            return None
        return self.of_factory(node.args[0] if node.args else ast.Constant(None))

    def of_factory(self, factory: ast.expr) -> _Kind | None:
        """The kind of ``defaultdict(factory)``."""
        match factory:
            case ast.Constant(value=None):
                return _Kind(None)
            case ast.Name(id=name) if name in TYPES and self.scope.find(name) is None:
                return _Kind(_type(name))
            case ast.Name() if self.path(factory) == _COUNTER:
                return _Kind(_type("dict"), inner=_Kind(_type("int"), counts=True))
            case ast.Lambda(args=ast.arguments(posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kwarg=None)):
                inner = self.made(factory.body)
                if inner is not None:
                    empty = isinstance(factory.body, ast.Call) and len(factory.body.args) <= 1 - inner.counts
                    return _Kind(_type("dict"), inner=inner) if empty else None
                return _Kind(_hidden_types(factory)) if self.is_simple(factory.body) else None
        return None

    def is_simple(self, node: ast.expr) -> bool:
        """Whether an expression means the same anywhere."""
        parts = list(ast.walk(node))
        names = [part for part in parts if isinstance(part, ast.Name)]
        known = all((n.id in TYPES and self.scope.find(n.id) is None) or self.path(n) for n in names)
        return known and all(isinstance(part, _SIMPLE) for part in parts)


def _type(name: str) -> ast.expr:
    return ast.Name(HIDDEN + name, ast.Load())


def _hidden_types(factory: ast.expr) -> ast.expr:
    written = copy.deepcopy(factory)
    for node in ast.walk(written):
        if isinstance(node, ast.Name) and node.id in TYPES:
            node.id = HIDDEN + node.id
    return written


class _Found(_InScopes):
    """The variables that only ever hold such dicts of one kind."""

    def __init__(self, scopes: dict[ast.AST, Scope]) -> None:
        super().__init__(scopes)
        self.kinds: dict[tuple[Scope, str], _Kind | None] = {}

    def bind(self, name: str) -> None:
        self.kinds[self.scope.bound_in(name), name] = None

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.bind(node.id)

    def visit_Assign(self, node: ast.Assign | ast.AnnAssign) -> None:
        """The one way for a variable to get such a dict."""
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        kind, target = self.made(node.value), targets[0]
        if kind is None or len(targets) > 1 or not isinstance(target, ast.Name):
            self.generic_visit(node)
            return
        key = self.scope.bound_in(target.id), target.id
        before = self.kinds.get(key, kind)
        same = before is not None and _written(before) == _written(kind)
        self.kinds[key] = kind if same else None
        self.children([node.value])

    visit_AnnAssign = visit_Assign

    def of(self, scope: Scope, name: str) -> _Kind | None:
        """The kind of dict that a variable holds, seen from a scope."""
        found = scope.find(name)
        return None if found is None else self.kinds.get((found[1], name))


def _written(kind: _Kind | None) -> tuple[object, ...]:
    if kind is None:
        return ()
    return "" if kind.make is None else ast.dump(kind.make), kind.counts, *_written(kind.inner)


class _Uses(_InScopes):
    """Where a program makes such dicts, and where it uses them: kinds by the node."""

    def __init__(self, found: _Found) -> None:
        super().__init__(found.scopes)
        self.found = found
        self.dicts = set[ast.AST]()
        self.counters = set[ast.AST]()
        self.read: dict[ast.AST, _Kind] = {}
        self.called: dict[ast.AST, str] = {}

    def kind(self, node: ast.expr) -> _Kind | None:
        """The kind of dict that an expression is."""
        if isinstance(node, ast.Name):
            return self.found.of(self.scope, node.id)
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
            around = self.kind(node.value)
            return around and around.inner
        made = self.made(node)
        return made if made is not None and made.counts else None

    def visit_Assign(self, node: ast.Assign | ast.AnnAssign) -> None:
        """A variable that holds one."""
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if node.value is not None and isinstance(target, ast.Name) and self.made(node.value):
            kind = self.found.of(self.scope, target.id)
            if kind is not None and not kind.counts:
                self.dicts.add(node.value)
        self.children([*node.targets, node.value] if isinstance(node, ast.Assign) else [node.target, node.value])

    visit_AnnAssign = visit_Assign

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """One of its elements."""
        kind = None if isinstance(node.slice, ast.Slice) else self.kind(node.value)
        if kind is not None:
            self.read[node] = kind
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """A Counter, or one of its methods."""
        if self.path(node.func) == _COUNTER:
            self.counters.add(node)
        elif isinstance(node.func, ast.Attribute):
            kind = self.kind(node.func.value)
            if node.func.attr == "most_common":
                self.called[node] = "_most_common"
            elif node.func.attr == "update" and kind is not None and kind.counts:
                self.called[node] = "_counted"
        self.generic_visit(node)


class _Replaced(ast.NodeTransformer):
    """Puts the calls of the library in their place."""

    def __init__(self, uses: _Uses) -> None:
        self.uses = uses

    def visit_Call(self, node: ast.Call) -> ast.AST:
        made, method = node in self.uses.dicts, self.uses.called.get(node)
        if made:
            node.args[:1] = []
            node.func = _type("dict")
        elif node in self.uses.counters:
            node.func = ast.Name(f"{_LIBRARY}Counter", ast.Load())
        elif method is not None and isinstance(node.func, ast.Attribute):
            node.args.insert(0, node.func.value)
            node.func = ast.Name(_LIBRARY + method, ast.Load())
        return self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        kind = self.uses.read.get(node)
        self.generic_visit(node)
        if kind is None or not isinstance(node.ctx, ast.Load):
            return node
        arguments = [node.value, node.slice, ast.Constant(0) if kind.counts else _made_by(kind)]
        name = "_counts" if kind.counts else "_item"
        return ast.copy_location(ast.Call(ast.Name(_LIBRARY + name, ast.Load()), arguments, []), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        target = node.target
        kind = self.uses.read.get(target)
        self.generic_visit(node)
        pure = isinstance(target, ast.Subscript) and not any(isinstance(n, ast.NamedExpr) for n in ast.walk(target))
        if kind is not None and pure and isinstance(target, ast.Subscript):
            arguments = [copy.deepcopy(target.value), target.slice, _made_by(kind)]
            target.slice = ast.Call(ast.Name(f"{_LIBRARY}_ready", ast.Load()), arguments, [])
        return node


def _made_by(kind: _Kind) -> ast.expr:
    return ast.Constant(None) if kind.make is None else copy.deepcopy(kind.make)
