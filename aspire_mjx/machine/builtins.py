"""Calls of built-in functions on values: structural ones work on elements, the others lane by lane."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from inspect import signature
from typing import Any

import numpy as np

from aspire_mjx.language.limits import check_result, guard_tree, refuse_items
from aspire_mjx.language.modules import RandomFunction
from aspire_mjx.language.types import shown
from aspire_mjx.language.vocabulary import BUILTIN_FUNCTIONS, EXCEPTIONS, TYPES
from aspire_mjx.machine.gather import can_pick, pick
from aspire_mjx.machine.indexing import agreed, items_of, key_of, subscript, type_name, unpack
from aspire_mjx.machine.iterators import advance, iterator
from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.results_view import single_value, unpacked
from aspire_mjx.machine.rules.operands import row
from aspire_mjx.machine.rules.operators import binary, truth
from aspire_mjx.machine.rules.ragged import lengths
from aspire_mjx.machine.structure import VARYING_TYPES, columns, first_lane, is_varying
from aspire_mjx.machine.values import (
    BoundMethod,
    Builtin,
    DictView,
    ExceptionValue,
    FunctionValue,
    IteratorValue,
    Pipe,
    Raised,
    RobotFunction,
    Varying,
    VaryingResult,
    is_array,
    is_iterator,
)

Call = Callable[[Sequence[Any], Mapping[str, Any], int], Any]
_OWN: dict[str, Call] = {}
NOTHING = object()  #: the default of what is not given


def call_builtin(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    """A built-in function over n lanes. Functions with a ``key`` are called through the prelude, not here."""
    if name in EXCEPTIONS:
        EXCEPTIONS[name](**dict.fromkeys(kwargs))  # most take no keywords, and say so
        return ExceptionValue(EXCEPTIONS[name], tuple(args))
    own = _OWN.get(name)
    return _in_lanes(name, args, n, kwargs) if own is None else own(args, kwargs, n)


def _in_lanes(name: str, args: Sequence[Any], n: int, kwargs: Mapping[str, Any] | None = None) -> Any:
    function = BUILTIN_FUNCTIONS.get(name) or TYPES.get(name) or type(None)
    return lane_map(lambda *a, **k: check_result(function(*a, **k)), args, n, kwargs)


def builtin(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers what a built-in does: it gets the number of lanes, then the arguments that its signature has.

    Of several ``names`` the function gets its own first.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in names:
            _OWN[name] = _checked(name.rpartition(".")[2], partial(function, name) if len(names) > 1 else function)
        return function

    return register


def _checked(name: str, function: Callable[..., Any]) -> Call:
    _, *parameters = signature(function).parameters.values()
    by_place = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    low = sum(p.default is p.empty for p in by_place)
    high = 255 if any(p.kind is p.VAR_POSITIONAL for p in parameters) else len(by_place)
    any_name = any(p.kind is p.VAR_KEYWORD for p in parameters)

    def call(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
        free = [p for p in parameters if p not in by_place[: len(args)]] if kwargs else []
        names = {p.name for p in free if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
        if not low <= len(args) <= high or not (any_name or kwargs.keys() <= names):
            if name in BUILTIN_FUNCTIONS or name in TYPES:
                (BUILTIN_FUNCTIONS.get(name) or TYPES[name])(*[()] * len(args), **dict.fromkeys(kwargs))
            raise TypeError(f"{name}() takes {low} to {high} positional arguments, got {len(args)}")
        return function(n, *args, **kwargs)

    return call


# containers -----------------------------------------------------------------------------------------------------------


@builtin("len")
def _len(n: int, value: Any, /) -> Any:
    if isinstance(value, (list, tuple, dict, set)):
        return len(value)
    if is_iterator(value):
        raise TypeError(f"object of type {type_name(value)!r} has no len()")
    if type(value) is DictView:
        return len(value.source)
    if type(value) is VaryingResult:
        return _len(n, unpacked(value))
    if type(value) is Ragged:
        return lengths(value)
    return value.array.shape[1] if is_array(value) else _in_lanes("len", (value,), n)


@builtin("list")
def _list(n: int, items: Any = (), /) -> list[Any]:
    return list(items_of(items, n))


@builtin("tuple")
def _tuple(n: int, items: Any = (), /) -> tuple[Any, ...]:
    return tuple(items_of(items, n))


@builtin("set")
def _set(n: int, items: Any = (), /) -> set[Any]:
    return keys_of(items_of(items, n), n)


def keys_of(items: Sequence[Any], n: int) -> set[Any]:
    """Elements as a set of plain values."""
    return {key_of(item, n) for item in items}


@builtin("dict")
def _dict(n: int, source: Any = (), /, **named: Any) -> dict[Any, Any]:
    result: dict[Any, Any] = {}
    update(result, source, n)
    result.update(named)
    return result


@builtin("dict.fromkeys")
def _fromkeys(n: int, keys: Any, value: Any = None, /) -> dict[Any, Any]:
    return dict.fromkeys((key_of(key, n) for key in items_of(keys, n)), value)


def update(target: dict[Any, Any], source: Any, n: int) -> None:
    """``target.update(source)``: a dict or pairs."""
    if type(source) is not dict:
        source = {key_of(key, n): item for key, item in (unpack(pair, 2, n) for pair in items_of(source, n))}
    target.update(source)


@builtin("callable")
def _callable(n: int, value: Any, /) -> bool:
    return isinstance(value, (FunctionValue, Builtin, RobotFunction, BoundMethod, RandomFunction)) or callable(value)


@builtin("isinstance")
def _isinstance(n: int, value: Any, types: Any, /) -> Any:
    if not isinstance(value, (list, tuple, dict)) and is_varying(value):
        return _in_lanes("isinstance", (value, types), n)
    plain = columns(value, 1)[0] if type(value) is ExceptionValue else value
    return lane_map(lambda types: isinstance(plain, types), (types,), n)


# iterators ------------------------------------------------------------------------------------------------------------


@builtin("enumerate")
def _enumerate(n: int, items: Any, /, start: Any = 0) -> Pipe:
    return Pipe("enumerate", [iterator(items, n)], start=start)


@builtin("zip")
def _zip(n: int, *parts: Any, strict: Any = False) -> Pipe:
    return Pipe("zip", [iterator(part, n) for part in parts], strict=bool(strict))


@builtin("map")
def _map(n: int, *args: Any) -> Pipe:
    if len(args) < 2:
        raise TypeError("map() must have at least two arguments.")
    return Pipe("map", [iterator(a, n) for a in args[1:]], function=args[0])


@builtin("filter")
def _filter(n: int, function: Any, items: Any, /) -> Pipe:
    return Pipe("filter", [iterator(items, n)], function=Builtin("bool", bool) if function is None else function)


@builtin("reversed")
def _reversed(n: int, items: Any, /) -> IteratorValue:
    sample = first_lane(items) if type(items) in VARYING_TYPES else items
    if is_iterator(items) or not (hasattr(sample, "__getitem__") or type(sample) is DictView):
        raise TypeError(f"{type_name(items)!r} object is not reversible")
    if isinstance(sample, np.ndarray):
        len(sample)  # raises for an array without axes
    return IteratorValue(list(reversed(items_of(items, n))))


@builtin("iter")
def _iter(n: int, items: Any, /) -> Any:
    return iterator(items, n)


@builtin("next")
def _next(n: int, position: Any, default: Any = NOTHING, /) -> Any:
    if not is_iterator(position):
        raise TypeError(f"{type_name(position)!r} object is not an iterator")
    more, item = advance(position, n)
    if not more and default is NOTHING:
        raise Raised(ExceptionValue(StopIteration, ()))
    return item if more else default


@builtin("range")
def _range(n: int, *bounds: Any, **named: Any) -> Any:
    return _in_lanes("range", agreed(bounds, n), n, named)


# sums, order and truth ------------------------------------------------------------------------------------------------


@builtin("sum")
def _sum(n: int, items: Any, /, start: Any = 0) -> Any:
    items, total = items_of(items, n), start
    guard_tree(items)
    if isinstance(total, (list, tuple)):
        refuse_items("the joined sequence", len(total) * len(items))
    for item in items:
        total = binary("+", total, item, n)
    return total


@builtin("sorted")
def _sorted(n: int, items: Any, /, *, key: None = None, reverse: Any = False) -> list[Any]:
    items = items_of(items, n)
    guard_tree(items)
    return _arranged(n, items, items, reverse)


@builtin("_arranged")
def _arranged(n: int, items: Any, keys: Any, reverse: Any, /) -> list[Any]:
    """Items in the stable order of their keys; splits the strand where lanes differ and cannot pick."""
    if not keys:
        return lane_map(lambda way: sorted([], reverse=way), (reverse,), n)
    pickable = can_pick(items)
    matrix = _floats(keys, n) if pickable else None
    if matrix is None or type(reverse) not in (bool, int):
        found = lane_map(_sorted_indices, (list(keys), reverse), n)
        if not pickable:
            return [items[i] for i in agreed(found, n)]
        order = np.array(columns(found, n), dtype=np.int64)
    elif reverse:
        order = len(keys) - 1 - np.argsort(matrix[:, ::-1], axis=1, kind="stable")[:, ::-1]
    else:
        order = np.argsort(matrix, axis=1, kind="stable")
    return [pick(items, order[:, place], n) for place in range(len(items))]


def _sorted_indices(keys: Sequence[Any], reverse: Any) -> list[int]:
    return sorted(range(len(keys)), key=keys.__getitem__, reverse=reverse)


def _floats(items: Sequence[Any], n: int) -> np.ndarray | None:
    """``[N, k]`` from k numbers that order as Python orders them (floats, none of them NaN); else None."""
    matrix = row(items, n) if all(isinstance(item, float) or _is_float(item) for item in items) else None
    return None if matrix is None or np.isnan(matrix).any() else matrix


@builtin("_first")
def _first(n: int, keys: Any, largest: bool, /) -> Any:
    """The index of the smallest or largest key, which may be varying."""
    matrix = _floats(keys, n)
    if matrix is not None:
        return Varying(np.argmax(matrix, axis=1) if largest else np.argmin(matrix, axis=1), True)
    choose = max if largest else min
    return lane_map(lambda keys: choose(range(len(keys)), key=keys.__getitem__), (list(keys),), n)


@builtin("max", "min")
def _extreme(name: str, n: int, items: Any, /, *more: Any, key: None = None, default: Any = NOTHING) -> Any:
    if more and default is not NOTHING:
        raise TypeError(f"Cannot specify a default for {name}() with multiple positional arguments")
    items = [single_value(a) for a in (items, *more)] if more else items_of(items, n)
    guard_tree(items)
    if len(items) == 0:
        return _in_lanes(name, ([],), n) if default is NOTHING else default
    return subscript(items, _first(n, items, name == "max"), n)


@builtin("any", "all")
def _any_all(name: str, n: int, items: Any, /) -> Any:
    result: Any = name == "all"
    for item in items_of(items, n):
        condition = truth(item, n)
        result = (result & condition) if name == "all" else (result | condition)
    return Varying(result, True) if isinstance(result, np.ndarray) else bool(result)


@builtin("bool")
def _bool(n: int, value: Any = False, /) -> Any:
    condition = truth(value, n)
    return Varying(condition, True) if isinstance(condition, np.ndarray) else condition


# numbers and text -----------------------------------------------------------------------------------------------------


def _is_float(value: Any) -> bool:
    return type(value) is Varying and value.array.ndim == 1 and value.array.dtype == np.float64


def _is_small(value: Any) -> bool:
    """Whether a value is a varying float whose integer part fits into int64."""
    return _is_float(value) and bool((np.abs(value.array) < 2.0**62).all())


@builtin("abs", "float", "int", "round")
def _number(name: str, n: int, *args: Any, **named: Any) -> Any:
    args = tuple([single_value(a) for a in args])
    value: Any = args[0] if args else None
    if len(args) == 1 and not named:
        if name == "abs" and type(value) is Varying and value.array.dtype == np.float64:
            return Varying(np.abs(value.array), value.python)
        if name == "float" and _is_float(value):
            return Varying(value.array, True)
        if name in ("int", "round") and _is_small(value):
            whole = np.trunc if name == "int" else np.rint
            return Varying(whole(value.array).astype(np.int64), True)
    if name == "round" and len(args) == 2 and not named and _is_small(value):
        digits = args[1]
        if type(digits) is int and 0 <= digits <= 15:
            # Python rounds to the nearest decimal, numpy multiplies and divides
            each = np.array([round(x, digits) for x in value.array.tolist()]) if value.python else None
            return Varying(np.round(value.array, digits) if each is None else each, value.python)
    return _in_lanes(name, args, n, named)


@builtin("repr", "str")
def _text(name: str, n: int, *args: Any, **named: Any) -> Any:
    guard_tree(args)
    function = TYPES["str"] if name == "str" else BUILTIN_FUNCTIONS[name]
    return lane_map(lambda *a, **k: check_result(function(*map(shown, a), **k)), args, n, named)
