"""Ragged values: numpy arrays whose shape differs between lanes, such as the points under a mask, or is ()."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise

import numpy as np


class Ragged:
    """An array in each of N lanes: equal dtype and number of axes, any shapes.

    Arrays without axes are always ragged: a :class:`~aspire_mjx.machine.values.Varying` of that shape is a number.

    The arrays are the program's arrays themselves, so views and mutation are numpy's own. As a lane is in one strand
    only, splitting and merging hand its array on and never copy it. While all arrays are consecutive parts of one,
    that one is ``flat`` and operations on all lanes at once cost one call.

    It is made of its arrays, or of ``flat`` ``[K, ...]`` and the ``counts`` ``[N]`` of rows of its consecutive parts.
    """

    __slots__ = ("_arrays", "_counts", "_flat")

    def __init__(
        self, arrays: list[np.ndarray] | None = None, flat: np.ndarray | None = None, counts: np.ndarray | None = None
    ) -> None:
        self._arrays, self._flat, self._counts = arrays, flat, counts

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
        return Ragged(flat=self._flat[(slice(None), *index)], counts=self.counts)

    def take(self, rows: Sequence[int] | np.ndarray) -> Ragged:
        """Some of the lanes; their arrays are handed on."""
        arrays = self.arrays
        return Ragged([arrays[i] for i in np.asarray(rows).tolist()])

    def copies(self) -> Ragged:
        """The same values in arrays of their own."""
        joined = self.joined()
        if joined is None:
            return Ragged([a.copy() for a in self.arrays])
        return Ragged(flat=joined.copy(), counts=self.counts)

    def __repr__(self) -> str:
        return f"Ragged({self.arrays!r})"


def gathered(items: list[np.ndarray], sources: Sequence[Sequence[np.ndarray]]) -> Ragged:
    """Arrays of all lanes as a ragged value.

    Views of the lane's ``sources`` stay views. Everything else is copied: it may be memory that lanes share.
    """
    shared = shares(items, sources)
    if not any(shared):
        return Ragged(items).copies()
    return Ragged([a if view else a.copy() for a, view in zip(items, shared, strict=True)])


def shares(items: list[np.ndarray], sources: Sequence[Sequence[np.ndarray]]) -> list[bool]:
    """Whether each lane's array shares memory with one of its ragged sources."""
    if not sources:
        return [False] * len(items)
    return [
        any(np.may_share_memory(item, source) for source in lane) for item, lane in zip(items, sources, strict=True)
    ]
