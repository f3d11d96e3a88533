"""Picking from a list by an index that differs between lanes, without splitting the strand.

Numbers, texts and results are immutable: their rows are gathered. A picked array is the same object as one of the
list, another one in each lane; it is represented by a copy that remembers its sources (``Varying.choice``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from aspire_mjx.machine.lane_map import lane_map
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.structure import SCALARS
from aspire_mjx.machine.values import Promote, Varying, VaryingResult
from aspire_mjx.primitives.results import Results


def can_pick(items: Sequence[Any]) -> bool:
    """Whether values can be gathered: all immutable, or arrays, or tuples of such things."""
    first = items[0]
    kind = type(first)
    if all(item is first for item in items):
        return True
    if kind is tuple:
        same = all(type(item) is tuple and len(item) == len(first) for item in items)
        return same and all(can_pick(column) for column in zip(*items, strict=True))
    if kind is VaryingResult:
        if not all(type(item) is VaryingResult for item in items):
            return False
        return len({(item.results.primitive.name, item.results.unpacks) for item in items}) == 1
    if _is_array(first):
        return all(_is_array(item) for item in items) and len({_form(item) for item in items}) == 1
    return all(_is_scalar(item) for item in items)


def pick(items: Sequence[Any], index: np.ndarray, n: int) -> Any:
    """``items[index[i]]`` in lane i, of items that :func:`can_pick` accepts; ``index`` is ``[N]``, from 0."""
    first = items[0]
    kind = type(first)
    if (index == index[0]).all():
        return items[int(index[0])]
    if all(item is first for item in items):
        return first
    if kind is tuple:
        return tuple(pick(column, index, n) for column in zip(*items, strict=True))
    if kind is VaryingResult:
        return VaryingResult(Results.concatenate([item.results for item in items]).take(index * n + np.arange(n)))
    if _is_array(first):
        return _pick_array(items, index, n)
    kinds = {_number_kind(item) for item in items}
    if len(kinds) == 1 and (number := kinds.pop()) is not None:
        python, dtype = number
        rows = np.empty((len(items), n), dtype)
        for row, item in enumerate(items):
            rows[row] = item.array if type(item) is Varying else item
        return Varying(rows[index, np.arange(n)], python)
    return lane_map(lambda row, i: row[i], (list(items), Varying(index, True)), n)


def row_of(value: Varying, index: np.ndarray, n: int) -> Varying | None:
    """``value[index]`` of an array with several axes: a row of it in each lane. None when it has too many rows."""
    length = value.array.shape[1]
    if length > 64 or value.array.ndim < 3 or not ((index >= -length) & (index < length)).all():
        return None
    root = value.owner or value
    if root.choice is not None or not value.array[0, 0].flags.c_contiguous:
        return None
    index = index % length
    rows = tuple(Varying(value.array[:, j], owner=root) for j in range(length))
    return chosen(value.array[np.arange(n), index], rows, index)


def chosen(array: np.ndarray, sources: tuple[Varying, ...], index: np.ndarray) -> Varying:
    """``[N, ...]`` values of an array that is ``sources[index[i]]`` in lane i."""
    value = Varying(np.array(array, order="C"))
    value.choice = sources, index
    for source in sources:
        (source.owner or source).watched = True
    return value


def _pick_array(items: Sequence[Any], index: np.ndarray, n: int) -> Varying | Ragged:
    for item in items:
        if type(item) is np.ndarray:
            raise Promote(item)
    varying = [item for item in items if type(item) is Varying]
    whole = all(
        item.array[0].flags.c_contiguous and (item.owner is None or item.owner.choice is None) for item in varying
    )
    if len(varying) == len(items) and whole and len({item.array.shape for item in varying}) == 1:
        sources: dict[int, Varying] = {}
        places = np.empty(n, dtype=np.int64)
        for j, item in enumerate(varying):
            origins, which = item.choice or ((item,), np.zeros(n, dtype=np.int64))
            for origin in origins:
                sources.setdefault(id(origin), origin)
            numbers = list(sources)
            places[index == j] = np.array([numbers.index(id(origin)) for origin in origins])[which[index == j]]
        return chosen(np.stack([item.array for item in varying])[index, np.arange(n)], tuple(sources.values()), places)
    for item in varying:
        raise Promote(item)
    arrays = [item.arrays for item in items]
    return Ragged([arrays[j][i] for i, j in enumerate(index.tolist())])


def _is_array(value: Any) -> bool:
    return type(value) in (np.ndarray, Ragged) or (type(value) is Varying and value.array.ndim > 1)


def _form(value: Any) -> tuple[int, np.dtype]:
    array = value.array[0] if type(value) is Varying else value
    return array.ndim, array.dtype


def _number_kind(value: Any) -> tuple[bool, np.dtype] | None:
    """Whether a number is Python's own, and its dtype; None for anything else."""
    if type(value) is Varying:
        return None if value.array.dtype == object else (value.python, value.array.dtype)
    if type(value) in (float, bool):
        return True, np.dtype(type(value))
    return (False, value.dtype) if isinstance(value, np.generic) else None


def _is_scalar(value: Any) -> bool:
    return type(value) in SCALARS or isinstance(value, np.generic) or (type(value) is Varying and value.array.ndim == 1)


def identical(a: Any, b: Any, n: int, known: dict[tuple[int, int], bool | np.ndarray] | None = None) -> Any:
    """``a is b`` for what lanes may have picked: one answer, or ``[N]`` where lanes differ.

    Picking makes new tuples and results of equal rows, so these count as the same object when they are equal.
    ``known`` are the answers for tuples that were compared before: one may be in another many times.
    """
    if a is b or type(a) is not type(b):
        return a is b
    if type(a) is Ragged:
        return np.array([x is y for x, y in zip(a.arrays, b.arrays, strict=True)])
    if type(a) is VaryingResult:
        return _equal_results(a.results, b.results)
    if type(a) is tuple:
        known, key = {} if known is None else known, (id(a), id(b))
        if key not in known:
            answer: bool | np.ndarray = len(a) == len(b)
            for x, y in zip(a, b, strict=False):
                answer = answer & identical(x, y, n, known)
            known[key] = answer
        return known[key]
    if type(a) is not Varying:
        return _is_scalar(a) and bool(a == b)
    if a.array.ndim == 1 or b.array.ndim == 1:
        return a.array == b.array if a.array.ndim == b.array.ndim else False
    answer = np.zeros(n, dtype=bool)
    for source, where in _origins(a, n):
        for other, there in _origins(b, n):
            if source is other:
                answer |= where & there
    return answer


def _origins(value: Varying, n: int) -> list[tuple[Varying, np.ndarray]]:
    if value.choice is None:
        return [(value, np.ones(n, dtype=bool))]
    sources, index = value.choice
    return [(source, index == j) for j, source in enumerate(sources)]


def _equal_results(a: Results, b: Results) -> bool | np.ndarray:
    if a.primitive.name != b.primitive.name or a.unpacks != b.unpacks:
        return False
    answer = (a.status == b.status) & (np.array(a.messages) == np.array(b.messages))
    for name, column in a.fields.items():
        same = np.array(column) == np.array(b.fields[name])
        if same.dtype == np.bool_ and not isinstance(column, tuple):
            same = same | (np.isnan(column) & np.isnan(b.fields[name]))
        answer = answer & same.reshape(len(answer), -1).all(axis=1)
    return answer
