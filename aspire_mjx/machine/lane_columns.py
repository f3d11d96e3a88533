"""Columns with a row for each lane: texts, codes of equal rows, rows for new lanes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import count

import numpy as np


def reaching(column: np.ndarray, lanes: np.ndarray, empty: object = 0) -> np.ndarray:
    """A column ``[L]`` indexed by lane number, with a row for each of ``[N]`` lanes; new rows are ``empty``."""
    missing = int(lanes.max(initial=-1)) + 1 - len(column)
    return np.append(column, np.full(missing, empty, dtype=column.dtype)) if missing > 0 else column


def objects(items: Sequence[object], n: int | None = None) -> np.ndarray:
    """``[N]`` any objects, such as texts, from one for each lane or a single one for all ``n``."""
    column = np.empty(len(items) if n is None else n, dtype=object)
    column[:] = items
    return column


def codes_of(items: Sequence[Hashable]) -> np.ndarray:
    """``[N]`` codes of N items, equal where they are equal, numbered as they come."""
    numbers = dict(zip(dict.fromkeys(items), count(), strict=False))
    return np.fromiter(map(numbers.__getitem__, items), np.int64, len(items))


def compact(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For codes ``[N]``: where each code that occurs comes first, and codes ``[N]`` without gaps."""
    size, n = int(codes.max()) + 1, len(codes)
    if (codes == codes[0]).all():
        return np.zeros(1, dtype=np.int64), np.zeros(n, dtype=np.int64)
    if size > 64 * n:
        _, firsts, inverse = np.unique(codes, return_index=True, return_inverse=True)
        return firsts, inverse
    first = np.full(size, -1)
    first[codes[::-1]] = np.arange(n - 1, -1, -1)
    present = np.flatnonzero(first >= 0)
    number = np.empty(size, dtype=np.int64)
    number[present] = np.arange(len(present))
    return first[present], number[codes]
