"""Where lanes spend their budget of instructions: by source line, once they have spent the first fortieth of it.

Most programs never come that far, and pay nothing for the books. What is booked for a lane does not depend on others.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.machine.strand import Strand
from aspire_mjx.printable import source_lines

_UNWATCHED = 40  #: one part in so many is not booked
_SHOWN = 3  #: lines
_WIDTH = 60  #: characters of a source line


class Spending:
    """The books of all lanes of a machine."""

    def __init__(self, limits: ProgramLimits) -> None:
        self._limits, self._first = limits, limits.instructions // _UNWATCHED
        self._books: dict[int, dict[int, int]] = {}  # by lane and line

    def start(self, lanes: np.ndarray) -> None:
        """Lanes ``[N]`` begin a program."""
        for lane in lanes.tolist() if self._books else ():
            self._books.pop(lane, None)

    def room(self, strand: Strand) -> int:
        """The count of a strand at which the next of its lanes has to be watched."""
        unwatched = strand.spent[strand.spent + strand.count < self._first]
        return self._first - int(unwatched.max()) if unwatched.size else self._limits.instructions

    def watch(self, strand: Strand) -> Watch | None:
        """A watch over those lanes of a strand that have to be watched now, if any."""
        if int(strand.spent.max()) + strand.count < self._first:
            return None
        return Watch(self._books, strand, np.flatnonzero(strand.spent + strand.count >= self._first))

    def told(self, strand: Strand, rows: np.ndarray) -> list[str]:
        """For some lanes, whose instructions are spent: which budget it is, where it went, and what to do about it."""
        source = source_lines(strand.schedule.program.text)
        lanes, total, until = strand.lanes[rows], (strand.spent + strand.count)[rows], strand.until[rows]
        each = zip(lanes.tolist(), total.tolist(), until.tolist(), strict=True)
        return [self._ended(lane, spent, until, source) for lane, spent, until in each]

    def _ended(self, lane: int, spent: int, until: int, source: list[str]) -> str:
        limits = self._limits
        if until == 0:
            return f"the program's budget of {limits.looks} looks is spent; --max_looks raises it"
        if spent >= limits.instructions:
            budget, raises = f"the program's budget of {limits.instructions} instructions", "raises it"
        elif until == limits.first:
            budget = f"the budget of {until} instructions before a program first looks or moves"
            raises = f"({limits.instructions} now) raises it, a 30th of that"
        else:
            budget = f"the budget of {limits.between} instructions between two looks or motions"
            raises = f"({limits.instructions} now) raises it, half of that"
        return f"{budget} is spent:{self._where(lane, source)} --max_instructions {raises}"

    def _where(self, lane: int, source: list[str]) -> str:
        """The lines in which a lane has spent its budget."""
        books = self._books.get(lane, {})
        whole = max(sum(books.values()), 1)
        most = sorted(books, key=lambda line: (-books[line], line))[:_SHOWN]
        parts = [
            f"{100 * books[line] / whole:.0f} % in line {line} `{_short(source[line - 1])}`"
            for line in most
            if 0 < line <= len(source) and 20 * books[line] >= whole
        ]
        return f" {', '.join(parts)};" if parts else ""


class Watch:
    """Books what some lanes of a strand spend while it goes on."""

    def __init__(self, books: dict[int, dict[int, int]], strand: Strand, rows: np.ndarray) -> None:
        self._books, self._strand, self._rows = books, strand, rows
        self._alike: dict[int, int] = defaultdict(int)  # by line, in all of the lanes
        self._each: list[tuple[int, np.ndarray]] = []  # lines with what each lane spent more

    def note(self, line: int, count: int, spent: np.ndarray) -> None:
        """An instruction of a line has been executed; ``count`` and ``spent`` are the strand's before."""
        self._alike[line] += self._strand.count - count
        if self._strand.spent is not spent:
            self._each.append((line, (self._strand.spent - spent)[self._rows]))

    def close(self, lanes: np.ndarray) -> None:
        """The watch is over; ``lanes [N]`` are those of the strand when it began."""
        for i, lane in enumerate(lanes[self._rows].tolist()):
            books = self._books.setdefault(lane, defaultdict(int))
            for line, amount in self._alike.items():
                books[line] += amount
            for line, amounts in self._each:
                books[line] += int(amounts[i])


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _WIDTH else text[: _WIDTH - 3] + "..."
