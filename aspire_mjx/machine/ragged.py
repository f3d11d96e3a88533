"""Ragged values: numpy arrays whose shape differs between lanes, such as the points under a mask, or is ()."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np


class RaggedMemory(NamedTuple):
    """The memory of ragged arrays, which views of them keep.

    Attributes:
        name: the same object wherever the same memory is kept, in whichever strand.
        bytes: ``[N]`` int, what every lane has of it.
    """

    name: object
    bytes: np.ndarray


class Ragged:
    """An array in each of N lanes: equal dtype and number of axes, any shapes.

    Arrays without axes are always ragged: a :class:`~aspire_mjx.machine.values.Varying` of that shape is a number.

    The arrays are the program's arrays themselves, so views and mutation are numpy's own. As a lane is in one strand
    only, splitting and merging hand its array on and never copy it. While all arrays are consecutive parts of one,
    that one is ``flat`` and operations on all lanes at once cost one call.

    It is made of its arrays, or of ``flat`` ``[K, ...]`` and the ``counts`` ``[N]`` of rows of its consecutive parts; a
    view is made with the ``memory`` of what it is a view of.
    """

    __slots__ = ("_arrays", "_counts", "_flat", "_memory")

    def __init__(
        self,
        arrays: list[np.ndarray] | None = None,
        flat: np.ndarray | None = None,
        counts: np.ndarray | None = None,
        *,
        memory: RaggedMemory | None = None,
    ) -> None:
        self._arrays, self._flat, self._counts, self._memory = arrays, flat, counts, memory

    @property
    def arrays(self) -> list[np.ndarray]:
        """The N arrays."""
        if self._arrays is None:
            flat, counts = self._flat, self._counts
            assert flat is not None and counts is not None
            self._arrays = [flat[start:end] for start, end in pairwise([0, *np.cumsum(counts).tolist()])]
        return self._arrays

    @property
    def counts(self) -> np.ndarray:
        """``[N]`` int: the length of every lane's first axis. TypeError, as ``len`` has it, for arrays without axes."""
        if self._counts is None:
            self._counts = np.array([len(a) for a in self.arrays], dtype=np.int64)
        return self._counts

    @property
    def sizes(self) -> np.ndarray:
        """``[N]`` int: the number of elements in every lane."""
        if self._flat is not None:
            return self.counts * int(np.prod(self._flat.shape[1:]))
        return np.array([a.size for a in self.arrays], dtype=np.int64)

    @property
    def memory(self) -> RaggedMemory:
        """What keeps its elements; views of the same arrays have the same."""
        if self._memory is None:
            self._memory = RaggedMemory(object(), self.sizes * self.dtype.itemsize)
        return self._memory

    @property
    def ndim(self) -> int:
        """The number of axes in a lane."""
        return self._flat.ndim if self._flat is not None else self.arrays[0].ndim

    @property
    def dtype(self) -> np.dtype:
        """The type of the elements."""
        return self._flat.dtype if self._flat is not None else self.arrays[0].dtype

    @property
    def form(self) -> Hashable:
        """Equal for values that can be joined."""
        return "array", self.dtype.str, self.ndim

    def joined(self) -> np.ndarray | None:
        """``[K, ...]``: all lanes' rows one after the other; None when there are none, or the axes behind them differ.

        It may or may not share memory with the arrays.
        """
        if self._flat is not None:
            return self._flat
        if not self.ndim:
            return None
        inner = self.arrays[0].shape[1:]
        return np.concatenate(self.arrays) if all(a.shape[1:] == inner for a in self.arrays) else None

    def columns(self, index: tuple) -> Ragged | None:
        """The view ``[:, *index]`` of every lane by a basic index; None unless the arrays are parts of one."""
        if self._flat is None:
            return None
        return Ragged(flat=self._flat[(slice(None), *index)], counts=self.counts, memory=self.memory)

    def take(self, rows: Sequence[int] | np.ndarray) -> Ragged:
        """Some of the lanes; their arrays are handed on."""
        arrays, memory = self.arrays, self.memory
        return Ragged([arrays[i] for i in np.asarray(rows).tolist()], memory=memory._replace(bytes=memory.bytes[rows]))

    def copies(self) -> Ragged:
        """The same values in arrays of their own."""
        joined = self.joined()
        if joined is None:
            return Ragged([a.copy() for a in self.arrays])
        return Ragged(flat=joined.copy(), counts=self.counts)

    def __repr__(self) -> str:
        return f"Ragged({self.arrays!r})"


def gathered(items: list[np.ndarray], sources: Sequence[Ragged]) -> Ragged:
    """Arrays of all lanes as a ragged value.

    Views of the lane's ``sources`` stay views. Everything else is copied: it may be memory that lanes share.
    """
    shared = shares(items, sources)
    if not any(source is not None for source in shared):
        return Ragged(items).copies()
    arrays = [a if source is not None else a.copy() for a, source in zip(items, shared, strict=True)]
    pairs = zip(arrays, shared, strict=True)
    first = next(source for source in shared if source is not None)
    if all(source is first or (source is None and not own.size) for own, source in zip(arrays, shared, strict=True)):
        return Ragged(arrays, memory=first.memory)
    kept = [own.nbytes if source is None else source.memory.bytes[i] for i, (own, source) in enumerate(pairs)]
    return Ragged(arrays, memory=RaggedMemory(object(), np.array(kept)))


def shares(items: list[np.ndarray], sources: Sequence[Ragged]) -> list[Ragged | None]:
    """Which of the ragged sources each lane's array shares memory with, if any."""
    return [
        next((source for source in sources if np.may_share_memory(item, source.arrays[i])), None)
        for i, item in enumerate(items)
    ]
