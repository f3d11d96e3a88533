"""Which source lines each lane executed, and how often: the spectrum that faults are localised with.

A strand counts for all its lanes at once; the counts reach the lanes when it splits, is joined with others or ends.
"""

from __future__ import annotations

import numpy as np

from aspire_mjx.machine.lane_columns import objects


class Coverage:
    """The counts of all lanes of a machine."""

    def __init__(self) -> None:
        self._counts = np.zeros((0, 0), dtype=np.int32)  # of every lane and line

    def start(self, lanes: np.ndarray, lines: int) -> None:
        """Lanes ``[N]`` begin a program with so many lines."""
        have, need = self._counts.shape, (int(lanes.max(initial=-1)) + 1, lines + 1)
        more = [(0, max(wanted - there, 0)) for there, wanted in zip(have, need, strict=True)]
        if any(after for _, after in more):
            self._counts = np.pad(self._counts, more)
        self._counts[lanes] = 0

    def add(self, lanes: np.ndarray, visits: dict[int, int]) -> None:
        """Each of the lanes ``[N]`` has come to some lines: number of the line to how often."""
        if visits:
            self._counts[lanes[:, None], list(visits)] += np.array(list(visits.values()), dtype=np.int32)

    def take(self, lanes: np.ndarray) -> np.ndarray:
        """What lanes ``[N]`` executed, as texts: see :func:`read_coverage`."""
        rows, which = np.unique(self._counts[lanes], axis=0, return_inverse=True)
        return objects([_written(row) for row in rows])[which.reshape(-1)]


def _written(counts: np.ndarray) -> str:
    return " ".join(f"{line}:{counts[line]}" if counts[line] > 1 else str(line) for line in np.flatnonzero(counts))


def read_coverage(text: str) -> dict[int, int]:
    """Line to how often it began; a loop's header begins with each trip: ``"3 5:12 9"`` is ``{3: 1, 5: 12, 9: 1}``."""
    parts = (part.partition(":") for part in text.split())
    return {int(line): int(times or 1) for line, _, times in parts}
