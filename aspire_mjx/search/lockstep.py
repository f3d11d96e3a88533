"""Several actors at once: their questions to a model go side by side, their rollouts run in one engine's lanes.

Each actor works in a thread until it wants rollouts. When all that are still at work want some, or have ended, their
jobs run as one batch, those of the first actor first; then all go on. So what runs when, and what is recorded in which
order, follows from the actors' own work and not from who is faster.

Of the threads one works at a time, while others wait for a model or for rollouts: CPython's parser of programs is not
to be used by two threads at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from aspire_mjx.agents.equipment import Evaluate
from aspire_mjx.rollout.job import Job
from aspire_mjx.search.setup import Note
from aspire_mjx.seeds import Purpose
from aspire_mjx.traces.columns import TraceBatch

Result = TypeVar("Result")


@dataclass(frozen=True)
class Gate:
    """What an actor's work goes through where several are at work.

    Attributes:
        through: gives the actor's own form of a function that evaluates.
        aside: a context in which it waits for somebody outside, so that others may work.
    """

    through: Callable[[Evaluate], Evaluate] = lambda evaluate: evaluate
    aside: Callable[[], AbstractContextManager[None]] = nullcontext


class _Stopped(BaseException):
    """Ends an actor's thread where another one, or the whole run, has ended before its end."""


@dataclass
class _Wish:
    """Rollouts that an actor waits for."""

    evaluate: Evaluate
    jobs: Sequence[Job]
    purpose: Purpose
    stage: str
    batch: TraceBatch | None = None


@dataclass
class _Turn(Generic[Result]):
    """One actor: what it has noted since the last batch, what it waits for, how it ended."""

    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    wish: _Wish | None = None
    ended: bool = False
    result: Result | None = None
    error: BaseException | None = None


class Lockstep(Generic[Result]):
    """Runs the work of several actors in step.

    Args:
        note: records events of the run.
    """

    def __init__(self, note: Note) -> None:
        self._note = note
        self._changed = threading.Condition()
        self._baton = threading.Lock()  # whoever has it works
        self._turns: list[_Turn[Result]] = []
        self._stopped = False

    def run(self, works: Sequence[Callable[[Gate, Note], Result]]) -> list[Result]:
        """What each work gives, in their order.

        Args:
            works: take the gate that the actor's evaluations go through, and the note that its events go to.

        Raises:
            BaseException: what the first of the works that fail raises, or what ends the rollouts.
        """
        self._turns = [_Turn() for _ in works]
        for work, turn in zip(works, self._turns, strict=True):
            threading.Thread(target=self._work, args=(work, turn), daemon=True).start()
        try:
            while self._step():
                pass
        except BaseException:
            with self._changed:
                self._stopped = True
                self._changed.notify_all()
            raise
        return [turn.result for turn in self._turns]  # pyright: ignore[reportReturnType]

    def _step(self) -> bool:
        """Waits for all, records what they noted, runs what they wish; False where all have ended."""
        with self._changed:
            self._changed.wait_for(lambda: all(turn.ended or turn.wish for turn in self._turns))
        for turn in self._turns:
            for kind, data in turn.notes:
                self._note(kind, **data)
            turn.notes.clear()
        for turn in self._turns:
            if turn.error is not None:
                raise turn.error
        wishes = [turn.wish for turn in self._turns if turn.wish]
        for alike in _alike(wishes):
            jobs = [job for wish in alike for job in wish.jobs]
            batch, start = alike[0].evaluate(jobs, purpose=alike[0].purpose, stage=alike[0].stage), 0
            for wish in alike:
                wish.batch = batch.select(range(start, start + len(wish.jobs)))
                start += len(wish.jobs)
        with self._changed:
            for turn in self._turns:
                turn.wish = None
            self._changed.notify_all()
        return bool(wishes)

    def _work(self, work: Callable[[Gate, Note], Result], turn: _Turn[Result]) -> None:
        def through(evaluate: Evaluate) -> Evaluate:
            def ask(jobs: Sequence[Job], *, purpose: Purpose, stage: str) -> TraceBatch:
                return self._wait(turn, _Wish(evaluate, jobs, purpose, stage))

            return ask

        def note(kind: str, **data: Any) -> None:
            turn.notes.append((kind, data))

        try:
            with self._baton:
                turn.result = work(Gate(through, self._aside), note)
        except _Stopped:
            return
        except BaseException as error:
            turn.error = error
        with self._changed:
            turn.ended = True
            self._changed.notify_all()

    @contextmanager
    def _aside(self) -> Iterator[None]:
        self._baton.release()
        try:
            yield
        finally:
            self._baton.acquire()

    def _wait(self, turn: _Turn[Result], wish: _Wish) -> TraceBatch:
        with self._aside(), self._changed:
            turn.wish = wish
            self._changed.notify_all()
            self._changed.wait_for(lambda: turn.wish is None or self._stopped)
        if wish.batch is None:
            raise _Stopped
        return wish.batch


def _alike(wishes: Sequence[_Wish]) -> list[list[_Wish]]:
    """Wishes that run together: of one function and one purpose."""
    groups: list[list[_Wish]] = []
    for wish in wishes:
        group = next((g for g in groups if g[0].evaluate == wish.evaluate and g[0].purpose == wish.purpose), None)
        if group is None:
            groups.append([wish])
        else:
            group.append(wish)
    return groups
