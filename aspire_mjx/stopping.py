"""Rollouts that another thread may stop: it asks, and they end at their next step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from aspire_mjx.errors import RolloutsStopped


class Stop:
    """A wish that what runs ends; any thread may ask for it.

    Attributes:
        reason: why, in words; "" as long as nobody has asked.
    """

    def __init__(self) -> None:
        self.reason = ""

    def ask(self, reason: str) -> None:
        """Ask for it; the first reason is kept."""
        self.reason = self.reason or reason


_STOP: ContextVar[Stop | None] = ContextVar("what may stop the rollouts that run", default=None)


@contextmanager
def stoppable(stop: Stop) -> Iterator[None]:
    """What runs inside, in this thread, ends once it is asked to."""
    token = _STOP.set(stop)
    try:
        yield
    finally:
        _STOP.reset(token)


def check_stop() -> None:
    """Ends what runs, where that was asked for. What takes long calls it between its steps.

    Raises:
        RolloutsStopped: with the reason.
    """
    stop = _STOP.get()
    if stop is not None and stop.reason:
        raise RolloutsStopped(stop.reason)
