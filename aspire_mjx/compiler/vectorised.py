"""Functions of the facades over laned values, where that gives each lane exactly what it would get alone."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.compiler.access import view_of_lanes
from aspire_mjx.compiler.facades import ELEMENTWISE, SEQUENTIAL, FacadeFunction
from aspire_mjx.compiler.limits import check_result, guard_arithmetic
from aspire_mjx.compiler.operators import align
from aspire_mjx.compiler.ragged import Ragged
from aspire_mjx.compiler.ragged_rules import EXTREMES, elementwise, extreme
from aspire_mjx.compiler.results_view import single_value
from aspire_mjx.compiler.values import Laned, fresh, is_laned, lane_map
from aspire_mjx.compiler.vocabulary import words


def call_facade(function: FacadeFunction, args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    """A facade function over n lanes: its vectorised rule where there is one and it applies, else lane by lane."""
    args = [single_value(a) for a in args]
    if not kwargs and any(type(a) is Ragged for a in args):
        value = _of_ragged(function, args)
        if value is not None:
            return value
    rule = _RULES.get(function.name)
    if rule is not None and (not kwargs or set(kwargs) == {"axis"}) and any(_numeric(a) or _row(a) for a in args):
        value = rule(args, kwargs, n)
        if value is not None:
            check_result(value.array[0])
            return value
    array, others = args[0] if args else None, (*args[1:], *kwargs.values())
    if function.name in _VIEWS and type(array) is Laned and array.array.ndim > 1 and not is_laned(others):
        view = view_of_lanes(array, lambda lane: function(lane, *args[1:], **kwargs))
        if view is not None:
            return view
    return lane_map(function, args, n, kwargs)


#: functions that may give a view of their argument
_VIEWS = frozenset(
    f"np.{name}"
    for name in words("reshape ravel transpose squeeze swapaxes moveaxis expand_dims atleast_2d flip fliplr flipud")
)


def _of_ragged(function: FacadeFunction, args: Sequence[Any]) -> Any:
    name = function.name.removeprefix("np.").removeprefix("a" if function.name in ("np.amax", "np.amin") else "")
    if name in EXTREMES and len(args) == 1:
        return extreme(name, args[0])
    ufunc = function.function
    return elementwise(ufunc, args) if isinstance(ufunc, np.ufunc) and ufunc.nin == len(args) else None


def _numeric(value: Any) -> bool:
    return type(value) is Laned and value.array.dtype != object


def _row(value: Any) -> bool:
    return type(value) in (list, tuple) and any(_numeric(v) for v in value)


def row(items: Any, n: int) -> np.ndarray | None:
    """``[N, k]`` from a list of k numbers, some of them laned; None when it is anything else."""
    kinds = {np.dtype(np.float64)}
    parts = []
    for item in items:
        if type(item) is Laned and item.array.ndim == 1 and item.array.dtype != object:
            parts.append(item.array)
            kinds.add(item.array.dtype)
        elif type(item) in (float, np.float64):
            parts.append(item)
        elif type(item) is int and abs(item) < 2**53:
            parts.append(float(item))
        else:
            return None
    if np.dtype(np.bool_) in kinds or not any(_is_float(item) for item in items):
        return None
    array = np.empty((n, len(parts)))
    for j, part in enumerate(parts):
        array[:, j] = part
    return array


def _is_float(item: Any) -> bool:
    return isinstance(item, float) or (type(item) is Laned and item.array.dtype == np.float64)


def _elementwise(function: Any) -> Callable[[list[Any], Mapping[str, Any], int], Laned | None]:
    def rule(args: list[Any], kwargs: Mapping[str, Any], n: int) -> Laned | None:
        if kwargs or len(args) not in (1, 2) or len(args) != function.nin:
            return None
        with np.errstate(all="ignore"):
            if len(args) == 1:
                return fresh(np.asarray(function(args[0].array))) if _numeric(args[0]) else None
            aligned = align(args[0], args[1])
            if aligned is None:
                return None
            x, y = aligned[:2]
            if np.ndim(x) > 1 and np.ndim(y) > 1:
                guard_arithmetic("+", x[0], y[0])
            return fresh(function(x, y))

    return rule


def _array(args: list[Any], kwargs: Mapping[str, Any], n: int) -> Laned | None:
    if kwargs or len(args) != 1:
        return None
    value = args[0]
    if type(value) is Laned:
        return None if value.array.ndim == 1 else Laned(value.array.copy())
    stacked = row(value, n)
    return None if stacked is None else Laned(stacked)


def _asarray(args: list[Any], kwargs: Mapping[str, Any], n: int) -> Laned | None:
    if len(args) == 1 and not kwargs and type(args[0]) is Laned and args[0].array.ndim > 1:
        return args[0]
    return _array(args, kwargs, n)


def _vector(value: Any, n: int) -> np.ndarray | None:
    """``[N, k]`` float64 from a laned vector or a row of numbers, with k small; else None."""
    if type(value) is Laned and value.array.ndim == 2 and value.array.dtype == np.float64:
        array = value.array
    else:
        array = row(value, n) if type(value) in (list, tuple) else None
    return array if array is not None and 0 < array.shape[1] < SEQUENTIAL else None


def _added(array: np.ndarray) -> np.ndarray:
    return functools.reduce(operator.add, [array[:, j] for j in range(array.shape[1])])


def _norm(args: list[Any], kwargs: Mapping[str, Any], n: int) -> Laned | None:
    vector = _vector(args[0], n) if len(args) == 1 and not kwargs else None
    return None if vector is None else fresh(np.sqrt(_added(vector * vector)))


def _sum(args: list[Any], kwargs: Mapping[str, Any], n: int) -> Laned | None:
    vector = _vector(args[0], n) if len(args) == 1 and not kwargs else None
    return None if vector is None else fresh(_added(vector))


def _mean(args: list[Any], kwargs: Mapping[str, Any], n: int) -> Laned | None:
    vector = _vector(args[0], n) if len(args) == 1 and not kwargs else None
    return None if vector is None else fresh(_added(vector) / vector.shape[1])


def _reduction(function: Any) -> Callable[[list[Any], Mapping[str, Any], int], Laned | None]:
    def rule(args: list[Any], kwargs: Mapping[str, Any], n: int) -> Laned | None:
        vector = _vector(args[0], n) if len(args) == 1 and not kwargs else None
        return None if vector is None else fresh(function(vector, axis=1))

    return rule


def _clip(args: list[Any], kwargs: Mapping[str, Any], n: int) -> Laned | None:
    if kwargs or len(args) != 3 or not _numeric(args[0]) or args[0].array.dtype != np.float64:
        return None
    value = args[0].array
    for bound, limit in ((args[1], np.maximum), (args[2], np.minimum)):
        aligned = align(Laned(value), bound)
        if aligned is None or aligned[0].ndim != value.ndim:
            return None
        value = limit(aligned[0], aligned[1])
    return fresh(value)


def _concatenate(args: list[Any], kwargs: Mapping[str, Any], n: int) -> Laned | None:
    if kwargs or len(args) != 1 or type(args[0]) not in (list, tuple):
        return None
    parts = []
    for item in args[0]:
        if type(item) is np.ndarray and item.ndim == 1 and item.dtype == np.float64:
            parts.append(np.repeat(item[None], n, axis=0))
        else:
            part = _vector(item, n) if type(item) is not tuple else None
            if part is None:
                return None
            parts.append(part)
    return fresh(np.concatenate(parts, axis=1))


_RULES: dict[str, Callable[[list[Any], Mapping[str, Any], int], Laned | None]] = {
    **{f"np.{name}": _elementwise(getattr(np, name)) for name in sorted(ELEMENTWISE)},
    **dict.fromkeys(("np.max", "np.amax"), _reduction(np.max)),
    **dict.fromkeys(("np.min", "np.amin"), _reduction(np.min)),
    "np.array": _array,
    "np.copy": _array,
    "np.asarray": _asarray,
    "np.linalg.norm": _norm,
    "np.sum": _sum,
    "np.mean": _mean,
    "np.argmax": _reduction(np.argmax),
    "np.argmin": _reduction(np.argmin),
    "np.clip": _clip,
    "np.concatenate": _concatenate,
}
