"""Functions of the facades over varying values, where that gives each lane exactly what it would get alone.

numpy adds few numbers one after the other, and the rows of a matrix too; many numbers in a row it adds in pairs, in
an order that depends on the layout. Only the former are added here.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.language.dtypes import number_dtype
from aspire_mjx.language.guards import guard_broadcast
from aspire_mjx.language.limits import check_result, limits
from aspire_mjx.language.modules import ELEMENTWISE, SEQUENTIAL, FacadeFunction
from aspire_mjx.language.vocabulary import word_set
from aspire_mjx.machine.indexing import view_of_lanes
from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.results_view import single_value
from aspire_mjx.machine.rules.operands import (
    Rule,
    aligned_with,
    beside,
    either,
    floats,
    given,
    is_nested,
    is_numeric,
    nested_numbers,
    number_of,
    uniform,
    varying,
)
from aspire_mjx.machine.rules.operators import LARGEST, row_product
from aspire_mjx.machine.rules.ragged import EXTREMES, elementwise, extreme
from aspire_mjx.machine.structure import columns, is_varying
from aspire_mjx.machine.values import Varying, fresh, is_array

_WHOLE = tuple(np.dtype(code).type for code in "?bBhHiIlL")
_NUMBERS = either(varying(*_WHOLE, axes=1), floats)
_ForLanes = Callable[[Sequence[Any], Mapping[str, Any], int], Any]
_NUMBER_OR_ARRAY = either(uniform(int, float), floats)
_ADDED_ROWS = 64  #: rows that are added one by one; beyond, a loop over lanes is as fast
#: functions that may give a view of their argument
_VIEWS = frozenset(
    f"np.{name}"
    for name in word_set("reshape ravel transpose squeeze swapaxes moveaxis expand_dims atleast_2d flip fliplr flipud")
)
#: functions that look at the shape and type of an array only
_FILLED = frozenset({"np.zeros_like", "np.ones_like", "np.empty_like", "np.full_like"})
#: methods of arrays that are functions too
_METHODS = word_set("copy mean sum min max argmin argmax std var round any all prod cumsum clip dot argsort astype")


def call_facade(function: FacadeFunction, args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    """A facade function over n lanes: its vectorised rule where there is one and it applies, else lane by lane."""
    args = [single_value(a) for a in args]
    if isinstance(function.function, np.ufunc):
        args = [number_of(a) for a in args]
    if not kwargs and any(type(a) is Ragged for a in args):
        value = _of_ragged(function, args)
        if value is not None:
            return value
    rule = _RULES.get(function.name)
    if rule is not None and any(is_numeric(a) or is_nested(a) for a in args):
        value = rule(args, kwargs, n)
        if value is not None:
            check_result(value.array[0])
            return value
    array, others = args[0] if args else None, (*args[1:], *kwargs.values())
    if is_array(array) and function.name in _FILLED and not is_varying(others):
        return lane_map(function, (array.array[0], *args[1:]), n, kwargs)
    if is_array(array) and function.name in _VIEWS and not is_varying(others):
        view = view_of_lanes(array, lambda lane: function(lane, *args[1:], **kwargs))
        if view is not None:
            return view
    return lane_map(function, args, n, kwargs)


def call_array_method(name: str, receiver: Varying, args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    """A method of a varying array by the rule of the function of that name; None where that does not apply."""
    if name == "tolist" and not args:
        return listed(receiver.array)
    rule = _RULES.get(f"np.{name}") if name in _METHODS else None
    return None if rule is None else rule([receiver, *args], kwargs, n)


def listed(array: np.ndarray) -> Any:
    """The numbers of ``[N, ...]`` as nested lists of varying Python numbers."""
    if array.ndim == 1:
        return fresh(array, True)
    return [listed(array[:, j]) for j in range(array.shape[1])]


def _of_ragged(function: FacadeFunction, args: Sequence[Any]) -> Any:
    name = function.name.removeprefix("np.").removeprefix("a" if function.name in ("np.amax", "np.amin") else "")
    if name in EXTREMES and len(args) == 1:
        return extreme(name, args[0])
    ufunc = function.function
    return elementwise(ufunc, args) if isinstance(ufunc, np.ufunc) and ufunc.nin == len(args) else None


# element by element ---------------------------------------------------------------------------------------------------


def _elementwise(function: np.ufunc) -> Rule:
    def of_two(_: Any, pair: tuple[Any, Any, bool]) -> np.ndarray:
        x, y, _ = pair
        if np.ndim(x) > 1 and np.ndim(y) > 1:
            guard_broadcast(x[0], y[0])
        return function(x, y)

    return Rule(function, varying()) if function.nin == 1 else Rule(of_two, given, aligned_with)


def _clip(x: np.ndarray, low: Any, high: Any) -> np.ndarray:
    return np.minimum(np.maximum(x, low), high)


def _where(condition: np.ndarray, *parts: Any) -> np.ndarray | None:
    """``np.where`` between floats."""
    is_float = [type(x) is float or (isinstance(x, np.ndarray | np.generic) and x.dtype == np.float64) for x in parts]
    if not any(is_float) or not all(f or type(x) is int for f, x in zip(is_float, parts, strict=True)):
        return None
    return np.where(condition, *parts)


def _allclose(x: Any, y: Any, rtol: float, atol: float) -> Varying | None:
    if np.ndim(x) and np.ndim(y) and np.shape(x) != np.shape(y):
        return None
    close = np.isclose(x, y, rtol=rtol, atol=atol)
    return Varying(close.reshape(len(close), -1).all(axis=-1), True)


# along an axis --------------------------------------------------------------------------------------------------------


def _axis(value: Any, n: int, first: np.ndarray) -> int | None:
    """The axis of an array ``[N, ...]`` (not empty) that a lane means by a number, or by none if it has only one."""
    axes = first.ndim - 1 if first.size else 0
    if value is None and axes == 1:
        return 1
    return value % axes + 1 if type(value) is int and -axes <= value < axes else None


def added(array: np.ndarray, axis: int) -> np.ndarray:
    """The sum along an axis, one after the other."""
    return functools.reduce(operator.add, [array.take(j, axis=axis) for j in range(array.shape[axis])])


def _addable(array: np.ndarray, axis: int) -> bool:
    """Whether numpy adds along this axis one number after the other."""
    if array.dtype != np.float64:
        return False
    count = array.shape[axis]
    rows = array.ndim == 3 and axis == 1 and array.shape[2] > 1 and array[0].flags.c_contiguous
    return count < SEQUENTIAL or (rows and count <= _ADDED_ROWS)


def _sum(array: np.ndarray, axis: int) -> np.ndarray | None:
    """``np.sum``; integers and truths can be added in any order."""
    if array.dtype != np.float64:
        return array.sum(axis=axis)
    return added(array, axis) if _addable(array, axis) else None


def _mean(array: np.ndarray, axis: int) -> np.ndarray:
    return added(array, axis) / array.shape[axis]


def _var(array: np.ndarray, axis: int) -> np.ndarray:
    distance = array - np.expand_dims(_mean(array, axis), axis)
    return _mean(distance * distance, axis)


def _of_sums(formula: Callable[[np.ndarray, int], np.ndarray]) -> Rule:
    return Rule(lambda x, axis: formula(x, axis) if _addable(x, axis) else None, _NUMBERS, axis=(_axis, None))


def _norm(array: np.ndarray, _: bool, axis: int) -> np.ndarray | None:
    """``np.linalg.norm`` of short vectors, or of all rows or columns."""
    return np.sqrt(added(array * array, axis)) if _addable(array, axis) else None


def _along(name: str, *, default: int | None = None, few: bool = False) -> Rule:
    """A function along one axis (of ``few`` elements) whose result in a lane depends on that lane alone."""
    function = getattr(np, name)

    def formula(array: np.ndarray, axis: int) -> np.ndarray | None:
        return None if few and array.shape[axis] >= SEQUENTIAL else function(array, axis=axis)

    return Rule(formula, _NUMBERS, axis=(_axis, default))


# new arrays -----------------------------------------------------------------------------------------------------------


def _cast(array: np.ndarray, kind: np.dtype) -> np.ndarray | None:
    """``[N, ...]`` numbers as another type; None where the hardware decides what a number becomes."""
    if array.dtype.kind == "f" and kind.kind in "iu":
        limits = np.iinfo(kind)
        if not ((array > float(limits.min) - 1.0) & (array < limits.max + 1.0)).all():
            return None
    return array.astype(kind)


def _made(value: Any, kind: np.dtype | None, n: int, *, copy: bool) -> Varying | None:
    """An array of another value, of a type if one is asked for; the array itself where ``copy`` allows it."""
    if is_array(value):
        if kind is None or kind == value.array.dtype:
            return fresh(value.array.copy()) if copy else value
        found = _cast(value.array, kind)
        return None if found is None else fresh(found)
    numbers = nested_numbers(value, n)
    if numbers is None:
        return None
    array, some_float = numbers
    if kind is None:
        return fresh(array) if some_float else None
    found = None if kind.kind == "b" or (some_float and kind.kind != "f") else _cast(array, kind)
    return None if found is None else fresh(found)


def _making(*, copy: bool) -> _ForLanes:
    """The rule of a function that makes an array of its first argument, of the type that ``dtype`` says."""

    def rule(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
        given = {**dict(zip(("value", "dtype", "more"), args, strict=False)), **kwargs}
        dtype, copied = given.pop("dtype", None), given.pop("copy", copy)
        if given.keys() != {"value"} or is_varying(dtype) or type(copied) is not bool or (copy and not copied):
            return None
        return _made(given["value"], None if dtype is None else number_dtype(columns(dtype, 1)[0]), n, copy=copied)

    return rule


def _copy(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    return None if kwargs or len(args) != 1 else _made(args[0], None, n, copy=True)


def _contiguous(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    """``np.ascontiguousarray``: the array itself where it is so."""
    itself = len(args) == 1 and not kwargs and is_array(args[0]) and args[0].array[0].flags.c_contiguous
    return args[0] if itself else None


def _astype(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    """``array.astype``: a type has to be given, and ``copy`` may be false."""
    copy = kwargs.get("copy", True)
    rest = {name: value for name, value in kwargs.items() if name != "copy"}
    wanted = [*args[1:], *rest.values()]
    if type(copy) is not bool or len(wanted) != 1 or wanted[0] is None or not is_array(args[0]):
        return None
    return _making(copy=True)(args, rest, n) if copy else _making(copy=False)(args, rest, n)


def _blocks(value: Any, n: int, first: Any) -> list[np.ndarray] | None:
    """The arrays that a sequence of arrays or lists consists of, when all have the same number of axes."""
    if type(value) not in (list, tuple) or not value:
        return None
    found = [part for item in value if (part := floats(item, n)) is not None]
    return found if len(found) == len(value) and len({part.ndim for part in found}) == 1 else None


def _axis_of_blocks(value: Any, n: int, first: Any) -> int | None:
    return value + 1 if type(value) is int and value >= 0 else None


def _vstack(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([part[:, None] if part.ndim == 2 else part for part in parts], axis=1)


def _hstack(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts, axis=1 if parts[0].ndim == 2 else 2)


def _column_stack(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([part[..., None] if part.ndim == 2 else part for part in parts], axis=2)


def _tail(value: Any, n: int, first: Any) -> np.ndarray | None:
    """What ``np.append`` appends."""
    return floats(value if type(value) in (list, tuple, np.ndarray) or is_array(value) else [value], n)


def _append(head: np.ndarray, tail: np.ndarray) -> np.ndarray:
    return np.concatenate([part.reshape(len(part), -1) for part in (head, tail)], axis=1)


def _ends(value: Any, n: int, first: Any) -> np.ndarray | None:
    """``[N, 2]`` where ``np.linspace`` begins and ends."""
    ends = floats([first, value], n)
    if ends is None or ends.ndim != 2 or (ends[:, 0] == ends[:, 1]).any() or not np.isfinite(ends).all():
        return None  # numpy computes these lanes in another way
    return ends


def _linspace(_: Any, ends: np.ndarray, count: int) -> np.ndarray | None:
    return np.linspace(ends[:, 0], ends[:, 1], count, axis=1) if 1 < count <= limits().elements else None


# small matrices -------------------------------------------------------------------------------------------------------


def _matrix(value: Any, n: int, first: Any) -> Any:
    array = floats(value, n) if type(value) in (list, tuple) else None
    return value if array is None else Varying(array)


def _square(value: Any, n: int, first: Any) -> np.ndarray | None:
    array = floats(value, n)
    square = array is not None and array.ndim == 3 and array.shape[1] == array.shape[2] <= LARGEST
    return array if square else None


def _cross(x: np.ndarray, y: np.ndarray) -> np.ndarray | None:
    return np.cross(x, y) if x.shape == y.shape == (len(x), 3) else None


_RULES: dict[str, _ForLanes] = {
    **{f"np.{name}": _elementwise(getattr(np, name)) for name in sorted(ELEMENTWISE)},
    "np.clip": Rule(_clip, varying(np.float64), beside, beside),
    "np.where": Rule(_where, varying(np.bool_, axes=1), beside, beside),
    "np.allclose": Rule(
        _allclose, _NUMBER_OR_ARRAY, _NUMBER_OR_ARRAY, rtol=(uniform(float), 1e-5), atol=(uniform(float), 1e-8)
    ),
    **dict.fromkeys(
        ("np.round", "np.around"), Rule(np.round, either(varying(np.float64), floats), decimals=(uniform(int), 0))
    ),
    "np.sum": Rule(_sum, _NUMBERS, axis=(_axis, None)),
    "np.mean": _of_sums(_mean),
    "np.var": _of_sums(_var),
    "np.std": _of_sums(lambda array, axis: np.sqrt(_var(array, axis))),
    "np.linalg.norm": Rule(_norm, _NUMBERS, ord=(lambda order, *_: order is None or None, None), axis=(_axis, None)),
    **{f"np.{name}": _along(name, few=True) for name in ("max", "amax", "min", "amin", "prod")},
    **{f"np.{name}": _along(name) for name in ("argmax", "argmin", "any", "all", "median", "cumsum")},
    **{f"np.{name}": _along(name, default=-1) for name in ("sort", "argsort", "diff")},
    "np.array": _making(copy=True),
    "np.asarray": _making(copy=False),
    "np.ascontiguousarray": _contiguous,
    "np.copy": _copy,
    "np.astype": _astype,
    "np.concatenate": Rule(np.concatenate, _blocks, axis=(_axis_of_blocks, 0)),
    "np.stack": Rule(np.stack, _blocks, axis=(_axis_of_blocks, 0)),
    "np.vstack": Rule(_vstack, _blocks),
    "np.hstack": Rule(_hstack, _blocks),
    "np.column_stack": Rule(_column_stack, _blocks),
    "np.append": Rule(_append, floats, _tail),
    "np.linspace": Rule(_linspace, given, _ends, uniform(int)),
    **dict.fromkeys(("np.dot", "np.matmul"), Rule(row_product, _matrix, _matrix)),
    "np.cross": Rule(_cross, floats, floats),
    "np.linalg.inv": Rule(np.linalg.inv, _square),
    "np.linalg.det": Rule(np.linalg.det, _square),
}
