"""Operations on ragged values that take all lanes in one call of numpy, where that gives every lane its own bits.

Each gives None where it does not apply; the operation then goes lane by lane.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from aspire_mjx.language.limits import limits
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.values import Varying, fresh

#: functions whose result for one element depends on nothing but that element, whatever its place in memory
EXACT_UFUNCS = frozenset(
    {np.add, np.subtract, np.multiply, np.true_divide, np.negative, np.absolute, np.square, np.sqrt}
    | {np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal, np.isfinite, np.isnan, np.isinf}
    | {np.bitwise_and, np.bitwise_or, np.invert, np.logical_and, np.logical_or, np.logical_not}
    | {np.floor, np.ceil, np.rint, np.trunc, np.sign, np.minimum, np.maximum}
)
EXTREMES = frozenset({"max", "min", "argmax", "argmin"})
_DTYPES = (np.dtype(np.float64), np.dtype(np.int64), np.dtype(np.bool_))


def settled(flat: np.ndarray, counts: np.ndarray) -> Varying | Ragged:
    """A fresh result in consecutive parts: an ordinary varying value where all parts have the same length."""
    if (counts == counts[0]).all():
        return fresh(flat.reshape(len(counts), int(counts[0]), *flat.shape[1:]))
    return Ragged(flat=np.ascontiguousarray(flat), counts=counts)


def elementwise(function: Any, operands: Sequence[Any]) -> Varying | Ragged | None:
    """An exact ufunc of operands of which at least one is ragged."""
    ragged = [x for x in operands if type(x) is Ragged]
    if function not in EXACT_UFUNCS or not ragged or not all(x.ndim for x in ragged):
        return None
    counts = ragged[0].counts
    if any(x.dtype not in _DTYPES or x.ndim != ragged[0].ndim for x in ragged):
        return None
    if any((x.counts != counts).any() for x in ragged[1:]):
        return None
    parts = [_part(x, counts, ragged[0].ndim) for x in operands]
    if any(part is None for part in parts):
        return None
    try:
        flat = function(*parts)
    except (TypeError, ValueError):
        return None  # every lane raises it for itself
    too_large = int(counts.max()) * int(np.prod(flat.shape[1:])) > limits().elements
    return None if too_large or len(flat) != int(counts.sum()) else settled(flat, counts)


def _part(value: Any, counts: np.ndarray, ndim: int) -> Any:
    """An operand over the joint rows of all lanes: ``[K, ...]``, or something that is the same for all rows."""
    kind = type(value)
    if kind is Ragged:
        return value.joined()
    if kind in (float, bool, np.float64, np.int64, np.bool_):
        return value
    if kind is int:
        return value if abs(value) < 2**31 else None
    if kind is np.ndarray:
        return value if value.ndim < ndim and value.dtype in _DTYPES else None
    if kind is Varying and value.array.dtype in _DTYPES and value.array.ndim - 1 < ndim:
        array = value.array
        spread = array.reshape(len(array), *(1,) * (ndim - array.ndim), *array.shape[1:])
        return np.repeat(spread, counts, axis=0)
    return None


def selected(value: Any, index: Any) -> Varying | Ragged | None:
    """``value[index]`` for a boolean mask over the first axis, and the views that leave the first axis alone."""
    if type(value) is Ragged and type(index) is tuple and index and _whole(index[0]):
        inner = index[1:]
        plain = all(type(part) is int or (type(part) is slice and _fixed(part)) for part in inner)
        return value.columns(inner) if plain and len(inner) < value.ndim else None
    mask = _rows(index)
    rows = _rows(value)
    if mask is None or rows is None or mask[0].dtype != np.bool_ or mask[0].ndim != 1:
        return None
    if (mask[1] != rows[1]).any():
        return None
    chosen, counts = mask
    kept = np.concatenate([[0], np.cumsum(chosen)])
    ends = np.cumsum(counts)
    return settled(rows[0][chosen], kept[ends] - kept[ends - counts])


def _whole(part: Any) -> bool:
    return type(part) is slice and part == slice(None)


def _fixed(part: slice) -> bool:
    return all(bound is None or type(bound) is int for bound in (part.start, part.stop, part.step))


def _rows(value: Any) -> tuple[np.ndarray, np.ndarray] | None:
    """The joint rows of all lanes and how many each has."""
    if type(value) is Ragged:
        joined = value.joined()
        return None if joined is None else (joined, value.counts)
    if type(value) is not Varying or value.array.ndim < 2:
        return None
    n, length = value.array.shape[:2]
    return value.array.reshape(n * length, *value.array.shape[2:]), np.full(n, length)


def extreme(name: str, value: Ragged) -> Varying | None:
    """``max``, ``min``, ``argmax`` or ``argmin`` of vectors of numbers (not NaN) that are not empty."""
    joined = value.joined()
    if joined is None or joined.ndim != 1 or joined.dtype != np.float64 or np.isnan(joined).any():
        return None
    counts = value.counts
    if not counts.all():
        return None
    starts = np.cumsum(counts) - counts
    best = (np.maximum if name.endswith("max") else np.minimum).reduceat(joined, starts)
    if name.startswith("arg"):
        hits = np.flatnonzero(joined == np.repeat(best, counts))
        return Varying(hits[np.searchsorted(hits, starts)] - starts)
    return Varying(best) if best.all() else None  # which of 0.0 and -0.0 is the larger depends on the order


def lengths(value: Ragged) -> Varying:
    """``len`` in every lane."""
    return Varying(value.counts.copy(), True)


def shape(value: Ragged) -> tuple[Any, ...]:
    """The ``shape`` in every lane; a number that is the same in all lanes is uniform, but for the first."""
    if not value.ndim:
        return ()
    sides = np.array([a.shape for a in value.arrays], dtype=np.int64)
    rest = [int(side[0]) if (side == side[0]).all() else Varying(side.copy(), True) for side in sides.T[1:]]
    return lengths(value), *rest
