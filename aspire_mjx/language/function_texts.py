"""Functions in the language of programs that the package ships as files: read as text, never imported."""

from __future__ import annotations

import ast
from functools import cache
from importlib import resources


@cache
def function_texts(folder: str, *files: str) -> dict[str, str]:
    """The text of every function in some files.

    Args:
        folder: where the files are in the package, such as ``language/stdlib``.
        *files: their names without ``.py``.

    Returns:
        The texts by name, in the order of the files and, within a file, of its lines.
    """
    texts: dict[str, str] = {}
    for file in files:
        text = resources.files("aspire_mjx").joinpath(folder, f"{file}.py").read_text(encoding="utf-8")
        functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
        texts |= {function.name: ast.get_source_segment(text, function) or "" for function in functions}
    return texts


def parse_outside(text: str) -> ast.Module:
    """The tree of a text that is no part of the program: its lines are 0, which are no lines of the program."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            setattr(node, "lineno", 0)  # noqa: B010  (statements, expressions, handlers and patterns have one)
    return tree


@cache
def function_trees(folder: str, *files: str) -> dict[str, ast.FunctionDef]:
    """The trees of the functions of :func:`function_texts`, with lines as :func:`parse_outside` gives them."""
    functions = parse_outside("\n".join(function_texts(folder, *files).values())).body
    return {function.name: function for function in functions if isinstance(function, ast.FunctionDef)}
