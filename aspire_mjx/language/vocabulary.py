"""The names and attributes that programs have besides their own and the robot API's."""

from __future__ import annotations

import builtins
import functools
import operator
from collections.abc import Callable, Iterable, Sequence
from types import FunctionType
from typing import Any

from aspire_mjx.errors import PerceptionError
from aspire_mjx.language import random as random_streams
from aspire_mjx.language import rotation
from aspire_mjx.language.callables import named
from aspire_mjx.language.dtypes import DTYPE_MEMBERS
from aspire_mjx.language.guards import guard_arithmetic, guard_format, guard_round
from aspire_mjx.language.limits import check_result, guard_tree, refuse_items
from aspire_mjx.shipped import packaged_json


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


#: what programs may use, by where it is from and of which kind it is
ALLOWED: dict[str, dict[str, list[str]]] = packaged_json("language/data/allowed.json")

METHODS: dict[type, frozenset[str]] = {
    getattr(builtins, name): frozenset(methods) for name, methods in ALLOWED["methods"].items()
}
ARRAY_ATTRIBUTES = frozenset(ALLOWED["arrays"]["attributes"])
ARRAY_METHODS = frozenset(ALLOWED["arrays"]["methods"])
EXCEPTIONS: dict[str, type[Exception] | type[SystemExit]] = {
    "PerceptionError": PerceptionError,
    "SystemExit": SystemExit,
    **{name: getattr(builtins, name) for name in ALLOWED["builtins"]["exceptions"]},
}


def _sum(iterable: Iterable[Any], /, start: Any = 0) -> Any:
    return functools.reduce(operator.add, iterable, start)


def _pow(base: Any, exp: Any, mod: Any = None) -> Any:
    guard_arithmetic("**", base, exp)
    return check_result(pow(base, exp, mod))


def _format(value: Any, format_spec: str = "", /) -> str:
    guard_tree(value)
    guard_format(str(format_spec))
    return check_result(format(value, format_spec))


def _round(number: Any, ndigits: Any = None) -> Any:
    guard_round(ndigits)
    return round(number) if ndigits is None else round(number, ndigits)


def _guard_ranges(values: Sequence[Any]) -> None:
    for value in values:
        if isinstance(value, range):
            refuse_items("the range", len(value))


def _guarded(function: Callable[..., Any], guard: Callable[[Sequence[Any]], None]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        guard(args)
        return check_result(function(*args, **kwargs))

    return call


def _type(object: Any, /) -> Any:
    raise NotImplementedError("each runner has its own")


def _hasattr(object: Any, name: Any, /) -> bool:
    raise NotImplementedError("each runner has its own")


def _getattr(object: Any, name: Any, default: Any = None, /) -> Any:
    raise NotImplementedError("each runner has its own")


_UNGUARDED: tuple[Callable[..., Any], ...] = (
    *(abs, all, any, bin, callable, chr, divmod, enumerate, filter, hex),
    *(isinstance, len, map, next, oct, ord, range, reversed, zip),
)
#: builtins as plain functions
BUILTIN_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{function.__name__: function for function in _UNGUARDED},
    **{function.__name__: _guarded(function, _guard_ranges) for function in (max, min, sorted)},
    "format": _format,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "iter": lambda iterable, /: iter(iterable),
    "pow": _pow,
    "repr": _guarded(repr, guard_tree),
    "round": _round,
    "sum": _sum,
    "type": _type,
}
for _name, _function in BUILTIN_FUNCTIONS.items():
    if isinstance(_function, FunctionType):
        named(_function, _name)
#: what programs can raise and catch
RAISED = (Exception, SystemExit)
#: builtins that are types too (for isinstance)
TYPES: dict[str, type] = {t.__name__: t for t in (bool, dict, float, int, list, set, str, tuple)}
#: functions with a meaning of their own in the machine
SPECIAL = frozenset({"print", "tunable"})

BUILTINS = frozenset(BUILTIN_FUNCTIONS) | frozenset(TYPES) | SPECIAL | frozenset(EXCEPTIONS)
#: attributes of values (not of modules), whatever their type; the machine checks again by type
ATTRIBUTES = frozenset({"status", "message", "name", "args"}).union(
    *METHODS.values(),
    *(ARRAY_ATTRIBUTES, ARRAY_METHODS, DTYPE_MEMBERS, rotation.ROTATION_MEMBERS, random_streams.STREAM_MEMBERS),
)
