"""Where the wall time of a wave loop goes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

TimedPart = Literal["engine_s", "sense_s", "plan_s", "query_s", "machine_s"]
TIMED_PARTS: tuple[TimedPart, ...] = ("engine_s", "sense_s", "plan_s", "query_s", "machine_s")


class Clock:
    """Seconds since it was made, and those of them that were spent on each part of the work."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()
        self._seconds = dict.fromkeys(TIMED_PARTS, 0.0)

    @contextmanager
    def on(self, part: TimedPart) -> Iterator[None]:
        """Counts what runs inside as work on ``part``."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[part] += time.perf_counter() - begun

    def figures(self) -> dict[str, float]:
        """``rollout_s`` in all, each part, and ``host_s``: everything but physics, sensing and planning."""
        whole = time.perf_counter() - self._begun
        host = whole - sum(self._seconds[part] for part in ("engine_s", "sense_s", "plan_s"))
        return {"rollout_s": whole, **self._seconds, "host_s": host}
