"""The second line of defence: lanes that take far more time than they are charged for end, and the others go on.

The first line is that every call declares what it needs before it is made. Should a declaration be wrong, nothing can
interrupt the call, but the lane gets no further. Counted is time of this thread's processor beyond what was charged, so
that neither a busy machine nor a slow one ends a lane of which all declarations hold.
"""

from __future__ import annotations

import time

import numpy as np

from aspire_mjx.machine.lane_columns import reaching
from aspire_mjx.machine.strand import Strand

_SLOWER = 20e-6  # s that an instruction may take; it declares one microsecond
_LONG = 1.0  # s of each lane that end a turn
_NOTED = 0.01  # s beyond that, of each lane in one turn, that are worth booking
_MOST = 60.0  # s beyond that in a program; threads of BLAS that wait for a core may count as work


class Overruns:
    """What the lanes of a machine have taken beyond what they were charged for."""

    def __init__(self) -> None:
        self._beyond = np.zeros(0)  # s, of every lane
        self._booked = False

    def start(self, lanes: np.ndarray) -> None:
        """Lanes ``[N]`` begin a program."""
        self._beyond = reaching(self._beyond, lanes)
        self._beyond[lanes] = 0.0

    def turn(self, strand: Strand) -> Turn:
        """A turn of a strand begins."""
        return Turn(strand, self)

    def book(self, lanes: np.ndarray, seconds: float) -> None:
        """Each of lanes ``[N]`` has taken so many seconds beyond what it may."""
        self._beyond[lanes] += seconds
        self._booked = True

    def over(self, lanes: np.ndarray) -> np.ndarray:
        """Rows of those of lanes ``[N]`` that may not go on."""
        return np.flatnonzero(self._beyond[lanes] > _MOST) if self._booked else np.zeros(0, dtype=np.int64)

    def told(self, lanes: np.ndarray) -> list[str]:
        """Why lanes ``[N]`` may not go on."""
        return [
            f"the program took {seconds:.0f} s of computing beyond {_SLOWER * 1e6:g} times what it was charged for: "
            "a call takes longer than it declares; please report the program"
            for seconds in self._beyond[lanes].tolist()
        ]


class Turn:
    """One turn of a strand: what it takes and what it is charged for."""

    def __init__(self, strand: Strand, overruns: Overruns) -> None:
        self._strand, self._overruns = strand, overruns
        self._lanes, self._count, self._spent = strand.lanes, strand.count, strand.spent
        self._begun = time.thread_time()

    def is_long(self) -> bool:
        """Whether it takes so long that others have their turn."""
        return time.thread_time() - self._begun > _LONG * len(self._lanes)

    def close(self) -> None:
        """The turn is over."""
        took, strand = time.thread_time() - self._begun, self._strand
        n = len(self._lanes)
        if took < _NOTED * n:
            return
        charged = float((strand.spent - self._spent).mean()) + strand.count - self._count
        beyond = took / n - _SLOWER * max(0.0, charged)
        if beyond > _NOTED:
            self._overruns.book(self._lanes, beyond)
