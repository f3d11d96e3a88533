"""Joining strands that stand at the same place and whose values have the same structure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np

from aspire_mjx.machine.copying import Merge, ValueLayout, copied
from aspire_mjx.machine.strand import Strand

_SIZED = frozenset({list, tuple, dict, set})
_DEPTH, _WIDTH = 2, 16  #: how far an outline looks into containers


class MergeableStrand:
    """A strand that stands still, with what tells whether it can join another; worked out when first asked for."""

    def __init__(self, strand: Strand) -> None:
        self.strand = strand

    @cached_property
    def outline(self) -> Hashable:
        """What can be seen without going into the values: the variables there are and the lengths of containers."""
        parts = [_outlined(self.strand.variables.items())]
        for frame in self.strand.frames:
            if frame.scopes:
                parts.append(_outlined(frame.scopes[0].items()))
            parts.append(_outlined(enumerate(frame.stack)))
        return tuple(parts)

    @cached_property
    def signature(self) -> ValueLayout:
        """The structure of everything the strand reaches, and the leaves in order."""
        signature = ValueLayout()
        copied(signature, self.strand.root())
        return signature

    @cached_property
    def form(self) -> int:
        """Equal for strands that can join; hardly ever for others."""
        return hash(tuple(self.signature.tokens))


def _outlined(values: Iterable[tuple[Any, Any]]) -> Hashable:
    return tuple([(key, _shape_of(value, _DEPTH)) for key, value in values])


def _shape_of(value: Any, depth: int) -> Hashable:
    """Lengths of containers, and of those in their first elements."""
    if type(value) not in _SIZED:
        return None
    if not depth or type(value) is set:
        return len(value)
    items = value.values() if type(value) is dict else value
    return len(value), *[_shape_of(item, depth - 1) for item in islice(items, _WIDTH) if type(item) in _SIZED]


def merge(strands: Iterable[Strand]) -> list[Strand]:
    """Join what can be joined."""
    places: dict[Hashable, list[MergeableStrand]] = {}
    for strand in strands:
        places.setdefault(strand.place(), []).append(MergeableStrand(strand))
    return [candidate.strand for group in places.values() for candidate in joined(group)]


def joined(candidates: Sequence[MergeableStrand]) -> list[MergeableStrand]:
    """Candidates that stand at the same place, with those of the same structure made one."""
    merged = []
    for group in _grouped(candidates, lambda each: each.outline):
        for alike in _grouped(group, lambda each: tuple(each.signature.tokens)):
            merged.append(alike[0] if len(alike) == 1 else MergeableStrand(_one(alike)))
    return merged


def _grouped(
    candidates: Sequence[MergeableStrand], key: Callable[[MergeableStrand], Hashable]
) -> list[list[MergeableStrand]]:
    """Groups of equal keys, in order of their first; a single candidate is not asked for its key."""
    if len(candidates) == 1:
        return [list(candidates)]
    groups: dict[Hashable, list[MergeableStrand]] = {}
    for candidate in candidates:
        groups.setdefault(key(candidate), []).append(candidate)
    return list(groups.values())


class Place:
    """Candidates that stand at the same place, by what can be seen of them without much work."""

    def __init__(self) -> None:
        self._new: list[MergeableStrand] = []
        self._outlines: dict[Hashable, list[MergeableStrand]] = {}

    def __bool__(self) -> bool:
        return bool(self._new or self._outlines)

    def put(self, candidate: MergeableStrand) -> None:
        """Add a candidate that stays apart for now."""
        self._new.append(candidate)

    def pop(self) -> MergeableStrand:
        """Remove any candidate."""
        if self._new:
            return self._new.pop()
        outline, group = next(iter(self._outlines.items()))
        candidate = group.pop()
        if not group:
            del self._outlines[outline]
        return candidate

    def meet(self, candidate: MergeableStrand) -> bool:
        """Add a candidate, joined with those that it can join; whether there were any."""
        for other in self._new:
            self._outlines.setdefault(other.outline, []).append(other)
        self._new.clear()
        group = self._outlines.setdefault(candidate.outline, [])
        alike = [other for other in group if other.form == candidate.form]
        alike = [other for other in alike if other.signature.tokens == candidate.signature.tokens]
        if alike:
            group[:] = [other for other in group if other not in alike]
            candidate = MergeableStrand(_one([*alike, candidate]))
        group.append(candidate)
        return bool(alike)


def _one(group: Sequence[MergeableStrand]) -> Strand:
    strands = [candidate.strand for candidate in group]
    copier = Merge([candidate.signature.leaves for candidate in group], [strand.size for strand in strands])
    first = strands[0].with_copy(copier)
    first.lanes = np.concatenate([s.lanes for s in strands])
    first.spent = np.concatenate([s.spent + s.count for s in strands])
    first.count, first.turn = 0, min(s.turn - s.count for s in strands)
    first.misses = first.skip = 0
    first.tunables = {name: np.concatenate([s.tunables[name] for s in strands]) for name in first.tunables}
    return first
