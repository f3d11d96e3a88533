"""Sums, extremes, order and the like of the arrays of all lanes.

numpy adds few numbers one after the other, and the rows of a matrix too; many numbers in a row it adds in pairs, in
an order that depends on the layout. Only the former are added here, so that each lane gets the sum it would get
alone. Rules give None where they do not apply.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.language.modules import SEQUENTIAL
from aspire_mjx.machine.rules.operands import lane_array
from aspire_mjx.machine.values import Varying, fresh

Rule = Callable[[Sequence[Any], Mapping[str, Any], int], Any]
_LONGEST = 64  #: rows that are added one by one; beyond, a loop over lanes is as fast


def _operand(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> tuple[np.ndarray, int] | None:
    """``[N, ...]`` and the axis of it that ``f(x)``, ``f(x, axis)`` or ``f(x, axis=...)`` means."""
    axis = kwargs.get("axis", args[1] if len(args) == 2 else None)
    if set(kwargs) - {"axis"} or not 1 <= len(args) <= 2 or (axis is not None and type(axis) is not int):
        return None
    value = args[0]
    array = (
        value.array if type(value) is Varying and value.array.dtype in (np.bool_, np.int64) else lane_array(value, n)
    )
    if array is None or array.ndim < 2 or not array.size:
        return None
    if axis is None:
        return (array, 1) if array.ndim == 2 else None
    axes = array.ndim - 1
    return (array, axis % axes + 1) if -axes <= axis < axes else None


def _addable(array: np.ndarray, axis: int) -> bool:
    """Whether numpy adds along this axis one number after the other."""
    count = array.shape[axis]
    if count < SEQUENTIAL:
        return True
    rows = array.ndim == 3 and axis == 1 and array.shape[2] > 1 and array[0].flags.c_contiguous
    return rows and count <= _LONGEST


def added(array: np.ndarray, axis: int) -> np.ndarray:
    """The sum along an axis, one after the other."""
    return functools.reduce(operator.add, [array.take(j, axis=axis) for j in range(array.shape[axis])])


def _summing(finish: Callable[[np.ndarray, int], np.ndarray]) -> Rule:
    def rule(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
        found = _operand(args, kwargs, n)
        if found is None or found[0].dtype != np.float64 or not _addable(*found):
            return None
        return fresh(finish(*found))

    return rule


def _mean(array: np.ndarray, axis: int) -> np.ndarray:
    return added(array, axis) / array.shape[axis]


def _var(array: np.ndarray, axis: int) -> np.ndarray:
    distance = array - np.expand_dims(_mean(array, axis), axis)
    return _mean(distance * distance, axis)


def total(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    """``np.sum``; integers and truths can be added in any order."""
    found = _operand(args, kwargs, n)
    if found is not None and found[0].dtype != np.float64:
        return fresh(found[0].sum(axis=found[1]))
    return _summing(added)(args, kwargs, n)


def _along(function: Callable[..., np.ndarray], *, default: int | None = None, few: bool = False) -> Rule:
    """A function along one axis whose result in a lane depends on that lane alone."""

    def rule(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
        keywords = kwargs if default is None or "axis" in kwargs or len(args) > 1 else {"axis": default}
        found = _operand(args, keywords, n)
        if found is None or (few and found[0].shape[found[1]] >= SEQUENTIAL):
            return None
        return fresh(np.asarray(function(found[0], axis=found[1])))

    return rule


def norm_rule(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    """``np.linalg.norm`` of short vectors, or of all rows or columns."""
    return None if len(args) != 1 else _summing(lambda x, axis: np.sqrt(added(x * x, axis)))(args, kwargs, n)


REDUCTIONS: dict[str, Rule] = {
    "np.sum": total,
    "np.mean": _summing(_mean),
    "np.var": _summing(_var),
    "np.std": _summing(lambda array, axis: np.sqrt(_var(array, axis))),
    "np.linalg.norm": norm_rule,
    **{f"np.{name}": _along(getattr(np, name), few=True) for name in ("max", "amax", "min", "amin", "prod")},
    **{f"np.{name}": _along(getattr(np, name)) for name in ("argmax", "argmin", "any", "all", "median", "cumsum")},
    **{f"np.{name}": _along(getattr(np, name), default=-1) for name in ("sort", "argsort", "diff")},
}
