"""How much memory the values of lanes take, and how deeply they are nested: looked at now and then, as lanes go on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from aspire_mjx.language.limits import ATOMS
from aspire_mjx.language.rotation import Rotation, count
from aspire_mjx.machine.ragged import Ragged
from aspire_mjx.machine.strand import Strand
from aspire_mjx.machine.structure import STRUCTURES
from aspire_mjx.machine.values import Varying, VaryingResult

_MOST_LEVELS = 50_000  #: of values in values; copies go through them level by level
_ITEM = 32  #: bytes of an element of a list, or of a variable: a reference, and a small object
_KEY = 96  #: of an element of a set, or a key of a dict
_ROTATION = 64
_VALUES, _PARTS = 2, 8  #: containers, and elements of containers, that are looked at in the time of one instruction
_FREE = ATOMS | {np.float64, np.int64, np.bool_}  #: types of numbers, which take no more than what holds them


class MemoryHeld:
    """What the values of a strand take. What a lane holds does not depend on the lanes beside it.

    Attributes:
        bytes: ``[N]`` in each lane.
        work: instructions in whose time they were looked at.
        levels: how deeply they are nested.
    """

    def __init__(self, strand: Strand) -> None:
        self._n, self._seen = strand.size, set[int]()
        self._counted = set[int]()  # memory
        self._by_name: dict[str, Any] = {}
        self.levels = self._values = self._parts = 0
        for name, value in _named(strand):
            # What several keep counts for the first of them.
            self._by_name[name] = self._by_name.get(name, 0) + _ITEM + self._bytes(value)
        self.bytes = sum(self._by_name.values()) + np.zeros(strand.size)
        self.work = self._values // _VALUES + self._parts // _PARTS

    def exceeds(self, memory: np.ndarray) -> np.ndarray:
        """``[N]`` bool, lanes whose values take more bytes, ``[N]``, or are nested too deeply."""
        return (self.bytes > memory) | (self.levels > _MOST_LEVELS)

    def told(self, row: int, memory: int, *, when: str = "") -> str:
        """The error of a lane that :meth:`exceeds`; ``when`` says when it may not take more."""
        if self.levels > _MOST_LEVELS:
            return f"MemoryError: values are nested in values in more than {_MOST_LEVELS} levels"
        own = {name: float(np.broadcast_to(held, self._n)[row]) for name, held in self._by_name.items()}
        largest = max(own, key=lambda name: own[name])
        return (
            f"MemoryError: the program's values take {self.bytes[row] / 2**20:.0f} MB, more than its budget of "
            f"{memory >> 20} MB{when}; {own[largest] / 2**20:.0f} MB of them {largest}; --max_memory raises it"
        )

    def _bytes(self, value: Any) -> Any:
        """Bytes in each lane, one number or ``[N]``, of what a value reaches and nothing before it did."""
        total, level, levels = 0, [value], 0
        while level:
            below: list[Any] = []
            for item in level:
                kind, key = type(item), id(item)
                if kind in _FREE or key in self._seen:
                    continue
                if kind is Varying and item.array.ndim == 1 and item.array.dtype != object:
                    continue  # a number, which counts as one that is the same in all lanes does
                self._seen.add(key)
                self._values += 1
                if kind is list or kind is tuple:  # what there may be many of
                    self._parts += len(item)
                    total += _ITEM * (len(item) + 1)
                    below.extend([part for part in item if type(part) not in _FREE])
                else:
                    total = total + self._own_bytes(item, below)
            level, levels = below, levels + 1
        self.levels = max(self.levels, levels)
        return total

    def _own_bytes(self, item: Any, below: list[Any]) -> Any:
        """Bytes of one value; what it holds is added to ``below``."""
        kind = type(item)
        if kind is np.ndarray:
            owner = item.base if isinstance(item.base, np.ndarray) else item
            return owner.nbytes if self._is_new(owner) else 0
        if kind is Varying:
            owner = item.owner or item
            return _in_each(owner.array) if self._is_new(owner) else 0
        if kind is Ragged:
            kept = item.memory
            return kept.bytes if self._is_new(kept.name) else 0
        if kind is VaryingResult:
            return sum(each.nbytes // self._n for each in item.results.fields.values() if isinstance(each, np.ndarray))
        if kind is Rotation:
            return _ROTATION * count(item)
        if kind is str:
            return sys.getsizeof(item)
        if kind is set:
            return _KEY * len(item)
        structure = STRUCTURES.get(kind)
        if structure is None:
            return 0
        parts = structure.held(item)
        self._parts += len(parts)
        below += [part for part in parts if type(part) not in _FREE]
        return (_KEY if kind is dict else _ITEM) * (len(parts) + 1)

    def _is_new(self, owner: Any) -> bool:
        """Whether the memory that a value is a view of, or has itself, was not counted yet."""
        new = id(owner) not in self._counted
        self._counted.add(id(owner))
        return new


def _named(strand: Strand) -> Iterator[tuple[str, Any]]:
    """Everything that a strand reaches, by what holds it."""
    for variables in (strand.variables, *[scope for frame in strand.frames for scope in frame.scopes[:1]]):
        for name, value in variables.items():
            yield f"in {name}", value
    yield "in what is being computed", [(frame.stack, frame.handled) for frame in strand.frames]


def _in_each(array: np.ndarray) -> Any:
    """Bytes of the values ``[N, ...]``."""
    if array.dtype == object:
        return np.array([sys.getsizeof(each) for each in array.tolist()])
    return array.nbytes // len(array)
