"""Functions of the facades over varying values, where that gives each lane exactly what it would get alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.language.guards import guard_arithmetic
from aspire_mjx.language.limits import check_result
from aspire_mjx.language.modules import ELEMENTWISE, FacadeFunction
from aspire_mjx.language.vocabulary import word_set
from aspire_mjx.machine.indexing import view_of_lanes
from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.results_view import single_value
from aspire_mjx.machine.rules.constructions import CONSTRUCTIONS
from aspire_mjx.machine.rules.linear import cross, determinant, dot, inverse
from aspire_mjx.machine.rules.operands import is_array, is_nested
from aspire_mjx.machine.rules.operators import align
from aspire_mjx.machine.rules.ragged import EXTREMES, elementwise, extreme
from aspire_mjx.machine.rules.reductions import REDUCTIONS, Rule
from aspire_mjx.machine.values import Varying, fresh, is_varying


def call_facade(function: FacadeFunction, args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Any:
    """A facade function over n lanes: its vectorised rule where there is one and it applies, else lane by lane."""
    args = [single_value(a) for a in args]
    if not kwargs and any(type(a) is Ragged for a in args):
        value = _of_ragged(function, args)
        if value is not None:
            return value
    rule = _RULES.get(function.name)
    if rule is not None and any(_numeric(a) or is_nested(a) for a in args):
        value = rule(args, kwargs, n)
        if value is not None:
            check_result(value.array[0] if type(value) is Varying else value)
            return value
    array, others = args[0] if args else None, (*args[1:], *kwargs.values())
    if function.name in _VIEWS and type(array) is Varying and array.array.ndim > 1 and not is_varying(others):
        view = view_of_lanes(array, lambda lane: function(lane, *args[1:], **kwargs))
        if view is not None:
            return view
    return lane_map(function, args, n, kwargs)


#: functions that may give a view of their argument
_VIEWS = frozenset(
    f"np.{name}"
    for name in word_set("reshape ravel transpose squeeze swapaxes moveaxis expand_dims atleast_2d flip fliplr flipud")
)


def _of_ragged(function: FacadeFunction, args: Sequence[Any]) -> Any:
    name = function.name.removeprefix("np.").removeprefix("a" if function.name in ("np.amax", "np.amin") else "")
    if name in EXTREMES and len(args) == 1:
        return extreme(name, args[0])
    ufunc = function.function
    return elementwise(ufunc, args) if isinstance(ufunc, np.ufunc) and ufunc.nin == len(args) else None


def _numeric(value: Any) -> bool:
    return type(value) is Varying and value.array.dtype != object


def _elementwise(function: Any) -> Rule:
    def rule(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
        if kwargs or len(args) not in (1, 2) or len(args) != function.nin:
            return None
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


def _clip(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    if kwargs or len(args) != 3 or not _numeric(args[0]) or args[0].array.dtype != np.float64:
        return None
    value = args[0].array
    for bound, limit in ((args[1], np.maximum), (args[2], np.minimum)):
        aligned = align(Varying(value), bound)
        if aligned is None or aligned[0].ndim != value.ndim:
            return None
        value = limit(aligned[0], aligned[1])
    return fresh(value)


def _where(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    """``np.where`` with a condition that is an array, between floats."""
    if kwargs or len(args) != 3 or not (is_array(args[0]) and args[0].array.dtype == np.bool_):
        return None
    axes = args[0].array.ndim
    parts = []
    for value in args[1:]:
        aligned = align(args[0], value)
        if aligned is None or np.ndim(aligned[1]) > axes or aligned[0].ndim != axes:
            return None
        parts.append(aligned[1])
    floats = [type(x) is float or (isinstance(x, (np.ndarray, np.generic)) and x.dtype == np.float64) for x in parts]
    if not any(floats) or not all(f or type(x) is int for f, x in zip(floats, parts, strict=True)):
        return None
    return fresh(np.where(args[0].array, *parts))


_RULES: dict[str, Rule] = {
    **{f"np.{name}": _elementwise(getattr(np, name)) for name in sorted(ELEMENTWISE)},
    **REDUCTIONS,
    **CONSTRUCTIONS,
    **dict.fromkeys(("np.dot", "np.matmul"), dot),
    "np.clip": _clip,
    "np.cross": cross,
    "np.linalg.det": determinant,
    "np.linalg.inv": inverse,
    "np.where": _where,
}
_METHODS = word_set("mean sum min max argmin argmax std var round any all prod cumsum clip dot argsort")


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
