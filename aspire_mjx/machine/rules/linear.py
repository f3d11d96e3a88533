"""Products and inverses of small matrices in all lanes: numpy treats each matrix of a stack as it would treat it alone.

Each function gives None where it does not apply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from aspire_mjx.machine.rules.operands import lane_array
from aspire_mjx.machine.values import Varying, fresh

_LARGEST = 16  #: rows and columns; a linear algebra library may treat larger matrices in several threads


def row_product(a: Any, b: Any) -> Varying | None:
    """``a @ b`` of float64 vectors and matrices, of which at least one is varying."""
    operands = []
    for value in (a, b):
        varying = type(value) is Varying
        array = value.array if varying else value
        if not isinstance(array, np.ndarray) or array.dtype != np.float64 or array.ndim - varying not in (1, 2):
            return None
        if max(array.shape[varying:]) > _LARGEST or min(array.shape) == 0:
            return None
        operands.append((array, array.ndim - varying))
    (x, first), (y, second) = operands
    if x.shape[-1] != y.shape[-second]:
        return None
    if first == second == 1:
        return Varying(np.vecdot(x, y))
    x = x[..., None, :] if first == 1 else x
    y = y[..., None] if second == 1 else y
    value = x @ y
    return fresh(value[..., 0, :] if first == 1 else value[..., 0] if second == 1 else value)


def dot(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    """``np.dot`` and ``np.matmul``."""
    if len(args) != 2 or kwargs:
        return None
    operands = [_operand(a, n) for a in args]
    return None if all(type(x) is not Varying for x in operands) else row_product(*operands)


def _operand(value: Any, n: int) -> Any:
    array = lane_array(value, n) if type(value) in (list, tuple) else None
    return value if array is None else Varying(array)


def cross(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    """``np.cross`` of vectors of three numbers."""
    arrays = [x for a in args if (x := lane_array(a, n)) is not None and x.shape == (n, 3)]
    return None if len(args) != 2 or kwargs or len(arrays) != 2 else fresh(np.cross(arrays[0], arrays[1]))


def inverse(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    """``np.linalg.inv``; lane by lane when one of the matrices is singular."""
    matrix = _square(args, kwargs, n)
    try:
        return None if matrix is None else fresh(np.linalg.inv(matrix))
    except np.linalg.LinAlgError:
        return None


def determinant(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> Varying | None:
    """``np.linalg.det``."""
    matrix = _square(args, kwargs, n)
    return None if matrix is None else fresh(np.linalg.det(matrix))


def _square(args: Sequence[Any], kwargs: Mapping[str, Any], n: int) -> np.ndarray | None:
    array = lane_array(args[0], n) if len(args) == 1 and not kwargs else None
    square = array is not None and array.ndim == 3 and array.shape[1] == array.shape[2] <= _LARGEST
    return array if square else None
