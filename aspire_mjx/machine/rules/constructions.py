"""Arrays of all lanes made from numbers and other arrays. Rules give None where they do not apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.language.limits import MAX_ITEMS, refuse_size
from aspire_mjx.machine.rules.operands import lane_array
from aspire_mjx.machine.values import Varying, fresh

Rule = Callable[[Sequence[Any], Mapping[str, Any], int], Any]


def array(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    """``np.array`` and ``np.copy``."""
    if kwargs or len(args) != 1:
        return None
    value = args[0]
    if type(value) is Varying:
        return None if value.array.ndim == 1 else Varying(value.array.copy())
    found = lane_array(value, n)
    return None if found is None else fresh(found)


def asarray(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    """``np.asarray``: an array is itself."""
    if len(args) == 1 and not kwargs and type(args[0]) is Varying and args[0].array.ndim > 1:
        return args[0]
    return array(args, kwargs, n)


def _blocks(args: Sequence[Any], n: int) -> list[np.ndarray] | None:
    """The arrays that a sequence of arrays or lists consists of, when all have the same number of axes."""
    if not args or type(args[0]) not in (list, tuple) or not args[0]:
        return None
    found = [part for item in args[0] if (part := lane_array(item, n)) is not None]
    same = len(found) == len(args[0]) and len({part.ndim for part in found}) == 1
    return found if same else None


def _joining(join: Callable[[list[np.ndarray], int], np.ndarray]) -> Rule:
    """A function of a sequence of arrays and an axis (from 0) of a lane."""

    def rule(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
        parts, axis = _blocks(args, n), kwargs.get("axis", args[1] if len(args) == 2 else 0)
        if parts is None or len(args) > 2 or set(kwargs) - {"axis"} or type(axis) is not int or axis < 0:
            return None
        try:
            value = join(parts, axis)
        except ValueError:
            return None  # every lane raises it for itself
        refuse_size("the array", value[0].size, MAX_ITEMS)
        return fresh(value)

    return rule


def _vstack(parts: list[np.ndarray], axis: int) -> np.ndarray:
    return np.concatenate([part[:, None] if part.ndim == 2 else part for part in parts], axis=1)


def _hstack(parts: list[np.ndarray], axis: int) -> np.ndarray:
    return np.concatenate(parts, axis=1 if parts[0].ndim == 2 else 2)


def _column_stack(parts: list[np.ndarray], axis: int) -> np.ndarray:
    return np.concatenate([part[..., None] if part.ndim == 2 else part for part in parts], axis=2)


def _stack(parts: list[np.ndarray], axis: int) -> np.ndarray:
    return np.stack(parts, axis=axis + 1)


def _append(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    if len(args) != 2 or kwargs:
        return None
    tail = args[1] if type(args[1]) in (list, tuple, np.ndarray) or _is_array(args[1]) else [args[1]]
    parts = [lane_array(args[0], n), lane_array(tail, n)]
    if any(part is None for part in parts):
        return None
    return fresh(np.concatenate([part.reshape(n, -1) for part in parts if part is not None], axis=1))


def _is_array(value: Any) -> bool:
    return type(value) is Varying and value.array.ndim > 1


def _linspace(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    if len(args) != 3 or kwargs or type(args[2]) is not int or not 1 < args[2] <= MAX_ITEMS:
        return None
    ends = lane_array(list(args[:2]), n)
    if ends is None or ends.ndim != 2 or (ends[:, 0] == ends[:, 1]).any() or not np.isfinite(ends).all():
        return None  # numpy computes these lanes in another way
    return fresh(np.linspace(ends[:, 0], ends[:, 1], args[2], axis=1))


def _filled(function: Callable[..., np.ndarray]) -> Rule:
    def rule(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> np.ndarray | None:
        alone = len(args) == 1 and not kwargs and _is_array(args[0])
        return function(args[0].array.shape[1:], args[0].array.dtype) if alone else None

    return rule


def _round(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    decimals = kwargs.get("decimals", args[1] if len(args) == 2 else 0)
    if set(kwargs) - {"decimals"} or not 1 <= len(args) <= 2 or type(decimals) is not int:
        return None
    value = args[0]
    found = value.array if type(value) is Varying and value.array.dtype == np.float64 else lane_array(value, n)
    return None if found is None else fresh(np.round(found, decimals))


def _allclose(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    if len(args) != 2 or any(name not in ("atol", "rtol") or type(x) is not float for name, x in kwargs.items()):
        return None
    x, y = (a if type(a) in (int, float) else lane_array(a, n) for a in args)
    if x is None or y is None:
        return None
    if np.ndim(x) and np.ndim(y) and np.shape(x) != np.shape(y):
        return None
    close = np.asarray(np.isclose(x, y, **kwargs))
    return Varying(np.all(close.reshape(n, -1), axis=-1, keepdims=True)[:, 0], True)


CONSTRUCTIONS: dict[str, Rule] = {
    "np.array": array,
    "np.copy": array,
    "np.asarray": asarray,
    "np.concatenate": _joining(lambda parts, axis: np.concatenate(parts, axis=axis + 1)),
    "np.stack": _joining(_stack),
    "np.vstack": _joining(_vstack),
    "np.hstack": _joining(_hstack),
    "np.column_stack": _joining(_column_stack),
    "np.append": _append,
    "np.linspace": _linspace,
    "np.zeros_like": _filled(np.zeros),
    "np.ones_like": _filled(np.ones),
    "np.allclose": _allclose,
    **dict.fromkeys(("np.round", "np.around"), _round),
}
