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
from aspire_mjx.language.guards import guard_arithmetic, guard_format, guard_round
from aspire_mjx.language.limits import check_result, guard_tree, refuse_size


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


#: modules whose names programs may import for annotations, which mean nothing
ANNOTATION_MODULES = ("__future__", "typing", "collections.abc")
METHODS: dict[type, frozenset[str]] = {
    list: word_set("append extend insert pop remove index count sort reverse copy clear"),
    dict: word_set("get items keys values pop popitem update setdefault fromkeys copy clear"),
    set: word_set(
        "add discard remove union intersection difference symmetric_difference issubset issuperset isdisjoint update "
        "intersection_update difference_update symmetric_difference_update pop copy clear"
    ),
    tuple: word_set("index count"),
    str: word_set(
        "lower upper strip lstrip rstrip split rsplit splitlines join replace startswith endswith find rfind index "
        "rindex count title capitalize swapcase casefold isdigit isalpha isalnum isnumeric isdecimal isspace islower "
        "isupper istitle isascii isidentifier isprintable zfill ljust rjust center partition rpartition "
        "removeprefix removesuffix"
    ),
    float: frozenset({"is_integer"}),
    int: frozenset({"bit_length"}),
}
ARRAY_ATTRIBUTES = frozenset({"shape", "size", "ndim", "T"})
ARRAY_METHODS = word_set(
    "copy tolist mean sum min max argmin argmax std var dot flatten ravel reshape round any all prod cumsum clip "
    "transpose item squeeze argsort nonzero astype cumprod swapaxes repeat take searchsorted trace sort fill"
)
EXCEPTIONS: dict[str, type[Exception]] = {
    "PerceptionError": PerceptionError,
    **{
        name: getattr(builtins, name)
        for name in (
            *("Exception", "ValueError", "TypeError", "KeyError", "IndexError", "LookupError", "ZeroDivisionError"),
            *("ArithmeticError", "OverflowError", "RuntimeError", "RecursionError", "NotImplementedError"),
            *("AttributeError", "AssertionError", "NameError", "MemoryError", "StopIteration", "TimeoutError"),
            *("UnboundLocalError", "FloatingPointError", "UnicodeError", "OSError", "EOFError"),
        )
    },
}


def _sum(values: Iterable[Any], start: Any = 0) -> Any:
    return functools.reduce(operator.add, values, start)


def _pow(base: Any, exponent: Any, mod: Any = None) -> Any:
    guard_arithmetic("**", base, exponent)
    return check_result(pow(base, exponent, mod))


def _format(value: Any, spec: str = "") -> str:
    guard_tree(value)
    guard_format(str(spec))
    return check_result(format(value, spec))


def _round(number: Any, ndigits: Any = None) -> Any:
    guard_round(ndigits)
    return round(number) if ndigits is None else round(number, ndigits)


def _guard_ranges(values: Sequence[Any]) -> None:
    for value in values:
        if isinstance(value, range):
            refuse_size("the range", len(value), 100_000)


def _guarded(function: Callable[..., Any], guard: Callable[[Sequence[Any]], None]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        guard(args)
        return check_result(function(*args, **kwargs))

    return call


_UNGUARDED: tuple[Callable[..., Any], ...] = (
    *(abs, all, any, bin, callable, chr, divmod, enumerate, filter, hex),
    *(isinstance, len, map, next, oct, ord, range, reversed, zip),
)
#: builtins as plain functions
BUILTIN_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{function.__name__: function for function in _UNGUARDED},
    **{function.__name__: _guarded(function, _guard_ranges) for function in (max, min, sorted)},
    "format": _format,
    "iter": lambda items: iter(items),
    "pow": _pow,
    "repr": _guarded(repr, guard_tree),
    "round": _round,
    "sum": _sum,
}
for _name, _function in BUILTIN_FUNCTIONS.items():
    if isinstance(_function, FunctionType):
        named(_function, _name)
#: builtins that are types too (for isinstance)
TYPES: dict[str, type] = {t.__name__: t for t in (bool, dict, float, int, list, set, str, tuple)}
#: functions with a meaning of their own in the machine
SPECIAL = frozenset({"print", "tunable"})

BUILTINS = frozenset(BUILTIN_FUNCTIONS) | frozenset(TYPES) | SPECIAL | frozenset(EXCEPTIONS)
#: attributes of values (not of modules), whatever their type; the machine checks again by type
ATTRIBUTES = frozenset({"status", "message", "name", "args"}).union(
    *METHODS.values(),
    *(ARRAY_ATTRIBUTES, ARRAY_METHODS, rotation.ROTATION_MEMBERS, random_streams.STREAM_MEMBERS),
)
