"""Copies of everything a strand can reach, which keep what is shared shared.

Splitting takes lanes out of every varying value; merging joins strands whose values have the same structure. Both
preserve aliasing: two names of one list, or an array and a view of it, stay so in the copy.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from aspire_mjx.language.limits import MAX_ITEMS
from aspire_mjx.language.rotation import Rotation
from aspire_mjx.machine.iterators import Pipe
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.values import (
    BoundMethod,
    DictView,
    ExceptionValue,
    FunctionValue,
    IteratorValue,
    Varying,
    VaryingResult,
)
from aspire_mjx.primitives.results import Results, StatusName

_DEEP = 1_000_000  #: recursion limit while copying; programs can nest lists as deeply as their budget allows
_SCALARS = frozenset({float, int, bool, str, StatusName, Rotation})


class Copier:
    """A copy of a graph of values; subclasses decide what happens to the leaves."""

    def __init__(self) -> None:
        self.memo: dict[int, Any] = {}
        self.choices: list[tuple[Varying, tuple[Varying, ...], np.ndarray]] = []
        self.kept: list[Any] = []

    def note(self, token: Hashable) -> None:
        """Called for every part of the structure, in a fixed order."""

    def scalar(self, value: Any) -> Any:
        """A uniform number or text."""
        return value

    def array(self, value: np.ndarray) -> Any:
        """A uniform array that owns its memory."""
        return value.copy()

    def varying(self, value: Varying) -> Any:
        """A varying value that owns its memory."""
        raise NotImplementedError

    def number(self, value: Varying) -> Any:
        """A varying number or text."""
        return self.varying(value)

    def ragged(self, value: Ragged) -> Ragged:
        """A ragged value. Its arrays are handed on, not copied: the lanes of the original are not used again."""
        raise NotImplementedError

    def picked(self, value: Varying, sources: tuple[Varying, ...], index: np.ndarray) -> Any:
        """An array that every lane has picked from several; it is linked to the copies of those at the end."""
        copied = self.varying(value)
        self.choices.append((copied, sources, index))
        return copied

    def results(self, value: Results) -> Results:
        """Results of all lanes."""
        raise NotImplementedError

    def copy(self, value: Any) -> Any:
        """The copy of one value; the same object gives the same copy."""
        kind = type(value)
        if kind in _SCALARS or isinstance(value, np.generic):
            return self.scalar(value)
        if value is None:
            self.note(None)
            return None
        if kind is Varying and (value.python or value.array.ndim == 1):
            return self.number(value)
        key = id(value)
        if key in self.memo:
            self.note(("again", self.memo[key][0]))
            return self.memo[key][1]
        method = _COPIES.get(kind)
        if method is None:
            self.note((kind, key))
            return value
        return method(self, value)

    def remember(self, value: Any, copied: Any) -> Any:
        self.memo[id(value)] = (len(self.memo), copied)
        self.kept.append(value)
        return copied

    def copy_list(self, value: list) -> list:
        self.note(("list", len(value)))
        copied = self.remember(value, [])
        copied.extend([self.copy(item) for item in value])
        return copied

    def copy_tuple(self, value: tuple) -> tuple:
        self.note(("tuple", len(value)))
        return self.remember(value, tuple([self.copy(item) for item in value]))

    def copy_dict(self, value: dict) -> dict:
        self.note(("dict", tuple(value), tuple(map(type, value))))
        copied = self.remember(value, {})
        for key, item in value.items():
            copied[key] = self.copy(item)
        return copied

    def copy_set(self, value: set) -> set:
        self.note(("set", frozenset((type(item), item) for item in value)))
        return self.remember(value, set(value))

    def copy_slice(self, value: slice) -> slice:
        self.note("slice")
        return slice(self.copy(value.start), self.copy(value.stop), self.copy(value.step))

    def copy_range(self, value: range) -> range:
        self.note(value)
        return value

    def copy_array(self, value: np.ndarray) -> Any:
        owner = value.base
        if isinstance(owner, np.ndarray):
            offset = value.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
            copied = self.copy(owner)
        else:
            self.note(("array", value.dtype.str, value.ndim))
            if value.flags.c_contiguous:
                return self.remember(value, self.array(value))
            offset, copied = 0, self.array(value.ravel("K"))  # the copies of its views need its memory in this order
        self.note(("view", offset, value.strides, value.shape, value.dtype.str))
        return self.remember(value, view_of(copied, offset, value.shape, value.strides, value.dtype))

    def copy_varying(self, value: Varying) -> Any:
        if value.choice is not None:
            return self.remember(value, self.picked(value, *value.choice))
        if value.owner is None:
            return self.remember(value, self.varying(value))
        array, owner = value.array, value.owner.array
        offset = array.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
        copied = self.copy(value.owner)
        self.note(("view", offset, array.strides[1:], array.shape[1:], array.dtype.str))
        return self.remember(value, view_of(copied, offset, array.shape[1:], array.strides[1:], array.dtype))

    def copy_ragged(self, value: Ragged) -> Any:
        return self.remember(value, self.ragged(value))

    def copy_result(self, value: VaryingResult) -> VaryingResult:
        self.note(("result", value.results.primitive.name, value.results.unpacks))
        return self.remember(value, VaryingResult(self.results(value.results)))

    def copy_function(self, value: FunctionValue) -> FunctionValue:
        self.note(("function", id(value.code), len(value.scopes)))
        if not (value.scopes or value.defaults or value.keyword_defaults):
            return self.remember(value, value)
        copied = self.remember(value, FunctionValue(value.code, (), (), ()))
        copied.defaults = tuple([self.copy(item) for item in value.defaults])
        copied.keyword_defaults = tuple([self.copy(item) for item in value.keyword_defaults])
        copied.scopes = tuple([self.copy(scope) for scope in value.scopes])
        return copied

    def copy_method(self, value: BoundMethod) -> BoundMethod:
        self.note(("method", value.name))
        return self.remember(value, BoundMethod(self.copy(value.receiver), value.name))

    def copy_view(self, value: DictView) -> DictView:
        self.note(("dict view", value.kind))
        return self.remember(value, DictView(self.copy(value.source), value.kind))

    def copy_iterator(self, value: IteratorValue) -> IteratorValue:
        self.note(("iterator", value.index, value.size, value.kind))
        copied = self.remember(value, IteratorValue(None, kind=value.kind))
        copied.source, copied.index = value.source, value.index
        if isinstance(value.source, str):  # text that differs would become varying, which no loop goes through
            self.note(value.source)
        else:
            copied.source = self.copy(value.source)
        copied.watched, copied.size = self.copy(value.watched), value.size
        return copied

    def copy_pipe(self, value: Pipe) -> Pipe:
        self.note((value.kind, value.index, len(value.parts), value.strict, value.ended))
        copied = self.remember(value, Pipe(value.kind, [], strict=value.strict))
        copied.parts = [self.copy(part) for part in value.parts]
        copied.function, copied.start = self.copy(value.function), self.copy(value.start)
        copied.ready, copied.index, copied.ended = self.copy(value.ready), value.index, value.ended
        return copied

    def copy_exception(self, value: ExceptionValue) -> ExceptionValue:
        self.note(("exception", value.type, value.line))
        copied = self.remember(value, ExceptionValue(value.type, (), value.line))
        copied.args = tuple([self.copy(item) for item in value.args])
        return copied

    def copy_choices(self) -> None:
        """Link the copies of picked arrays to those of their sources, as far as something else still reaches these."""
        roots = [{id(source.owner or source) for source in sources} for _, sources, _ in self.choices]
        uses = Counter(root for each in roots for root in each)
        linked = [any(root in self.memo or uses[root] > 1 for root in each) for each in roots]
        for (copied, sources, index), link in zip(self.choices, linked, strict=True):
            self.note(("choice", link))
            if link:
                self.note(tuple((source.owner or source).array.shape[1:] for source in sources))
                places = self.varying(Varying(index, True)).array
                self.link(copied, tuple(self.copy(source) for source in sources), places)

    def link(self, copied: Varying, sources: tuple[Varying, ...], index: np.ndarray) -> None:
        """Make a copy remember what it was picked from."""
        copied.choice = sources, index
        for source in sources:
            (source.owner or source).watched = True


def copied(copier: Copier, root: list[Any]) -> Any:
    """The copy of everything a strand reaches, however deeply it is nested."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(_DEEP)
    try:
        copy = copier.copy(root)
        copier.copy_choices()
        return copy
    finally:
        sys.setrecursionlimit(usual)


_COPIES: dict[type, Any] = {
    list: Copier.copy_list,
    tuple: Copier.copy_tuple,
    dict: Copier.copy_dict,
    set: Copier.copy_set,
    slice: Copier.copy_slice,
    range: Copier.copy_range,
    np.ndarray: Copier.copy_array,
    Varying: Copier.copy_varying,
    Ragged: Copier.copy_ragged,
    VaryingResult: Copier.copy_result,
    FunctionValue: Copier.copy_function,
    BoundMethod: Copier.copy_method,
    DictView: Copier.copy_view,
    IteratorValue: Copier.copy_iterator,
    Pipe: Copier.copy_pipe,
    ExceptionValue: Copier.copy_exception,
}


def view_of(owner: Any, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], dtype: np.dtype) -> Any:
    """A view of the same part of an array, or of every lane of an owner, given the part's place within one lane."""
    if type(owner) is Ragged:
        return Ragged([view_of(array, offset, shape, strides, dtype) for array in owner.arrays])
    if type(owner) is Varying:
        owner = owner.owner or owner
        base = owner.array
        return Varying(np.ndarray((len(base), *shape), dtype, base, offset, (base.strides[0], *strides)), owner=owner)
    memory = owner if owner.flags.c_contiguous else owner.base
    return np.ndarray(shape, dtype, memory, offset, strides)


class Take(Copier):
    """The values of some lanes."""

    def __init__(self, rows: np.ndarray) -> None:
        super().__init__()
        self.rows = rows

    def number(self, value: Varying) -> Any:
        if len(self.rows) == 1 and value.python and value.array.dtype != object:
            return value.array[self.rows[0]].item()  # a lane alone computes with plain numbers, which is faster
        return self.varying(value)

    def varying(self, value: Varying) -> Varying:
        codes = None if value.codes is None else value.codes[self.rows]
        return Varying(value.array[self.rows], value.python, codes=codes)

    def ragged(self, value: Ragged) -> Ragged:
        return value.take(self.rows)

    def results(self, value: Results) -> Results:
        return value.take(self.rows)


class Promotion(Copier):
    """The same values with one array (and the views of it) made varying if it is uniform, ragged if it is varying.

    With a varying array, whatever was picked from several, and those, become ragged too.
    """

    def __init__(self, array: np.ndarray | Varying, n: int) -> None:
        super().__init__()
        owner = array.owner if isinstance(array, Varying) else array.base
        self.owner, self.n = owner if isinstance(owner, (np.ndarray, Varying)) else array, n

    def array(self, value: np.ndarray) -> Any:
        if value is not self.owner and value.base is not self.owner:
            return value.copy()
        if value.size * self.n > MAX_ITEMS * 100:
            raise MemoryError(f"an array of {value.size} elements in each of {self.n} rollouts is too large")
        return Varying(np.repeat(value[None], self.n, axis=0))

    def varying(self, value: Varying) -> Any:
        array = value.array.copy()
        if value is not self.owner and not (value.watched and isinstance(self.owner, Varying)):
            return Varying(array, value.python, codes=value.codes)
        counts = np.full(self.n, array.shape[1])
        return Ragged.parts(array.reshape(-1, *array.shape[2:]), counts)

    def picked(self, value: Varying, sources: tuple[Varying, ...], index: np.ndarray) -> Any:
        if not isinstance(self.owner, Varying):
            return super().picked(value, sources, index)
        arrays = [self.copy(source).arrays for source in sources]
        return Ragged([arrays[j][i] for i, j in enumerate(index.tolist())])

    def ragged(self, value: Ragged) -> Ragged:
        return value

    def results(self, value: Results) -> Results:
        return value


class ValueLayout(Copier):
    """Records the structure of a graph (``tokens``) and its leaves in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[Hashable] = []
        self.leaves: list[Any] = []

    def note(self, token: Hashable) -> None:
        self.tokens.append(token)

    def scalar(self, value: Any) -> Any:
        self.tokens.append(type(value))
        self.leaves.append(value)
        return value

    def array(self, value: np.ndarray) -> Any:
        self.leaves.append(value)
        return value

    def varying(self, value: Varying) -> Varying:
        array = value.array
        if value.python:
            kind = {"f": float, "i": int, "b": bool}.get(array.dtype.kind) or type(array[0])
            self.tokens.append(kind)
        elif array.ndim == 1:
            self.tokens.append(array.dtype.type)
        else:
            self.tokens.append(("array", array.dtype.str, array.ndim - 1))
        self.leaves.append(value)
        return value

    def ragged(self, value: Ragged) -> Ragged:
        self.tokens.append(("array", value.dtype.str, value.ndim))
        self.leaves.append(value)
        return value

    def results(self, value: Results) -> Results:
        self.leaves.append(value)
        return value

    def link(self, copied: Varying, sources: tuple[Varying, ...], index: np.ndarray) -> None:
        """The copy is the original, which is linked already."""


class Merge(Copier):
    """The joint values of strands with equal signatures: a copy of the first with joined leaves."""

    def __init__(self, leaves: Sequence[Sequence[Any]], sizes: Sequence[int]) -> None:
        super().__init__()
        self.joined = iter([_join(column, sizes) for column in zip(*leaves, strict=True)])

    def scalar(self, value: Any) -> Any:
        return next(self.joined)

    def array(self, value: np.ndarray) -> Any:
        return next(self.joined)

    def varying(self, value: Varying) -> Any:
        return next(self.joined)

    def ragged(self, value: Ragged) -> Any:
        return next(self.joined)

    def results(self, value: Results) -> Results:
        return next(self.joined)


def _join(leaves: tuple[Any, ...], sizes: Sequence[int]) -> Any:
    first = leaves[0]
    if isinstance(first, Results):
        return Results.concatenate(leaves)
    if not any(type(leaf) in (Varying, Ragged) for leaf in leaves) and all(_same(leaf, first) for leaf in leaves):
        return first.copy() if isinstance(first, np.ndarray) else first
    if len({_shape(leaf) for leaf in leaves}) > 1:
        return Ragged([array for leaf, n in zip(leaves, sizes, strict=True) for array in _each(leaf, n)])
    parts = [leaf.array if type(leaf) is Varying else _spread(leaf, n) for leaf, n in zip(leaves, sizes, strict=True)]
    if any(part.dtype == object for part in parts):
        parts = [part.astype(object) for part in parts]
    sample = next((leaf for leaf in leaves if type(leaf) is Varying), None)
    python = sample.python if sample is not None else not isinstance(first, (np.generic, np.ndarray))
    return Varying(np.concatenate(parts), python)


def _shape(leaf: Any) -> Any:
    """The shape in every lane; the ragged value itself where there is no such shape."""
    if type(leaf) is Ragged:
        return leaf
    return leaf.array.shape[1:] if type(leaf) is Varying else np.shape(leaf) if isinstance(leaf, np.ndarray) else ()


def _each(leaf: np.ndarray | Varying | Ragged, n: int) -> list[np.ndarray]:
    """The array of every lane, in memory of its own."""
    if type(leaf) is Ragged:
        return leaf.arrays
    return list(leaf.array.copy()) if type(leaf) is Varying else [np.array(leaf, order="C") for _ in range(n)]


def _spread(leaf: Any, n: int) -> np.ndarray:
    if isinstance(leaf, np.ndarray):
        return np.repeat(leaf[None], n, axis=0)
    if isinstance(leaf, (str, Rotation)) or (type(leaf) is int and not -(2**62) < leaf < 2**62):
        array = np.empty(n, dtype=object)
        array[:] = [leaf] * n
        return array
    return np.repeat(np.array([leaf]), n)


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return a is b or (a.shape == b.shape and a.tobytes() == b.tobytes())
    if isinstance(a, float):
        return a == b and math.copysign(1.0, a) == math.copysign(1.0, b)
    return a is b or (not isinstance(a, Rotation) and bool(a == b))
