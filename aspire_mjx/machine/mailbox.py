"""Results on their way to lanes: arrays indexed by lane, so that thousands of lanes cost no loop."""

from __future__ import annotations

from collections import Counter

import numpy as np

from aspire_mjx.machine.lane_columns import reaching
from aspire_mjx.primitives.results import Results

_IDLE, _WAITS, _HOLDS = 0, 1, 2


class Mailbox:
    """For every lane whether it waits for a result, and the result once it has come."""

    def __init__(self) -> None:
        self._state = np.zeros(0, dtype=np.int8)
        self._batch = np.zeros(0, dtype=np.int64)  # which of the batches holds a lane's result
        self._row = np.zeros(0, dtype=np.int64)  # and where in it
        self._batches: dict[int, Results] = {}
        self._left: dict[int, int] = {}  # rows of each batch that are still to be taken
        self._next = 0

    def start(self, lanes: np.ndarray) -> None:
        """There are these lanes ``[N]``; they wait for nothing."""
        self._state, self._batch = reaching(self._state, lanes), reaching(self._batch, lanes)
        self._row = reaching(self._row, lanes)

    def expect(self, lanes: np.ndarray) -> None:
        """Lanes ``[N]`` wait for a result from now on."""
        self._state[lanes] = _WAITS

    def put(self, lanes: np.ndarray, results: Results) -> None:
        """Row i of the results is for ``lanes[i]``. ValueError for a lane that waits for nothing, or is named twice."""
        known = lanes < len(self._state)
        waits = known & (self._state[np.where(known, lanes, 0)] == _WAITS) if len(self._state) else known
        if not waits.all():
            lane = int(lanes[~waits][0])
            raise ValueError(f"lane {lane} does not wait for results; resume only lanes of open requests")
        rows = np.arange(len(lanes))
        self._row[lanes] = rows
        if (self._row[lanes] != rows).any():
            raise ValueError("a lane is named twice; give each lane one result")
        self._state[lanes], self._batch[lanes] = _HOLDS, self._next
        self._batches[self._next], self._left[self._next] = results, len(lanes)
        self._next += 1

    def __bool__(self) -> bool:
        return bool(self._batches)

    def holds(self, lanes: np.ndarray) -> np.ndarray:
        """``[N]`` bool: the lanes whose results have come."""
        return self._state[lanes] == _HOLDS

    def take(self, lanes: np.ndarray) -> Results:
        """The results of lanes that have come, in the order of ``lanes``."""
        batch, row = self._batch[lanes], self._row[lanes]
        self._state[lanes] = _IDLE
        if (batch == batch[0]).all():
            return self._rows(int(batch[0]), row)
        keys = np.unique(batch).tolist()
        places = [np.flatnonzero(batch == key) for key in keys]
        joined = Results.concatenate([self._rows(key, row[at]) for key, at in zip(keys, places, strict=True)])
        return joined.take(np.argsort(np.concatenate(places)))

    def forget(self, lanes: np.ndarray) -> None:
        """Lanes that have ended wait for nothing; what has come for them is dropped."""
        held = lanes[self._state[lanes] == _HOLDS]
        self._state[lanes] = _IDLE
        for key, count in Counter(self._batch[held].tolist()).items():
            self._used(key, count)

    def _rows(self, key: int, rows: np.ndarray) -> Results:
        results = self._batches[key]
        self._used(key, len(rows))
        whole = len(rows) == len(results) and bool((rows == np.arange(len(rows))).all())
        return results if whole else results.take(rows)

    def _used(self, key: int, count: int) -> None:
        self._left[key] -= count
        if not self._left[key]:
            del self._batches[key], self._left[key]
