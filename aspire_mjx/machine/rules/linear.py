"""Products of small matrices in all lanes: numpy treats each matrix of a stack as it would treat it alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from aspire_mjx.machine.values import Varying, fresh

LARGEST = 16  #: rows and columns; a linear algebra library may treat larger matrices in several threads


def row_product(a: Any, b: Any) -> Varying | None:
    """``a @ b`` of float64 vectors and matrices, of which at least one is varying; None where that does not apply."""
    operands = []
    for value in (a, b):
        varying = type(value) is Varying
        array = value.array if varying else value
        if not isinstance(array, np.ndarray) or array.dtype != np.float64 or array.ndim - varying not in (1, 2):
            return None
        if max(array.shape[varying:]) > LARGEST or min(array.shape) == 0:
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
