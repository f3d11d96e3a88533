"""How lanes that took different branches meet again: which strand goes next, and which can become one.

The strand that is furthest behind runs until it is no longer behind; strands that then stand at the same place with
values of the same structure become one. Processors that run many lanes to an instruction do it much like this.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from heapq import heappop, heappush
from itertools import islice
from typing import Any

import numpy as np

from aspire_mjx.machine.copying import Merge, ValueLayout, copied
from aspire_mjx.machine.strand import Strand

_MOST_SKIPPED = 32  #: meetings that a strand lets pass after it could not join others
_SIZED = frozenset({list, tuple, dict, set})
_DEPTH = 2  #: how many levels of containers an outline looks into
_WIDTH = 16  #: how many elements of each it looks at
Position = tuple[Any, ...]


def position(strand: Strand) -> Position:
    """How far a strand has come. Positions of strands of one schedule are ordered as the program orders them.

    For each call in progress: for each loop around its place, the loop's head and the trips taken; then the place.
    """
    loops = strand.schedule.flow.loops
    parts = []
    for frame in strand.frames:
        around = [number for head in loops[frame.pc] for number in (head, frame.trips.get(head, 0))]
        parts.append((*around, frame.pc))
    return tuple(parts)


class Pool:
    """Strands that can run, by program and position."""

    def __init__(self, strands: Iterable[Strand], turn: int) -> None:
        """Every strand may execute ``turn`` instructions before it has to leave."""
        self._programs: dict[int, int] = {}
        self._places: dict[tuple[int, Position], Place] = {}
        self._order: list[tuple[int, Position]] = []  # heap of the places
        for strand in merge(strands):
            strand.turn = strand.count + turn
            self._at(strand).put(MergeableStrand(strand))

    def _at(self, strand: Strand) -> Place:
        program = self._programs.setdefault(id(strand.schedule), len(self._programs))
        key = program, position(strand)
        if key not in self._places:
            self._places[key] = Place()
            heappush(self._order, key)
        return self._places[key]

    def __bool__(self) -> bool:
        return bool(self._places)

    def add(self, strands: list[Strand]) -> None:
        """Put what became of a strand (back) into the pool.

        One that meets others joins them when it can; several have just split, and stay apart. So do the lanes of one
        that has been compared or copied too often.
        """
        parted = [lane for strand in strands for lane in strand.alone()]
        for strand in parted:
            there = self._at(strand)
            if len(parted) > 1 or not there or strand.skip or strand.apart:
                there.put(MergeableStrand(strand))
                strand.skip = max(0, strand.skip - 1)
            elif not there.meet(MergeableStrand(strand)):  # what keeps strands apart often stays for a while
                strand.misses += 1
                strand.skip = min(2**strand.misses, _MOST_SKIPPED)

    def take(self) -> tuple[Strand, Position | None]:
        """The strand that is furthest behind, and the position at which it has caught up with the next of its program.

        None when it is the only one of its program.
        """
        key = self._order[0]
        there = self._places[key]
        strand = there.pop().strand
        if there:
            return strand, key[1]
        heappop(self._order)
        del self._places[key]
        following = self._order[0] if self._order else None
        return strand, following[1] if following is not None and following[0] == key[0] else None


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
        self.strand.copies += signature.visited
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
    """Join strands that stand at the same place with values of the same structure, but those that stay apart."""
    given = list(strands)
    merged = [strand for strand in given if strand.apart]
    mergeable = [MergeableStrand(strand) for strand in given if not strand.apart]
    for here in grouped(mergeable, lambda each: each.strand.place()):
        for similar in grouped(here, lambda each: each.outline):
            for alike in grouped(similar, lambda each: tuple(each.signature.tokens)):
                merged.append(alike[0].strand if len(alike) == 1 else _one(alike))
    return merged


def grouped(items: Sequence[Any], key: Callable[[Any], Hashable]) -> list[list[Any]]:
    """Groups of equal keys, in order of their first; a single item is not asked for its key."""
    if len(items) == 1:
        return [list(items)]
    groups: dict[Hashable, list[Any]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
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
        apart = [other for other in self._new if other.strand.apart]
        for other in self._new if not apart else [other for other in self._new if not other.strand.apart]:
            self._outlines.setdefault(other.outline, []).append(other)
        self._new = apart
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
    for strand in strands:
        strand.tell_coverage()
    copier = Merge([candidate.signature.leaves for candidate in group], [strand.size for strand in strands])
    first = strands[0].with_copy(copier)
    first.lanes = np.concatenate([s.lanes for s in strands])
    first.spent = np.concatenate([s.spent + s.count for s in strands])
    first.audited = np.concatenate([s.audited for s in strands])
    first.until = np.concatenate([s.until for s in strands])
    first.looks = np.concatenate([s.looks for s in strands])
    first.copies = max(first.copies, *[s.copies for s in strands])
    first.count, first.turn = 0, min(s.turn - s.count for s in strands)
    first.misses = first.skip = 0
    first.visits = {}
    first.tunables = {name: np.concatenate([s.tunables[name] for s in strands]) for name in first.tunables}
    return first
