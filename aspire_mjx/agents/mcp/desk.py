"""Where the calls of all clients wait for their turn: one thread runs rollouts, another one answers what needs none."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TypeVar

from aspire_mjx.agents.mcp.budget import Budget
from aspire_mjx.agents.tools.answer import Answer
from aspire_mjx.agents.tools.tool import find_tool
from aspire_mjx.agents.tools.workbench import Workbench
from aspire_mjx.stopping import Stop, stoppable

Report = Callable[[int, int], Awaitable[None]]  #: told of rollouts finished and in all

_EVERY = 0.2  # s between two looks at a call that runs
_T = TypeVar("_T")


class Watch:
    """How far the rollouts that run are; what a session tells.

    Attributes:
        done: rollouts finished.
        total: in all; 0 before any run.
    """

    def __init__(self) -> None:
        self.done, self.total = 0, 0

    def __call__(self, done: int, total: int) -> None:
        """So many of so many have finished."""
        self.done, self.total = done, total


class Desk:
    """Answers calls of tools on one workbench, whichever client they come from.

    Args:
        bench: what the tools work on.
        watch: told of the bench's rollouts.
        budget: what a call may use.
    """

    def __init__(self, bench: Workbench, *, watch: Watch, budget: Budget) -> None:
        self.bench, self._watch, self._budget = bench, watch, budget
        self._engine = ThreadPoolExecutor(1, "engine")
        self._reader = ThreadPoolExecutor(1, "reader")

    async def call(self, name: str, arguments: object, report: Report) -> Answer:
        """What a tool answers. A call that is cancelled frees the lanes that it holds, or its place in the queue.

        Raises:
            AspireError: arguments that the tool does not take; what it cannot do; a call that took too long.
        """
        tool = find_tool(name)
        if not tool.engine:
            return await self.read(lambda: tool.call(self.bench, arguments))
        turn = _Turn(lambda: tool.call(self.bench, arguments), self._watch)
        future = _begin(self._engine, turn)
        told = 0
        try:
            while not (await asyncio.wait({future}, timeout=_EVERY))[0]:
                if not turn.began:
                    continue
                if time.monotonic() - turn.began > self._budget.seconds:
                    turn.stop.ask(self._late(name))
                if self._watch.done > told:
                    told = self._watch.done
                    await report(told, self._watch.total)
            return future.result()
        finally:
            turn.stop.ask(f"{name}: cancelled.")
            future.cancel()

    async def read(self, function: Callable[[], _T]) -> _T:
        """What a function gives that needs no engine, in the thread for such."""
        return await _begin(self._reader, function)

    def _late(self, name: str) -> str:
        return (
            f"{name}: stopped after {self._budget.seconds:g} s, what one call may take; nothing of it is kept. Ask for "
            "fewer rollouts, or start the server with a greater --max_seconds."
        )


class _Turn:
    """A call of a tool in its thread.

    Attributes:
        began: when its turn came, 0.0 before.
        stop: ends it.
    """

    def __init__(self, work: Callable[[], Answer], watch: Watch) -> None:
        self._work, self._watch = work, watch
        self.began = 0.0
        self.stop = Stop()

    def __call__(self) -> Answer:
        """Does it."""
        self._watch(0, 0)
        self.began = time.monotonic()
        with stoppable(self.stop):
            return self._work()


def _begin(where: Executor, function: Callable[[], _T]) -> asyncio.Future[_T]:
    return asyncio.get_running_loop().run_in_executor(where, function)
