"""Calls of built-in functions on values: structural ones work on elements, the others lane by lane."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.language.limits import MAX_ITEMS, check_result, guard_tree, refuse_size
from aspire_mjx.language.vocabulary import BUILTIN_FUNCTIONS, EXCEPTIONS, TYPES
from aspire_mjx.machine.gather import can_pick, pick
from aspire_mjx.machine.indexing import (
    advance,
    items_of,
    iterator,
    key_of,
    raise_partition,
    subscript,
    type_name,
    unpack,
)
from aspire_mjx.machine.iterators import Pipe, is_iterator
from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.results_view import single_value, unpacked
from aspire_mjx.machine.rules.operators import binary, truth
from aspire_mjx.machine.rules.ragged import lengths
from aspire_mjx.machine.structure import columns, is_varying
from aspire_mjx.machine.values import (
    BoundMethod,
    Builtin,
    DictView,
    ExceptionValue,
    FunctionValue,
    IteratorValue,
    Raised,
    RobotFunction,
    Varying,
    VaryingResult,
    raised,
)

Call = Callable[[Sequence[Any], Mapping[str, Any], int], Any]


def call_builtin(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    """A built-in function over n lanes. Functions with a ``key`` are called through the prelude, not here."""
    if name in EXCEPTIONS:
        return ExceptionValue(EXCEPTIONS[name], tuple(args))
    own = _OWN.get(name)
    if own is not None:
        return own(args, kwargs, n)
    function = BUILTIN_FUNCTIONS.get(name) or TYPES[name]
    return lane_map(lambda *a, **k: check_result(function(*a, **k)), args, n, kwargs)


def _python(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    return lane_map(BUILTIN_FUNCTIONS.get(name) or TYPES[name], args, n, kwargs)


def _wrong(name: str, args: Sequence[Any], low: int, high: int, kwargs: Mapping[str, Any] | None = None) -> None:
    if not low <= len(args) <= high or kwargs:
        raise raised(TypeError(f"{name}() takes {low} to {high} positional arguments, got {len(args)}"))


def _len(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    _wrong("len", args, 1, 1, kwargs)
    value = args[0]
    if isinstance(value, (list, tuple, dict, set)):
        return len(value)
    if is_iterator(value):
        raise raised(TypeError(f"object of type {type_name(value)!r} has no len()"))
    if type(value) is DictView:
        return len(value.source)
    if type(value) is VaryingResult:
        return _len((unpacked(value),), {}, n)
    if type(value) is Varying and value.array.ndim > 1:
        return value.array.shape[1]
    if type(value) is Ragged:
        return lengths(value)
    return _python("len", args, kwargs, n)


def _list(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> list[Any]:
    _wrong("list", args, 0, 1, kwargs)
    return list(items_of(args[0], n)) if args else []


def _tuple(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> tuple[Any, ...]:
    return tuple(_list(args, kwargs, n))


def _set(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> set[Any]:
    return keys_of(_list(args, kwargs, n), n)


def keys_of(items: Sequence[Any], n: int) -> set[Any]:
    """Elements as a set of plain values."""
    try:
        return {key_of(item, n) for item in items}
    except TypeError as error:
        raise raised(error) from error


def _dict(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> dict[Any, Any]:
    _wrong("dict", args, 0, 1)
    result: dict[Any, Any] = {}
    if args:
        update(result, args[0], n)
    result.update(kwargs)
    return result


def _fromkeys(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> dict[Any, Any]:
    _wrong("fromkeys", args, 1, 2, kwargs)
    try:
        return dict.fromkeys((key_of(key, n) for key in items_of(args[0], n)), *args[1:])
    except TypeError as error:
        raise raised(error) from error


def _callable(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> bool:
    _wrong("callable", args, 1, 1, kwargs)
    return isinstance(args[0], (FunctionValue, Builtin, RobotFunction, BoundMethod)) or callable(args[0])


def update(target: dict[Any, Any], source: Any, n: int) -> None:
    """``target.update(source)``: a dict or pairs."""
    if type(source) is dict:
        target.update(source)
        return
    try:
        target.update({key_of(key, n): item for key, item in (unpack(pair, 2, n) for pair in items_of(source, n))})
    except TypeError as error:
        raise raised(error) from error


def _enumerate(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Pipe:
    _wrong("enumerate", args, 1, 2, {k: v for k, v in kwargs.items() if k != "start"})
    start = args[1] if len(args) > 1 else kwargs.get("start", 0)
    return Pipe("enumerate", [iterator(args[0], n)], start=start)


def _zip(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Pipe:
    _wrong("zip", args, 0, 255, {k: v for k, v in kwargs.items() if k != "strict"})
    return Pipe("zip", [iterator(a, n) for a in args], strict=bool(kwargs.get("strict", False)))


def _map(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Pipe:
    if len(args) < 2:
        raise raised(TypeError("map() must have at least two arguments."))
    _wrong("map", args, 2, 255, kwargs)
    return Pipe("map", [iterator(a, n) for a in args[1:]], function=args[0])


def _filter(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Pipe:
    _wrong("filter", args, 2, 2, kwargs)
    return Pipe("filter", [iterator(args[1], n)], function=Builtin("bool", bool) if args[0] is None else args[0])


def _reversed(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> IteratorValue:
    _wrong("reversed", args, 1, 1, kwargs)
    if is_iterator(args[0]) or type(args[0]) is set:
        raise raised(TypeError(f"{type_name(args[0])!r} object is not reversible"))
    return IteratorValue(list(reversed(items_of(args[0], n))))


def _iter(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    _wrong("iter", args, 1, 1, kwargs)
    return iterator(args[0], n)


def _next(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    _wrong("next", args, 1, 2, kwargs)
    if not is_iterator(args[0]):
        raise raised(TypeError(f"{type_name(args[0])!r} object is not an iterator"))
    more, item = advance(args[0], n)
    if not more and len(args) == 1:
        raise Raised(ExceptionValue(StopIteration, ()))
    return item if more else args[1]


def _range(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    raise_partition(tuple(args), n)
    return _python("range", [columns(a, n)[0] for a in args], kwargs, n)


def _sum(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    _wrong("sum", args, 1, 2, {k: v for k, v in kwargs.items() if k != "start"})
    total = args[1] if len(args) > 1 else kwargs.get("start", 0)
    items = items_of(args[0], n)
    guard_tree(items)
    if isinstance(total, (list, tuple)):
        refuse_size("the joined sequence", len(total) * len(items), MAX_ITEMS)
    for item in items:
        total = binary("+", total, item, n)
    return total


def _sorted(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> list[Any]:
    _wrong("sorted", args, 1, 1, {k: v for k, v in kwargs.items() if k not in ("key", "reverse")})
    items = items_of(args[0], n)
    guard_tree(items)
    return arranged((items, items, kwargs.get("reverse", False)), {}, n)


def arranged(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> list[Any]:
    """Items in the stable order of their keys; splits the strand where lanes differ and cannot pick."""
    items, keys, reverse = args
    if not keys:
        return []
    order = _order(keys, reverse, n)
    if order is None or not can_pick(items):
        found = lane_map(_sorted_indices, (list(keys), reverse), n)
        raise_partition(found, n)
        return [items[i] for i in columns(found, n)[0]]
    return [pick(items, order[:, place], n) for place in range(len(items))]


def _sorted_indices(keys: Sequence[Any], reverse: Any) -> list[int]:
    return sorted(range(len(keys)), key=keys.__getitem__, reverse=reverse)


def _order(keys: Sequence[Any], reverse: Any, n: int) -> np.ndarray | None:
    """``[N, k]``: the stable order of k keys in every lane. None when lanes cannot compare them."""
    matrix = numbers(keys, n)
    if matrix is None or type(reverse) not in (bool, int):
        found = columns(lane_map(_sorted_indices, (list(keys), reverse), n), n)
        return np.array(found, dtype=np.int64)
    if not reverse:
        return np.argsort(matrix, axis=1, kind="stable")
    return len(keys) - 1 - np.argsort(matrix[:, ::-1], axis=1, kind="stable")[:, ::-1]


def numbers(items: Sequence[Any], n: int) -> np.ndarray | None:
    """``[N, k]`` from k numbers that order as Python orders them (floats, none of them NaN); else None."""
    matrix = np.empty((n, len(items)))
    for j, item in enumerate(items):
        if type(item) is Varying and item.array.ndim == 1 and item.array.dtype == np.float64:
            matrix[:, j] = item.array
        elif isinstance(item, float):
            matrix[:, j] = item
        else:
            return None
    return None if np.isnan(matrix).any() else matrix


def first(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    """The index of the smallest or largest key, which may be varying."""
    keys, largest = args
    matrix = numbers(keys, n)
    if matrix is not None:
        return Varying(np.argmax(matrix, axis=1) if largest else np.argmin(matrix, axis=1), True)
    choose = max if largest else min
    return lane_map(lambda keys: choose(range(len(keys)), key=keys.__getitem__), (list(keys),), n)


def _extreme(name: str) -> Call:
    def call(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
        _wrong(name, args, 1, 255, {k: v for k, v in kwargs.items() if k not in ("key", "default")})
        items = [single_value(a) for a in args] if len(args) > 1 else items_of(args[0], n)
        guard_tree(items)
        if len(items) == 0:
            if "default" in kwargs:
                return kwargs["default"]
            return lane_map(BUILTIN_FUNCTIONS[name], ([],), n)
        return subscript(items, first((items, name == "max"), {}, n), n)

    return call


def _any_all(name: str) -> Call:
    def call(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
        _wrong(name, args, 1, 1, kwargs)
        result: Any = name == "all"
        for item in items_of(args[0], n):
            condition = truth(item, n)
            result = (result & condition) if name == "all" else (result | condition)
        return Varying(result, True) if isinstance(result, np.ndarray) else bool(result)

    return call


def _bool(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    _wrong("bool", args, 0, 1, kwargs)
    condition = truth(args[0], n) if args else False
    return Varying(condition, True) if isinstance(condition, np.ndarray) else condition


def _float(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    args = [single_value(a) for a in args]
    if len(args) == 1 and type(args[0]) is Varying and args[0].array.ndim == 1 and args[0].array.dtype == np.float64:
        return Varying(args[0].array, True)
    return _python("float", args, kwargs, n)


def _small_float(args: Sequence[Any]) -> np.ndarray | None:
    """``[N]`` varying floats whose integer part fits into int64; None for anything else."""
    value = args[0] if args else None
    if type(value) is not Varying or value.array.ndim != 1 or value.array.dtype != np.float64:
        return None
    return value.array if (np.abs(value.array) < 2.0**62).all() else None


def _int(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    args = [single_value(a) for a in args]
    floats = _small_float(args)
    if floats is not None and len(args) == 1 and not kwargs:
        return Varying(np.trunc(floats).astype(np.int64), True)
    return lane_map(lambda *a, **k: check_result(int(*a, **k)), args, n, kwargs)


def _round(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    args = [single_value(a) for a in args]
    floats = _small_float(args)
    if floats is not None and not kwargs:
        if len(args) == 1:
            return Varying(np.rint(floats).astype(np.int64), True)
        digits = args[1]
        if type(digits) is int and 0 <= digits <= 15:
            python = args[0].python  # Python rounds to the nearest decimal, numpy multiplies and divides
            rounded = np.array([round(x, digits) for x in floats.tolist()]) if python else np.round(floats, digits)
            return Varying(rounded, python)
    return lane_map(lambda *a, **k: check_result(BUILTIN_FUNCTIONS["round"](*a, **k)), args, n, kwargs)


def _abs(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    args = [single_value(a) for a in args]
    if len(args) == 1 and type(args[0]) is Varying and args[0].array.dtype == np.float64:
        return Varying(np.abs(args[0].array), args[0].python)
    return _python("abs", args, kwargs, n)


def _text(name: str) -> Call:
    def call(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
        guard_tree(tuple(args))
        function = BUILTIN_FUNCTIONS.get(name) or TYPES[name]
        return lane_map(lambda *a: check_result(function(*a)), args, n, kwargs)

    return call


def _isinstance(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    _wrong("isinstance", args, 2, 2, kwargs)
    if isinstance(args[0], (list, tuple, dict)) or not is_varying(args[0]):
        value: Any = columns(args[0], 1)[0] if type(args[0]) is ExceptionValue else args[0]
        return lane_map(lambda types: isinstance(value, types), (args[1],), n)
    return _python("isinstance", args, kwargs, n)


_OWN: dict[str, Call] = {
    "_first": first,
    "_arranged": arranged,
    "abs": _abs,
    "all": _any_all("all"),
    "any": _any_all("any"),
    "bool": _bool,
    "callable": _callable,
    "dict": _dict,
    "dict.fromkeys": _fromkeys,
    "enumerate": _enumerate,
    "filter": _filter,
    "float": _float,
    "int": _int,
    "isinstance": _isinstance,
    "iter": _iter,
    "len": _len,
    "list": _list,
    "map": _map,
    "max": _extreme("max"),
    "min": _extreme("min"),
    "next": _next,
    "range": _range,
    "repr": _text("repr"),
    "reversed": _reversed,
    "round": _round,
    "set": _set,
    "sorted": _sorted,
    "str": _text("str"),
    "sum": _sum,
    "tuple": _tuple,
    "zip": _zip,
}
