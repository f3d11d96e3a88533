"""Functions written in the language of programs itself (``stdlib/``).

The robot API's helper functions take no part in the robot: the same text runs compiled and in plain Python. A program
that defines a name of theirs has its own, and they go on to call each other's. Names and meanings are those of CaP-X
(capgym/cap-x). An API profile redefines some names in files of its own, whose texts call what they redefine
``native.name``. The prelude has the built-in functions that call functions of the program, ``modules`` those of
Python's own modules that programs may import.
"""

from __future__ import annotations

import ast
import copy
import pickle
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from aspire_mjx.language.function_texts import function_trees, parse_outside
from aspire_mjx.primitives.api_profile import NATIVE, ApiProfile

FILES = ("observation", "detection", "points", "transforms", "grasping")  #: in the order that documents list them
#: functions of the prelude that leave their answer in ``ready``; the instruction that needed it is executed again
RESUMING = ("map", "filter", "listed")
_SEARCHES = {ast.In: "contains", ast.NotIn: "lacks"}  #: what an operator needs of the prelude, for iterators
HIDDEN = "."  #: before the name of what is reached whatever a program calls so itself; none can write it
_NATIVE = "native"  # in the texts of a profile, native.name is what name is without it
_FOLDER = "language/stdlib"
_MODULES = ("collections", "copy", "functools", "itertools", "json", "sys", "time")


def helper_functions(profile: ApiProfile = NATIVE) -> dict[str, ast.FunctionDef]:
    """The functions by name, in the order of the files; those of a profile take the place of native ones."""
    return {**function_trees(_FOLDER, *FILES), **_own(profile)}


def public_functions(profile: ApiProfile = NATIVE) -> dict[str, ast.FunctionDef]:
    """Those that programs may call."""
    return {name: function for name, function in helper_functions(profile).items() if not name.startswith("_")}


def helpers_named_by(tree: ast.Module, profile: ApiProfile = NATIVE) -> list[str]:
    """The functions that a program names and does not define, in the order of the files."""
    own, read = set[str](), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else own).add(node.id)
        elif isinstance(node, ast.FunctionDef):
            own.add(node.name)
        elif isinstance(node, ast.alias):
            own.add(node.asname or node.name)
    wanted = read - own
    return [name for name in public_functions(profile) if name in wanted]


def hidden_helpers(tree: ast.Module, profile: ApiProfile = NATIVE) -> ast.Module:
    """The functions that a program names, and those that these need, as a fresh module of their own.

    Their names are hidden: nothing that the program defines changes what they do.
    """
    functions = _hidden(profile)
    wanted = {hidden_name(name, profile) for name in helpers_named_by(tree, profile)}
    wanted |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id.startswith(HIDDEN)}
    pending = wanted & functions.keys()
    while pending:  # what they need in their turn
        called = [functions[name] for name in pending]
        needed = {node.id for function in called for node in ast.walk(function) if isinstance(node, ast.Name)}
        pending = (needed - wanted) & functions.keys()
        wanted |= pending
    written = _written(profile)
    return ast.Module([pickle.loads(written[name]) for name in functions if name in wanted], [])


def helper_bindings(tree: ast.Module, profile: ApiProfile = NATIVE) -> list[ast.stmt]:
    """Statements that give a program the functions of :func:`hidden_helpers` by the names that it uses."""
    bindings = parse_outside("\n".join(f"{name} = {name}" for name in helpers_named_by(tree, profile)))
    for node in ast.walk(bindings):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            node.id = hidden_name(node.id, profile)
    return bindings.body


def hidden_name(name: str, profile: ApiProfile) -> str:
    """The name that a function of the library has where programs cannot name it."""
    return HIDDEN + name if name in _own(profile) else f"{HIDDEN}{_NATIVE}.{name}"


def shown_name(name: str) -> str:
    """The name of a function as programs see it, hidden or not."""
    return name.rpartition(".")[2]


@cache
def module_functions() -> dict[str, str]:
    """The functions of Python's modules by their dotted names, such as ``itertools.chain``: their hidden names."""
    names = {module: function_trees(f"{_FOLDER}/modules", module) for module in _MODULES}
    found = {f"{m}.{name}": f"{HIDDEN}{m}.{name}" for m, functions in names.items() for name in functions}
    return {name: hidden for name, hidden in found.items() if not name.rpartition(".")[2].startswith("_")}


def prelude_needed_by(tree: ast.Module) -> list[ast.FunctionDef]:
    """The functions of the prelude that a program may need."""
    names = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif type(node) in _SEARCHES:
            names.add(_SEARCHES[type(node)])
    names |= {"listed"} if "zip" in names else set()
    return [function for name, function in function_trees(_FOLDER, "prelude").items() if name in names]


def _own(profile: ApiProfile) -> dict[str, ast.FunctionDef]:
    return function_trees(_FOLDER, *profile.files) if profile.files else {}


@cache
def _hidden(profile: ApiProfile) -> dict[str, ast.FunctionDef]:
    """All functions under their hidden names, calling each other by these."""
    native, own = function_trees(_FOLDER, *FILES), _own(profile)
    hidden = _all_hidden(native, lambda name: hidden_name(name, NATIVE), helper_functions())
    hidden += _all_hidden(own, lambda name: hidden_name(name, profile), helper_functions(profile))
    for module in _MODULES:
        functions = function_trees(f"{_FOLDER}/modules", module)
        hidden += _all_hidden(functions, lambda name, module=module: f"{HIDDEN}{module}.{name}", functions)
    return {function.name: function for function in hidden}


@cache
def _written(profile: ApiProfile) -> dict[str, bytes]:
    """The same as bytes: reading them is the quickest copy of a tree."""
    return {name: pickle.dumps(function) for name, function in _hidden(profile).items()}


def _all_hidden(
    functions: Mapping[str, ast.FunctionDef], hide: Callable[[str], str], names: Iterable[str]
) -> list[ast.FunctionDef]:
    return [_Hidden(hide, frozenset(names)).visit(copy.deepcopy(function)) for function in functions.values()]


class _Hidden(ast.NodeTransformer):
    """Gives a function of the library, and what it calls of it, names that no program can write."""

    def __init__(self, hide: Callable[[str], str], names: frozenset[str]) -> None:
        self.hide, self.names = hide, names

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        outside = self.names
        if node.name in outside:
            node.name = self.hide(node.name)
        self.names = outside - {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
        self.generic_visit(node)
        self.names = outside
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == _NATIVE:
            name = hidden_name(node.attr, NATIVE) if node.attr in helper_functions() else node.attr
            return ast.copy_location(ast.Name(name, ast.Load()), node)
        self.generic_visit(node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.hide(node.id) if node.id in self.names else node.id
        return node
