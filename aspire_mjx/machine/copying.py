"""Copies of everything a strand can reach, which keep what is shared shared.

Splitting takes lanes out of every varying value; merging joins strands whose values have the same structure. Both
preserve aliasing: two names of one list, or an array and a view of it, stay so in the copy.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from aspire_mjx.language.rotation import Rotation
from aspire_mjx.machine.lane_columns import objects
from aspire_mjx.machine.ragged import Ragged, RaggedMemory
from aspire_mjx.machine.structure import SCALARS, STRUCTURES
from aspire_mjx.machine.values import Varying, VaryingResult
from aspire_mjx.primitives.results import Results

_NUMBER = 5  #: values in whose time a number that differs between lanes is copied
_DEEP = 1_000_000  #: recursion limit while copying; programs can nest lists as deeply as their budget allows


class Copier:
    """A copy of a graph of values; subclasses decide what happens to the leaves."""

    def __init__(self) -> None:
        self.memo: dict[int, Any] = {}
        self.choices: list[tuple[Varying, tuple[Varying, ...], np.ndarray]] = []
        self.kept: list[Any] = []
        self.visited = 0  # values, in whose time the rest was copied

    def _note(self, token: Hashable) -> None:
        """Called for every part of the structure, in a fixed order."""

    def _scalar(self, value: Any) -> Any:
        """A uniform number or text."""
        return value

    def _array(self, value: np.ndarray) -> Any:
        """A uniform array that owns its memory."""
        return value.copy()

    def _varying(self, value: Any) -> Any:
        """What differs between lanes: a Varying that owns its memory, Results, or a Ragged.

        The arrays of a ragged value are handed on, not copied: the lanes of the original are not used again.
        """
        raise NotImplementedError

    def _number(self, value: Varying) -> Any:
        """A varying number or text."""
        return self._varying(value)

    def _picked(self, value: Varying, sources: tuple[Varying, ...], index: np.ndarray) -> Any:
        """An array that every lane has picked from several; it is linked to the copies of those at the end."""
        copied = self._varying(value)
        self.choices.append((copied, sources, index))
        return copied

    def copy(self, value: Any) -> Any:
        """The copy of one value; the same object gives the same copy."""
        kind = type(value)
        if kind in SCALARS or isinstance(value, np.generic):
            return self._scalar(value)
        if value is None:
            self._note(None)
            return None
        if kind is Varying and (value.python or value.array.ndim == 1):
            self.visited += _NUMBER
            return self._number(value)
        key = id(value)
        if key in self.memo:
            self._note(("again", self.memo[key][0]))
            return self.memo[key][1]
        leaf = _LEAVES.get(kind)
        if leaf is not None:
            return self._remember(value, leaf(self, value))
        structure = STRUCTURES.get(kind)
        if structure is None:
            self._note((kind, key))
            return value
        self._note(structure.token(value))
        new = structure.empty(value)
        if new is not None:
            self._remember(value, new)
        held = structure.held(value)
        self.visited += 1 + len(held) + (len(value) if kind is set or kind is dict else 0)
        filled = structure.fill(value, new, [self.copy(item) for item in held])
        return filled if new is not None else self._remember(value, filled)

    def _remember(self, value: Any, copied: Any) -> Any:
        self.memo[id(value)] = (len(self.memo), copied)
        self.kept.append(value)
        return copied

    def _copy_array(self, value: np.ndarray) -> Any:
        owner = value.base
        if isinstance(owner, np.ndarray):
            copied = self.copy(owner)
        else:
            self._note(("array", value.dtype.str, value.ndim))
            if value.flags.c_contiguous:
                return self._array(value)
            owner = value
            copied = self._array(value.ravel("K"))  # the copies of its views need its memory in this order
        return self._view(copied, offset_in(owner, value), value.shape, value.strides, value.dtype)

    def _copy_varying(self, value: Varying) -> Any:
        if value.choice is not None:
            return self._picked(value, *value.choice)
        if value.owner is None:
            return self._varying(value)
        array = value.array
        copied = self.copy(value.owner)
        return self._view(copied, offset_in(value.owner.array, array), array.shape[1:], array.strides[1:], array.dtype)

    def _view(self, owner: Any, *part: Any) -> Any:
        self._note(("view", *part[:3], part[3].str))
        return view_of(owner, *part)

    def _copy_result(self, value: VaryingResult) -> VaryingResult:
        self._note(("result", value.results.primitive.name, value.results.unpacks))
        return VaryingResult(self._varying(value.results))

    def _copy_choices(self) -> None:
        """Link the copies of picked arrays to those of their sources, as far as something else still reaches these."""
        roots = [{id(source.owner or source) for source in sources} for _, sources, _ in self.choices]
        uses = Counter(root for each in roots for root in each)
        linked = [any(root in self.memo or uses[root] > 1 for root in each) for each in roots]
        for (copied, sources, index), link in zip(self.choices, linked, strict=True):
            self._note(("choice", link))
            if link:
                self._note(tuple((source.owner or source).array.shape[1:] for source in sources))
                places = self._varying(Varying(index, True)).array
                self._link(copied, tuple(self.copy(source) for source in sources), places)

    def _link(self, copied: Varying, sources: tuple[Varying, ...], index: np.ndarray) -> None:
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
        copier._copy_choices()
        return copy
    finally:
        sys.setrecursionlimit(usual)


#: types whose values are copied as a whole
_LEAVES: dict[type, Callable[[Copier, Any], Any]] = {
    np.ndarray: Copier._copy_array,
    Varying: Copier._copy_varying,
    Ragged: lambda copier, value: copier._varying(value),
    VaryingResult: Copier._copy_result,
}


def offset_in(owner: np.ndarray, view: np.ndarray) -> int:
    """Where a view begins in the memory of its owner, bytes."""
    return view.__array_interface__["data"][0] - owner.__array_interface__["data"][0]


def view_of(owner: Any, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], dtype: np.dtype) -> Any:
    """A view of the same part of an array, or of every lane of an owner, given the part's place within one lane."""
    if type(owner) is Ragged:
        parts = [view_of(array, offset, shape, strides, dtype) for array in owner.arrays]
        return Ragged(parts, memory=owner.memory)
    if type(owner) is Varying:
        owner = owner.owner or owner
        base = owner.array
        return Varying(np.ndarray((len(base), *shape), dtype, base, offset, (base.strides[0], *strides)), owner=owner)
    memory = owner if owner.flags.c_contiguous else owner.base
    return np.ndarray(shape, dtype, memory, offset, strides)


class Take(Copier):
    """The values of some lanes: ``rows [M]`` of the N."""

    def __init__(self, rows: np.ndarray) -> None:
        super().__init__()
        self.rows = rows

    def _number(self, value: Varying) -> Any:
        if len(self.rows) == 1 and value.python and value.array.dtype != object:
            return value.array[self.rows[0]].item()  # a lane alone computes with plain numbers, which is faster
        return self._varying(value)

    def _varying(self, value: Varying | Ragged | Results) -> Any:
        return value.take(self.rows)


class Promotion(Copier):
    """The same values with one array (and the views of it) made varying if it is uniform, ragged if it is varying.

    ``array`` is that one or any view of it, in ``n`` lanes. With a varying array, whatever was picked from several, and
    those, become ragged too.

    Attributes:
        ragged: whether a uniform array is made ragged at once.
        unfit: whether it has to be, as there is a view of it that has no axes: such a view cannot be varying.
    """

    def __init__(self, array: np.ndarray | Varying, n: int, *, ragged: bool = False) -> None:
        super().__init__()
        self.ragged, self.unfit = ragged, False
        owner = array.owner if isinstance(array, Varying) else array.base
        self.owner = owner if isinstance(owner, (np.ndarray, Varying)) else array
        self.n = n

    def _array(self, value: np.ndarray) -> Any:
        if value is not self.owner and value.base is not self.owner:
            return value.copy()
        return self._spread(value)

    def _spread(self, value: np.ndarray) -> Varying | Ragged:
        if self.ragged or not value.ndim:
            return Ragged([value.copy() for _ in range(self.n)])
        return Varying(np.repeat(value[None], self.n, axis=0))

    def _view(self, owner: Any, *part: Any) -> Any:
        self.unfit = self.unfit or (type(owner) is Varying and part[1] == ())
        return super()._view(owner, *part)

    def _varying(self, value: Varying | Ragged | Results) -> Any:
        if type(value) is not Varying:
            return value
        array = value.array.copy()
        if value is not self.owner and not (value.watched and isinstance(self.owner, Varying)):
            return Varying(array, value.python, codes=value.codes)
        counts = np.full(self.n, array.shape[1])
        return Ragged(flat=array.reshape(-1, *array.shape[2:]), counts=counts)

    def _picked(self, value: Varying, sources: tuple[Varying, ...], index: np.ndarray) -> Any:
        if not isinstance(self.owner, Varying):
            return super()._picked(value, sources, index)
        arrays = [self.copy(source).arrays for source in sources]
        return Ragged([arrays[j][i] for i, j in enumerate(index.tolist())])


class ValueLayout(Copier):
    """Records the structure of a graph (``tokens``) and its leaves in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[Hashable] = []
        self.leaves: list[Any] = []

    def _note(self, token: Hashable) -> None:
        self.tokens.append(token)

    def _scalar(self, value: Any) -> Any:
        self.tokens.append(type(value))
        self.leaves.append(value)
        return value

    def _array(self, value: np.ndarray) -> Any:
        self.leaves.append(value)
        return value

    def _view(self, owner: Any, *part: Any) -> Any:
        if part[1] == () and type(owner) is np.ndarray and owner.ndim:
            self._note(object())  # joined with another one, the owner would become varying, which has no such views
        return super()._view(owner, *part)

    def _varying(self, value: Varying | Ragged | Results) -> Any:
        if not isinstance(value, Results):
            self.tokens.append(value.form)
        self.leaves.append(value)
        return value

    def _link(self, copied: Varying, sources: tuple[Varying, ...], index: np.ndarray) -> None:
        """The copy is the original, which is linked already."""


class Merge(Copier):
    """The joint values of strands with equal signatures: a copy of the first with joined leaves.

    ``leaves`` are those of each strand, ``sizes`` how many lanes it has.
    """

    def __init__(self, leaves: Sequence[Sequence[Any]], sizes: Sequence[int]) -> None:
        super().__init__()
        names: dict[tuple[Any, ...], object] = {}
        self.joined = iter([joined(column, sizes, names) for column in zip(*leaves, strict=True)])

    def _scalar(self, value: Any) -> Any:
        return next(self.joined)

    _array = _varying = _scalar


def joined(leaves: Sequence[Any], sizes: Sequence[int], names: dict[tuple[Any, ...], object]) -> Any:
    """One leaf from those of several strands, with so many lanes each; uniform where they are all the same.

    ``names`` are those of memory that was joined, by its names in the strands.
    """
    first = leaves[0]
    if isinstance(first, Results):
        return Results.concatenate(leaves)
    if not any(type(leaf) in (Varying, Ragged) for leaf in leaves) and all(_same(leaf, first) for leaf in leaves):
        return first.copy() if isinstance(first, np.ndarray) else first
    if len({_shape(leaf) for leaf in leaves}) > 1 or (isinstance(first, np.ndarray) and not first.ndim):
        arrays = [array for leaf, n in zip(leaves, sizes, strict=True) for array in _each(leaf, n)]
        return Ragged(arrays, memory=_joined_memory(leaves, sizes, names))
    parts = [_spread(leaf, n) for leaf, n in zip(leaves, sizes, strict=True)]
    if any(part.dtype == object for part in parts):
        parts = [part.astype(object) for part in parts]
    sample = next((leaf for leaf in leaves if type(leaf) is Varying), None)
    python = sample.python if sample is not None else not isinstance(first, (np.generic, np.ndarray))
    return Varying(np.concatenate(parts), python)


def _joined_memory(leaves: Sequence[Any], sizes: Sequence[int], names: dict[tuple[Any, ...], object]) -> RaggedMemory:
    """The memory of array leaves that are joined: one name for what had the same names in all strands."""
    own = [_memory(leaf, n) for leaf, n in zip(leaves, sizes, strict=True)]
    name = names.setdefault(tuple(id(memory.name) if memory.bytes.any() else 0 for memory in own), object())
    return RaggedMemory(name, np.concatenate([memory.bytes for memory in own]))


def _memory(leaf: Any, n: int) -> RaggedMemory:
    """What keeps the elements of an array leaf of n lanes."""
    if type(leaf) is Ragged:
        return leaf.memory
    if type(leaf) is Varying:
        owner = leaf.owner or leaf
        return RaggedMemory(owner, np.full(n, owner.array.nbytes // n))
    owner = leaf.base if isinstance(leaf.base, np.ndarray) else leaf
    return RaggedMemory(owner, np.full(n, owner.nbytes))


def _shape(leaf: Any) -> Any:
    """The shape in every lane; the ragged value itself where there is no such shape."""
    if type(leaf) is Ragged:
        return leaf
    return leaf.array.shape[1:] if type(leaf) is Varying else np.shape(leaf) if isinstance(leaf, np.ndarray) else ()


def _each(leaf: np.ndarray | Varying | Ragged, n: int) -> list[np.ndarray]:
    """The array of every lane, in memory of its own."""
    return leaf.arrays if type(leaf) is Ragged else [np.array(lane, order="C") for lane in _spread(leaf, n)]


def _spread(leaf: Any, n: int) -> np.ndarray:
    """``[N, ...]`` from what is the same in all lanes, or varying."""
    if type(leaf) is Varying:
        return leaf.array
    if isinstance(leaf, np.ndarray):
        return np.repeat(leaf[None], n, axis=0)
    if isinstance(leaf, (str, Rotation)) or (type(leaf) is int and not -(2**62) < leaf < 2**62):
        return objects([leaf] * n)
    return np.repeat(np.array([leaf]), n)


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return a is b or (a.shape == b.shape and a.tobytes() == b.tobytes())
    if isinstance(a, float):
        return a == b and math.copysign(1.0, a) == math.copysign(1.0, b)
    return a is b or (not isinstance(a, Rotation) and bool(a == b))
