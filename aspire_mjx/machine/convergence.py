"""Which strand goes next, so that lanes that took different branches meet again where the branches join.

The strand that is furthest behind runs until it is no longer behind; strands that then stand at the same place with
values of the same structure become one. Processors that run many lanes to an instruction do it much like this.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heappop, heappush
from typing import Any

from aspire_mjx.machine.merging import MergeableStrand, Place, merge
from aspire_mjx.machine.strand import Strand

_MOST_SKIPPED = 32  #: meetings that a strand lets pass after it could not join others
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

        One that meets others joins them when it can; several have just split, and stay apart.
        """
        for strand in strands:
            there = self._at(strand)
            if len(strands) > 1 or not there or strand.skip:
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
