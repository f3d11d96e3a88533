"""Functions written in the language of programs itself (``stdlib/*.py``).

The robot API's helper functions take no part in the robot: the same text runs compiled and in plain Python. A program
that defines a name of theirs has its own, and they go on to call each other's. Names and meanings are those of CaP-X
(capgym/cap-x). The prelude has the built-in functions that call functions of the program.
"""

from __future__ import annotations

import ast
import copy

from aspire_mjx.language.function_texts import function_trees, parse_outside

FILES = ("observation", "detection", "points", "transforms", "grasping")  #: in the order that documents list them
#: functions of the prelude that leave their answer in ``ready``; the instruction that needed it is executed again
RESUMING = ("map", "filter")
HIDDEN = "."  #: before the names of the functions where they call each other, so that no program can write them


def helper_functions() -> dict[str, ast.FunctionDef]:
    """The functions by name, in the order of the files."""
    return function_trees("language/stdlib", *FILES)


def helpers_named_by(tree: ast.Module) -> list[str]:
    """The functions that a program names and does not define, in the order of the files."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    own = {name.id for name in names if not isinstance(name.ctx, ast.Load)}
    own |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    own |= {node.asname or node.name for node in ast.walk(tree) if isinstance(node, ast.alias)}
    wanted = {name.id for name in names} - own
    return [name for name in helper_functions() if name in wanted]


def helper_module(tree: ast.Module) -> ast.Module:
    """The functions that a program names, and those that these need, as a fresh module of their own."""
    functions = helper_functions()
    wanted = set(helpers_named_by(tree))
    for _ in functions:  # what they need in their turn
        called = [functions[name] for name in wanted & functions.keys()]
        wanted |= {node.id for function in called for node in ast.walk(function) if isinstance(node, ast.Name)}
    return ast.Module([copy.deepcopy(function) for name, function in functions.items() if name in wanted], [])


class _Hidden(ast.NodeTransformer):
    """Gives the functions of the library, and what they call of it, names that no program can write."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.name = HIDDEN + node.name
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = HIDDEN + node.id if node.id in helper_functions() else node.id
        return node


def hidden_helpers(tree: ast.Module) -> ast.Module:
    """:func:`helper_module` under hidden names: nothing that the program defines changes what these do."""
    return _Hidden().visit(helper_module(tree))


def helper_bindings(tree: ast.Module) -> list[ast.stmt]:
    """Statements that give a program the functions of :func:`hidden_helpers` by the names that it uses."""
    bindings = parse_outside("\n".join(f"{name} = {name}" for name in helpers_named_by(tree)))
    for node in ast.walk(bindings):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            node.id = HIDDEN + node.id
    return bindings.body


def prelude_needed_by(tree: ast.Module) -> list[ast.FunctionDef]:
    """The functions of the prelude that a program may need."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return [function for name, function in function_trees("language/stdlib", "prelude").items() if name in names]
