"""Operands of vectorised rules: numbers and arrays of all lanes as one float64 array with the lane axis first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from aspire_mjx.machine.values import Varying

_FLOAT = np.dtype(np.float64)


def row(items: Any, n: int) -> np.ndarray | None:
    """``[N, k]`` from a list of k numbers, some of them varying; None when ``np.array`` would not give floats."""
    found = _numbers(items, n)
    return found[0] if found is not None and found[1] else None


def lane_array(value: Any, n: int) -> np.ndarray | None:
    """``[N, ...]`` from a varying float64 array, or a nested list of numbers and arrays as ``np.array`` takes it."""
    found = _nested(value, n)
    return found[0] if found is not None and found[1] else None


def _nested(value: Any, n: int) -> tuple[np.ndarray, bool] | None:
    if type(value) is Varying:
        return (value.array, True) if value.array.ndim > 1 and value.array.dtype == _FLOAT else None
    if type(value) is np.ndarray:
        floats = value.ndim and value.dtype == _FLOAT
        return (np.broadcast_to(value, (n, *value.shape)), True) if floats else None
    if type(value) not in (list, tuple) or not value:
        return None
    if not any(type(x) in (list, tuple, np.ndarray) or (type(x) is Varying and x.array.ndim > 1) for x in value):
        return _numbers(value, n)
    parts = []
    for item in value:
        part = _nested(item, n)
        if part is None or (parts and part[0].shape != parts[0][0].shape):
            return None
        parts.append(part)
    return np.stack([part[0] for part in parts], axis=1), any(part[1] for part in parts)


def _numbers(items: Sequence[Any], n: int) -> tuple[np.ndarray, bool] | None:
    """``[N, k]`` float64 and whether any of the k numbers is a float rather than an integer."""
    array, floats = np.empty((n, len(items))), False
    for j, item in enumerate(items):
        if type(item) is Varying and item.array.ndim == 1 and item.array.dtype in (np.float64, np.int64):
            array[:, j] = item.array
            floats = floats or item.array.dtype == _FLOAT
        elif isinstance(item, float):
            array[:, j] = item
            floats = True
        elif type(item) is int and abs(item) < 2**53:
            array[:, j] = item
        else:
            return None
    return array, floats


def is_array(value: Any) -> bool:
    """Whether a value is a varying array of numbers."""
    return type(value) is Varying and value.array.ndim > 1


def is_nested(value: Any) -> bool:
    """Whether a value is a list or tuple with something varying in it, two levels deep at most."""
    if type(value) not in (list, tuple):
        return False
    if any(type(x) is Varying for x in value):
        return True
    inner = {id(x): x for x in value if type(x) in (list, tuple)}.values()  # one list may be in it many times
    return any(type(y) is Varying for x in inner for y in x)
