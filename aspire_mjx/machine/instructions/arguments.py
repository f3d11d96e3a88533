"""Arguments of calls: bound to parameters by Python itself, and what Python says about those after ``*`` and ``**``."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from aspire_mjx.compiler.code import Code
from aspire_mjx.language.callables import in_messages, method_title
from aspire_mjx.language.modules import FacadeFunction, RandomFunction
from aspire_mjx.language.random import Stream
from aspire_mjx.machine.indexing import items_of, type_name
from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.structure import columns
from aspire_mjx.machine.values import (
    BoundMethod,
    Builtin,
    DictView,
    FunctionValue,
    Raised,
    RobotFunction,
    Varying,
    VaryingResult,
    is_iterator,
)

#: what can be called, by type
CALLABLE = (FunctionValue, RobotFunction, Builtin, BoundMethod, FacadeFunction, RandomFunction)
_ITERABLE = (list, tuple, set, dict, str, range, np.ndarray, Ragged, DictView, VaryingResult)


def bind_parameters(function: FunctionValue, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The variables that a function starts with. TypeError as Python says it, because Python does it."""
    code = function.code
    binder = FunctionType(_binding(code), {"__builtins__": {"locals": locals}}, argdefs=function.defaults)
    binder.__kwdefaults__ = dict(zip(code.keyword_defaults, function.keyword_defaults, strict=True))
    return binder(*args, **kwargs)


@lru_cache(maxsize=1024)
def _binding(code: Code) -> CodeType:
    """The code of a Python function with the same parameters, which returns what they are bound to."""
    names = code.parameters
    needed: list[ast.expr | None] = [None] * len(names.kwonlyargs)  # the defaults are no part of the code
    bare = ast.arguments(names.posonlyargs, names.args, names.vararg, names.kwonlyargs, needed, names.kwarg, [])
    function = ast.Expression(ast.Lambda(bare, ast.parse("locals()", mode="eval").body))
    around = compile(ast.fix_missing_locations(function), code.name, "eval")
    (binding,) = (constant for constant in around.co_consts if isinstance(constant, CodeType))
    return binding.replace(co_name=code.name, co_qualname=code.title or code.name)


# stars ----------------------------------------------------------------------------------------------------------------


def elements_after_star(value: Any, n: int) -> Sequence[Any]:
    """The elements of what stands after ``*`` in a list or a tuple, or among several positional arguments."""
    if not _is_iterable(value, n):
        raise TypeError(f"Value after * must be an iterable, not {type_name(value)}")
    return items_of(value, n)


def arguments_after_star(callee: Any, value: Any, n: int) -> Sequence[Any]:
    """The positional arguments of a call that has nothing but ``*value``."""
    if not _is_iterable(value, n):
        raise call_error(callee, f"argument after * must be an iterable, not {type_name(value)}", n)
    return items_of(value, n)


def _is_iterable(value: Any, n: int) -> bool:
    sample = columns(value, n)[0] if type(value) is Varying else value
    return isinstance(sample, _ITERABLE) or is_iterator(sample)


def merge_keywords(callee: Any, keywords: dict[Any, Any], more: Any, n: int) -> None:
    """Add what stands after ``**`` in a call to the keyword arguments before it."""
    if type(more) is not dict:
        raise call_error(callee, f"argument after ** must be a mapping, not {type_name(more)}", n)
    for key in more:
        if key in keywords:
            raise call_error(callee, f"got multiple values for keyword argument '{key}'", n)
    keywords.update(more)


def call_error(callee: Any, problem: str, n: int) -> Raised:
    """The signal of a TypeError about a call, with what is called as Python names it there."""

    def fail(*plain: Any) -> None:
        raise TypeError(f"{in_messages(plain[0]) if plain else _title(callee, n)} {problem}")

    known = isinstance(callee, CALLABLE)
    try:
        lane_map(fail, () if known else (callee,), n)
    except Raised as signal:
        return signal
    raise RuntimeError("a function that only raises did not")


def _title(callee: Any, n: int) -> str:
    match callee:
        case FunctionValue():
            return f"__main__.{callee.code.title or callee.code.name}()"
        case Builtin() if callee.plain is not None:
            return in_messages(callee.plain)
        case BoundMethod():
            receiver = callee.receiver
            if type(receiver) is Varying:
                receiver = columns(receiver, n)[0]
            if type(receiver) is Stream:
                return in_messages(getattr(receiver, callee.name))
            return f"{method_title(np.empty(0) if type(receiver) is Ragged else receiver, callee.name)}()"
        case RandomFunction():
            return f"RandomState.{callee.name}()"
    return f"{callee.name}()"
