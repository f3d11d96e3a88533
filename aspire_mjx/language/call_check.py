"""Whether the arguments of a call fit the parameters of what is called, as far as the text of a program says."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Sequence
from typing import NamedTuple

from aspire_mjx.primitives.registry import Primitive


class CallSignature(NamedTuple):
    """What a call of the robot API takes.

    Attributes:
        shown: the signature as agents read it.
        names: all parameters, in order.
        required: how many of them have no default; they come first.
    """

    shown: str
    names: tuple[str, ...]
    required: int


def signature_of(declared: Primitive | ast.FunctionDef) -> CallSignature:
    """The signature of a primitive, or of a function of the library."""
    if isinstance(declared, Primitive):
        names = tuple(parameter.name for parameter in declared.parameters)
        return CallSignature(declared.signature, names, sum(p.required for p in declared.parameters))
    given = declared.args
    names = tuple(parameter.arg for parameter in given.args)
    return CallSignature(f"{declared.name}({ast.unparse(given)})", names, len(names) - len(given.defaults))


def call_problem(signature: CallSignature, node: ast.Call) -> str:
    """What is wrong with a call's arguments, "" where nothing is; what stands after stars may be anything."""
    if any(isinstance(each, ast.Starred) for each in node.args) or not all(k.arg for k in node.keywords):
        return ""
    keywords = [keyword.arg or "" for keyword in node.keywords]
    if len(node.args) > len(signature.names):
        return f"{signature.shown} takes at most {len(signature.names)} arguments, got {len(node.args)}"
    given = (*signature.names[: len(node.args)], *keywords)
    for name in keywords:
        if name not in signature.names:
            return f"{signature.shown} has no parameter {name!r}{_hint(name, signature.names)}"
        if given.count(name) > 1:
            return f"{signature.shown} got two values for {name!r}"
    missing = [name for name in signature.names[: signature.required] if name not in given]
    return f"{signature.shown} needs {', '.join(missing)}" if missing else ""


def _hint(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name[:60], known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
